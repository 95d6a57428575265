//! The machine on which it was measured.

use crate::{
    Result,
    stats::{histogram, record},
    tables::{count, percent},
    window::quantile,
};
use std::{
    fs::{File, read_to_string},
    io::Write,
    path::Path,
    time::{Duration, Instant},
};
use tokio::time::interval_at;

const FSYNCS: usize = 1_000;
/// The share of one core that other processes may use.
const QUIET: f64 = 0.1;
const WATCHED: Duration = Duration::from_secs(2);
/// What a core has in a second, in the units of /proc/stat.
const TICKS: f64 = 100.0;

/// How long it takes to fsync a page of 4 KiB: p50 and p99, in milliseconds.
pub fn fsync(folder: &Path) -> Result<(f64, f64)> {
    let mut file = File::create(folder.join("fsyncs"))?;
    let mut times = histogram();
    for _ in 0..FSYNCS {
        file.write_all(&[1; 4096])?;
        let began = Instant::now();
        file.sync_data()?;
        record(&mut times, began.elapsed());
    }
    Ok((quantile(&times, 0.5), quantile(&times, 0.99)))
}

pub async fn description((p50, p99): (f64, f64)) -> Result<String> {
    let cpu = read_to_string("/proc/cpuinfo")?;
    let models = cpu.lines().filter(|line| line.starts_with("model name"));
    let model = models.clone().next().and_then(|line| line.split(": ").nth(1)).unwrap_or("?");
    let megahertz = cpu.lines().find(|line| line.starts_with("cpu MHz"));
    let megahertz = megahertz.and_then(|line| line.split(": ").nth(1)).unwrap_or("?");
    let kernel = read_to_string("/proc/sys/kernel/osrelease")?;
    let memory = read_to_string("/proc/meminfo")?;
    let memory = memory.lines().next().unwrap_or_default().split_ascii_whitespace().nth(1);
    let gigabytes =
        memory.and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1_048_576.0;
    let others = busy().await?;
    let quiet = if others < QUIET {
        ""
    } else {
        " **The machine was not quiet: these figures say nothing.**"
    };
    Ok(format!(
        "{model}, {} cores at {megahertz} MHz, {gigabytes:.0} GiB; Linux {}; fdatasync of 4 KiB appended: \
         p50 {p50:.2} ms, p99 {p99:.2} ms. Before it began, \
         others used {} of a core.{quiet}",
        models.count(),
        kernel.trim(),
        percent(others),
    ))
}

/// The share of a core that is used while nothing is measured.
async fn busy() -> Result<f64> {
    let before = idle_ticks()?;
    let cores = read_to_string("/proc/cpuinfo")?.matches("model name").count();
    let cores = f64::from(u32::try_from(cores)?);
    let began = Instant::now();
    interval_at(tokio::time::Instant::now() + WATCHED, WATCHED).tick().await;
    let idle = count(idle_ticks()?.saturating_sub(before)) / TICKS / began.elapsed().as_secs_f64();
    Ok((cores - idle).max(0.0))
}

/// Of all cores together, idle or waiting for the disk.
fn idle_ticks() -> Result<u64> {
    let stat = read_to_string("/proc/stat")?;
    let times = stat.lines().next().unwrap_or_default().split_ascii_whitespace().skip(4).take(2);
    Ok(times.filter_map(|ticks| ticks.parse::<u64>().ok()).sum())
}
