//! Memory at rest, and with all clients connected and silent.

use crate::{
    Result,
    bench::{Bench, Candidate},
    tables::{Spread, Table, count, say, thousands},
};
use std::time::Duration;
use tokio::time::{Instant, interval_at};

const IDLE_GOAL: f64 = 20.0;
const EACH_GOAL: f64 = 8.0;
/// For what is still being freed or allocated after the last client has connected.
const SETTLES: Duration = Duration::from_secs(2);
/// They share the file descriptors of one process with everything else that it holds open.
const AT_A_TIME: usize = 1_000;

pub async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let idle = bench.pace.idle;
    let connections =
        format!("with {} idle connections, MB", thousands(f64::from(u32::try_from(idle)?), 0));
    let mut table = Table::new("Memory", &["", "at rest, MB", &connections, "each, KB"]);
    for who in [Candidate::Sarangbang, Candidate::SocketIo] {
        let peer = bench.peer(who, 1_000)?;
        let (mut rest, mut full) = (Vec::new(), Vec::new());
        for _ in 0..bench.pace.rounds.min(3) {
            let running = bench.start(&*peer).await?;
            settle().await;
            rest.push(count(running.process.resident_memory()?));
            let mut fleets = Vec::new();
            for _ in 0..idle.div_ceil(AT_A_TIME) {
                fleets.push(running.connect(&*peer, AT_A_TIME.min(idle)).await?);
            }
            settle().await;
            full.push(count(running.process.resident_memory()?));
        }
        let [rest, full] = [rest, full].map(|kib| Spread::of(kib.into_iter().map(megabytes)));
        let each = (full.median - rest.median) * 1_000.0 / f64::from(u32::try_from(idle)?);
        table.row([peer.name().to_owned(), rest.show(1), full.show(1), format!("{each:.1}")]);
        if who == Candidate::Sarangbang {
            table.note(goal("at rest", "MB", rest.median, IDLE_GOAL));
            table.note(goal("each idle connection", "KB", each, EACH_GOAL));
        }
    }
    say(&table.markdown());
    Ok(vec![table])
}

async fn settle() {
    interval_at(Instant::now() + SETTLES, SETTLES).tick().await;
}

fn goal(what: &str, unit: &str, reached: f64, goal: f64) -> String {
    let verdict = if reached <= goal {
        "met".to_owned()
    } else {
        format!("missed by {:.1} {unit}", reached - goal)
    };
    format!("- Goal {what} at most {goal} {unit}: {reached:.1}, **{verdict}**.")
}

fn megabytes(kib: f64) -> f64 {
    kib * 1_024.0 / 1_000_000.0
}
