//! Posts that are delivered to all members of the room.

use crate::{
    Result,
    bench::{Bench, Candidate},
    tables::{Spread, Table, percent, ratio, say, verdict},
    window::{Search, Window, quantile},
};
use std::{collections::BTreeMap, time::Duration};

/// All peers of one class, and the raw broadcasts.
const DURABLE: [Candidate; 4] =
    [Candidate::Sarangbang, Candidate::SocketIo, Candidate::Prisma, Candidate::JetStream];
const LIMITS: [Candidate; 2] = [Candidate::Raw, Candidate::RawCoalesced];
/// Deliveries a second from which the search begins.
const FIRST: f64 = 10_000.0;
/// How often each peer posts while its fsyncs are counted.
const PROVEN: u32 = 100;
const ARRIVES_WITHIN: Duration = Duration::from_secs(10);

/// What one peer did in the rooms of one size.
#[derive(Debug, Default)]
struct Runs {
    name: &'static str,
    highest: Vec<Window>,
    half_rate: Vec<Window>,
    /// Of Sarangbang, at half of the rate that socket.io sustained in the same round.
    half_of_socket_io: Vec<Window>,
}

impl Runs {
    fn deliveries(&self) -> Spread {
        Spread::of(self.highest.iter().map(|window| window.deliveries))
    }

    fn half_rate(&self, of: impl Fn(&Window) -> f64) -> Spread {
        Spread::of(self.half_rate.iter().map(of))
    }

    fn half_of_socket_io(&self, of: impl Fn(&Window) -> f64) -> Spread {
        Spread::of(self.half_of_socket_io.iter().map(of))
    }

    fn is_void(&self) -> bool {
        self.highest.iter().any(|window| window.void)
    }
}

/// The durable class: what is acknowledged and delivered has been fsynced.
pub async fn durable(bench: &Bench, fsync: (f64, f64)) -> Result<Vec<Table>> {
    let mut tables = vec![proof(bench).await?];
    for size in SIZES {
        let who = [DURABLE.as_slice(), &LIMITS].concat();
        let runs = rounds(bench, size, &who).await?;
        let title = format!("Durable posts to a room of {size}");
        let mut table = table(&title, &runs);
        goals(&mut table, &runs, fsync);
        say(&table.markdown());
        tables.push(table);
    }
    Ok(tables)
}

/// The lazy class: what is acknowledged is fsynced some time later. Sarangbang has no such class.
pub async fn lazy(bench: &Bench) -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    for size in SIZES {
        let runs = rounds(bench, size, &[Candidate::SocketIoLazy]).await?;
        let title = format!("Lazy posts to a room of {size}");
        let mut table = table(&title, &runs);
        table.note(
            "Not to be held against the durable posts: a power cut loses what was acknowledged.",
        );
        say(&table.markdown());
        tables.push(table);
    }
    Ok(tables)
}

pub const SIZES: [usize; 3] = [10, 100, 1_000];

/// Measures all of them in turns, so that other activity of the machine affects all alike.
async fn rounds(bench: &Bench, size: usize, who: &[Candidate]) -> Result<Vec<Runs>> {
    let mut all = BTreeMap::<usize, Runs>::new();
    for round in 1..=bench.pace.rounds {
        for (place, who) in who.iter().enumerate() {
            let peer = bench.peer(*who, size)?;
            say(&format!(
                "  Room of {size}, round {round} of {}: {}",
                bench.pace.rounds,
                peer.name()
            ));
            let runs = all.entry(place).or_default();
            runs.name = peer.name();
            let before = runs.highest.last().map(|window| window.rate * 0.7);
            let members = u32::try_from(size)?;
            let mut search = Search::new(bench, &*peer, size);
            let highest = search.highest(before.unwrap_or(FIRST / f64::from(members))).await?;
            runs.half_rate.push(search.window(highest.rate / 2.0, bench.pace.half_rate).await?);
            runs.highest.push(highest);
        }
        let kept = all.values().find(|runs| runs.name == "socket.io");
        let Some(rate) = kept.and_then(|runs| Some(runs.highest.last()?.rate / 2.0)) else {
            continue;
        };
        if let (Some(Candidate::Sarangbang), Some(runs)) = (who.first(), all.get_mut(&0)) {
            let peer = bench.peer(Candidate::Sarangbang, size)?;
            let window =
                Search::new(bench, &*peer, size).window(rate, bench.pace.half_rate).await?;
            runs.half_of_socket_io.push(window);
        }
    }
    Ok(all.into_values().collect())
}

fn table(title: &str, runs: &[Runs]) -> Table {
    let mut table = Table::new(
        title,
        &[
            "",
            "deliveries/s at saturation",
            "Sarangbang to it",
            "posts/s",
            "at half load: told p50 ms",
            "told p99 ms",
            "ack p50 ms",
            "ack p99 ms",
            "server's core",
            "generator's core",
        ],
    );
    let ours = runs.first().map(|runs| runs.deliveries().median).unwrap_or_default();
    for runs in runs {
        let deliveries = runs.deliveries();
        let at_least = if runs.is_void() { "≥ " } else { "" };
        let told = |of| runs.half_rate(|window| quantile(&window.delivery, of)).show(2);
        let is_silent = runs.half_rate.iter().all(|window| window.acknowledgement.is_empty());
        let acknowledged = |of| {
            let spread = runs.half_rate(|window| quantile(&window.acknowledgement, of));
            if is_silent { "–".to_owned() } else { spread.show(2) }
        };
        let core = |of: fn(&Window) -> f64| percent(Spread::of(runs.highest.iter().map(of)).median);
        table.row([
            runs.name.to_owned(),
            format!("{at_least}{}", deliveries.show(0)),
            ratio(ours, deliveries.median),
            Spread::of(runs.highest.iter().map(|window| window.rate)).show(0),
            told(0.5),
            told(0.99),
            acknowledged(0.5),
            acknowledged(0.99),
            core(|window| window.server_cpu),
            core(|window| window.generator_cpu),
        ]);
    }
    if runs.iter().any(Runs::is_void) {
        table.note("≥: there the generator could do no more, so the run is void as a maximum.");
    }
    table
}

fn goals(table: &mut Table, runs: &[Runs], (fsync_p50, fsync_p99): (f64, f64)) {
    let Some(ours) = runs.first() else { return };
    for (name, goal) in [("socket.io", 2.0), ("POST + Prisma", 10.0), ("JetStream", 1.2)] {
        let Some(theirs) = runs.iter().find(|runs| runs.name == name) else { continue };
        let reached = ours.deliveries().median / theirs.deliveries().median;
        // Where the generator was the limit for Sarangbang, it could have done more: enough to meet a goal, not
        // to miss it. Where it was the limit for a peer, nothing is known.
        let (at_least, verdict) = match (ours.is_void(), theirs.is_void()) {
            (false, false) => ("", verdict(reached, goal)),
            (true, false) if reached >= goal => ("at least ", verdict(reached, goal)),
            _ => ("", "void".to_owned()),
        };
        table.note(format!("- Goal {goal}× {name}: {at_least}{reached:.2}×, **{verdict}**."));
    }
    for (of, name, base, more) in [(0.5, "p50", fsync_p50, 1.0), (0.99, "p99", fsync_p99, 5.0)] {
        let reached = ours.half_rate(|window| quantile(&window.delivery, of)).median;
        let goal = base + more;
        let verdict = |reached: f64| {
            let over = reached - goal;
            if over <= 0.0 { "met".to_owned() } else { format!("missed by {over:.2} ms") }
        };
        table.note(format!(
            "- Goal at half load: told {name} at most the fsync's + {more} ms = {goal:.2} ms: \
             {reached:.2} ms, **{}**.",
            verdict(reached)
        ));
        let rate = ours.half_of_socket_io(|window| window.rate).median;
        let reached = ours.half_of_socket_io(|window| quantile(&window.delivery, of)).median;
        table.note(format!(
            "- The same at half of what socket.io can take, {rate:.0} posts/s: {reached:.2} ms, **{}**.",
            verdict(reached)
        ));
    }
}

/// Posts one after another, each when the one before was acknowledged, and counts the fsyncs meanwhile.
async fn proof(bench: &Bench) -> Result<Table> {
    let title = "Proof of the classes";
    let mut table =
        Table::new(title, &["", "class", "posts, one after another", "fsyncs meanwhile"]);
    for who in DURABLE.into_iter().chain([Candidate::SocketIoLazy]) {
        let peer = bench.peer(who, 10)?;
        let running = bench.start_traced(&*peer).await?;
        let fleet = running.connect(&*peer, 10).await?;
        fleet.begins();
        let before = running.process.fsyncs()?;
        fleet.posts_in_turn(PROVEN, 1, ARRIVES_WITHIN).await?;
        let fsyncs = u32::try_from(running.process.fsyncs()? - before)?;
        let class = if who == Candidate::SocketIoLazy { "lazy" } else { "durable" };
        if (class == "durable") != (fsyncs >= PROVEN) {
            let name = peer.name();
            return Err(format!("{name} is not {class}: {fsyncs} fsyncs, {PROVEN} posts").into());
        }
        table.row([
            peer.name().to_owned(),
            class.to_owned(),
            PROVEN.to_string(),
            fsyncs.to_string(),
        ]);
    }
    table.note(
        "Counted from outside, by strace, which sees every call of `fsync` and `fdatasync`. Under load one \
         fsync may serve several posts.",
    );
    say(&table.markdown());
    Ok(table)
}
