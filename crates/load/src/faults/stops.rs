//! The instance ends under load: by SIGKILL, and by SIGTERM.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    server_process::ServerProcess,
    wait::last,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::time::Duration;

/// How long the instance may take to stop in order.
const DRAINS_WITHIN: Duration = Duration::from_secs(10);
const COME_BACK: u16 = 1012;

/// Killed at a random moment, and started again while clients try to reconnect.
pub async fn kill(setting: &Setting) -> Result<Outcome> {
    let rounds = setting.rounds(8, 40, 200);
    let mut rng = StdRng::seed_from_u64(setting.seed);
    let mut server_process = ServerProcess::open(&setting.program).await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(12, setting.seed)).await?;
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds {
        pool.gets_on(1, RECOVERS_WITHIN).await?;
        last(Duration::from_millis(rng.random_range(0..400))).await;
        server_process.is_killed().await?;
        slowest = slowest.max(server_process.start().await?);
    }
    let mut outcome = conclude(rounds, pool, &server_process).await?;
    outcome.note(format!("slowest start {slowest:.0?}"));
    Ok(outcome)
}

/// Told to stop: what was accepted is finished, and all clients are told to reconnect.
pub async fn term(setting: &Setting) -> Result<Outcome> {
    let rounds = setting.rounds(3, 15, 60);
    let mut rng = StdRng::seed_from_u64(setting.seed);
    let mut server_process = ServerProcess::open(&setting.program).await?;
    let mut mix = ClientMix::of(12, setting.seed);
    // A client that disconnects by itself gets no `bye`.
    mix.behavior.drops = 0.0;
    let pool = ClientPool::start(&server_process, &mix).await?;
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds {
        pool.is_back(RECOVERS_WITHIN).await?;
        pool.gets_on(1, RECOVERS_WITHIN).await?;
        last(Duration::from_millis(rng.random_range(0..400))).await;
        slowest = slowest.max(server_process.stop().await?);
        server_process.start().await?;
    }
    pool.is_back(RECOVERS_WITHIN).await?;
    let settled = pool.settles(super::SETTLES_WITHIN).await?;
    let farewells: Vec<_> =
        settled.records.iter().flat_map(|record| record.farewells.clone()).collect();
    let users = settled.records.len();
    let mut outcome = Outcome::of(rounds, settled);
    outcome.expect(slowest <= DRAINS_WITHIN, || format!("took {slowest:.1?} to stop"));
    outcome.expect(farewells.iter().all(|code| *code == COME_BACK), || {
        format!("farewells other than {COME_BACK}: {farewells:?}")
    });
    let expected = usize::try_from(rounds)? * users;
    outcome.expect(farewells.len() == expected, || {
        format!("{} of {expected} sockets heard a farewell", farewells.len())
    });
    outcome.expect(server_process.panics() == 0, || {
        format!("the server panicked:\n{}", server_process.log())
    });
    outcome.note(format!("slowest stop {slowest:.0?}"));
    Ok(outcome)
}
