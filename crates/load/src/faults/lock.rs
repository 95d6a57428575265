//! Another process locks the database.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    process::exit,
    server_process::ServerProcess,
    wait::until,
};
use std::time::{Duration, Instant};

const SHORT: Duration = Duration::from_secs(3);
const LONG: Duration = Duration::from_secs(30);

pub async fn lock(setting: &Setting) -> Result<Outcome> {
    let mut server_process = ServerProcess::open(&setting.program).await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(12, setting.seed)).await?;
    // The process that locks is the build with failpoints; the instance is the release build.
    let mut slowest = Duration::ZERO;
    let rounds = setting.rounds(1, 2, 10);
    for round in 0..rounds {
        pool.gets_on(50, RECOVERS_WITHIN).await?;
        let time = if round % 2 == 0 { SHORT } else { LONG };
        hold(setting, &mut server_process, time).await?;
        let released = Instant::now();
        pool.gets_on(50, RECOVERS_WITHIN).await?;
        slowest = slowest.max(released.elapsed());
    }
    let mut outcome = conclude(rounds, pool, &server_process).await?;
    outcome.note(format!("talking again after at most {slowest:.1?}"));
    Ok(outcome)
}

async fn hold(setting: &Setting, server_process: &mut ServerProcess, time: Duration) -> Result<()> {
    let held = |server_process: &ServerProcess| {
        server_process.log().matches("the database is locked").count()
    };
    let before = held(server_process);
    server_process.served_by(setting.failpoints()?);
    let holder = server_process.starts(&["hold", &time.as_millis().to_string()]);
    server_process.served_by(&setting.program);
    let mut holder = holder?;
    until("the database is locked", RECOVERS_WITHIN, async || held(server_process) > before)
        .await?;
    exit(&mut holder, time * 2).await?;
    Ok(())
}
