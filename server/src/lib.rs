//! The program `sarangbang`: configuration, router, sessions, sockets. It turns HTTP and WebSocket into calls
//! of `chat` and pages of `app`, and contains no rules of its own.

// The type of a view grows with its content, and the whole page is one view.
#![recursion_limit = "512"]

mod address;
mod application;
mod auth;
mod avatars;
mod compress;
pub mod config;
mod connections;
mod cookies;
mod export;
pub mod files;
mod forms;
mod functions;
mod hosts;
mod misdirected;
mod multipart;
mod origin;
mod other_user;
mod pages;
mod permits;
mod posted;
mod requests;
mod router;
mod security;
mod serve;
mod setup;
mod shutdown;
mod slashes;
mod socket;
mod stream;
mod uploads;
mod zone;

pub use application::{Application, StartError};
pub use shutdown::Shutdown;
pub use socket::SocketTimeouts;
