//! The instance restarts, and all clients reconnect at once.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool, sign_up},
    connection::Connection,
    server_process::ServerProcess,
    user::User,
    wait::last,
};
use domain::{
    ids::{Epoch, RoomId},
    messages::Rev,
    wire::Cursor,
};
use futures::future::join_all;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::time::{Duration, Instant};

/// The time within which all of them connect.
const WITHIN: Duration = Duration::from_secs(2);
/// When the last of them must be connected.
const WELCOMED_WITHIN: Duration = Duration::from_secs(10);
/// Tabs of one user; an instance allows 32.
const TABS: usize = 25;

#[derive(Clone)]
struct Tab {
    user: User,
    epoch: Epoch,
    cursor: Cursor,
}

pub async fn storm(setting: &Setting) -> Result<Outcome> {
    let count = usize::try_from(setting.rounds(200, 1_000, 5_000))?;
    let mut server_process = ServerProcess::open(&setting.program).await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(6, setting.seed)).await?;
    let room = *pool.rooms().first().ok_or("no room")?;
    let epoch = pool.host()?.reads(room, None).await?.epoch;
    let tabs = open_tabs(&server_process, count, room, epoch).await?;
    let connections = comes(&server_process, &tabs, setting.seed).await;
    let (there, _) = welcomed(&connections);
    pool.gets_on(100, RECOVERS_WITHIN).await?;
    server_process.is_killed().await?;
    drop(connections);
    server_process.start().await?;
    let began = Instant::now();
    let connections = comes(&server_process, &tabs, setting.seed).await;
    let all = began.elapsed();
    let (back, slowest) = welcomed(&connections);
    let memory = server_process.memory()?;
    let mut outcome = conclude(1, pool, &server_process).await?;
    outcome.expect(there == count && back == count, || {
        format!("{there} and then {back} of {count} were welcomed")
    });
    outcome.expect(all <= WELCOMED_WITHIN, || format!("all were back only after {all:.1?}"));
    outcome.note(format!(
        "{count} back after {all:.1?}, the slowest in {slowest:.1?}; memory {} MiB",
        memory >> 20
    ));
    Ok(outcome)
}

async fn open_tabs(
    server_process: &ServerProcess,
    count: usize,
    room: RoomId,
    epoch: Epoch,
) -> Result<Vec<Tab>> {
    let users = sign_up(&server_process.host(), count.div_ceil(TABS)).await?;
    for user in &users {
        user.enters(room).await?;
    }
    let cursor = Cursor { room, after: Rev(1) };
    let tabs = users.into_iter().flat_map(|user| vec![Tab { user, epoch, cursor }; TABS]);
    Ok(tabs.take(count).collect())
}

type Came = Vec<Result<(Connection, Duration)>>;

/// Connects all of them, each at a random moment of the two seconds.
async fn comes(server_process: &ServerProcess, tabs: &[Tab], seed: u64) -> Came {
    let mut rng = StdRng::seed_from_u64(seed);
    let host = server_process.host();
    let coming = tabs.iter().map(|tab| {
        let (wait, host) = (WITHIN.mul_f64(rng.random()), host.clone());
        async move {
            last(wait).await;
            let began = Instant::now();
            let mut connection = tab.user.connects(&host).await?;
            connection.greets(Some(tab.epoch), vec![tab.cursor]).await?;
            Ok((connection, began.elapsed()))
        }
    });
    join_all(coming).await
}

fn welcomed(came: &Came) -> (usize, Duration) {
    let times = came.iter().flatten().map(|(_, time)| *time);
    (times.clone().count(), times.max().unwrap_or_default())
}
