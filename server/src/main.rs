//! The command line.

mod restored;

use chat::Chat;
use clap::{Parser, Subcommand};
use domain::{avatars::Crop, error::AppError};
use mimalloc::MiMalloc;
use rustix::{
    fs::Mode,
    process::{Resource, getrlimit, setrlimit, umask},
};
use server::{
    Application, Shutdown,
    config::{Config, leptos_options},
    files,
};
use std::{error::Error, fs::File, io::Write, os::fd::AsFd, path::PathBuf, process::ExitCode};
use store::Store;
use tracing_subscriber::EnvFilter;

/// Rendering a page makes many small allocations, and the system's allocator took a quarter of its time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Sarangbang: a chat for small groups, on your own machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Decodes the image on stdin, as a child process of the server.
    #[command(name = chat::DECODE_IMAGE, hide = true)]
    DecodeImage {
        #[arg(value_parser = parse_crop)]
        crop: Option<Crop>,
    },
    #[command(flatten)]
    Instance(InstanceCommand),
}

/// What is done with the instance.
#[derive(Debug, Subcommand)]
enum InstanceCommand {
    /// Serves the chat. This is the default command.
    Serve,
    /// Migrates the database to this version, as the server does when it starts, or creates it. No other
    /// process may have it open.
    Migrate,
    /// Copies the database to a new file, and the avatars to a folder beside it. The server may be running.
    Backup {
        file: PathBuf,
        /// Opens the copy and checks all of it before it gets its name.
        #[arg(long)]
        verify: bool,
    },
    /// Replaces the database by a backup, and ends all sessions. The server must not be running.
    Restore { file: PathBuf },
    /// Makes the user with this email address an administrator. The server may be running.
    Admin { email: String },
    /// Prints a link by which the user with this email address chooses a new password. It works once, for four
    /// hours. The server may be running.
    Reset {
        /// Switches off the user's second sign-in step instead, if they have lost it; the password stays.
        #[arg(long, alias = "second-step")]
        two_factor: bool,
        email: String,
    },
    /// Prints a link by which the first account is made, and ends an earlier one. The server may be running.
    SetupLink,
    /// Locks the database against other writers for this time.
    #[cfg(feature = "faults")]
    Hold { millis: u64 },
}

fn main() -> ExitCode {
    // Before any file is made and any thread is started: files are readable by their owner alone.
    umask(Mode::RWXG | Mode::RWXO);
    let Cli { config, command } = Cli::parse();
    let command = match command {
        Some(Command::DecodeImage { crop }) => return decode_image(crop),
        Some(Command::Instance(command)) => command,
        None => InstanceCommand::Serve,
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(run(command, config));
    // All that is stored is stored by now. A file that is still being written does not delay the end.
    runtime.shutdown_background();
    code
}

async fn run(command: InstanceCommand, config: Config) -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Otherwise the subscriber would report a failed write to the same stderr, and panic when that fails too: a
    // full disk under the log must not end the program.
    log.log_internal_errors(false).init();
    let done = match command {
        InstanceCommand::Serve => serve(config).await,
        InstanceCommand::Migrate => migrate(&config).await,
        InstanceCommand::Backup { file, verify } => backup(&config, file, verify).await,
        InstanceCommand::Restore { file } => restore(&config, file).await,
        InstanceCommand::Admin { email } => promote(&config, &email).await,
        InstanceCommand::Reset { two_factor: true, email } => end_two_factor(&config, &email).await,
        InstanceCommand::Reset { two_factor: false, email } => reset(&config, &email).await,
        InstanceCommand::SetupLink => setup_link(&config).await,
        #[cfg(feature = "faults")]
        InstanceCommand::Hold { millis } => lock_database(&config, millis).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers on stdout. Stdin is a file, in which decoders go back and forth.
fn decode_image(crop: Option<Crop>) -> ExitCode {
    let file = std::io::stdin().as_fd().try_clone_to_owned().map(File::from);
    let decoded = file.and_then(|file| chat::decode_image(file, crop, std::io::stdout().lock()));
    if decoded.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn parse_crop(raw: &str) -> Result<Crop, String> {
    Crop::parse(raw).ok().flatten().ok_or_else(|| "must be LEFT,TOP,SIDE in pixels".to_owned())
}

async fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    open_many_files();
    let options = leptos_options()?;
    files::find(&options)?;
    let application = Application::build(config, options).await?;
    tracing::info!("Sarangbang is open at {}", application.url());
    if let Some(url) = application.setup_url().await? {
        // To stdout, since the log may be configured to say less. If the line is missed, `setup-link` prints
        // another.
        let _ = writeln!(std::io::stdout(), "There is no account yet. Make the first one at {url}");
    }
    let shutdown = Shutdown::on_signals()?;
    application.run(shutdown).await?;
    Ok(())
}

/// Every connection takes a file descriptor, and the default limit is far below the one that the system grants.
fn open_many_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
}

async fn migrate(config: &Config) -> Result<(), Box<dyn Error>> {
    Store::open(&config.database_url).await?.close().await?;
    tracing::info!("the database is of this version");
    Ok(())
}

async fn backup(config: &Config, file: PathBuf, verify: bool) -> Result<(), Box<dyn Error>> {
    let store = Store::open_existing(&config.database_url).await?;
    if verify {
        store.backup_verified(&file).await?;
    } else {
        store.backup(&file).await?;
    }
    store.close().await?;
    let checked = if verify { ", and the copy is whole" } else { "" };
    tracing::info!("the database is copied to {}{checked}", file.display());
    Ok(())
}

async fn restore(config: &Config, file: PathBuf) -> Result<(), Box<dyn Error>> {
    let now = chat::system_clock()();
    let restored = store::restore(&file, &config.database_url, now).await?;
    Ok(restored::report(&mut std::io::stdout(), &file, &restored)?)
}

async fn promote(config: &Config, email: &str) -> Result<(), Box<dyn Error>> {
    let chat = open_chat(config).await?;
    if chat.promote_from_cli(email).await.map_err(|error| describe(&error, email))? {
        tracing::info!("{email} is an administrator now");
    } else {
        tracing::info!("{email} is an administrator already: nothing has changed");
    }
    Ok(())
}

async fn end_two_factor(config: &Config, email: &str) -> Result<(), Box<dyn Error>> {
    let chat = open_chat(config).await?;
    if chat.end_two_factor_from_cli(email).await.map_err(|error| describe(&error, email))? {
        tracing::info!("{email} signs in with the password alone, and is told so");
    } else {
        tracing::info!("{email} has no second step: nothing has changed");
    }
    Ok(())
}

async fn reset(config: &Config, email: &str) -> Result<(), Box<dyn Error>> {
    let chat = open_chat(config).await?;
    let token =
        chat.reset_password_from_cli(email).await.map_err(|error| describe(&error, email))?;
    print_link(config, &app::paths::reset(token.as_str()))
}

async fn setup_link(config: &Config) -> Result<(), Box<dyn Error>> {
    let chat = open_chat(config).await?;
    let token = chat.make_setup_link().await?.ok_or(
        "there is an account already: `sarangbang admin EMAIL` makes a user an administrator",
    )?;
    print_link(config, &app::paths::setup(token.as_str()))
}

/// Prints a link to this path. It is the only output on stdout, so that it can be piped.
fn print_link(config: &Config, path: &str) -> Result<(), Box<dyn Error>> {
    let origin = config.link_origin(leptos_options()?.site_addr);
    Ok(writeln!(std::io::stdout(), "{origin}{path}")?)
}

/// Opens the instance without serving it.
async fn open_chat(config: &Config) -> Result<Chat, Box<dyn Error>> {
    let store = Store::open_existing(&config.database_url).await?;
    Ok(Chat::new(store, config.limits.into(), chat::system_clock()))
}

fn describe(error: &AppError, email: &str) -> String {
    match error {
        AppError::NotFound(_) => format!("there is no user with the address {email}"),
        AppError::Suspended => {
            format!(
                "{email} is suspended and could not sign in: an administrator has to restore them first"
            )
        }
        other => other.to_string(),
    }
}

#[cfg(feature = "faults")]
async fn lock_database(config: &Config, millis: u64) -> Result<(), Box<dyn Error>> {
    Ok(store::failpoints::lock_database(
        &config.database_url,
        std::time::Duration::from_millis(millis),
    )
    .await?)
}
