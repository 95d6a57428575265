//! What a user has submitted and the server has not acknowledged, in whichever room. It outlives the connection and the
//! page: each entry can be stored, and taken up again.

use crate::{
    clock::Millis,
    ids::{ClientId, RoomId, UserId},
    messages::{Message, MessageText, NewMessage},
};

/// What has waited for longer than this is not sent without being asked about: a day, in milliseconds.
const MAX_WAIT_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Of one user: what one has submitted is never sent under another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbox {
    user: UserId,
    /// In the order in which they were submitted.
    entries: Vec<OutboxEntry>,
    /// Whether they may be others than when this was last asked.
    is_changed: bool,
}

/// A message that the server has not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    pub room: RoomId,
    pub message: NewMessage,
    /// By the client's own clock.
    pub at: Millis,
    /// The order of submission, whatever that clock says.
    pub nth: u32,
    pub state: SendState,
}

impl OutboxEntry {
    /// The entry as a text that can be stored: a line of fields, a line with the reason for a refusal, the message.
    /// Reading JSON would make the WASM three kilobytes heavier.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { room, message, at, nth, state } = self;
        let NewMessage { client_id, text } = message;
        let (state, sentence) = match state {
            SendState::Sending => (SENDING, String::new()),
            SendState::Failed { sentence } => (FAILED, sentence.replace('\n', " ")),
        };
        format!("{room} {client_id} {at} {nth} {state}\n{sentence}\n{text}", at = at.0)
    }

    /// Reads what [`Self::to_text`] has written. None for any other text.
    #[must_use]
    pub fn from_text(stored: &str) -> Option<Self> {
        let (fields, rest) = stored.split_once('\n')?;
        let (sentence, text) = rest.split_once('\n')?;
        let mut fields = fields.split(' ');
        let room = RoomId::parse(fields.next()?).ok()?;
        let client_id = ClientId::parse(fields.next()?).ok()?;
        let at = Millis(fields.next()?.parse().ok()?);
        let nth = fields.next()?.parse().ok()?;
        let state = match fields.next()? {
            SENDING => SendState::Sending,
            FAILED => SendState::Failed { sentence: sentence.to_owned() },
            _ => return None,
        };
        let text = MessageText::parse(text).ok()?;
        Some(Self { room, message: NewMessage { client_id, text }, at, nth, state })
    }

    const fn order(&self) -> (u32, Millis, ClientId) {
        (self.nth, self.at, self.message.client_id)
    }
}

const SENDING: &str = "sending";
const FAILED: &str = "failed";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendState {
    /// On its way, or waiting for the connection.
    Sending,
    /// Not sent, and why, for the user, who tries again or discards it.
    Failed { sentence: String },
}

impl Outbox {
    #[must_use]
    pub const fn new(user: UserId) -> Self {
        Self { user, entries: Vec::new(), is_changed: false }
    }

    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// All entries, in the order in which they were submitted.
    #[must_use]
    pub fn entries(&self) -> &[OutboxEntry] {
        &self.entries
    }

    /// What was submitted to a room, in its order.
    pub fn of(&self, room: RoomId) -> impl Iterator<Item = &OutboxEntry> {
        self.entries.iter().filter(move |entry| entry.room == room)
    }

    pub fn submit(&mut self, room: RoomId, message: NewMessage, at: Millis) {
        let (nth, state) = (self.next(), SendState::Sending);
        self.entries.push(OutboxEntry { room, message, at, nth, state });
        self.is_changed = true;
    }

    /// Whether the entries may be others than when this was last asked.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.is_changed)
    }

    /// What is stored is what waits: another client of the user may have sent or discarded the rest, or have submitted
    /// more. Answers the rooms in which something is otherwise.
    pub fn take_up(&mut self, stored: Vec<OutboxEntry>) -> Vec<RoomId> {
        let id = |entry: &OutboxEntry| entry.message.client_id;
        let is_stored = |entry: &OutboxEntry| stored.iter().any(|it| id(it) == id(entry));
        let gone = self.entries.extract_if(.., |entry| !is_stored(entry));
        let mut rooms: Vec<_> = gone.map(|entry| entry.room).collect();
        for entry in stored {
            if self.entries.iter().all(|known| id(known) != id(&entry)) {
                rooms.push(entry.room);
                let place = self.entries.partition_point(|known| known.order() <= entry.order());
                self.entries.insert(place, entry);
            }
        }
        self.is_changed |= !rooms.is_empty();
        rooms
    }

    /// What has waited for too long waits for the user. Answers the rooms of what does so since now.
    pub fn expire(&mut self, now: Millis, sentence: &str) -> Vec<RoomId> {
        let is_late = |entry: &&mut OutboxEntry| {
            entry.state == SendState::Sending && now.0 - entry.at.0 > MAX_WAIT_MILLIS
        };
        let late = self.entries.iter_mut().filter(is_late);
        let rooms: Vec<_> = late
            .map(|entry| {
                entry.state = SendState::Failed { sentence: sentence.to_owned() };
                entry.room
            })
            .collect();
        self.is_changed |= !rooms.is_empty();
        rooms
    }

    /// These messages are stored: what was submitted of them is no longer waiting. Whether any was. Another author's
    /// client id may equal one of the user's.
    pub fn settle(&mut self, stored: &[Message]) -> bool {
        let count = self.entries.len();
        for stored in stored.iter().filter(|stored| stored.author == self.user) {
            self.entries.retain(|entry| entry.message.client_id != stored.client_id);
        }
        let is_settled = self.entries.len() < count;
        self.is_changed |= is_settled;
        is_settled
    }

    /// The user wants it sent again, as if submitted now: the same message, under the same id.
    pub fn retry(&mut self, client_id: ClientId, now: Millis) -> Option<&OutboxEntry> {
        let place = self.place(client_id)?;
        let nth = self.next();
        let entry = self.entries.remove(place);
        self.entries.push(OutboxEntry { at: now, nth, state: SendState::Sending, ..entry });
        self.is_changed = true;
        self.entries.last()
    }

    /// The message was refused; answers its room. What has been acknowledged stays so.
    pub fn fail(&mut self, client_id: ClientId, sentence: String) -> Option<RoomId> {
        let place = self.place(client_id)?;
        let entry = self.entries.get_mut(place)?;
        entry.state = SendState::Failed { sentence };
        self.is_changed = true;
        Some(entry.room)
    }

    /// It is not to be sent any more.
    pub fn discard(&mut self, client_id: ClientId) -> Option<OutboxEntry> {
        let place = self.place(client_id)?;
        self.is_changed = true;
        Some(self.entries.remove(place))
    }

    fn place(&self, client_id: ClientId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.message.client_id == client_id)
    }

    fn next(&self) -> u32 {
        self.entries.last().map_or(0, |last| last.nth.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn outbox() -> Outbox {
        Outbox::new(UserId::from_uuid(Uuid::from_u128(1)))
    }

    fn message(n: u128) -> NewMessage {
        let client_id = ClientId::from_uuid(Uuid::from_u128(n));
        NewMessage { client_id, text: MessageText::parse("안녕").unwrap() }
    }

    fn room(n: u128) -> RoomId {
        RoomId::from_uuid(Uuid::from_u128(n))
    }

    fn is_sending(outbox: &Outbox) -> Vec<bool> {
        outbox.entries().iter().map(|entry| entry.state == SendState::Sending).collect()
    }

    #[test]
    fn each_room_has_its_own_in_their_order() {
        let mut outbox = outbox();
        for (of, n) in [(1, 10), (2, 20), (1, 11)] {
            outbox.submit(room(of), message(n), Millis(0));
        }
        let ids = |of| outbox.of(room(of)).map(|entry| entry.message.clone()).collect::<Vec<_>>();
        assert_eq!((ids(1), ids(2)), (vec![message(10), message(11)], vec![message(20)]));
    }

    #[test]
    fn what_was_refused_is_sent_again_or_discarded() {
        let mut outbox = outbox();
        let id = message(5).client_id;
        outbox.submit(room(1), message(5), Millis(0));
        outbox.submit(room(1), message(6), Millis(1));
        assert_eq!(outbox.fail(id, "거절당했어요".to_owned()), Some(room(1)));
        assert_eq!(is_sending(&outbox), [false, true]);
        assert_eq!(outbox.retry(id, Millis(2)).map(|entry| &entry.message), Some(&message(5)));
        assert_eq!(is_sending(&outbox), [true, true]);
        assert_eq!(outbox.entries().last().unwrap().message, message(5), "as if submitted now");
        assert_eq!(outbox.discard(id).unwrap().message, message(5));
        assert_eq!((outbox.discard(id), outbox.entries().len()), (None, 1));
    }

    #[test]
    fn what_has_waited_for_a_day_waits_for_the_user() {
        let mut outbox = outbox();
        for (n, at) in [(5, 0), (6, 1), (7, 2)] {
            outbox.submit(room(n), message(n), Millis(at));
        }
        let _ = outbox.fail(message(5).client_id, "거절당했어요".to_owned());
        let (a_day, more) = (Millis(MAX_WAIT_MILLIS + 1), Millis(MAX_WAIT_MILLIS + 2));
        assert_eq!(outbox.expire(a_day, "늦었어요"), [], "a day, to the millisecond");
        assert_eq!(outbox.expire(more, "늦었어요"), [room(6)]);
        assert_eq!(is_sending(&outbox), [false, false, true]);
        assert_eq!(outbox.expire(more, "늦었어요"), [], "once");
        let _ = outbox.retry(message(6).client_id, more);
        assert_eq!(outbox.expire(more, "늦었어요"), [], "they have been asked");
    }

    #[test]
    fn what_another_client_has_sent_or_discarded_waits_no_longer() {
        let (mut here, mut there) = (outbox(), outbox());
        for n in [5, 6] {
            here.submit(room(n), message(n), Millis(0));
        }
        assert_eq!(there.take_up(here.entries().to_vec()), [room(5), room(6)]);
        let _ = there.discard(message(5).client_id);
        there.submit(room(7), message(7), Millis(0));
        assert_eq!(here.take_up(there.entries().to_vec()), [room(5), room(7)]);
        assert_eq!(here.entries(), there.entries());
        assert!(here.take_changed() && !here.take_changed());
        assert_eq!(here.take_up(there.entries().to_vec()), []);
        assert!(!here.take_changed(), "nothing is otherwise");
    }

    /// What a browser has stored is read by every later version of the page.
    #[test]
    fn a_stored_entry_is_read() {
        let fields =
            "00000000-0000-0000-0000-000000000001 00000000-0000-0000-0000-000000000005 3 2";
        let entry = OutboxEntry::from_text(&format!("{fields} sending\n\n안녕")).unwrap();
        assert_eq!((entry.room, &entry.message), (room(1), &message(5)));
        assert_eq!((entry.at, entry.nth, entry.state), (Millis(3), 2, SendState::Sending));
        let entry = OutboxEntry::from_text(&format!("{fields} failed\n왜냐하면\n안녕")).unwrap();
        assert_eq!(entry.state, SendState::Failed { sentence: "왜냐하면".to_owned() });
        for other in [
            "",
            "{}",
            "sending\n\n안녕",
            &format!("{fields} lost\n\n안녕"),
            &format!("{fields} sending\n\n"),
        ] {
            assert_eq!(OutboxEntry::from_text(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn it_is_read_back_as_it_was_stored(raw in "\\PC{0,20}(\n\\PC{0,20}){0,3}", reason in "[^\n]{0,20}", at in any::<i64>()) {
            let Ok(text) = MessageText::parse(&raw) else { return Ok(()) };
            let mut outbox = outbox();
            outbox.submit(room(1), NewMessage { text, ..message(5) }, Millis(at));
            for is_refused in [false, true] {
                if is_refused {
                    let _ = outbox.fail(message(5).client_id, reason.clone());
                }
                let read: Vec<_> = outbox.entries().iter().map(|it| OutboxEntry::from_text(&it.to_text()).unwrap()).collect();
                prop_assert_eq!(outbox.entries(), read);
            }
        }

        /// Whatever was stored of an outbox, in whatever order it is read.
        #[test]
        fn what_is_taken_up_stands_once_in_the_order_of_submission(
            ats in prop::collection::vec(0_i64..5, 0..12),
            turn in any::<prop::sample::Index>(),
        ) {
            let mut whole = outbox();
            for (n, at) in (0..).zip(&ats) {
                whole.submit(room(n % 3), message(n), Millis(*at));
            }
            let mut stored: Vec<_> = whole.entries().iter().map(OutboxEntry::to_text).collect();
            if !stored.is_empty() {
                stored.rotate_left(turn.index(ats.len()));
            }
            let mut again = outbox();
            let read = || stored.iter().map(|it| OutboxEntry::from_text(it).unwrap()).collect();
            prop_assert_eq!(again.take_up(read()).len(), ats.len());
            prop_assert_eq!(again.entries(), whole.entries());
            prop_assert_eq!(again.take_up(read()), []);
        }
    }
}
