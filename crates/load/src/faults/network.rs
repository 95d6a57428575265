//! A bad network: a proxy that delays, repeats and cuts.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    proxy::{NetworkFault, Proxy},
    server_process::ServerProcess,
    wait::{last, until},
};
use std::time::Duration;

pub async fn delays(setting: &Setting) -> Result<Outcome> {
    lasts(setting, NetworkFault::Delays(Duration::from_millis(150))).await
}

pub async fn doubles(setting: &Setting) -> Result<Outcome> {
    lasts(setting, NetworkFault::Doubles).await
}

async fn lasts(setting: &Setting, fault: NetworkFault) -> Result<Outcome> {
    let server_process = ServerProcess::open(&setting.program).await?;
    let proxy = Proxy::before(&server_process.host(), fault, setting.seed).await?;
    let mix = ClientMix { endpoint: Some(proxy.host()), ..ClientMix::of(12, setting.seed) };
    let pool = ClientPool::start(&server_process, &mix).await?;
    pool.gets_on(1, RECOVERS_WITHIN).await?;
    let seconds = setting.rounds(3, 10, 60);
    last(Duration::from_secs(seconds.into())).await;
    let connections = proxy.connections();
    let mut outcome = conclude(1, pool, &server_process).await?;
    outcome.note(format!("{connections} connections"));
    Ok(outcome)
}

/// Each connection is cut a little later than the one before, so that in time it is cut at every byte.
pub async fn cuts(setting: &Setting) -> Result<Outcome> {
    /// The handshake, and some messages both ways.
    const BYTES: u64 = 4_096;
    let stride = setting.rounds(64, 8, 1).into();
    let server_process = ServerProcess::open(&setting.program).await?;
    let proxy =
        Proxy::before(&server_process.host(), NetworkFault::Cuts { stride }, setting.seed).await?;
    let mix = ClientMix { endpoint: Some(proxy.host()), ..ClientMix::of(12, setting.seed) };
    let pool = ClientPool::start(&server_process, &mix).await?;
    let wanted = BYTES / stride * 2;
    let through = async || proxy.connections() >= wanted;
    until("the line is cut everywhere", Duration::from_mins(20), through).await?;
    proxy.behaves();
    pool.gets_on(1, RECOVERS_WITHIN).await?;
    conclude(u32::try_from(wanted)?, pool, &server_process).await
}
