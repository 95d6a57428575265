//! A bad line: a proxy of ours that delays, repeats and cuts.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    crowd::{ClientMix, ClientPool},
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

async fn lasts(setting: &Setting, mischief: NetworkFault) -> Result<Outcome> {
    let server_process = ServerProcess::open(&setting.program).await?;
    let proxy = Proxy::before(&server_process.host(), mischief, setting.seed).await?;
    let company = ClientMix { door: Some(proxy.host()), ..ClientMix::of(12, setting.seed) };
    let crowd = ClientPool::gathers(&server_process, &company).await?;
    crowd.gets_on(1, RECOVERS_WITHIN).await?;
    let seconds = setting.rounds(3, 10, 60);
    last(Duration::from_secs(seconds.into())).await;
    let connections = proxy.connections();
    let mut outcome = conclude(1, crowd, &server_process).await?;
    outcome.note(format!("{connections} connections"));
    Ok(outcome)
}

/// Each connection is cut a little later than the one before, at every byte of it in the long run.
pub async fn cuts(setting: &Setting) -> Result<Outcome> {
    /// The greeting, and some messages both ways.
    const BYTES: u64 = 4_096;
    let stride = setting.rounds(64, 8, 1).into();
    let server_process = ServerProcess::open(&setting.program).await?;
    let proxy =
        Proxy::before(&server_process.host(), NetworkFault::Cuts { stride }, setting.seed).await?;
    let company = ClientMix { door: Some(proxy.host()), ..ClientMix::of(12, setting.seed) };
    let crowd = ClientPool::gathers(&server_process, &company).await?;
    let wanted = BYTES / stride * 2;
    let through = async || proxy.connections() >= wanted;
    until("the line is cut everywhere", Duration::from_mins(20), through).await?;
    proxy.behaves();
    crowd.gets_on(1, RECOVERS_WITHIN).await?;
    conclude(u32::try_from(wanted)?, crowd, &server_process).await
}
