//! The writer of messages. It takes every message that waits, writes them in one transaction and
//! commits once, so that one fsync serves all of them: durable and still fast.

use crate::{
    Error, NewMessage, Result, Store, entities::messages, is_constraint_violation, rigged,
    rooms::advance,
};
use domain::{
    ids::{ClientId, PersonId, RoomId},
    messages::{Message, Rev},
    wire::{BATCH_BYTES_MOST, Batch},
};
use futures::FutureExt;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait,
    QueryFilter, Statement,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    panic::AssertUnwindSafe,
};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// Messages that may wait; past that, senders are told that the house is busy.
const WAITING_MOST: usize = 1_024;
/// Messages in one transaction.
const BATCH_MOST: usize = 256;
/// Rows in one statement.
const ROWS_MOST: usize = 64;

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// It is on disk: written now, or known from an earlier try.
    Stored(Message),
    /// The same author sent something else under the same id.
    Conflict,
    /// There is no such room, or the author is no longer in it: they left, were removed, banned or suspended
    /// after the permission check.
    NotMember,
}

/// Hands messages to the writer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Writer {
    waiting: mpsc::Sender<Job>,
}

#[derive(Debug)]
struct Job {
    new: NewMessage,
    answer: oneshot::Sender<Result<Posted>>,
}

impl Writer {
    /// Starts the writer. `committed` hears of each room's changes after their commit, in the
    /// order of the commits, before the senders are answered.
    pub fn start(store: Store, committed: impl Fn(Batch) + Send + Sync + 'static) -> Self {
        let (waiting, mut jobs) = mpsc::channel(WAITING_MOST);
        tokio::spawn(async move {
            // Whoever was waiting is refused; the house goes on writing.
            while AssertUnwindSafe(run(&store, &mut jobs, &committed)).catch_unwind().await.is_err()
            {
                tracing::error!("the writer of messages panicked, and begins again");
            }
        });
        Self { waiting }
    }

    /// Hands a message in. Messages are numbered in the order in which they were handed in, whoever waits
    /// for which first.
    pub fn hand_in(&self, new: NewMessage) -> Result<Posting> {
        let (answer, answered) = oneshot::channel();
        self.waiting.try_send(Job { new, answer }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Error::Busy,
            mpsc::error::TrySendError::Closed(_) => Error::Stopped,
        })?;
        Ok(Posting(answered))
    }

    /// Writes a message and returns once it is on disk.
    pub async fn post(&self, new: NewMessage) -> Result<Posted> {
        self.hand_in(new)?.written().await
    }
}

/// A message that has been handed in.
#[derive(Debug)]
pub struct Posting(oneshot::Receiver<Result<Posted>>);

impl Posting {
    /// Returns once it is on disk.
    pub async fn written(self) -> Result<Posted> {
        self.0.await.map_err(|_| Error::Stopped)?
    }
}

async fn run(
    store: &Store,
    waiting: &mut mpsc::Receiver<Job>,
    committed: &(impl Fn(Batch) + Sync),
) {
    let mut jobs = Vec::with_capacity(BATCH_MOST);
    while waiting.recv_many(&mut jobs, BATCH_MOST).await > 0 {
        let (news, answers): (Vec<_>, Vec<_>) =
            jobs.drain(..).map(|job| (job.new, job.answer)).unzip();
        let outcomes = match write(store, &news).await {
            Ok(written) => written.into_outcomes(committed),
            Err(Error::Database(error)) if is_constraint_violation(&error) => {
                one_by_one(store, &news, committed).await
            }
            Err(error) => refuse_all(&error, news.len()),
        };
        rigged::crash_at("before_ack");
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // A sender that has gone away finds its message by its client id when it is back.
            drop(answer.send(outcome));
        }
    }
}

/// One message spoilt the transaction: alone, each of the others is still written.
async fn one_by_one(
    store: &Store,
    news: &[NewMessage],
    committed: &(impl Fn(Batch) + Sync),
) -> Vec<Result<Posted>> {
    let mut outcomes = Vec::with_capacity(news.len());
    for new in news {
        match write(store, std::slice::from_ref(new)).await {
            Ok(written) => outcomes.extend(written.into_outcomes(committed)),
            Err(error) => outcomes.push(Err(error)),
        }
    }
    outcomes
}

/// Nothing of the transaction was kept, so nobody may believe that their message was.
fn refuse_all(error: &Error, count: usize) -> Vec<Result<Posted>> {
    tracing::error!(%error, count, "a batch of messages could not be written");
    (0..count).map(|_| Err(Error::Busy)).collect()
}

/// What one transaction did.
struct Written {
    outcomes: Vec<Posted>,
    batches: Vec<Batch>,
}

impl Written {
    fn into_outcomes(self, committed: &impl Fn(Batch)) -> Vec<Result<Posted>> {
        self.batches.into_iter().for_each(committed);
        self.outcomes.into_iter().map(Ok).collect()
    }
}

type SentUnder = (PersonId, ClientId);

struct Sent {
    hash: Vec<u8>,
    message: Message,
}

async fn write(store: &Store, news: &[NewMessage]) -> Result<Written> {
    let transaction = store.begin_write().await?;
    let mut sent = known(&transaction, news).await?;
    let mut fresh: BTreeMap<RoomId, Vec<&NewMessage>> = BTreeMap::new();
    let mut taken: HashSet<SentUnder> = sent.keys().copied().collect();
    let members = members(&transaction, news).await?;
    for new in news.iter().filter(|new| members.contains(&(new.room, new.author))) {
        if taken.insert((new.author, new.client_id)) {
            fresh.entry(new.room).or_default().push(new);
        }
    }
    let mut batches = Vec::with_capacity(fresh.len());
    for (room, news) in fresh {
        let count = i64::try_from(news.len()).unwrap_or(i64::MAX);
        let Some(head) = advance(&transaction, room, count).await? else {
            continue;
        };
        let messages = insert(&transaction, &news, head - count).await?;
        for (new, message) in news.iter().zip(&messages) {
            let stored = Sent { hash: new.sent_hash.to_vec(), message: message.clone() };
            sent.insert((new.author, new.client_id), stored);
        }
        batches.extend(batches_of(room, head - count, messages));
    }
    rigged::commit(transaction, &mut batches).await?;
    let outcomes = news.iter().map(|new| outcome(&sent, new)).collect();
    Ok(Written { outcomes, batches })
}

fn outcome(sent: &HashMap<SentUnder, Sent>, new: &NewMessage) -> Posted {
    match sent.get(&(new.author, new.client_id)) {
        None => Posted::NotMember,
        Some(sent) if sent.hash == new.sent_hash => Posted::Stored(sent.message.clone()),
        Some(_) => Posted::Conflict,
    }
}

/// Which of these had been written before: a retry is answered, not written again.
async fn known(
    transaction: &DatabaseTransaction,
    news: &[NewMessage],
) -> Result<HashMap<SentUnder, Sent>> {
    let mut known = HashMap::new();
    for news in in_few_sizes(news) {
        let any = news.iter().fold(Condition::any(), |any, new| {
            let author = messages::Column::AuthorId.eq(new.author.uuid());
            any.add(author.and(messages::Column::ClientId.eq(new.client_id.uuid())))
        });
        for row in messages::Entity::find().filter(any).all(transaction).await? {
            let hash = row.sent_hash.clone();
            let message = row.message()?;
            known.insert((message.author, message.client_id), Sent { hash, message });
        }
    }
    Ok(known)
}

const MEMBERS: &str = "
    SELECT m.room_id, m.person_id FROM asked
    CROSS JOIN memberships m ON m.room_id = asked.room_id AND m.person_id = asked.person_id
    CROSS JOIN people p ON p.id = m.person_id
    WHERE m.state = 'in' AND p.suspended_at IS NULL AND p.deleted_at IS NULL";

/// Which of these authors are in the rooms that they write to. Asked within the transaction, because what waits for
/// the writer was permitted before it waited.
async fn members(
    transaction: &DatabaseTransaction,
    news: &[NewMessage],
) -> Result<HashSet<(RoomId, PersonId)>> {
    let asked: HashSet<_> = news.iter().map(|new| (new.room, new.author)).collect();
    let asked: Vec<_> = asked.into_iter().collect();
    let mut members = HashSet::with_capacity(asked.len());
    for asked in in_few_sizes(&asked) {
        let rows = vec!["(?, ?)"; asked.len()].join(", ");
        let sql = format!("WITH asked(room_id, person_id) AS (VALUES {rows}) {MEMBERS}");
        let values = asked.iter().flat_map(|(room, author)| [room.uuid(), author.uuid()]);
        let values: Vec<_> = values.map(Into::into).collect();
        let backend = transaction.get_database_backend();
        let ask = Statement::from_sql_and_values(backend, sql, values);
        for row in transaction.query_all_raw(ask).await? {
            let (room, person): (Uuid, Uuid) =
                (row.try_get("", "room_id")?, row.try_get("", "person_id")?);
            members.insert((RoomId::from_uuid(room), PersonId::from_uuid(person)));
        }
    }
    Ok(members)
}

async fn insert(
    transaction: &DatabaseTransaction,
    news: &[&NewMessage],
    after: i64,
) -> Result<Vec<Message>> {
    let numbered = news.iter().zip(after + 1..);
    let messages: Vec<_> = numbered.map(|(new, seq)| new.numbered(seq)).collect();
    let pairs: Vec<_> = news.iter().zip(&messages).collect();
    for pairs in in_few_sizes(&pairs) {
        let rows = pairs.iter().map(|(new, message)| new.row(message));
        messages::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    }
    Ok(messages)
}

/// Pieces whose lengths are powers of two, up to [`ROWS_MOST`]: so a statement comes in seven forms, which
/// are prepared once and kept, and not in one for each number of rows.
fn in_few_sizes<T>(items: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let size = 1 << rest.len().min(ROWS_MOST).checked_ilog2()?;
        let (piece, after) = rest.split_at_checked(size)?;
        rest = after;
        Some(piece)
    })
}

/// What a room is told of its new messages, in pieces of [`BATCH_BYTES_MOST`] of text.
fn batches_of(room: RoomId, after: i64, messages: Vec<Message>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut bytes = 0;
    for message in messages {
        let through = message.rev;
        bytes += message.text.as_str().len();
        if let Some(batch) = batches.last_mut().filter(|_| bytes <= BATCH_BYTES_MOST) {
            batch.through = through;
            batch.messages.push(message);
            continue;
        }
        bytes = message.text.as_str().len();
        let after = batches.last().map_or(Rev(after), |batch| batch.through);
        batches.push(Batch { messages: vec![message], ..Batch::empty(room, after, through) });
    }
    batches
}

#[cfg(test)]
mod tests;
