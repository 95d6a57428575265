//! The process runs out of file descriptors, and later has some again.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    server_process::ServerProcess,
    wait::last,
};
use futures::future::join_all;
use std::time::Duration;
use tokio::net::TcpStream;

const DESCRIPTORS: &str = "96";
const STRANGERS: usize = 200;
const LASTS: Duration = Duration::from_secs(3);

pub async fn exhausted(setting: &Setting) -> Result<Outcome> {
    let mut server_process = ServerProcess::new(&setting.program)?;
    server_process.prelude(&format!("ulimit -n {DESCRIPTORS};"));
    server_process.start().await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(12, setting.seed)).await?;
    let rounds = setting.rounds(1, 4, 20);
    let mut through = 0;
    for _ in 0..rounds {
        pool.is_back(RECOVERS_WITHIN).await?;
        pool.gets_on(50, RECOVERS_WITHIN).await?;
        let host = server_process.host();
        let strangers = join_all((0..STRANGERS).map(|_| TcpStream::connect(&host))).await;
        let before = pool.acked();
        last(LASTS).await;
        through += pool.acked() - before;
        drop(strangers);
    }
    pool.is_back(RECOVERS_WITHIN).await?;
    pool.gets_on(50, RECOVERS_WITHIN).await?;
    let mut outcome = conclude(rounds, pool, &server_process).await?;
    outcome.expect(server_process.is_alive(), || "the server ended".to_owned());
    outcome.expect(through > 0, || "nobody who was connected could talk".to_owned());
    outcome.note(format!("{through} acknowledged meanwhile"));
    Ok(outcome)
}
