//! `SARANGBANG_FAULT=NAME:NUMBER` chooses one.

use domain::{ids::MessageId, wire::ChangeSet};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseTransaction, DbErr};
use std::{
    env,
    hash::{DefaultHasher, Hash, Hasher},
    process,
    sync::{
        LazyLock,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::time::{Instant, interval_at};
use uuid::Uuid;

static CHOSEN: LazyLock<Option<(String, i64)>> = LazyLock::new(|| {
    let chosen = env::var("SARANGBANG_FAULT").ok()?;
    let (name, number) = chosen.split_once(':')?;
    Some((name.to_owned(), number.parse().ok()?))
});

/// The number given with a fault, if it is the chosen one.
fn chosen(name: &str) -> Option<i64> {
    CHOSEN.as_ref().filter(|(chosen, _)| chosen == name).map(|(_, number)| *number)
}

static PASSED: AtomicI64 = AtomicI64::new(0);

/// Every so many times, if it is the chosen one.
fn due(name: &str) -> bool {
    chosen(name).is_some_and(|every| (PASSED.fetch_add(1, Relaxed) + 1) % every.max(1) == 0)
}

/// One time in so many, if it is the chosen one, but in no rhythm: to someone who asks several things
/// at a time, a rhythm could refuse one of them for ever.
fn due_at_random(name: &str) -> bool {
    let Some(one_in) = chosen(name) else { return false };
    let mut hasher = DefaultHasher::new();
    PASSED.fetch_add(1, Relaxed).hash(&mut hasher);
    hasher.finish() % one_in.max(1).unsigned_abs() == 0
}

/// Aborts on every Nth pass.
pub fn crash_at(point: &str) {
    if due(point) {
        process::abort();
    }
}

/// Fails here, as a database that cannot be read, one time in so many.
pub fn fail_at(point: &str) -> Result<(), DbErr> {
    if due_at_random(point) { Err(DbErr::Custom("a failpoint".to_owned())) } else { Ok(()) }
}

/// Commits, as a writer with a bug would.
pub async fn commit(
    transaction: DatabaseTransaction,
    change_sets: &mut Vec<ChangeSet>,
) -> Result<(), DbErr> {
    crash_at("before_commit");
    let (loses, invents) = (due("lost"), due("phantom"));
    if loses {
        change_sets.clear();
    }
    if loses || invents {
        return transaction.rollback().await;
    }
    transaction.commit().await?;
    crash_at("after_commit");
    if due("doubled") {
        change_sets.extend(change_sets.clone().into_iter().map(under_other_ids));
    }
    if due("reordered") {
        for message in change_sets.iter_mut().flat_map(|changes| &mut changes.messages) {
            message.seq.0 += 1;
        }
    }
    Ok(())
}

fn under_other_ids(mut changes: ChangeSet) -> ChangeSet {
    for message in &mut changes.messages {
        message.id = MessageId::from_uuid(Uuid::now_v7());
    }
    changes
}

/// How wrong the instance's clock is, in milliseconds.
#[must_use]
pub fn clock_offset() -> i64 {
    chosen("clock").unwrap_or(0)
}

/// Whether this change is sent to all connections, members or not.
#[must_use]
pub fn leaks() -> bool {
    due("leaked")
}

/// Locks the database against all writers for a time, as another program could.
pub async fn lock_database(url: &str, time: Duration) -> Result<(), DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    db.execute_unprepared("BEGIN EXCLUSIVE").await?;
    tracing::warn!("the database is locked");
    interval_at(Instant::now() + time, time).tick().await;
    db.execute_unprepared("ROLLBACK").await?;
    db.close().await
}
