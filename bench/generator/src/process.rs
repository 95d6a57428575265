//! A peer's process: started on its core, measured from outside, and ended.

use crate::Result;
use rustix::{
    process::{Pid, Signal, kill_process_group},
    time::{ClockId, clock_gettime},
};
use std::{
    ffi::{OsStr, OsString},
    fs::File,
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::{
    net::TcpStream,
    time::{interval, timeout},
};

/// The server has one core, the generator the other. The process ends with the generator.
const PINNED: [&str; 6] = ["setpriv", "--pdeathsig", "KILL", "taskset", "-c", "0"];
/// The unit of the times in /proc: Linux shows hundredths of a second, whatever its own clock.
const TICK: Duration = Duration::from_millis(10);
const STARTS_WITHIN: Duration = Duration::from_secs(30);
const STOPS_WITHIN: Duration = Duration::from_secs(10);

/// The command to run.
#[derive(Debug)]
pub struct Launch {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, OsString)>,
}

impl Launch {
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref().to_owned();
        Self { program, arguments: Vec::new(), environment: Vec::new() }
    }

    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    pub fn set(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name, value.as_ref().to_owned()));
        self
    }

    /// The same, on the server's core.
    pub fn command(&self) -> Command {
        self.wrapped(&PINNED.map(OsString::from))
    }

    fn wrapped(&self, wrapper: &[OsString]) -> Command {
        let words = [wrapper, std::slice::from_ref(&self.program), &self.arguments].concat();
        let mut words = words.into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// On the server's core, with every fsync written to a file.
    fn traced(&self, trace: &Path) -> Command {
        let strace = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-o"];
        let words = PINNED.into_iter().chain(strace);
        let mut words = words.map(OsString::from).collect::<Vec<_>>();
        words.push(trace.into());
        self.wrapped(&words)
    }
}

/// A port that is free at the moment.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

#[derive(Debug)]
pub struct Process {
    child: Child,
    pub port: u16,
    folder: PathBuf,
}

impl Process {
    /// Starts it, its output in a file of the folder.
    pub fn start(launch: &Launch, port: u16, folder: &Path) -> Result<Self> {
        Self::spawn(launch.command(), port, folder)
    }

    pub fn start_traced(launch: &Launch, port: u16, folder: &Path) -> Result<Self> {
        Self::spawn(launch.traced(&trace(folder)), port, folder)
    }

    fn spawn(mut command: Command, port: u16, folder: &Path) -> Result<Self> {
        let log = File::create(folder.join("output.txt"))?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        let child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        Ok(Self { child, port, folder: folder.to_owned() })
    }

    /// Waits until it accepts connections.
    pub async fn is_open(&mut self) -> Result<()> {
        let open = async {
            let mut soon = interval(Duration::from_micros(500));
            while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
                if let Some(status) = self.child.try_wait()? {
                    return Err(format!("it ended ({status}): {}", self.output()).into());
                }
                soon.tick().await;
            }
            Ok(())
        };
        timeout(STARTS_WITHIN, open).await?
    }

    /// The end of its output.
    pub fn output(&self) -> String {
        let output = std::fs::read_to_string(self.folder.join("output.txt")).unwrap_or_default();
        output.lines().rev().take(5).collect::<Vec<_>>().join(" | ")
    }

    fn proc(&self, file: &str) -> Result<String> {
        Ok(std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id()))?)
    }

    /// Processor time so far, of all its threads.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = self.proc("stat")?;
        let (_, after_name) = stat.rsplit_once(')').ok_or("no name in stat")?;
        let times = after_name.split_ascii_whitespace().skip(11).take(2);
        let ticks = times.filter_map(|ticks| ticks.parse::<u32>().ok()).sum::<u32>();
        Ok(TICK * ticks)
    }

    /// Resident memory in KiB.
    pub fn resident_memory(&self) -> Result<u64> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_ascii_whitespace().next());
        Ok(kib.ok_or("no VmRSS")?.parse()?)
    }

    /// Fsyncs so far, of a process that was started traced.
    pub fn fsyncs(&self) -> Result<usize> {
        let trace = std::fs::read_to_string(trace(&self.folder))?;
        // A call that was interrupted by another thread's has a second line, without the bracket.
        Ok(trace.lines().filter(|line| line.contains("sync(")).count())
    }

    /// Tells it to stop, and waits until it has.
    pub async fn stop(mut self) -> Result<()> {
        self.signal(Signal::TERM)?;
        let stopped = async {
            let mut soon = interval(Duration::from_millis(10));
            while self.child.try_wait()?.is_none() {
                soon.tick().await;
            }
            Ok(())
        };
        timeout(STOPS_WITHIN, stopped).await?
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let group = Pid::from_raw(self.child.id().try_into()?).ok_or("no such process")?;
        Ok(kill_process_group(group, signal)?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // An error means that it is gone already.
            let _ = self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

fn trace(folder: &Path) -> PathBuf {
    folder.join("fsyncs.txt")
}

/// Processor time of this process so far.
pub fn own_cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_nanos(time.tv_nsec.unsigned_abs())
}

/// Processor time of a process and of this one over a period, as shares of a core.
#[derive(Debug)]
pub struct Shares {
    began: Instant,
    server: Duration,
    own: Duration,
}

impl Shares {
    pub fn begin(server: &Process) -> Result<Self> {
        Ok(Self { began: Instant::now(), server: server.cpu()?, own: own_cpu() })
    }

    /// The server's, and the generator's.
    pub fn end(&self, server: &Process) -> Result<(f64, f64)> {
        let whole = self.began.elapsed().as_secs_f64();
        let used = server.cpu()?.saturating_sub(self.server).as_secs_f64();
        Ok((used / whole, own_cpu().saturating_sub(self.own).as_secs_f64() / whole))
    }
}
