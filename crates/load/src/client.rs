//! One named client: it sends, is disconnected, reconnects, resumes, and keeps a record of all of it. It knows
//! only what a browser would: the pages that it read and the frames that it received.

mod behavior;
mod receiving;

pub use behavior::{Behavior, Metrics, Phase};

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
    outbox::{OutboxEntry, SendState},
    protocol::client as protocol,
    timeline::Timeline,
    wire::Cursor,
};
use rand::{Rng, rngs::StdRng};
use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};
use uuid::Uuid;

/// Messages of one client that may wait for an acknowledgement.
const WINDOW: usize = 32;
/// How often a message that was refused temporarily is sent again.
const RETRY_EVERY: Duration = Duration::from_millis(200);
/// The longest that a client waits before it reconnects.
const MAX_AWAY: Duration = Duration::from_millis(100);

/// The origin of the times that messages carry in their texts, from which their age is computed.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

#[derive(Debug)]
pub struct Client {
    user: User,
    endpoint: String,
    behavior: Behavior,
    rng: StdRng,
    metrics: Arc<Metrics>,
    record: Record,
    /// Rooms that it will join at some time.
    later: Vec<RoomId>,
    copies: protocol::Client,
    refused: BTreeSet<ClientId>,
}

impl Client {
    /// A client that starts by reading a room. `endpoint` is where the socket connects: the instance, or a
    /// proxy.
    pub async fn new(
        user: User,
        rooms: &[RoomId],
        endpoint: &str,
        behavior: Behavior,
        rng: StdRng,
    ) -> Result<Self> {
        LazyLock::force(&START);
        let first = *rooms.first().ok_or("a client needs a room")?;
        let me = user.id_in(&user.reads(first, None).await?)?;
        let record = Record::new(&user.name, me);
        let (metrics, endpoint, later) = (Arc::default(), endpoint.to_owned(), Vec::new());
        let (copies, refused) = (protocol::Client::new(me), BTreeSet::new());
        let mut client =
            Self { user, endpoint, behavior, rng, metrics, record, later, copies, refused };
        client.record.rooms.extend(rooms);
        for room in rooms {
            client.opens(*room).await?;
        }
        Ok(client)
    }

    #[must_use]
    pub fn metrics(&self) -> Arc<Metrics> {
        self.metrics.clone()
    }

    /// The client will join these rooms, each at a random time.
    pub fn enters_later(&mut self, rooms: &[RoomId]) {
        self.later.extend(rooms);
    }

    pub async fn lives(mut self, phase: watch::Receiver<Phase>) -> Record {
        let mut over = phase.clone();
        tokio::select! {
            () = self.comes_and_goes(phase) => {}
            _ = over.wait_for(|phase| matches!(phase, Phase::Over)) => {}
        }
        let shown = self.copies.rooms().iter();
        self.record.timelines = shown.map(|it| (it.details().id, it.clone())).collect();
        self.record
    }

    async fn comes_and_goes(&mut self, mut phase: watch::Receiver<Phase>) {
        while !self.may_leave(&phase.borrow()) {
            if let Ok(mut connection) = self.connects().await {
                self.metrics.connected.store(true, Relaxed);
                // However the connection ended, the client reconnects.
                let _ = self.talks(&mut connection, &mut phase).await;
                self.metrics.connected.store(false, Relaxed);
            }
            last(MAX_AWAY.mul_f64(self.rng.random())).await;
        }
    }

    async fn connects(&mut self) -> Result<Connection> {
        let mut connection = self.user.connects(&self.endpoint).await?;
        let rooms = self.copies.rooms();
        let stand = |it: &Timeline| Cursor { room: it.details().id, after: it.cursor() };
        let epoch = rooms.first().map(Timeline::epoch);
        connection.greets(epoch, rooms.iter().map(stand).collect()).await?;
        self.record.connections += 1;
        for frame in self.copies.on_welcome() {
            connection.tells(&frame).await?;
        }
        self.says_again(&mut connection).await?;
        Ok(connection)
    }

    async fn talks(
        &mut self,
        connection: &mut Connection,
        phase: &mut watch::Receiver<Phase>,
    ) -> Result<()> {
        let mut speak = interval(self.behavior.every.unwrap_or(Duration::from_hours(1)));
        speak.set_missed_tick_behavior(MissedTickBehavior::Delay);
        speak.reset_after(speak.period().mul_f64(self.rng.random()));
        let mut retry = interval(RETRY_EVERY);
        loop {
            self.metrics.pending.store(self.pending(), Relaxed);
            if self.may_leave(&phase.borrow()) {
                return Ok(());
            }
            let talking = matches!(*phase.borrow(), Phase::Talk) && self.behavior.every.is_some();
            tokio::select! {
                frame = connection.hears() => {
                    self.hears(connection, frame.ok_or("cut off")?).await?;
                }
                _ = speak.tick(), if talking => self.acts(connection).await?,
                _ = retry.tick() => self.says_again(connection).await?,
                changed = phase.changed() => changed?,
            }
        }
    }

    /// One spontaneous action: hang up, join a room, or send a message.
    async fn acts(&mut self, connection: &mut Connection) -> Result<()> {
        if self.rng.random_bool(self.behavior.drops) {
            return Err("hangs up without a word".into());
        }
        if !self.later.is_empty() && self.rng.random_bool(0.1) {
            return self.enters().await;
        }
        if self.pending() >= WINDOW {
            return Ok(());
        }
        let rooms = self.copies.rooms();
        let at = self.rng.random_range(0..rooms.len());
        let Some(room) = rooms.get(at).map(|it| it.details().id) else { return Ok(()) };
        let client_id = ClientId::from_uuid(Uuid::now_v7());
        let said = self.record.sent.len();
        let padding = "ㅎ".repeat(self.behavior.padding);
        let now = START.elapsed().as_micros();
        let text = format!("{}의 {said}번째 말 {padding}@{now}", self.record.name);
        let text = MessageText::parse(&text)?;
        let (at, hash) = (Instant::now(), digest(text.as_str()));
        self.record.sent.push(Sent { room, client_id, text: hash, at });
        match self.copies.submit(room, NewMessage { client_id, text }, Millis(0)) {
            Some(frame) => connection.tells(&frame).await,
            None => Ok(()),
        }
    }

    async fn enters(&mut self) -> Result<()> {
        let Some(room) = self.later.last().copied() else { return Ok(()) };
        // From now on it may hear of the room.
        self.record.rooms.insert(room);
        self.user.enters(room).await?;
        self.opens(room).await?;
        self.later.pop();
        Ok(())
    }

    /// Sends messages again that were refused temporarily.
    async fn says_again(&mut self, connection: &mut Connection) -> Result<()> {
        let failed = self.waiting().filter(|it| matches!(it.state, SendState::Failed { .. }));
        let due = failed.map(|it| it.message.client_id).collect::<Vec<_>>();
        for client_id in due {
            if let Some(frame) = self.copies.retry(client_id, Millis(0)) {
                connection.tells(&frame).await?;
            }
        }
        Ok(())
    }

    fn pending(&self) -> usize {
        self.waiting().count()
    }

    /// What is not acknowledged, and was not refused for good.
    fn waiting(&self) -> impl Iterator<Item = &OutboxEntry> {
        let entries = self.copies.outbox().entries().iter();
        entries.filter(|entry| !self.refused.contains(&entry.message.client_id))
    }

    fn may_leave(&self, mood: &Phase) -> bool {
        let Phase::Leave(heads) = mood else { return matches!(mood, Phase::Over) };
        let seen =
            |it: &Timeline| heads.get(&it.details().id).is_none_or(|head| it.cursor() >= *head);
        self.pending() == 0 && self.copies.rooms().iter().all(seen)
    }
}
