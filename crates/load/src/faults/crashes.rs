//! The instance crashes at the worst moments: before a commit, between the commit and its delivery, and between
//! the delivery and the acknowledgement.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    server_process::ServerProcess,
    wait::until,
};
use rand::{Rng, SeedableRng, rngs::StdRng};

pub async fn at(setting: &Setting, point: &str) -> Result<Outcome> {
    let rounds = setting.rounds(3, 12, 60);
    let mut rng = StdRng::seed_from_u64(setting.seed);
    let mut server_process = ServerProcess::open(setting.failpoints()?).await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(12, setting.seed)).await?;
    for round in 0..=rounds {
        pool.gets_on(1, RECOVERS_WITHIN).await?;
        server_process.is_killed().await?;
        // In the last round it does not crash.
        let commits = if round < rounds { rng.random_range(1..80) } else { i64::MAX };
        server_process.set("SARANGBANG_FAULT", &format!("{point}:{commits}"));
        server_process.start().await?;
        if round < rounds {
            until("the server crashes", RECOVERS_WITHIN, async || !server_process.is_alive())
                .await?;
            server_process.set("SARANGBANG_FAULT", "");
            server_process.start().await?;
        }
    }
    conclude(rounds, pool, &server_process).await
}
