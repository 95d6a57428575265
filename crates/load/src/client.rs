//! One named client: talks, is cut off, comes back, resumes; and keeps a record of it all. It knows
//! only what a browser would: pages that it read, and what it was told since.

use crate::{
    Result,
    connection::Connection,
    person::Person,
    record::{Acked, Record, Sent, digest},
    wait::last,
};
use domain::{
    clock::Millis,
    ids::{ClientId, RoomId},
    messages::{Message, MessageText, Rev},
    timeline::{Confirmation, PendingState, Step, Timeline},
    wire::{Batch, ClientFrame, Cursor, NackCode, ServerFrame},
};
use rand::{Rng, rngs::StdRng};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};
use uuid::Uuid;

/// Messages of one client that may wait for an answer.
const WINDOW: usize = 32;
/// When what was refused for now is tried again.
const RETRY_EVERY: Duration = Duration::from_millis(200);
/// The longest that a client stays away before it tries to come back.
const AWAY_MOST: Duration = Duration::from_millis(100);

/// What a message's age is told from: the times are in their texts.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// What all clients are asked to do.
#[derive(Debug, Clone)]
pub enum Mood {
    Talk,
    /// Say nothing new; see what was said through.
    Quiet,
    /// Go home once everything up to these numbers has been shown.
    Leave(Arc<BTreeMap<RoomId, Rev>>),
    /// Go home as you are.
    Over,
}

/// How a client behaves.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Between two messages. None never speaks.
    pub every: Option<Duration>,
    /// How likely it is, instead of a message, to hang up without a word.
    pub drops: f64,
    /// Characters added to each message.
    pub padding: usize,
}

/// What can be seen of a client while it lives.
#[derive(Debug, Default)]
pub struct Gauge {
    pub pending: AtomicUsize,
    pub acked: AtomicU64,
    pub connected: AtomicBool,
    /// From when something was said to when it was shown to this client, live.
    pub delays: Mutex<Vec<Duration>>,
}

#[derive(Debug)]
pub struct Client {
    person: Person,
    door: String,
    manner: Manner,
    rng: StdRng,
    gauge: Arc<Gauge>,
    record: Record,
    /// Rooms that it is going to enter at some time.
    later: Vec<RoomId>,
    timelines: BTreeMap<RoomId, Timeline>,
    refused: BTreeSet<ClientId>,
}

impl Client {
    /// Somebody who reads a room first. `door` is where the socket goes: the house, or a proxy.
    pub async fn new(
        person: Person,
        rooms: &[RoomId],
        door: &str,
        manner: Manner,
        rng: StdRng,
    ) -> Result<Self> {
        LazyLock::force(&START);
        let first = *rooms.first().ok_or("a client needs a room")?;
        let me = person.id_in(&person.reads(first, None).await?)?;
        let record = Record::new(&person.name, me);
        let (gauge, door, later) = (Arc::default(), door.to_owned(), Vec::new());
        let (timelines, refused) = (BTreeMap::new(), BTreeSet::new());
        let mut client =
            Self { person, door, manner, rng, gauge, record, later, timelines, refused };
        client.record.rooms.extend(rooms);
        for room in rooms {
            client.opens(*room).await?;
        }
        Ok(client)
    }

    pub fn gauge(&self) -> Arc<Gauge> {
        self.gauge.clone()
    }

    /// Goes on to enter these rooms, each at a time of its choice.
    pub fn enters_later(&mut self, rooms: &[RoomId]) {
        self.later.extend(rooms);
    }

    pub async fn lives(mut self, mood: watch::Receiver<Mood>) -> Record {
        let mut over = mood.clone();
        tokio::select! {
            () = self.comes_and_goes(mood) => {}
            _ = over.wait_for(|mood| matches!(mood, Mood::Over)) => {}
        }
        self.record.timelines = self.timelines;
        self.record
    }

    async fn comes_and_goes(&mut self, mut mood: watch::Receiver<Mood>) {
        while !self.may_leave(&mood.borrow()) {
            if let Ok(mut connection) = self.connects().await {
                self.gauge.connected.store(true, Relaxed);
                // However the connection ended, the client comes back.
                let _ = self.talks(&mut connection, &mut mood).await;
                self.gauge.connected.store(false, Relaxed);
            }
            last(AWAY_MOST.mul_f64(self.rng.random())).await;
        }
    }

    async fn connects(&mut self) -> Result<Connection> {
        let mut connection = self.person.connects(&self.door).await?;
        let stand = |(room, timeline): (&RoomId, &Timeline)| Cursor {
            room: *room,
            after: timeline.cursor(),
        };
        let epoch = self.timelines.values().next().map(Timeline::epoch);
        connection.greets(epoch, self.timelines.iter().map(stand).collect()).await?;
        self.record.connections += 1;
        for room in self.timelines.keys().copied().collect::<Vec<_>>() {
            let step = self.timelines.get_mut(&room).map(Timeline::reconnected);
            self.takes(&mut connection, room, step).await?;
        }
        self.says_again(&mut connection, true).await?;
        Ok(connection)
    }

    async fn talks(
        &mut self,
        connection: &mut Connection,
        mood: &mut watch::Receiver<Mood>,
    ) -> Result<()> {
        let mut speak = interval(self.manner.every.unwrap_or(Duration::from_hours(1)));
        speak.set_missed_tick_behavior(MissedTickBehavior::Delay);
        speak.reset_after(speak.period().mul_f64(self.rng.random()));
        let mut retry = interval(RETRY_EVERY);
        loop {
            self.gauge.pending.store(self.pending(), Relaxed);
            if self.may_leave(&mood.borrow()) {
                return Ok(());
            }
            let talking = matches!(*mood.borrow(), Mood::Talk) && self.manner.every.is_some();
            tokio::select! {
                frame = connection.hears() => {
                    self.hears(connection, frame.ok_or("cut off")?).await?;
                }
                _ = speak.tick(), if talking => self.acts(connection).await?,
                _ = retry.tick() => self.says_again(connection, false).await?,
                changed = mood.changed() => changed?,
            }
        }
    }

    /// Does one thing of its own accord.
    async fn acts(&mut self, connection: &mut Connection) -> Result<()> {
        if self.rng.random_bool(self.manner.drops) {
            return Err("hangs up without a word".into());
        }
        if !self.later.is_empty() && self.rng.random_bool(0.1) {
            return self.enters().await;
        }
        if self.pending() >= WINDOW {
            return Ok(());
        }
        let at = self.rng.random_range(0..self.timelines.len());
        let Some((room, timeline)) = self.timelines.iter_mut().nth(at) else { return Ok(()) };
        let (room, client_id) = (*room, ClientId::from_uuid(Uuid::new_v4()));
        let said = self.record.sent.len();
        let padding = "ㅎ".repeat(self.manner.padding);
        let now = START.elapsed().as_micros();
        let text = format!("{}의 {said}번째 말 {padding}@{now}", self.record.name);
        let text = MessageText::parse(&text)?;
        timeline.post(client_id, text.clone(), Millis(0));
        let (at, hash) = (Instant::now(), digest(text.as_str()));
        self.record.sent.push(Sent { room, client_id, text: hash, at });
        connection.tells(&ClientFrame::Send { room, client_id, text }).await
    }

    async fn enters(&mut self) -> Result<()> {
        let Some(room) = self.later.last().copied() else { return Ok(()) };
        // From now on it may be told of the room.
        self.record.rooms.insert(room);
        self.person.enters(room).await?;
        self.opens(room).await?;
        self.later.pop();
        Ok(())
    }

    /// Reads a room's newest page, and goes on from there.
    async fn opens(&mut self, room: RoomId) -> Result<()> {
        let page = self.person.reads(room, None).await?;
        for message in &page.messages {
            self.record.shows(room, message, None);
        }
        match self.timelines.get_mut(&room) {
            Some(timeline) => timeline.reset(page),
            None => {
                self.timelines.insert(room, Timeline::new(self.record.me, page));
            }
        }
        Ok(())
    }

    async fn hears(&mut self, connection: &mut Connection, frame: ServerFrame) -> Result<()> {
        match frame {
            ServerFrame::Changes(batch) => {
                self.is_shown(&batch, Some(self.record.connections));
                let room = batch.room;
                let step = self.timelines.get_mut(&room).map(|timeline| timeline.apply(batch));
                self.takes(connection, room, step).await
            }
            ServerFrame::Answer { batch, head } => {
                self.is_shown(&batch, None);
                let room = batch.room;
                let answer = |timeline: &mut Timeline| timeline.answer(batch, head);
                let step = self.timelines.get_mut(&room).map(answer);
                self.takes(connection, room, step).await
            }
            ServerFrame::Ack { room, client_id, id, seq, rev, at } => {
                self.record.heard_of.insert(room);
                self.record.acked.push(Acked { room, client_id, id, seq, at: Instant::now() });
                self.gauge.acked.fetch_add(1, Relaxed);
                if let Some(timeline) = self.timelines.get_mut(&room) {
                    timeline.confirm(Confirmation { client_id, id, seq, rev, at });
                }
                Ok(())
            }
            ServerFrame::Nack { client_id: Some(client_id), code, sentence } => {
                self.is_refused(client_id, code, &sentence);
                Ok(())
            }
            ServerFrame::Reset { room } => {
                self.record.heard_of.insert(room);
                self.opens(room).await
            }
            ServerFrame::Bye { code, .. } => {
                self.record.farewells.push(code);
                Err("dismissed".into())
            }
            // A browser does nothing either.
            ServerFrame::Nack { client_id: None, .. }
            | ServerFrame::Welcome { .. }
            | ServerFrame::Pong => Ok(()),
        }
    }

    fn is_shown(&mut self, batch: &Batch, live: Option<u32>) {
        self.record.heard_of.insert(batch.room);
        for message in &batch.messages {
            self.record.shows(batch.room, message, live);
            if live.is_some() && message.author != self.record.me {
                let delays = self.gauge.delays.lock();
                delays.unwrap_or_else(PoisonError::into_inner).extend(age(message));
            }
        }
    }

    fn is_refused(&mut self, client_id: ClientId, code: NackCode, sentence: &str) {
        for timeline in self.timelines.values_mut() {
            timeline.fail(client_id, sentence.to_owned());
        }
        let for_good = !matches!(code, NackCode::SlowDown | NackCode::Failed);
        if for_good && self.refused.insert(client_id) {
            self.record.refused.push(format!("{code:?}: {sentence}"));
        }
    }

    async fn takes(
        &mut self,
        connection: &mut Connection,
        room: RoomId,
        step: Option<Step>,
    ) -> Result<()> {
        match step {
            Some(Step::Ask { after }) => {
                connection.tells(&ClientFrame::Changes { room, after }).await
            }
            _ => Ok(()),
        }
    }

    /// Says what was refused for now once more; on a new connection also what nobody answered.
    async fn says_again(&mut self, connection: &mut Connection, unanswered: bool) -> Result<()> {
        let mut again = Vec::new();
        for (room, timeline) in &mut self.timelines {
            let failed = |state: &PendingState| matches!(state, PendingState::Failed { .. });
            let pending = timeline.pending().iter();
            let due = pending.filter(|pending| unanswered || failed(&pending.state));
            let due = due.map(|pending| pending.client_id).collect::<Vec<_>>();
            for client_id in due.into_iter().filter(|id| !self.refused.contains(id)) {
                again.extend(timeline.retry(client_id).map(|text| (*room, client_id, text)));
            }
        }
        for (room, client_id, text) in again {
            connection.tells(&ClientFrame::Send { room, client_id, text }).await?;
        }
        Ok(())
    }

    fn pending(&self) -> usize {
        let pending = self.timelines.values().flat_map(Timeline::pending);
        pending.filter(|pending| !self.refused.contains(&pending.client_id)).count()
    }

    fn may_leave(&self, mood: &Mood) -> bool {
        let Mood::Leave(heads) = mood else { return matches!(mood, Mood::Over) };
        let seen = |(room, timeline): (&RoomId, &Timeline)| {
            heads.get(room).is_none_or(|head| timeline.cursor() >= *head)
        };
        self.pending() == 0 && self.timelines.iter().all(seen)
    }
}

/// How long ago it was said.
fn age(message: &Message) -> Option<Duration> {
    let (_, said) = message.text.as_str().rsplit_once('@')?;
    START.elapsed().checked_sub(Duration::from_micros(said.parse().ok()?))
}
