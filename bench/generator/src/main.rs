//! The program behind `bin/bench`: the same load for Sarangbang and for its peers, on one core, with another
//! core for the server.

mod bench;
mod broadcast;
mod charts;
mod connection;
mod fleet;
mod http;
mod machine;
mod peers;
mod process;
mod report;
mod rows;
mod schedule;
mod server_process;
mod shared_state;
mod stats;
mod tables;
mod websocket;
mod window;

use bench::{Bench, Pace};
use clap::{Args, Parser, Subcommand, ValueEnum};
use mimalloc::MiMalloc;
use server_process::{Program, ServerProcess};
use std::{error::Error, path::PathBuf, process::ExitCode, rc::Rc, time::Duration};
use tables::{Table, say};
use tokio::{runtime, task::LocalSet};

/// The same as the server's, whose writer is measured in this process too.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Measures Sarangbang beside its peers.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measures, and writes the report.
    Measure(Measure),
    /// Draws the charts of an existing report.
    Draw { report: PathBuf },
    /// Serves the raw broadcast.
    Raw {
        port: u16,
        /// Whether everything that waits for a socket goes out in one write.
        #[arg(long, conflicts_with = "each")]
        coalesced: bool,
        #[arg(long)]
        each: bool,
    },
    /// Serves the bytes of a file as a page, whatever is asked.
    Page {
        port: u16,
        file: PathBuf,
        /// Whether each answer is compressed.
        #[arg(long)]
        compressed: bool,
    },
    /// Hashes passwords for so many seconds; prints how many a second.
    Argon2 { seconds: u64 },
    /// Writes messages through the store for so many seconds; prints how many a second.
    Inserts { file: PathBuf, seconds: u64 },
}

#[derive(Debug, Args)]
struct Measure {
    /// The release build of Sarangbang.
    #[arg(long)]
    server: PathBuf,
    /// The folder with its scripts and styles.
    #[arg(long)]
    site: PathBuf,
    /// The folder with the peers.
    #[arg(long)]
    peers: PathBuf,
    #[arg(long)]
    nats: PathBuf,
    /// The folder for data that is written while it is measured.
    #[arg(long)]
    folder: PathBuf,
    /// The file of the report.
    #[arg(long)]
    report: PathBuf,
    /// Fewer and shorter rounds: figures to look at, not to cite.
    #[arg(long)]
    quick: bool,
    /// What to measure; everything when nothing is named.
    names: Vec<Name>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    Durable,
    Lazy,
    Pages,
    Connect,
    SignIn,
    Inserts,
    StartUp,
    Memory,
}

fn main() -> ExitCode {
    let done = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| LocalSet::new().block_on(&runtime, run(Cli::parse().command)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("bench: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<()> {
    match command {
        Command::Raw { port, coalesced, .. } => broadcast::serve(port, coalesced).await,
        Command::Page { port, file, compressed } => {
            peers::static_page::serve(port, &file, compressed).await
        }
        Command::Argon2 { seconds } => {
            say(&rows::sign_in::hash_for(Duration::from_secs(seconds))?.to_string());
            Ok(())
        }
        Command::Inserts { file, seconds } => {
            let rate = rows::inserts::write_for(&file, Duration::from_secs(seconds)).await?;
            say(&rate.to_string());
            Ok(())
        }
        Command::Draw { report } => charts::draw(&report),
        Command::Measure(measure) => self::measure(measure).await,
    }
}

async fn measure(measure: Measure) -> Result<()> {
    let folder = tempfile::tempdir_in(&measure.folder)?;
    let program = Program { path: measure.server, site: measure.site };
    let fsync = machine::fsync(folder.path())?;
    let machine = machine::description(fsync).await?;
    say(&machine);
    let sizes = [rows::fan_out::SIZES.as_slice(), &[rows::SMALL, rows::LARGE]].concat();
    let server_process = ServerProcess::build(program.clone(), folder.path(), &sizes).await?;
    let bench = Bench {
        pace: if measure.quick { Pace::QUICK } else { Pace::FULL },
        program,
        peers: measure.peers,
        nats: measure.nats,
        folder: folder.path().to_owned(),
        server_process: Rc::new(server_process),
    };
    let names = if measure.names.is_empty() { Name::value_variants() } else { &measure.names };
    let command = std::iter::once("bin/bench").chain(measure.quick.then_some("--quick"));
    let command = command.collect::<Vec<_>>().join(" ");
    let mut tables = Vec::new();
    // The short ones, which come last in the report, are measured first, and each is written to the report at
    // once: an error is seen early, and does not discard what was measured before.
    for name in names.iter().rev() {
        tables.splice(0..0, row(&bench, *name, fsync).await?);
        report::write(&measure.report, &machine, &command, &tables)?;
    }
    charts::draw(&measure.report)?;
    say(&format!("Written to {}", measure.report.display()));
    Ok(())
}

async fn row(bench: &Bench, name: Name, fsync: (f64, f64)) -> Result<Vec<Table>> {
    match name {
        Name::Durable => rows::fan_out::durable(bench, fsync).await,
        Name::Lazy => rows::fan_out::lazy(bench).await,
        Name::Pages => rows::pages::measure(bench).await,
        Name::Connect => rows::connect::measure(bench).await,
        Name::SignIn => rows::sign_in::measure(bench).await,
        Name::Inserts => rows::inserts::measure(bench).await,
        Name::StartUp => rows::start_up::measure(bench).await,
        Name::Memory => rows::memory::measure(bench).await,
    }
}
