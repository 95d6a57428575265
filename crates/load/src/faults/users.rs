//! Clients that disconnect and reconnect all the time, and a clock that is a day off.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client::Behavior,
    client_pool::{ClientMix, ClientPool},
    server_process::ServerProcess,
    wait::last,
};
use std::time::Duration;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Clients join rooms while others chat in them, disconnect all the time and resume.
pub async fn churn(setting: &Setting) -> Result<Outcome> {
    let rounds = setting.rounds(1, 5, 30);
    let mut sum = Outcome::default();
    for round in 0..rounds {
        let server_process = ServerProcess::open(&setting.program).await?;
        let behavior = Behavior { every: Some(Duration::from_millis(20)), drops: 0.05, padding: 0 };
        let seed = setting.seed.wrapping_add(round.into());
        let mix = ClientMix { rooms: 6, latecomers: true, behavior, ..ClientMix::of(16, seed) };
        let pool = ClientPool::start(&server_process, &mix).await?;
        pool.gets_on(1_000, SECONDS_TO_TALK).await?;
        sum.adds(conclude(1, pool, &server_process).await?);
    }
    Ok(sum)
}

const SECONDS_TO_TALK: Duration = Duration::from_mins(1);

/// The clock is a day ahead, then right, then a day behind: each is a jump back, as an instance sees it whose
/// clock is set. (A jump ahead would rightly end all sessions.)
pub async fn clock(setting: &Setting) -> Result<Outcome> {
    let rounds = setting.rounds(1, 3, 20);
    let mut server_process = ServerProcess::new(setting.failpoints()?)?;
    server_process.set("SARANGBANG_FAULT", &format!("clock:{DAY_MILLIS}"));
    server_process.start().await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(12, setting.seed)).await?;
    pool.gets_on(100, RECOVERS_WITHIN).await?;
    for round in 1..=rounds {
        server_process.is_killed().await?;
        let offset = DAY_MILLIS - DAY_MILLIS * 2 * i64::from(round) / i64::from(rounds);
        server_process.set("SARANGBANG_FAULT", &format!("clock:{offset}"));
        server_process.start().await?;
        pool.is_back(RECOVERS_WITHIN).await?;
        pool.gets_on(100, RECOVERS_WITHIN).await?;
        last(Duration::from_secs(1)).await;
    }
    conclude(rounds, pool, &server_process).await
}

/// Half of the requests for changes are refused, as by a database that cannot be read just then: the client
/// must get the changes all the same, without a new connection.
pub async fn unanswered(setting: &Setting) -> Result<Outcome> {
    let mut server_process = ServerProcess::new(setting.failpoints()?)?;
    server_process.set("SARANGBANG_FAULT", "changes:2");
    server_process.start().await?;
    let behavior = Behavior { every: Some(Duration::from_millis(20)), drops: 0.05, padding: 0 };
    let mix = ClientMix { behavior, ..ClientMix::of(12, setting.seed) };
    let pool = ClientPool::start(&server_process, &mix).await?;
    pool.gets_on(setting.rounds(500, 3_000, 10_000).into(), SECONDS_TO_TALK).await?;
    conclude(1, pool, &server_process).await
}
