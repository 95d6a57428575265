//! How quickly clients connect: upgrade, sign-in and subscription.

use crate::{
    Result,
    bench::{Bench, Candidate},
    connection::greet,
    peers::USERS,
    process::Shares,
    tables::{Spread, Table, percent, ratio, say, verdict},
};
use futures::{StreamExt, TryStreamExt, stream};
use std::time::Instant;

/// Clients that are connecting at once.
const AT_ONCE: usize = 64;
const GOAL: f64 = 5.0;

pub async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let who = [Candidate::Sarangbang, Candidate::SocketIo];
    let mut came = [Vec::new(), Vec::new()];
    for _ in 0..bench.pace.rounds {
        for (who, came) in who.into_iter().zip(&mut came) {
            came.push(come(bench, who).await?);
        }
    }
    let medians = came.each_ref().map(|came| Spread::of(came.iter().map(|(rate, ..)| *rate)));
    let [ours, theirs] = medians;
    let mut table = Table::new(
        "Connect, authenticate and subscribe",
        &["", "connections/s", "Sarangbang to it", "server's core", "generator's core"],
    );
    for (name, came, spread) in [("Sarangbang", &came[0], ours), ("socket.io", &came[1], theirs)] {
        table.row([
            name.to_owned(),
            spread.show(0),
            ratio(ours.median, spread.median),
            percent(Spread::of(came.iter().map(|(_, server, _)| *server)).median),
            percent(Spread::of(came.iter().map(|(.., own)| *own)).median),
        ]);
    }
    let reached = ours.median / theirs.median;
    table.note(format!("- Goal {GOAL}×: {reached:.2}×, **{}**.", verdict(reached, GOAL)));
    table.note(
        "Both look the session up in SQLite by its hash, and say where the listener stands. Sarangbang also \
         reads which rooms the person is in.",
    );
    say(&table.markdown());
    Ok(vec![table])
}

/// Connections a second, and the shares of the two cores. All connections stay open until the last is made.
async fn come(bench: &Bench, who: Candidate) -> Result<(f64, f64, f64)> {
    let peer = bench.peer(who, 1_000)?;
    let running = bench.start(&*peer).await?;
    let (port, dialect) = (running.process.port, peer.dialect());
    let come_all = async || {
        let coming = stream::iter(0..USERS).map(|user| {
            let (peer, dialect) = (&peer, &dialect);
            async move { greet(port, &peer.greeting(port, user), &**dialect).await }
        });
        coming.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await
    };
    // The first round is a rehearsal.
    drop(come_all().await?);
    let (began, shares) = (Instant::now(), Shares::begin(&running.process)?);
    let here = come_all().await?;
    let took = began.elapsed();
    let (server, own) = shares.end(&running.process)?;
    drop(here);
    Ok((f64::from(u32::try_from(USERS)?) / took.as_secs_f64(), server, own))
}
