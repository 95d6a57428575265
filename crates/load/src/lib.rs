//! Many named clients against a real instance, and the proof that nothing was lost.
//!
//! A [`server_process::ServerProcess`] is the program itself, as a child process. [`client::Client`]s chat in
//! it as browsers do, and each keeps a [`record::Record`] of what was acknowledged and shown to it. Afterwards
//! the [`checker`] compares all records with what the instance has stored.

pub mod checker;
pub mod client;
pub mod client_pool;
pub mod connection;
pub mod faults;
pub mod history;
pub mod process;
pub mod proxy;
pub mod record;
pub mod server_process;
pub mod table;
pub mod turns;
pub mod user;
pub mod wait;

use std::error::Error;

pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;
