//! The whole program over real connections: a server on a port of its own with a database of its own, and named
//! users with browsers of their own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what is not as it should be"
)]

mod access;
mod account;
mod addresses;
mod admin;
mod api;
mod auth;
mod avatars;
mod command_line;
mod config;
mod connections;
mod cookies;
mod costs;
mod cross_site;
mod defects;
mod devices;
mod forms;
mod helpers;
mod hosts;
mod invitations;
mod memberships;
mod misuse;
mod once;
mod other_user;
mod pages;
mod posting;
mod quotas;
mod resume;
mod rooms;
mod sessions;
mod setup;
mod slashes;
mod slow;
mod sockets;
mod stopping;
mod strangers;
mod talk;
mod timeouts;
mod titles;
mod users;
