//! A client that stops reading, in a full room: a process of its own that is stopped.

use super::{Outcome, Setting, conclude, strangers::p99};
use crate::{
    Result,
    client::Behavior,
    client_pool::{ClientMix, ClientPool, sign_up},
    connection::Connection,
    process,
    server_process::ServerProcess,
    turns::Turns,
    user::User,
    wait::{last, until},
};
use domain::ids::RoomId;
use futures::{
    StreamExt,
    future::{join_all, try_join_all},
};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The most by which the p99 of the others may grow while one client does not read.
const MAX_SLOWER: f64 = 1.2;
/// Tabs of one user; an instance allows 32.
const TABS: usize = 25;
const FLOWS: Duration = Duration::from_secs(6);
/// Long enough to fill what the system buffers for a connection: 4 MB at 585 KB a second.
const STANDS: Duration = Duration::from_secs(12);

pub async fn stopped(setting: &Setting) -> Result<Outcome> {
    let size = usize::try_from(setting.rounds(50, 100, 1_000))?;
    let server_process = ServerProcess::open(&setting.program).await?;
    let behavior = Behavior { every: Some(Duration::from_millis(100)), drops: 0.0, padding: 3_900 };
    let mix = ClientMix { rooms: 1, behavior, ..ClientMix::of(5, setting.seed) };
    let pool = ClientPool::start(&server_process, &mix).await?;
    let room = *pool.rooms().first().ok_or("no room")?;
    let users = sign_up(&server_process.host(), (size - 1).div_ceil(TABS) + 1).await?;
    let (stopped, others) = users.split_first().ok_or("nobody came")?;
    let others = Reader::starts(setting, &server_process, others, size - 1, room).await?;
    let stopped =
        Reader::starts(setting, &server_process, std::slice::from_ref(stopped), 1, room).await?;
    let mut turns = Turns::default();
    let rounds = setting.rounds(3, 7, 15);
    for _ in 0..rounds {
        turns.calm(over(&pool, FLOWS).await);
        stopped.is_sent("STOP")?;
        turns.disturbed(over(&pool, STANDS).await);
        stopped.is_sent("CONT")?;
    }
    let let_go = stopped.returns();
    drop((others, stopped));
    let mut outcome = conclude(rounds, pool, &server_process).await?;
    let (flowing, status) = turns.medians();
    outcome.expect(!turns.are_slower(MAX_SLOWER), || {
        let bound = turns.bound(MAX_SLOWER);
        format!("p99 {status:.1?} with a stopped reader, {flowing:.1?} without: over {bound:.1?}")
    });
    outcome.note(format!(
        "room of {size}: p99 {flowing:.1?}, with one stopped {status:.1?} (medians of {rounds}), who was \
         let go {let_go} times"
    ));
    Ok(outcome)
}

/// The p99 of the delays over a time.
async fn over(pool: &ClientPool, time: Duration) -> Duration {
    drop(pool.delays());
    last(time).await;
    p99(pool.delays())
}

/// A process with so many tabs that only read.
struct Reader {
    child: Child,
    /// Its output: `ready` once all of its tabs are connected, `back` when one had to reconnect.
    says: Arc<Mutex<Vec<String>>>,
}

impl Reader {
    async fn starts(
        setting: &Setting,
        server_process: &ServerProcess,
        users: &[User],
        tabs: usize,
        room: RoomId,
    ) -> Result<Self> {
        let mut command = Command::new(&setting.myself);
        command.args(["read", "--host", &server_process.host(), "--tabs", &tabs.to_string()]);
        for user in users {
            user.enters(room).await?;
            command.args(["--cookies", &user.cookies()?]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let reader = Self { child, says: Arc::default() };
        let says = reader.says.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(std::result::Result::ok) {
                says.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        until("the readers are there", READY_WITHIN, async || reader.said(READY) == 1).await?;
        Ok(reader)
    }

    fn said(&self, what: &str) -> usize {
        let says = self.says.lock().unwrap_or_else(PoisonError::into_inner);
        says.iter().filter(|line| *line == what).count()
    }

    /// How often a tab was disconnected and reconnected.
    fn returns(&self) -> usize {
        self.said(BACK)
    }

    fn is_sent(&self, signal: &str) -> Result<()> {
        process::signal(self.child.id(), signal)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It reads until it is killed, unless it has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const READY: &str = "ready";
const BACK: &str = "back";
const READY_WITHIN: Duration = Duration::from_mins(1);

/// What that process does: opens its tabs, prints `ready`, and reads until it is killed; a tab that is
/// disconnected reconnects.
pub async fn read(host: &str, cookies: &[String], tabs: usize) -> Result<()> {
    let tabs = cookies.iter().flat_map(|cookies| std::iter::repeat_n(cookies, TABS)).take(tabs);
    let opened = try_join_all(tabs.map(|cookies| async move {
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((cookies, opens(host, cookies).await?))
    }));
    let opened = opened.await?;
    writeln!(std::io::stdout(), "{READY}")?;
    join_all(opened.into_iter().map(|(cookies, mut connection)| async move {
        loop {
            while connection.0.next().await.is_some_and(|heard| heard.is_ok()) {}
            match opens(host, cookies).await {
                Ok(again) => {
                    connection = again;
                    writeln!(std::io::stdout(), "{BACK}")?;
                }
                Err(_) => last(Duration::from_millis(200)).await,
            }
        }
    }))
    .await
    .into_iter()
    .collect()
}

async fn opens(host: &str, cookies: &str) -> Result<Connection> {
    let mut connection = Connection::open_narrow(host, cookies).await?;
    connection.greets(None, Vec::new()).await?;
    Ok(connection)
}
