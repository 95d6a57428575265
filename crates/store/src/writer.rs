//! The writer. It takes every command that waits, carries all of them out in one transaction and commits once, so that
//! one fsync serves all of them: durable and still fast.

mod posts;

pub use posts::Posted;
#[cfg(test)]
pub(crate) use posts::{existing_among, members_among};

use crate::{Committed, Error, NewMessage, Result, Store, failpoints, is_constraint_violation};
use futures::FutureExt;
use posts::Posts;
use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::{mpsc, oneshot};

/// Commands that may wait; past that, callers are told [`Error::Busy`].
const MAX_WAITING: usize = 1_024;
/// Commands in one transaction.
const MAX_BATCH: usize = 256;

/// What the writer is asked to do. Commands are numbered in the order in which they were enqueued, and those that
/// wait together share a transaction and its fsync, whatever they are.
#[derive(Debug, Clone)]
pub enum Command {
    /// Stores a message, once for each author and client id.
    Post(NewMessage),
}

/// Enqueues commands for the writer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Writer {
    waiting: mpsc::Sender<Job>,
}

#[derive(Debug)]
struct Job {
    command: Command,
    answer: oneshot::Sender<Result<Posted>>,
}

impl Writer {
    /// Starts the writer. `committed` is called after each commit, in the order of the commits, before the callers
    /// are answered.
    pub fn start(store: Store, committed: impl Fn(Committed) + Send + Sync + 'static) -> Self {
        let (waiting, mut jobs) = mpsc::channel(MAX_WAITING);
        tokio::spawn(async move {
            // Callers of the transaction that panicked get an error; the writer goes on.
            while AssertUnwindSafe(run(&store, &mut jobs, &committed)).catch_unwind().await.is_err()
            {
                tracing::error!("the writer of messages panicked, and begins again");
            }
        });
        Self { waiting }
    }

    /// Enqueues a command, which is numbered behind all that were enqueued before.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait, [`Error::Stopped`] when the writer has ended.
    pub fn enqueue(&self, command: Command) -> Result<Receipt> {
        let (answer, answered) = oneshot::channel();
        self.waiting.try_send(Job { command, answer }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Error::Busy,
            mpsc::error::TrySendError::Closed(_) => Error::Stopped,
        })?;
        Ok(Receipt(answered))
    }

    /// Stores a message and returns once it is on disk.
    pub async fn post(&self, new: NewMessage) -> Result<Posted> {
        self.enqueue(Command::Post(new))?.await
    }
}

/// Resolves once the command is on disk, or is known not to be.
#[derive(Debug)]
#[must_use = "whether the command was carried out is known only by awaiting it"]
pub struct Receipt(oneshot::Receiver<Result<Posted>>);

impl Future for Receipt {
    type Output = Result<Posted>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_unpin(context).map(|answered| answered.unwrap_or(Err(Error::Stopped)))
    }
}

async fn run(
    store: &Store,
    waiting: &mut mpsc::Receiver<Job>,
    committed: &(impl Fn(Committed) + Sync),
) {
    let mut jobs = Vec::with_capacity(MAX_BATCH);
    while waiting.recv_many(&mut jobs, MAX_BATCH).await > 0 {
        let (commands, answers): (Vec<_>, Vec<_>) =
            jobs.drain(..).map(|job| (job.command, job.answer)).unzip();
        let outcomes = match write(store, &commands).await {
            Ok(written) => written.into_outcomes(committed),
            Err(Error::Database(error)) if is_constraint_violation(&error) => {
                one_by_one(store, &commands, committed).await
            }
            Err(error) => refuse_all(&error, commands.len()),
        };
        failpoints::crash_at("before_ack");
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // A caller that has gone away finds its message by its client id when it is back.
            drop(answer.send(outcome));
        }
    }
}

/// One command spoilt the transaction: alone, each of the others is still carried out.
async fn one_by_one(
    store: &Store,
    commands: &[Command],
    committed: &(impl Fn(Committed) + Sync),
) -> Vec<Result<Posted>> {
    let mut outcomes = Vec::with_capacity(commands.len());
    for command in commands {
        match write(store, std::slice::from_ref(command)).await {
            Ok(written) => outcomes.extend(written.into_outcomes(committed)),
            Err(error) => outcomes.push(Err(error)),
        }
    }
    outcomes
}

/// The transaction was rolled back, so no caller may be told that its command was carried out.
fn refuse_all(error: &Error, count: usize) -> Vec<Result<Posted>> {
    tracing::error!(%error, count, "a batch of messages could not be written");
    (0..count).map(|_| Err(Error::Busy)).collect()
}

/// What one transaction did.
struct Written {
    outcomes: Vec<Posted>,
    committed: Committed,
}

impl Written {
    fn into_outcomes(self, committed: &impl Fn(Committed)) -> Vec<Result<Posted>> {
        if !self.committed.change_sets.is_empty() {
            committed(self.committed);
        }
        self.outcomes.into_iter().map(Ok).collect()
    }
}

async fn write(store: &Store, commands: &[Command]) -> Result<Written> {
    let transaction = store.begin_write().await?;
    let new: Vec<_> = commands.iter().map(|Command::Post(new)| new).collect();
    let (posts, mut change_sets) = Posts::store(&transaction, &new).await?;
    failpoints::commit(transaction, &mut change_sets).await?;
    let outcomes = new.iter().map(|new| posts.outcome(new)).collect();
    Ok(Written { outcomes, committed: Committed::changes(change_sets) })
}

#[cfg(test)]
mod tests;
