//! Somebody from outside keeps the database for themselves.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    crowd::{Company, Crowd},
    house::House,
    process::exit,
    wait::until,
};
use std::time::{Duration, Instant};

const SHORT: Duration = Duration::from_secs(3);
const LONG: Duration = Duration::from_secs(30);

pub async fn lock(setting: &Setting) -> Result<Outcome> {
    let mut house = House::open(&setting.program).await?;
    let crowd = Crowd::gathers(&house, &Company::of(12, setting.seed)).await?;
    // What holds the database is the rigged build; the house is the one that people run.
    let mut slowest = Duration::ZERO;
    let rounds = setting.rounds(1, 2, 10);
    for round in 0..rounds {
        crowd.gets_on(50, RECOVERS_WITHIN).await?;
        let time = if round % 2 == 0 { SHORT } else { LONG };
        hold(setting, &mut house, time).await?;
        let released = Instant::now();
        crowd.gets_on(50, RECOVERS_WITHIN).await?;
        slowest = slowest.max(released.elapsed());
    }
    let mut outcome = conclude(rounds, crowd, &house).await?;
    outcome.note(format!("talking again after at most {slowest:.1?}"));
    Ok(outcome)
}

async fn hold(setting: &Setting, house: &mut House, time: Duration) -> Result<()> {
    let held = |house: &House| house.log().matches("the database is held").count();
    let before = held(house);
    house.served_by(setting.rigged()?);
    let holder = house.starts(&["hold", &time.as_millis().to_string()]);
    house.served_by(&setting.program);
    let mut holder = holder?;
    until("the database is held", RECOVERS_WITHIN, async || held(house) > before).await?;
    exit(&mut holder, time * 2).await?;
    Ok(())
}
