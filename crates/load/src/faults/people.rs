//! People who come and go all the time, and a clock that is a day off.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client::Manner,
    crowd::{Company, Crowd},
    house::House,
    wait::last,
};
use std::time::Duration;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// They enter rooms while others talk in them, hang up all the time and resume.
pub async fn comings(setting: &Setting) -> Result<Outcome> {
    let rounds = setting.rounds(1, 5, 30);
    let mut sum = Outcome::default();
    for round in 0..rounds {
        let house = House::open(&setting.program).await?;
        let manner = Manner { every: Some(Duration::from_millis(20)), drops: 0.05, padding: 0 };
        let seed = setting.seed.wrapping_add(round.into());
        let company = Company { rooms: 6, latecomers: true, manner, ..Company::of(16, seed) };
        let crowd = Crowd::gathers(&house, &company).await?;
        crowd.gets_on(1_000, SECONDS_TO_TALK).await?;
        sum.adds(conclude(1, crowd, &house).await?);
    }
    Ok(sum)
}

const SECONDS_TO_TALK: Duration = Duration::from_mins(1);

/// The clock is a day ahead, then right, then a day behind: each a jump back, as a house sees it whose
/// clock is set. (Ahead would end everybody's session, rightly.)
pub async fn clock(setting: &Setting) -> Result<Outcome> {
    let rounds = setting.rounds(1, 3, 20);
    let mut house = House::new(setting.rigged()?)?;
    house.set("SARANGBANG_FAULT", &format!("clock:{DAY_MILLIS}"));
    house.start().await?;
    let crowd = Crowd::gathers(&house, &Company::of(12, setting.seed)).await?;
    crowd.gets_on(100, RECOVERS_WITHIN).await?;
    for round in 1..=rounds {
        house.is_killed().await?;
        let offset = DAY_MILLIS - DAY_MILLIS * 2 * i64::from(round) / i64::from(rounds);
        house.set("SARANGBANG_FAULT", &format!("clock:{offset}"));
        house.start().await?;
        crowd.is_back(RECOVERS_WITHIN).await?;
        crowd.gets_on(100, RECOVERS_WITHIN).await?;
        last(Duration::from_secs(1)).await;
    }
    conclude(rounds, crowd, &house).await
}

/// Half of the questions about changes are refused, as by a database that cannot be read just then: who
/// asked has to come to know all the same, without a new connection.
pub async fn unanswered(setting: &Setting) -> Result<Outcome> {
    let mut house = House::new(setting.rigged()?)?;
    house.set("SARANGBANG_FAULT", "changes:2");
    house.start().await?;
    let manner = Manner { every: Some(Duration::from_millis(20)), drops: 0.05, padding: 0 };
    let company = Company { manner, ..Company::of(12, setting.seed) };
    let crowd = Crowd::gathers(&house, &company).await?;
    crowd.gets_on(setting.rounds(500, 3_000, 10_000).into(), SECONDS_TO_TALK).await?;
    conclude(1, crowd, &house).await
}
