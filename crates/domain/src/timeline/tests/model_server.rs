//! A little instance that keeps the truth: one room in its present state, as a database would have it.

use super::*;
use crate::{
    events::{Event, EventKind},
    history::{HistoryPage, PageAnchor},
    ids::RoomId,
    protocol::client::Client,
    rooms::{RoomKind, RoomTitle},
    users::DisplayName,
    wire::ChangeSet,
};
use uuid::Uuid;

pub fn uuid(n: i64) -> Uuid {
    Uuid::from_u128(n.unsigned_abs().into())
}

pub(crate) struct ModelServer {
    pub minji: UserId,
    pub junho: UserId,
    pub head: i64,
    pub details: Room,
    pub members: Vec<Member>,
    pub messages: Vec<Message>,
    pub events: Vec<Event>,
}

impl ModelServer {
    pub fn new() -> Self {
        let minji = UserId::from_uuid(uuid(101));
        let junho = UserId::from_uuid(uuid(102));
        let title = Some(RoomTitle::parse("공부방").unwrap());
        let id = RoomId::from_uuid(uuid(1));
        let details = Room { id, kind: RoomKind::Open, title, avatar: None, rev: Rev(1) };
        let (members, messages, events) = (Vec::new(), Vec::new(), Vec::new());
        let mut model = Self { minji, junho, head: 1, details, members, messages, events };
        model.enter(minji, "민지");
        model.enter(junho, "준호");
        model
    }

    pub fn next(&mut self) -> i64 {
        self.head += 1;
        self.head
    }

    pub fn enter(&mut self, user: UserId, name: &str) {
        let rev = Rev(self.next());
        let name = DisplayName::parse(name).unwrap();
        self.members.retain(|member| member.user != user);
        self.members.push(Member { user, name: Some(name), avatar: None, gone: false, rev });
        self.notes(EventKind::Joined, user);
    }

    pub fn goes(&mut self, user: UserId) {
        let rev = Rev(self.next());
        let member = self.members.iter_mut().find(|member| member.user == user).unwrap();
        (member.gone, member.rev) = (true, rev);
        self.notes(EventKind::Left, user);
    }

    /// A member changes their name, which is no event.
    pub fn rename(&mut self, user: UserId, name: &str) {
        let rev = Rev(self.next());
        let member = self.members.iter_mut().find(|member| member.user == user).unwrap();
        (member.name, member.rev) = (Some(DisplayName::parse(name).unwrap()), rev);
    }

    /// A member deletes their account. Its event is left out here.
    pub fn forgets(&mut self, user: UserId) {
        let rev = Rev(self.next());
        let member = self.members.iter_mut().find(|member| member.user == user).unwrap();
        (member.name, member.gone, member.rev) = (None, true, rev);
    }

    fn notes(&mut self, kind: EventKind, user: UserId) {
        let seq = Seq(self.head);
        self.events.push(Event { seq, at: Millis(0), kind, actor: user, target: user });
    }

    pub fn edit(&mut self, nth: usize, text: &str) {
        let rev = Rev(self.next());
        let count = self.messages.len().max(1);
        if let Some(message) = self.messages.get_mut(nth % count) {
            message.text = MessageText::parse(text).unwrap();
            message.rev = rev;
        }
    }

    /// What `changes(room, after)` answers when it reads at most `most` messages.
    pub fn changes(&self, after: Rev, most: usize) -> ChangeSet {
        let mut messages: Vec<_> =
            self.messages.iter().filter(|message| message.rev > after).cloned().collect();
        messages.sort_by_key(|message| message.rev);
        let cut = messages.get(most).is_some();
        messages.truncate(most);
        let through = if cut { messages.last().unwrap().rev } else { Rev(self.head) };
        let changed = |rev: Rev| after < rev && rev <= through;
        let members = self.members.iter().filter(|m| changed(m.rev)).cloned().collect();
        let events = self.events.iter().filter(|e| changed(e.seq.into())).copied().collect();
        let details = changed(self.details.rev).then(|| self.details.clone());
        ChangeSet { room: self.details.id, after, through, messages, members, events, details }
    }

    /// The page that a database would answer, of at most so many messages and events.
    pub fn page(&self, anchor: PageAnchor, most: usize) -> HistoryPage {
        let messages = self.messages.iter().map(|message| message.seq);
        let mut places: Vec<_> = messages.chain(self.events.iter().map(|it| it.seq)).collect();
        places.sort_unstable();
        let index = |seq: Seq| places.partition_point(|place| *place < seq);
        let end = places.len();
        let newest = (end.saturating_sub(most), end);
        let (from, until) = match anchor {
            PageAnchor::Newest => newest,
            PageAnchor::Before(seq) => (index(seq).saturating_sub(most), index(seq)),
            PageAnchor::After(seq) if index(Seq(seq.0 + 1)) == end => newest,
            PageAnchor::After(seq) => {
                let from = index(Seq(seq.0 + 1));
                (from, end.min(from + most))
            }
            PageAnchor::Around(seq) => {
                let until = end.min(index(seq) + most / 2);
                (index(seq).saturating_sub(most - (until - index(seq))), until)
            }
        };
        let shown = |seq: Seq| places.get(from..until).unwrap().binary_search(&seq).is_ok();
        HistoryPage {
            details: self.details.clone(),
            members: self.members.clone(),
            messages: self.messages.iter().filter(|m| shown(m.seq)).cloned().collect(),
            events: self.events.iter().filter(|e| shown(e.seq)).copied().collect(),
            has_older: from > 0,
            has_newer: until < end,
            through: Rev(self.head),
            epoch: Epoch::from_uuid(uuid(7)),
        }
    }

    pub fn read_by(&self, user: UserId) -> Timeline {
        Timeline::new(user, self.page(PageAnchor::Newest, 50))
    }

    /// The client of a user who has opened the room with so many messages and events.
    pub fn opened_by(&self, user: UserId, most: usize) -> Client {
        let mut client = Client::new(user);
        client.open(self.page(PageAnchor::Newest, most));
        client
    }
}

pub(crate) fn says(model: &mut ModelServer, author: UserId, text: &str, at: i64) -> Message {
    let n = model.next();
    let message = Message {
        id: MessageId::from_uuid(uuid(n)),
        client_id: ClientId::from_uuid(uuid(1_000 + n)),
        author,
        text: MessageText::parse(text).unwrap(),
        at: Millis(at),
        seq: Seq(n),
        rev: Rev(n),
    };
    model.messages.push(message.clone());
    message
}
