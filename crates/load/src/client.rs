//! One named client: talks, is cut off, comes back, resumes; and keeps a record of it all. It knows
//! only what a browser would: pages that it read, and what it was told since.

mod hearing;
mod manner;

pub use manner::{Behavior, Metrics, Phase};

use crate::{
    Result,
    connection::Connection,
    record::{Record, Sent, digest},
    user::User,
    wait::last,
};
use domain::{
    clock::Millis,
    ids::{ClientId, RoomId},
    messages::{MessageText, NewMessage},
    protocol::client::Client as _,
    timeline::{PendingState, Timeline},
    wire::Cursor,
};
use rand::{Rng, rngs::StdRng};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock, atomic::Ordering::Relaxed},
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
const MAX_AWAY: Duration = Duration::from_millis(100);

/// What a message's age is told from: the times are in their texts.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

#[derive(Debug)]
pub struct Client {
    user: User,
    door: String,
    manner: Behavior,
    rng: StdRng,
    gauge: Arc<Metrics>,
    record: Record,
    /// Rooms that it is going to enter at some time.
    later: Vec<RoomId>,
    timelines: BTreeMap<RoomId, Timeline>,
    refused: BTreeSet<ClientId>,
}

impl Client {
    /// Somebody who reads a room first. `door` is where the socket goes: the instance, or a proxy.
    pub async fn new(
        user: User,
        rooms: &[RoomId],
        door: &str,
        manner: Behavior,
        rng: StdRng,
    ) -> Result<Self> {
        LazyLock::force(&START);
        let first = *rooms.first().ok_or("a client needs a room")?;
        let me = user.id_in(&user.reads(first, None).await?)?;
        let record = Record::new(&user.name, me);
        let (gauge, door, later) = (Arc::default(), door.to_owned(), Vec::new());
        let (timelines, refused) = (BTreeMap::new(), BTreeSet::new());
        let mut client = Self { user, door, manner, rng, gauge, record, later, timelines, refused };
        client.record.rooms.extend(rooms);
        for room in rooms {
            client.opens(*room).await?;
        }
        Ok(client)
    }

    #[must_use]
    pub fn gauge(&self) -> Arc<Metrics> {
        self.gauge.clone()
    }

    /// Goes on to enter these rooms, each at a time of its choice.
    pub fn enters_later(&mut self, rooms: &[RoomId]) {
        self.later.extend(rooms);
    }

    pub async fn lives(mut self, mood: watch::Receiver<Phase>) -> Record {
        let mut over = mood.clone();
        tokio::select! {
            () = self.comes_and_goes(mood) => {}
            _ = over.wait_for(|mood| matches!(mood, Phase::Over)) => {}
        }
        self.record.timelines = self.timelines;
        self.record
    }

    async fn comes_and_goes(&mut self, mut mood: watch::Receiver<Phase>) {
        while !self.may_leave(&mood.borrow()) {
            if let Ok(mut connection) = self.connects().await {
                self.gauge.connected.store(true, Relaxed);
                // However the connection ended, the client comes back.
                let _ = self.talks(&mut connection, &mut mood).await;
                self.gauge.connected.store(false, Relaxed);
            }
            last(MAX_AWAY.mul_f64(self.rng.random())).await;
        }
    }

    async fn connects(&mut self) -> Result<Connection> {
        let mut connection = self.user.connects(&self.door).await?;
        let stand = |(room, timeline): (&RoomId, &Timeline)| Cursor {
            room: *room,
            after: timeline.cursor(),
        };
        let epoch = self.timelines.values().next().map(Timeline::epoch);
        connection.greets(epoch, self.timelines.iter().map(stand).collect()).await?;
        self.record.connections += 1;
        for frame in self.timelines.on_welcome() {
            connection.tells(&frame).await?;
        }
        self.says_again(&mut connection).await?;
        Ok(connection)
    }

    async fn talks(
        &mut self,
        connection: &mut Connection,
        mood: &mut watch::Receiver<Phase>,
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
            let talking =
                matches!(*mood.borrow(), Phase::OpenDirectRoom) && self.manner.every.is_some();
            tokio::select! {
                frame = connection.hears() => {
                    self.hears(connection, frame.ok_or("cut off")?).await?;
                }
                _ = speak.tick(), if talking => self.acts(connection).await?,
                _ = retry.tick() => self.says_again(connection).await?,
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
        let Some(room) = self.timelines.keys().nth(at).copied() else { return Ok(()) };
        let client_id = ClientId::from_uuid(Uuid::now_v7());
        let said = self.record.sent.len();
        let padding = "ㅎ".repeat(self.manner.padding);
        let now = START.elapsed().as_micros();
        let text = format!("{}의 {said}번째 말 {padding}@{now}", self.record.name);
        let text = MessageText::parse(&text)?;
        let (at, hash) = (Instant::now(), digest(text.as_str()));
        self.record.sent.push(Sent { room, client_id, text: hash, at });
        match self.timelines.submit(room, NewMessage { client_id, text }, Millis(0)) {
            Some(frame) => connection.tells(&frame).await,
            None => Ok(()),
        }
    }

    async fn enters(&mut self) -> Result<()> {
        let Some(room) = self.later.last().copied() else { return Ok(()) };
        // From now on it may be told of the room.
        self.record.rooms.insert(room);
        self.user.enters(room).await?;
        self.opens(room).await?;
        self.later.pop();
        Ok(())
    }

    /// Says what was refused for now once more.
    async fn says_again(&mut self, connection: &mut Connection) -> Result<()> {
        let mut due = Vec::new();
        for (room, timeline) in &self.timelines {
            let failed = |state: &PendingState| matches!(state, PendingState::Failed { .. });
            let failed = timeline.pending().iter().filter(|pending| failed(&pending.state));
            let for_now = failed.filter(|pending| !self.refused.contains(&pending.client_id));
            due.extend(for_now.map(|pending| (*room, pending.client_id)));
        }
        for (room, client_id) in due {
            if let Some(frame) = self.timelines.retry(room, client_id) {
                connection.tells(&frame).await?;
            }
        }
        Ok(())
    }

    fn pending(&self) -> usize {
        let pending = self.timelines.values().flat_map(Timeline::pending);
        pending.filter(|pending| !self.refused.contains(&pending.client_id)).count()
    }

    fn may_leave(&self, mood: &Phase) -> bool {
        let Phase::Leave(heads) = mood else { return matches!(mood, Phase::Over) };
        let seen = |(room, timeline): (&RoomId, &Timeline)| {
            heads.get(room).is_none_or(|head| timeline.cursor() >= *head)
        };
        self.pending() == 0 && self.timelines.iter().all(seen)
    }
}
