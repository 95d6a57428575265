//! Pages drawn a second, by one core; what it costs that they are compressed, as every browser asks; beside the same
//! bytes from memory; and what it costs that a room has a long past.

use super::{LARGE, SMALL};
use crate::{
    Result,
    bench::{Bench, Running},
    http::Http,
    peers::{Sarangbang, StaticPage},
    process::{Process, Shares, free_port},
    server_process::ServerProcess,
    stats::{histogram, record},
    tables::{Spread, Table, count, percent, say, verdict},
    window::quantile,
};
use futures::future::try_join_all;
use hdrhistogram::Histogram;
use memchr::memmem;
use std::{
    path::Path,
    rc::Rc,
    time::{Duration, Instant},
};

/// Browsers that each read one page after another.
const READERS: usize = 4;
const GOAL: f64 = 6_000.0;
/// How much dearer the page of the large room may be, for the two to count as alike.
const ALIKE: f64 = 0.9;
/// Of the same bytes from memory, both compressed.
const GOAL_COMPRESSED: f64 = 0.5;
const WARM_UP: Duration = Duration::from_millis(500);

/// What a client says that it can unpack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    Plain,
    /// As every browser asks.
    Compressed,
}

impl Asking {
    const fn header(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Compressed => "Accept-Encoding: br, gzip\r\n",
        }
    }
}

/// Those that are compared, in the order of the table.
const RUNS: [(usize, Asking); 4] = [
    (SMALL, Asking::Plain),
    (LARGE, Asking::Plain),
    (SMALL, Asking::Compressed),
    (LARGE, Asking::Compressed),
];

/// What came of reading a page again and again.
#[derive(Debug)]
struct Read {
    per_second: f64,
    times: Histogram<u32>,
    server_cpu: f64,
    bytes: usize,
}

/// A page from the program, and the same bytes from memory.
#[derive(Debug)]
struct Round {
    page: Read,
    same_bytes: Read,
}

pub async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let folder = tempfile::tempdir_in(&bench.folder)?;
    let said = [(SMALL, 50), (LARGE, bench.pace.large)];
    let server_process = Rc::new(bench.server_process.after(folder.path(), &said).await?);
    let mut rounds = RUNS.map(|_| Vec::new());
    for _ in 0..bench.pace.rounds {
        for ((size, asking), rounds) in RUNS.into_iter().zip(&mut rounds) {
            rounds.push(round(bench, &server_process, size, asking, folder.path()).await?);
        }
    }
    let table = table(bench.pace.large, &rounds);
    say(&table.markdown());
    Ok(vec![table])
}

fn table(large: u32, rounds: &[Vec<Round>; 4]) -> Table {
    let head = [
        "room with",
        "pages/s",
        "p50 ms",
        "p99 ms",
        "server's core",
        "KB",
        "same bytes from memory/s",
        "ratio",
    ];
    let mut table = Table::new("Pages: GET /room/{id}, whole, on one core", &head);
    let median = |rounds: &[Round], of: &dyn Fn(&Round) -> f64| Spread::of(rounds.iter().map(of));
    let pages = |round: &Round| round.page.per_second;
    let ratio = |round: &Round| round.page.per_second / round.same_bytes.per_second;
    for ((size, asking), rounds) in RUNS.into_iter().zip(rounds) {
        let messages = if size == SMALL { 50 } else { large };
        let compressed = if asking == Asking::Compressed { ", compressed" } else { "" };
        table.row([
            format!("{messages} messages{compressed}"),
            median(rounds, &pages).show(0),
            median(rounds, &|round| quantile(&round.page.times, 0.5)).show(2),
            median(rounds, &|round| quantile(&round.page.times, 0.99)).show(2),
            percent(median(rounds, &|round| round.page.server_cpu).median),
            format!("{:.1}", median(rounds, &|round| kilobytes(round.page.bytes)).median),
            median(rounds, &|round| round.same_bytes.per_second).show(0),
            median(rounds, &ratio).show(2),
        ]);
    }
    let [small, large, compressed, _] = rounds;
    let [small, large] = [small, large].map(|rounds| median(rounds, &pages).median);
    let compressed = median(compressed, &ratio).median;
    table.note(format!("- Goal {GOAL} pages/s: {small:.0}, **{}**.", verdict(small, GOAL)));
    table.note(format!(
        "- Goal: a long past costs nothing (at least {ALIKE} of the rate): {:.2}, **{}**.",
        large / small,
        verdict(large / small, ALIKE)
    ));
    table.note(format!(
        "- Goal: compressed, at least {GOAL_COMPRESSED} of the same bytes compressed as often: {compressed:.2}, **{}**.",
        verdict(compressed, GOAL_COMPRESSED)
    ));
    table.note(
        "The same bytes from memory: a process that reads nothing of the request and answers with the page as it was, \
         compressed anew for each answer where pages are.",
    );
    table
}

async fn round(
    bench: &Bench,
    server_process: &Rc<ServerProcess>,
    size: usize,
    asking: Asking,
    folder: &Path,
) -> Result<Round> {
    let room = server_process.room(size)?.clone();
    let path = format!("/room/{}", room.id);
    let peer = Sarangbang { server_process: server_process.clone(), room };
    let running = bench.start(&peer).await?;
    let cookie = |reader| server_process.cookie(reader);
    let file = folder.join("page.html");
    let page = Http::connect(running.process.port).await?.get(&path, cookie(0), "").await?;
    std::fs::write(&file, page.whole_body()?)?;
    let page = read_warm(&running.process, &path, &cookie, asking, bench.pace.half_rate).await?;
    drop::<Running>(running);
    let port = free_port()?;
    let same = StaticPage { file, compressed: asking == Asking::Compressed };
    let mut process = Process::start(&same.launch(port)?, port, folder)?;
    process.is_open().await?;
    let same_bytes = read_warm(&process, &path, &cookie, asking, bench.pace.half_rate).await?;
    Ok(Round { page, same_bytes })
}

async fn read_warm<'a>(
    process: &Process,
    path: &str,
    cookie: &impl Fn(usize) -> &'a str,
    asking: Asking,
    length: Duration,
) -> Result<Read> {
    read(process, path, cookie, asking, WARM_UP).await?;
    read(process, path, cookie, asking, length).await
}

async fn read<'a>(
    process: &Process,
    path: &str,
    cookie: &impl Fn(usize) -> &'a str,
    asking: Asking,
    length: Duration,
) -> Result<Read> {
    let (began, shares) = (Instant::now(), Shares::begin(process)?);
    let readers = (0..READERS).map(|reader| async move {
        let mut http = Http::connect(process.port).await?;
        let (mut times, mut bytes) = (histogram(), 0);
        while began.elapsed() < length {
            let asked = Instant::now();
            let page = http.get(path, cookie(reader), asking.header()).await?;
            let is_whole = match asking {
                Asking::Plain => memmem::find(&page.body, b"</html>").is_some(),
                Asking::Compressed => page.header("content-encoding") == Some("br"),
            };
            if page.status != 200 || !is_whole {
                let (status, said) = (page.status, process.output());
                return Err(format!("not a page: {status} {}; it said: {said}", page.head).into());
            }
            record(&mut times, asked.elapsed());
            bytes = page.body.len();
        }
        Result::Ok((times, bytes))
    });
    let (mut times, mut bytes) = (histogram(), 0);
    for (reader, length) in try_join_all(readers).await? {
        times.add(reader)?;
        bytes = length;
    }
    let (server_cpu, _) = shares.end(process)?;
    let per_second = count(times.len()) / began.elapsed().as_secs_f64();
    Ok(Read { per_second, times, server_cpu, bytes })
}

fn kilobytes(bytes: usize) -> f64 {
    count(bytes.try_into().unwrap_or_default()) / 1_000.0
}
