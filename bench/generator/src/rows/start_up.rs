//! From the start of the process to the first page.

use super::LARGE;
use crate::{
    Result,
    bench::Bench,
    http::Http,
    process::{Process, free_port},
    tables::{Spread, Table, millis, say},
};
use std::{path::Path, time::Instant};

const EMPTY_GOAL: f64 = 50.0;
const FULL_GOAL: f64 = 150.0;

pub async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let messages = bench.pace.million;
    let folder = tempfile::tempdir_in(&bench.folder)?;
    let full = bench.server_process.after(folder.path(), &[(LARGE, messages)]).await?;
    let (mut empty_times, mut full_times) = (Vec::new(), Vec::new());
    for _ in 0..bench.pace.rounds {
        let empty = tempfile::tempdir_in(&bench.folder)?;
        empty_times.push(start(bench, &empty.path().join("new.db"), empty.path()).await?);
        full_times.push(start(bench, &full.file, folder.path()).await?);
    }
    let title = "Start-up: from the start of the process to the first 200 on /sign-in";
    let mut table = Table::new(title, &["", "ms", "goal ms", "verdict"]);
    let rows = [
        ("without a file".to_owned(), empty_times, EMPTY_GOAL),
        (format!("{messages} messages"), full_times, FULL_GOAL),
    ];
    for (name, times, goal) in rows {
        let times = Spread::of(times);
        let over = times.median - goal;
        let verdict =
            if over <= 0.0 { "met".to_owned() } else { format!("missed by {over:.0} ms") };
        table.row([name, times.show(1), format!("{goal:.0}"), verdict]);
    }
    say(&table.markdown());
    Ok(vec![table])
}

async fn start(bench: &Bench, file: &Path, folder: &Path) -> Result<f64> {
    let port = free_port()?;
    let launch = bench.program.launch(port, file);
    let began = Instant::now();
    let mut process = Process::start(&launch, port, folder)?;
    process.is_open().await?;
    let page = Http::connect(port).await?.get("/sign-in", "", "").await?;
    let took = millis(began.elapsed());
    if page.status != 200 {
        return Err(format!("not a page: {}", page.head).into());
    }
    process.stop().await?;
    Ok(took)
}
