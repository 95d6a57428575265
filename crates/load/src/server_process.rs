//! The program itself, as a child process, with a database file of its own.

mod endpoint;

use crate::{
    Result,
    process::{self, exit},
    wait::until,
};
use endpoint::{free_port, is_healthy};
use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long it may take from the start of the program to its first response.
const STARTS_WITHIN: Duration = Duration::from_secs(30);
const STOPS_WITHIN: Duration = Duration::from_secs(30);

/// A build of the program.
#[derive(Debug, Clone)]
pub struct Program {
    pub file: PathBuf,
    /// The folder of its style, scripts and images.
    pub site: PathBuf,
    /// The folder in which the instances' logs are kept; none to delete them.
    pub logs: Option<PathBuf>,
}

#[derive(Debug)]
pub struct ServerProcess {
    program: Program,
    folder: TempDir,
    database: PathBuf,
    port: u16,
    /// Shell commands that run before the program, such as `ulimit -n 64`.
    prelude: String,
    environment: Vec<(String, String)>,
    logs_to_disk: bool,
    child: Option<Child>,
}

impl ServerProcess {
    /// An instance that is not started yet, on an empty database.
    pub fn new(program: &Program) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = folder.path().join("instance.db");
        Ok(Self {
            program: program.clone(),
            folder,
            database,
            port: free_port()?,
            prelude: String::new(),
            environment: Vec::new(),
            logs_to_disk: false,
            child: None,
        })
    }

    pub async fn open(program: &Program) -> Result<Self> {
        let mut server_process = Self::new(program)?;
        server_process.start().await?;
        Ok(server_process)
    }

    /// Takes another build of the program from the next start on.
    pub fn served_by(&mut self, program: &Program) {
        self.program = program.clone();
    }

    /// Sets an environment variable from the next start on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Runs these shell commands first from the next start on, such as `ulimit -n 64`.
    pub fn prelude(&mut self, prelude: &str) {
        prelude.clone_into(&mut self.prelude);
    }

    /// Takes another database file from the next start on.
    pub fn keeps_in(&mut self, database: &Path) {
        database.clone_into(&mut self.database);
    }

    /// From the next start on the program itself writes its log to the disk, instead of into a pipe that this
    /// process reads.
    pub fn logs_to_disk(&mut self) {
        self.logs_to_disk = true;
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Such as `127.0.0.1:3000`.
    #[must_use]
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts the program and waits for its first response; returns how long that took.
    pub async fn start(&mut self) -> Result<Duration> {
        let began = Instant::now();
        let mut command = self.command(&[]);
        if !self.logs_to_disk {
            command.stderr(Stdio::piped());
        }
        let mut child = command.spawn()?;
        if let Some(mut told) = child.stderr.take() {
            let mut log = File::options().create(true).append(true).open(self.log_file())?;
            thread::spawn(move || io::copy(&mut told, &mut log));
        }
        self.child = Some(child);
        let host = self.host();
        until("the server answers", STARTS_WITHIN, async || is_healthy(&host).await.is_ok())
            .await?;
        Ok(began.elapsed())
    }

    /// Runs one of the program's commands, such as `backup FILE`, to its end.
    pub async fn runs(&self, arguments: &[&str]) -> Result<()> {
        let mut child = self.command(arguments).spawn()?;
        let status = exit(&mut child, Duration::from_mins(1)).await?;
        if status.success() { Ok(()) } else { Err(format!("{arguments:?}: {status}").into()) }
    }

    /// Starts one of the program's commands.
    pub fn starts(&self, arguments: &[&str]) -> Result<Child> {
        Ok(self.command(arguments).spawn()?)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("sh");
        let become_it = format!("{} exec \"$0\" \"$@\"", self.prelude);
        command.arg("-c").arg(become_it).arg(&self.program.file).args(arguments);
        let mut url = OsString::from("sqlite://");
        url.push(&self.database);
        command
            .env("DATABASE_URL", url)
            .env("LEPTOS_SITE_ADDR", self.host())
            .env("LEPTOS_SITE_ROOT", &self.program.site)
            // No scripts are loaded here, and the build with failpoints has none of its own.
            .env("LEPTOS_HASH_FILES", "false")
            .env("SARANGBANG_LIMITS", "off")
            .env("RUST_LOG", "warn")
            .env_remove("SARANGBANG_URL")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let log = File::options().create(true).append(true).open(self.log_file());
        command.stderr(log.map_or_else(|_| Stdio::inherit(), Stdio::from));
        command
    }

    /// Kills the process, as a power cut would: without any shutdown.
    pub async fn is_killed(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        child.kill()?;
        exit(&mut child, STOPS_WITHIN).await?;
        Ok(())
    }

    /// Stops it in order, as at SIGTERM; returns how long that took.
    pub async fn stop(&mut self) -> Result<Duration> {
        self.is_sent("TERM")?;
        self.is_gone().await
    }

    /// Waits for it to end by itself; returns how long that took.
    pub async fn is_gone(&mut self) -> Result<Duration> {
        let began = Instant::now();
        let Some(mut child) = self.child.take() else { return Ok(Duration::ZERO) };
        exit(&mut child, STOPS_WITHIN).await?;
        Ok(began.elapsed())
    }

    /// Whether the program still runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    pub fn is_sent(&self, signal: &str) -> Result<()> {
        process::signal(self.process()?, signal)
    }

    /// Limits the running program, such as its `fsize` to `1:`, the soft limit alone.
    pub fn is_limited(&self, what: &str, to: &str) -> Result<()> {
        process::limit(self.process()?, what, to)
    }

    /// The resident memory of the program, in bytes.
    pub fn memory(&self) -> Result<u64> {
        process::memory(self.process()?)
    }

    fn process(&self) -> Result<u32> {
        Ok(self.child.as_ref().ok_or("the server is closed")?.id())
    }

    /// What the program wrote to its log.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = fs::read(self.log_file()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[must_use]
    pub fn panics(&self) -> usize {
        self.log().matches("panicked at").count()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
        if let Some(logs) = &self.program.logs {
            // An error here only means that there is no log to look at; the log itself is deleted in a moment.
            let _ = fs::copy(self.log_file(), logs.join(format!("server-{}.log", self.port)));
        }
    }
}
