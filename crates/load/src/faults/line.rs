//! A bad line: a proxy of ours that delays, repeats and cuts.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    crowd::{Company, Crowd},
    house::House,
    proxy::{Mischief, Proxy},
    wait::{last, until},
};
use std::time::Duration;

pub async fn delays(setting: &Setting) -> Result<Outcome> {
    lasts(setting, Mischief::Delays(Duration::from_millis(150))).await
}

pub async fn doubles(setting: &Setting) -> Result<Outcome> {
    lasts(setting, Mischief::Doubles).await
}

async fn lasts(setting: &Setting, mischief: Mischief) -> Result<Outcome> {
    let house = House::open(&setting.program).await?;
    let proxy = Proxy::before(&house.host(), mischief, setting.seed).await?;
    let company = Company { door: Some(proxy.host()), ..Company::of(12, setting.seed) };
    let crowd = Crowd::gathers(&house, &company).await?;
    crowd.gets_on(1, RECOVERS_WITHIN).await?;
    let seconds = setting.rounds(3, 10, 60);
    last(Duration::from_secs(seconds.into())).await;
    let connections = proxy.connections();
    let mut outcome = conclude(1, crowd, &house).await?;
    outcome.note(format!("{connections} connections"));
    Ok(outcome)
}

/// Each connection is cut a little later than the one before, at every byte of it in the long run.
pub async fn cuts(setting: &Setting) -> Result<Outcome> {
    /// The greeting, and some messages both ways.
    const BYTES: u64 = 4_096;
    let stride = setting.rounds(64, 8, 1).into();
    let house = House::open(&setting.program).await?;
    let proxy = Proxy::before(&house.host(), Mischief::Cuts { stride }, setting.seed).await?;
    let company = Company { door: Some(proxy.host()), ..Company::of(12, setting.seed) };
    let crowd = Crowd::gathers(&house, &company).await?;
    let wanted = BYTES / stride * 2;
    let through = async || proxy.connections() >= wanted;
    until("the line is cut everywhere", Duration::from_mins(20), through).await?;
    proxy.behaves();
    crowd.gets_on(1, RECOVERS_WITHIN).await?;
    conclude(u32::try_from(wanted)?, crowd, &house).await
}
