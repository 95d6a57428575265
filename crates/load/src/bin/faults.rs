//! Injects faults into an instance while clients chat in it, and reports whether anything was lost.

use clap::{Args, Parser, Subcommand};
use load::{
    Result,
    faults::{FAULTS, Fault, Length, Setting, reader},
    server_process::Program,
    table,
};
use std::{
    env,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

#[derive(Debug, Parser)]
#[command(about, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Opens tabs that only read, in a process that can be stopped.
    #[command(hide = true)]
    Read {
        #[arg(long)]
        host: String,
        #[arg(long)]
        cookies: Vec<String>,
        #[arg(long)]
        tabs: usize,
    },
}

#[derive(Debug, Args)]
struct Options {
    /// The faults to inject; all when none is named.
    names: Vec<String>,
    /// Runs the largest number of rounds.
    #[arg(long, conflicts_with = "short")]
    long: bool,
    /// Runs a selection that takes a few minutes.
    #[arg(long)]
    short: bool,
    /// The seed of all random choices: the same seed repeats them.
    #[arg(long)]
    seed: Option<u64>,
    /// The program to test.
    #[arg(long, default_value = "target/release/sarangbang")]
    program: PathBuf,
    /// The program built with its feature `faults`.
    #[arg(long)]
    failpoints: Option<PathBuf>,
    /// The folder of the program's style and scripts.
    #[arg(long, env = "LEPTOS_SITE_ROOT", default_value = "target/site")]
    site: PathBuf,
    /// Keeps the instances' logs in this folder.
    #[arg(long)]
    logs: Option<PathBuf>,
    /// Lists the faults and exits.
    #[arg(long)]
    list: bool,
}

impl Options {
    const fn length(&self) -> Length {
        match (self.short, self.long) {
            (true, _) => Length::Short,
            (_, true) => Length::Long,
            _ => Length::Usual,
        }
    }

    fn chosen(&self) -> Result<Vec<Fault>> {
        for name in &self.names {
            if FAULTS.iter().all(|fault| fault.name != name) {
                return Err(format!("there is no fault {name:?}; --list says what there is").into());
            }
        }
        let usual = |fault: &Fault| {
            (!self.short || fault.short) && (self.failpoints.is_some() || !fault.failpoints)
        };
        let named = |fault: &Fault| self.names.iter().any(|name| name == fault.name);
        let wanted = |fault: &&Fault| {
            if self.names.is_empty() { usual(fault) } else { named(fault) }
        };
        Ok(FAULTS.iter().filter(wanted).copied().collect())
    }

    fn setting(&self) -> Result<Setting> {
        let built = |file: &PathBuf| -> Result<Program> {
            Ok(Program {
                file: file.canonicalize()?,
                site: self.site.canonicalize()?,
                logs: self.logs.clone(),
            })
        };
        Ok(Setting {
            program: built(&self.program)?,
            failpoints: self.failpoints.as_ref().map(built).transpose()?,
            myself: env::current_exe()?,
            length: self.length(),
            seed: self.seed.unwrap_or_else(rand::random),
        })
    }
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let Cli { options, command } = Cli::parse();
    if let Some(Command::Read { host, cookies, tabs }) = command {
        reader::read(&host, &cookies, tabs).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = io::stdout();
    if options.list {
        for Fault { name, details, .. } in FAULTS {
            writeln!(out, "{name:<12} {details}")?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let setting = options.setting()?;
    writeln!(out, "--seed {}", setting.seed)?;
    table::head(&mut out)?;
    let mut clean = true;
    for fault in options.chosen()? {
        let outcome = fault.run(&setting).await;
        table::line(&mut out, &outcome)?;
        clean &= outcome.is_clean();
    }
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
