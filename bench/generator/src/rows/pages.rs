//! Pages rendered a second, by one core, and what a long history of a room costs.

use super::{LARGE, SMALL};
use crate::{
    Result,
    bench::{Bench, Running},
    http::Http,
    peers::Sarangbang,
    process::Shares,
    stats::{histogram, record},
    tables::{Spread, Table, count, percent, say, verdict},
    window::quantile,
};
use futures::future::try_join_all;
use hdrhistogram::Histogram;
use memchr::memmem;
use std::{
    rc::Rc,
    time::{Duration, Instant},
};

/// Browsers that each read one page after another.
const READERS: usize = 4;
const GOAL: f64 = 1_500.0;
/// The share of the small room's rate that the large room must reach for the two to count as alike.
const ALIKE: f64 = 0.9;

/// The result of reading a room's page again and again.
#[derive(Debug)]
struct Drawn {
    per_second: f64,
    times: Histogram<u32>,
    server_cpu: f64,
}

pub async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let large = bench.pace.large;
    let folder = tempfile::tempdir_in(&bench.folder)?;
    let server_process =
        bench.server_process.after(folder.path(), &[(SMALL, 50), (LARGE, large)]).await?;
    let server_process = Rc::new(server_process);
    let peer = |size| {
        Result::Ok(Sarangbang {
            server_process: server_process.clone(),
            room: server_process.room(size)?.clone(),
        })
    };
    let mut drawn = [Vec::new(), Vec::new()];
    for _ in 0..bench.pace.rounds {
        for (size, drawn) in [SMALL, LARGE].into_iter().zip(&mut drawn) {
            let peer = peer(size)?;
            let running = bench.start(&peer).await?;
            read(&running, &peer, Duration::from_millis(500)).await?;
            drawn.push(read(&running, &peer, bench.pace.half_rate).await?);
        }
    }
    let mut table = Table::new(
        "Pages: GET /room/{id}, whole, on one core",
        &["room with", "pages/s", "p50 ms", "p99 ms", "server's core"],
    );
    for (messages, drawn) in [50, large].into_iter().zip(&drawn) {
        let spread = |of: &dyn Fn(&Drawn) -> f64| Spread::of(drawn.iter().map(of));
        table.row([
            format!("{messages} messages"),
            spread(&|drawn| drawn.per_second).show(0),
            spread(&|drawn| quantile(&drawn.times, 0.5)).show(2),
            spread(&|drawn| quantile(&drawn.times, 0.99)).show(2),
            percent(spread(&|drawn| drawn.server_cpu).median),
        ]);
    }
    let [small, large] = drawn.map(|drawn| Spread::of(drawn.iter().map(|d| d.per_second)).median);
    table.note(format!("- Goal {GOAL} pages/s: {small:.0}, **{}**.", verdict(small, GOAL)));
    table.note(format!(
        "- Goal: a long past costs nothing (at least {ALIKE} of the rate): {:.2}, **{}**.",
        large / small,
        verdict(large / small, ALIKE)
    ));
    say(&table.markdown());
    Ok(vec![table])
}

async fn read(running: &Running, peer: &Sarangbang, length: Duration) -> Result<Drawn> {
    let path = format!("/room/{}", peer.room.id);
    let (began, shares) = (Instant::now(), Shares::begin(&running.process)?);
    let readers = (0..READERS).map(|reader| {
        let (path, cookie) = (&path, peer.server_process.cookie(reader));
        async move {
            let mut http = Http::connect(running.process.port).await?;
            let mut times = histogram();
            while began.elapsed() < length {
                let asked = Instant::now();
                let page = http.get(path, cookie).await?;
                if page.status != 200 || memmem::find(&page.body, b"</html>").is_none() {
                    let (status, said) = (page.status, running.process.output());
                    return Err(
                        format!("not a page: {status} {}; it said: {said}", page.head).into()
                    );
                }
                record(&mut times, asked.elapsed());
            }
            Result::Ok(times)
        }
    });
    let mut times = histogram();
    for reader in try_join_all(readers).await? {
        times.add(reader)?;
    }
    let (server_cpu, _) = shares.end(&running.process)?;
    let per_second = count(times.len()) / began.elapsed().as_secs_f64();
    Ok(Drawn { per_second, times, server_cpu })
}
