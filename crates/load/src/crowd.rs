//! Many clients who talk at once, until they are asked to finish.

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

/// Passwords are hashed a few at a time anyway.
const SIGN_UPS: usize = 4;

/// Who comes, and how they behave.
#[derive(Debug, Clone)]
pub struct ClientMix {
    pub users: usize,
    pub rooms: usize,
    pub manner: Behavior,
    /// Whether half of them enter some of their rooms only while they talk.
    pub latecomers: bool,
    /// Where sockets go; none is the instance's own address.
    pub door: Option<String>,
    pub seed: u64,
}

impl ClientMix {
    /// So many people in three rooms, none of them in all rooms but the first; each says something
    /// every 20 ms and now and then hangs up without a word.
    #[must_use]
    pub fn of(users: usize, seed: u64) -> Self {
        let manner = Behavior { every: Some(Duration::from_millis(20)), drops: 0.002, padding: 0 };
        Self { users, rooms: 3, manner, latecomers: false, door: None, seed }
    }
}

#[derive(Debug)]
pub struct ClientPool {
    users: Vec<User>,
    rooms: Vec<RoomId>,
    mood: watch::Sender<Phase>,
    gauges: Vec<Arc<Metrics>>,
    lives: Vec<JoinHandle<Record>>,
}

/// What is left of a crowd: its records, and what the instance has stored.
#[derive(Debug)]
pub struct Settled {
    pub records: Vec<Record>,
    pub histories: BTreeMap<RoomId, History>,
    /// What did not happen although it should have.
    pub failures: Vec<String>,
}

impl ClientPool {
    /// Signs everybody up, lets them enter their rooms, and has them talk.
    pub async fn gathers(server_process: &ServerProcess, company: &ClientMix) -> Result<Self> {
        let users = sign_up(&server_process.host(), company.users).await?;
        let host = users.first().ok_or("nobody comes")?;
        let mut rooms = Vec::new();
        for number in 1..=company.rooms {
            rooms.push(host.makes_room(&format!("{number}번 방")).await?);
        }
        let mut rng = StdRng::seed_from_u64(company.seed);
        let (mood, moods) = watch::channel(Phase::OpenDirectRoom);
        let mut crowd = Self { users, rooms, mood, gauges: Vec::new(), lives: Vec::new() };
        let door = company.door.clone().unwrap_or_else(|| server_process.host());
        let mut clients = Vec::new();
        for (number, user) in crowd.users.iter().enumerate() {
            let (now, later) = crowd.rooms_of(number, company.latecomers);
            if number > 0 {
                for room in &now {
                    user.enters(*room).await?;
                }
            }
            let rng = StdRng::seed_from_u64(rng.random());
            let client = Client::new(user.clone(), &now, &door, company.manner, rng);
            let mut client = client.await?;
            client.enters_later(&later);
            clients.push(client);
        }
        for client in clients {
            crowd.gauges.push(client.gauge());
            crowd.lives.push(tokio::spawn(client.lives(moods.clone())));
        }
        Ok(crowd)
    }

    /// The rooms of a person, now and later. The first person is in all of them.
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

    /// Who made the rooms and is in all of them.
    pub fn host(&self) -> Result<&User> {
        Ok(self.users.first().ok_or("nobody came")?)
    }

    #[must_use]
    pub fn rooms(&self) -> &[RoomId] {
        &self.rooms
    }

    /// Acknowledgements so far.
    #[must_use]
    pub fn acked(&self) -> u64 {
        self.gauges.iter().map(|gauge| gauge.acked.load(Relaxed)).sum()
    }

    /// What the delays were, of all clients, since this was asked last.
    #[must_use]
    pub fn delays(&self) -> Vec<Duration> {
        let taken = self.gauges.iter().flat_map(|gauge| {
            std::mem::take(&mut *gauge.delays.lock().unwrap_or_else(PoisonError::into_inner))
        });
        taken.collect()
    }

    /// Waits for so many more acknowledgements.
    pub async fn gets_on(&self, more: u64, limit: Duration) -> Result<()> {
        let goal = self.acked() + more;
        until("messages are acknowledged", limit, async || self.acked() >= goal).await
    }

    /// Waits until everybody is connected.
    pub async fn is_back(&self, limit: Duration) -> Result<()> {
        let connected = |gauge: &Arc<Metrics>| gauge.connected.load(Relaxed);
        until("everybody is back", limit, async || self.gauges.iter().all(connected)).await
    }

    /// Lets everybody see through what they said and read what there is; then they go home.
    pub async fn settles(self, limit: Duration) -> Result<Settled> {
        let mut failures = Vec::new();
        self.mood.send_replace(Phase::Quiet);
        let quiet = |gauge: &Arc<Metrics>| gauge.pending.load(Relaxed) == 0;
        let all_quiet = async || self.gauges.iter().all(quiet);
        let answered = until("every message is answered", limit, all_quiet).await;
        failures.extend(answered.err().map(|error| error.to_string()));
        let host = self.host()?.clone();
        let mut heads = BTreeMap::new();
        for room in &self.rooms {
            heads.insert(*room, host.reads(*room, None).await?.through);
        }
        self.mood.send_replace(Phase::Leave(Arc::new(heads)));
        let home = || self.lives.iter().filter(|life| !life.is_finished()).count();
        if until("everybody is in step", limit, async || home() == 0).await.is_err() {
            failures.push(format!("{} clients not in step within {limit:?}", home()));
            self.mood.send_replace(Phase::Over);
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

/// So many people sign up, a few at a time.
pub async fn sign_up(host: &str, count: usize) -> Result<Vec<User>> {
    stream::iter(0..count)
        .map(|number| async move { User::signs_up(&format!("손님{number}"), host).await })
        .buffered(SIGN_UPS)
        .try_collect()
        .await
}
