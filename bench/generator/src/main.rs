//! What `bin/bench` runs: one load for Sarangbang and for its peers, one core for it and one for them.

mod bench;
mod broadcast;
mod crew;
mod floor;
mod house;
mod http;
mod line;
mod machine;
mod peers;
mod process;
mod rows;
mod schedule;
mod tables;
mod tally;
mod websocket;
mod window;

use bench::{Bench, Pace};
use clap::{Args, Parser, Subcommand};
use house::{House, Program};
use std::{error::Error, path::PathBuf, process::ExitCode, rc::Rc};
use tables::say;
use tokio::{runtime, task::LocalSet};

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Measures Sarangbang beside its peers.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measures, and writes what it found.
    Measure(Measure),
    /// Serves as the raw broadcast.
    Raw {
        port: u16,
        /// Whether what waits for a socket goes out in one write.
        #[arg(long, conflicts_with = "each")]
        coalesced: bool,
        #[arg(long)]
        each: bool,
    },
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
    /// Where data is written while it is measured.
    #[arg(long)]
    folder: PathBuf,
    /// The file of the report.
    #[arg(long)]
    report: PathBuf,
    /// Fewer rounds and shorter ones: figures to look at, not to cite.
    #[arg(long)]
    quick: bool,
    /// What to measure; everything, unless it is said.
    names: Vec<String>,
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
        Command::Measure(measure) => self::measure(measure).await,
    }
}

async fn measure(measure: Measure) -> Result<()> {
    let folder = tempfile::tempdir_in(&measure.folder)?;
    let program = Program { path: measure.server, site: measure.site };
    let fsync = machine::fsync(folder.path())?;
    say(&machine::description(fsync)?);
    let house = House::build(program.clone(), folder.path(), &rows::fan_out::SIZES).await?;
    let bench = Bench {
        pace: if measure.quick { Pace::QUICK } else { Pace::FULL },
        program,
        peers: measure.peers,
        nats: measure.nats,
        folder: folder.path().to_owned(),
        house: Rc::new(house),
    };
    rows::fan_out::durable(&bench, fsync).await?;
    Ok(())
}
