//! Many clients that chat at once, until they are told to stop.

use crate::{
    Result,
    client::{Behavior, Client, Metrics, Phase},
    history::History,
    record::Record,
    server_process::ServerProcess,
    user::User,
    wait::{until, within},
};
use domain::ids::RoomId;
use futures::{StreamExt, TryStreamExt, stream};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, atomic::Ordering::Relaxed},
    time::Duration,
};
use tokio::{sync::watch, task::JoinHandle};

/// Few at a time: the instance hashes only a few passwords at a time anyway.
const SIGN_UPS: usize = 4;

/// How many clients there are, and how they behave.
#[derive(Debug, Clone)]
pub struct ClientMix {
    pub users: usize,
    pub rooms: usize,
    pub behavior: Behavior,
    /// Whether half of the clients join some of their rooms only while they chat.
    pub latecomers: bool,
    /// Where sockets connect; none is the instance's own address.
    pub endpoint: Option<String>,
    pub seed: u64,
}

impl ClientMix {
    /// So many users in three rooms. Only the first of them is in all rooms; each sends a message every 20 ms
    /// and sometimes disconnects without a closing handshake.
    #[must_use]
    pub fn of(users: usize, seed: u64) -> Self {
        let behavior =
            Behavior { every: Some(Duration::from_millis(20)), drops: 0.002, padding: 0 };
        Self { users, rooms: 3, behavior, latecomers: false, endpoint: None, seed }
    }
}

#[derive(Debug)]
pub struct ClientPool {
    users: Vec<User>,
    rooms: Vec<RoomId>,
    phase: watch::Sender<Phase>,
    all_metrics: Vec<Arc<Metrics>>,
    lives: Vec<JoinHandle<Record>>,
}

/// The result of a run: the clients' records, and what the instance has stored.
#[derive(Debug)]
pub struct Settled {
    pub records: Vec<Record>,
    pub histories: BTreeMap<RoomId, History>,
    /// What should have happened and did not.
    pub failures: Vec<String>,
}

impl ClientPool {
    /// Signs all users up, lets them join their rooms, and starts their clients.
    pub async fn start(server_process: &ServerProcess, mix: &ClientMix) -> Result<Self> {
        let users = sign_up(&server_process.host(), mix.users).await?;
        let host = users.first().ok_or("nobody comes")?;
        let mut rooms = Vec::new();
        for number in 1..=mix.rooms {
            rooms.push(host.makes_room(&format!("{number}번 방")).await?);
        }
        let mut rng = StdRng::seed_from_u64(mix.seed);
        let (phase, phases) = watch::channel(Phase::Talk);
        let mut pool = Self { users, rooms, phase, all_metrics: Vec::new(), lives: Vec::new() };
        let endpoint = mix.endpoint.clone().unwrap_or_else(|| server_process.host());
        let mut clients = Vec::new();
        for (number, user) in pool.users.iter().enumerate() {
            let (now, later) = pool.rooms_of(number, mix.latecomers);
            if number > 0 {
                for room in &now {
                    user.enters(*room).await?;
                }
            }
            let rng = StdRng::seed_from_u64(rng.random());
            let client = Client::new(user.clone(), &now, &endpoint, mix.behavior, rng);
            let mut client = client.await?;
            client.enters_later(&later);
            clients.push(client);
        }
        for client in clients {
            pool.all_metrics.push(client.metrics());
            pool.lives.push(tokio::spawn(client.lives(phases.clone())));
        }
        Ok(pool)
    }

    /// The rooms of a user, at once and later. The first user is in all of them.
    fn rooms_of(&self, number: usize, latecomers: bool) -> (Vec<RoomId>, Vec<RoomId>) {
        let count = self.rooms.len();
        let numbered = self.rooms.iter().copied().enumerate();
        let own = numbered.filter(|(room, _)| {
            number == 0 || count == 1 || !(number + room).is_multiple_of(count)
        });
        let mut own: Vec<_> = own.map(|(_, room)| room).collect();
        let split = if latecomers && number % 2 == 1 { 1 } else { own.len() };
        let later = own.split_off(split.min(own.len()));
        (own, later)
    }

    /// The user who made the rooms and is in all of them.
    pub fn host(&self) -> Result<&User> {
        Ok(self.users.first().ok_or("nobody came")?)
    }

    #[must_use]
    pub fn rooms(&self) -> &[RoomId] {
        &self.rooms
    }

    /// The number of acknowledgements so far.
    #[must_use]
    pub fn acked(&self) -> u64 {
        self.all_metrics.iter().map(|metrics| metrics.acked.load(Relaxed)).sum()
    }

    /// The delivery delays of all clients since the last call.
    #[must_use]
    pub fn delays(&self) -> Vec<Duration> {
        let taken = self.all_metrics.iter().flat_map(|metrics| {
            std::mem::take(&mut *metrics.delays.lock().unwrap_or_else(PoisonError::into_inner))
        });
        taken.collect()
    }

    /// Waits for so many more acknowledgements.
    pub async fn gets_on(&self, more: u64, limit: Duration) -> Result<()> {
        let goal = self.acked() + more;
        until("messages are acknowledged", limit, async || self.acked() >= goal).await
    }

    /// Waits until all clients are connected.
    pub async fn is_back(&self, limit: Duration) -> Result<()> {
        let connected = |metrics: &Arc<Metrics>| metrics.connected.load(Relaxed);
        until("everybody is back", limit, async || self.all_metrics.iter().all(connected)).await
    }

    /// Waits until everything sent is acknowledged and everything stored is shown; then stops the clients.
    pub async fn settles(self, limit: Duration) -> Result<Settled> {
        let mut failures = Vec::new();
        self.phase.send_replace(Phase::Quiet);
        let quiet = |metrics: &Arc<Metrics>| metrics.pending.load(Relaxed) == 0;
        let all_quiet = async || self.all_metrics.iter().all(quiet);
        let answered = until("every message is answered", limit, all_quiet).await;
        failures.extend(answered.err().map(|error| error.to_string()));
        let host = self.host()?.clone();
        let mut heads = BTreeMap::new();
        for room in &self.rooms {
            heads.insert(*room, host.reads(*room, None).await?.through);
        }
        self.phase.send_replace(Phase::Leave(Arc::new(heads)));
        let home = || self.lives.iter().filter(|life| !life.is_finished()).count();
        if until("everybody is in step", limit, async || home() == 0).await.is_err() {
            failures.push(format!("{} clients not in step within {limit:?}", home()));
            self.phase.send_replace(Phase::Over);
        }
        let mut records = Vec::new();
        for life in self.lives {
            records.push(within(limit, life).await??);
        }
        let mut histories = BTreeMap::new();
        for room in self.rooms {
            histories.insert(room, host.reads_all(room).await?);
        }
        Ok(Settled { records, histories, failures })
    }
}

/// Signs so many users up, a few at a time.
pub async fn sign_up(host: &str, count: usize) -> Result<Vec<User>> {
    stream::iter(0..count)
        .map(|number| async move { User::signs_up(&format!("손님{number}"), host).await })
        .buffered(SIGN_UPS)
        .try_collect()
        .await
}
