//! Many named people against a real instance, and what proves that nothing was lost on the way.
//!
//! A [`server_process::ServerProcess`] is the program itself, as a child process. [`client::Client`]s talk in it as
//! browsers do, and each keeps a [`record::Record`] of what it was promised and shown. Afterwards the
//! [`checker`] holds all records against what the instance has stored.

pub mod checker;
pub mod client;
pub mod connection;
pub mod crowd;
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
