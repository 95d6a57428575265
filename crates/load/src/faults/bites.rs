//! Bugs that are put into the house on purpose, one of each kind: the checker has to see them.

use super::{Outcome, SETTLES_WITHIN, Setting};
use crate::{
    Result,
    checker::{self, Findings},
    crowd::{Company, Crowd},
    house::House,
};
use std::time::Duration;

type Count = fn(&Findings) -> usize;

const KINDS: [(&str, Count); 5] = [
    ("lost", |found| found.lost),
    ("doubled", |found| found.doubled),
    ("reordered", |found| found.reordered),
    ("phantom", |found| found.phantom),
    ("leaked", |found| found.leaked),
];

pub async fn bites(setting: &Setting) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for (kind, count) in KINDS {
        let found = with_bug(setting, kind).await?;
        let seen = count(&found);
        outcome.rounds += 1;
        outcome.expect(seen > 0, || format!("a house that has {kind} messages went unseen"));
        outcome.note(format!("{kind} seen {seen} times"));
    }
    Ok(outcome)
}

async fn with_bug(setting: &Setting, kind: &str) -> Result<Findings> {
    let mut house = House::new(setting.rigged()?)?;
    house.start().await?;
    let crowd = Crowd::gathers(&house, &Company::of(6, setting.seed)).await?;
    house.is_killed().await?;
    house.set("SARANGBANG_FAULT", &format!("{kind}:20"));
    house.start().await?;
    crowd.gets_on(300, Duration::from_mins(1)).await?;
    // In the end it is honest again, so that everybody can finish.
    house.is_killed().await?;
    house.set("SARANGBANG_FAULT", "");
    house.start().await?;
    let settled = crowd.settles(SETTLES_WITHIN / 10).await?;
    Ok(checker::check(&settled.records, &settled.histories))
}
