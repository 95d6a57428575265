//! Bugs that are put into the instance on purpose, one of each kind: the checker must find them.

use super::{Outcome, SETTLES_WITHIN, Setting};
use crate::{
    Result,
    checker::{self, Findings},
    client_pool::{ClientMix, ClientPool},
    server_process::ServerProcess,
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

pub async fn self_test(setting: &Setting) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for (kind, count) in KINDS {
        let found = with_bug(setting, kind).await?;
        let seen = count(&found);
        outcome.rounds += 1;
        outcome.expect(seen > 0, || format!("a server that has {kind} messages went unseen"));
        outcome.note(format!("{kind} seen {seen} times"));
    }
    Ok(outcome)
}

async fn with_bug(setting: &Setting, kind: &str) -> Result<Findings> {
    let mut server_process = ServerProcess::new(setting.failpoints()?)?;
    server_process.start().await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(6, setting.seed)).await?;
    server_process.is_killed().await?;
    server_process.set("SARANGBANG_FAULT", &format!("{kind}:20"));
    server_process.start().await?;
    pool.gets_on(300, Duration::from_mins(1)).await?;
    // Without the bug, so that all clients can finish.
    server_process.is_killed().await?;
    server_process.set("SARANGBANG_FAULT", "");
    server_process.start().await?;
    let settled = pool.settles(SETTLES_WITHIN / 10).await?;
    Ok(checker::check(&settled.records, &settled.histories))
}
