//! Durable inserts: the writer of `store`, beside SQLite's own statements.

use crate::{
    Result,
    bench::Bench,
    process::Launch,
    stats::text,
    tables::{Spread, Table, ratio, say, verdict},
};
use domain::{
    clock::Millis,
    ids::{ClientId, RoomId, UserId},
    messages::MessageText,
    rooms::{RoomTitle, Visibility},
    users::{DisplayName, Email},
};
use futures::future::join_all;
use std::{
    path::Path,
    time::{Duration, Instant},
};
use store::{NewMessage, NewRoom, NewUser, Posted, Store, Writer};
use tokio::time::sleep;
use uuid::Uuid;

/// Rows in one transaction.
const BATCH: u32 = 32;
const GOAL: f64 = 1.0;

pub async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    let (seconds, batch) = (bench.pace.half_rate.as_secs().to_string(), BATCH.to_string());
    for _ in 0..bench.pace.rounds {
        let folder = tempfile::tempdir_in(&bench.folder)?;
        let writer = Launch::new(std::env::current_exe()?).argument("inserts");
        let writer = writer.argument(folder.path().join("ours.db")).argument(&seconds);
        ours.push(figure(&writer)?);
        let statements = Launch::new("node").argument(bench.peers.join("inserts.mjs"));
        let statements = statements.argument(folder.path().join("bare.db"));
        bare.push(figure(&statements.argument(&seconds).argument(&batch))?);
    }
    let [ours, bare] = [ours, bare].map(Spread::of);
    let mut table =
        Table::new("Durable inserts, 32 to a transaction", &["", "rows/s", "Sarangbang to it"]);
    table.row(["Sarangbang's writer".to_owned(), ours.show(0), ratio(1.0, 1.0)]);
    let name = "SQLite, one-row statements".to_owned();
    table.row([name, bare.show(0), ratio(ours.median, bare.median)]);
    let reached = ours.median / bare.median;
    table.note(format!("- Goal {GOAL}×: {reached:.2}×, **{}**.", verdict(reached, GOAL)));
    table.note(
        "SQLite by better-sqlite3: prepared statements, the same columns and indexes, and nothing else. The \
         writer also looks for retries, advances the room's counter and hands out each row.",
    );
    say(&table.markdown());
    Ok(vec![table])
}

/// The figure that a process prints which does nothing else, on the server's core.
fn figure(launch: &Launch) -> Result<f64> {
    let output = launch.command().output()?;
    let printed = String::from_utf8(output.stdout)?;
    let first_error = String::from_utf8_lossy(&output.stderr);
    Ok(printed.trim().parse().map_err(|_| format!("no figure: {printed} {first_error}"))?)
}

/// Rows a second of the writer, in a new file, with checkpoints as in the instance.
pub async fn write_for(file: &Path, length: Duration) -> Result<f64> {
    let store = Store::open(&format!("sqlite://{}", file.display())).await?;
    tokio::select! {
        rate = writes(store.clone(), length) => rate,
        error = folds(&store) => Err(error.into()),
    }
}

#[expect(clippy::disallowed_methods, reason = "the store says when it is time again")]
async fn folds(store: &Store) -> store::Error {
    loop {
        match store.checkpoint().await {
            Ok(pause) => sleep(pause).await,
            Err(error) => return error,
        }
    }
}

async fn writes(store: Store, length: Duration) -> Result<f64> {
    let (author, room) = users(&store).await?;
    let writer = Writer::start(store, |_| ());
    let (began, mut rows) = (Instant::now(), 0);
    while began.elapsed() < length {
        let news = (rows..rows + BATCH).map(|number| message(author, room, number));
        let posts = news.map(|new| async { writer.post(new?).await.map_err(Into::into) });
        for posted in join_all(posts).await {
            let posted: Result<Posted> = posted;
            if !matches!(posted?, Posted::Stored(_)) {
                return Err("a row was not stored".into());
            }
        }
        rows += BATCH;
    }
    Ok(f64::from(rows) / began.elapsed().as_secs_f64())
}

async fn users(store: &Store) -> Result<(UserId, RoomId)> {
    let email = Email::parse("minji@example.com").map_err(|_| "not an address")?;
    let name = DisplayName::parse("Minji").map_err(|_| "not a name")?;
    let at = Millis(1_795_359_600_000);
    let new = NewUser { email, name, password_hash: "none".to_owned(), at };
    let user = store.add_user(new).await?.ok_or("somebody is here already")?;
    let title = RoomTitle::parse("room").map_err(|_| "not a title")?;
    let (room, _) = store
        .create_room(NewRoom {
            title,
            visibility: Visibility::Open,
            by: user,
            at,
            submission: None,
        })
        .await?;
    Ok((user, room))
}

fn message(author: UserId, room: RoomId, number: u32) -> Result<NewMessage> {
    let text = MessageText::parse(&text(number)).map_err(|_| "not a text")?;
    let client_id = ClientId::from_uuid(Uuid::now_v7());
    Ok(NewMessage {
        room,
        author,
        client_id,
        text,
        sent_hash: [0; 32],
        at: Millis(1_795_359_600_000),
    })
}
