//! Child processes: their signals, limits, memory and end.

use crate::{Result, wait::until};
use std::{
    fs,
    process::{Child, Command, ExitStatus},
    time::Duration,
};

/// Sends a signal by its name, such as `TERM`, to a child process.
pub fn signal(process: u32, signal: &str) -> Result<()> {
    let status =
        Command::new("sh").arg("-c").arg(format!("kill -s {signal} {process}")).status()?;
    if status.success() { Ok(()) } else { Err(format!("kill -s {signal}: {status}").into()) }
}

/// Waits for a process to end.
pub async fn exit(child: &mut Child, limit: Duration) -> Result<ExitStatus> {
    let mut status = None;
    let ended = until("the process ends", limit, async || {
        status = child.try_wait().ok().flatten();
        status.is_some()
    });
    if let Err(error) = ended.await {
        child.kill()?;
        child.wait()?;
        return Err(error);
    }
    status.ok_or_else(|| "the process did not end".into())
}

/// Limits a running process, such as its `fsize` to `1:`, the soft limit alone.
pub fn limit(process: u32, what: &str, to: &str) -> Result<()> {
    let mut command = Command::new("prlimit");
    let status = command.arg(format!("--pid={process}")).arg(format!("--{what}={to}")).status()?;
    if status.success() { Ok(()) } else { Err(format!("prlimit: {status}").into()) }
}

/// The resident memory of a process and its child processes, in bytes.
pub fn memory(process: u32) -> Result<u64> {
    let children: u64 =
        children(process).into_iter().map(|child| resident(child).unwrap_or(0)).sum();
    Ok(resident(process)? + children)
}

/// The child processes that there are now.
fn children(process: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id| field(*id, "PPid:").is_ok_and(|parent| parent == u64::from(process))).collect()
}

fn resident(process: u32) -> Result<u64> {
    Ok(field(process, "VmRSS:")? * 1024)
}

/// A number of the process's status; sizes are in KiB.
fn field(process: u32, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let value = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    Ok(value.trim().trim_end_matches("kB").trim().parse()?)
}
