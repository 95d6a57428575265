//! The disk is full, or cannot be written.

use super::{Outcome, RECOVERS_WITHIN, SETTLES_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    server_process::ServerProcess,
    wait::{last, until},
};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// How long each round lasts without a disk.
const LASTS: Duration = Duration::from_millis(1_500);
/// Larger than what any round writes, and quick to fill.
const DISK: &str = "48m";

/// A small disk of its own, filled to the last byte and emptied again.
pub async fn full(setting: &Setting) -> Result<Outcome> {
    let disk = Disk::mount()?;
    let mut server_process = ServerProcess::new(&setting.program)?;
    server_process.keeps_in(&disk.0.join("instance.db"));
    server_process.start().await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(12, setting.seed)).await?;
    let ballast = disk.0.join("ballast");
    let mut through = 0;
    let rounds = setting.rounds(2, 6, 30);
    for _ in 0..rounds {
        pool.gets_on(50, RECOVERS_WITHIN).await?;
        fill(&ballast)?;
        through += nothing_fits(&pool).await?;
        fs::remove_file(&ballast)?;
    }
    let mut outcome = recovers(rounds, pool, &mut server_process).await?;
    outcome.note(format!("{through} still fitted on the full disk"));
    server_process.stop().await?;
    Ok(outcome)
}

/// Every write to a file fails (EFBIG) for a while.
pub async fn failing_writes(setting: &Setting) -> Result<Outcome> {
    fails(setting, ServerProcess::new(&setting.program)?).await
}

/// Not even the log can be written meanwhile.
pub async fn failing_log(setting: &Setting) -> Result<Outcome> {
    let mut server_process = ServerProcess::new(&setting.program)?;
    server_process.logs_to_disk();
    fails(setting, server_process).await
}

async fn fails(setting: &Setting, mut server_process: ServerProcess) -> Result<Outcome> {
    server_process.prelude("trap '' XFSZ;");
    server_process.start().await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(12, setting.seed)).await?;
    let rounds = setting.rounds(2, 6, 30);
    let mut through = 0;
    for _ in 0..rounds {
        pool.gets_on(50, RECOVERS_WITHIN).await?;
        server_process.is_limited("fsize", "1:")?;
        through += stands_still(&pool).await?;
        server_process.is_limited("fsize", "unlimited:")?;
    }
    let mut outcome = recovers(rounds, pool, &mut server_process).await?;
    // What was under way when the limit was set may still have been answered.
    outcome.note(format!("{through} acknowledged within 0.1 s of the failure"));
    Ok(outcome)
}

/// All clients send again. What is then read comes from the disk: an instance that was killed has no memory of
/// what it could not write.
async fn recovers(
    rounds: u32,
    pool: ClientPool,
    server_process: &mut ServerProcess,
) -> Result<Outcome> {
    pool.gets_on(50, RECOVERS_WITHIN).await?;
    server_process.is_killed().await?;
    server_process.start().await?;
    pool.gets_on(50, RECOVERS_WITHIN).await?;
    conclude(rounds, pool, server_process).await
}

/// Waits until nothing more fits. What still fits is stored like anything else, as the check after a kill
/// shows: the write-ahead log has its space already, and each checkpoint frees more of it.
async fn nothing_fits(pool: &ClientPool) -> Result<u64> {
    let before = pool.acked();
    let mut known = before;
    let still = async || {
        last(LASTS).await;
        std::mem::replace(&mut known, pool.acked()) == pool.acked()
    };
    until("nothing more fits on a full disk", SETTLES_WITHIN, still).await?;
    Ok(known - before)
}

/// Waits without a disk for a while: what was already under way may be acknowledged, nothing else.
async fn stands_still(pool: &ClientPool) -> Result<u64> {
    let before = pool.acked();
    let mut known = before;
    // An acknowledgement that was on its way has arrived by then.
    let still = async || {
        last(Duration::from_millis(100)).await;
        std::mem::replace(&mut known, pool.acked()) == pool.acked()
    };
    until("nothing is acknowledged without a disk", SETTLES_WITHIN, still).await?;
    let passed = known - before;
    last(LASTS).await;
    let since = pool.acked() - known;
    if since > 0 {
        return Err(format!("{since} messages acknowledged without a disk").into());
    }
    Ok(passed)
}

fn fill(file: &Path) -> Result<()> {
    let mut file = File::create(file)?;
    let mut size = 1 << 20;
    while size > 0 {
        if file.write_all(&vec![0; size]).is_err() {
            size /= 2;
        }
    }
    Ok(())
}

/// A file system in memory; unmounted on drop.
struct Disk(PathBuf);

impl Disk {
    fn mount() -> Result<Self> {
        let folder = tempfile::tempdir()?.keep();
        let options = format!("size={DISK}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&folder);
        if !mount.status()?.success() {
            fs::remove_dir(&folder)?;
            return Err("needs the right to mount a small disk: run it as root".into());
        }
        Ok(Self(folder))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because the instance may still be ending.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}
