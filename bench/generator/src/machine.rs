//! What it was measured on.

use crate::{
    Result,
    tally::{histogram, record},
    window::quantile,
};
use std::{
    fs::{File, read_to_string},
    io::Write,
    path::Path,
    time::Instant,
};

const FSYNCS: usize = 1_000;

/// How long it takes to bring a page of 4 KiB to disk: p50 and p99, in milliseconds.
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

pub fn description((p50, p99): (f64, f64)) -> Result<String> {
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
    Ok(format!(
        "{model}, {} cores at {megahertz} MHz, {gigabytes:.0} GiB; Linux {}; fdatasync of 4 KiB appended: \
         p50 {p50:.2} ms, p99 {p99:.2} ms.",
        models.count(),
        kernel.trim(),
    ))
}
