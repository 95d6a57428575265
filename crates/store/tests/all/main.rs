//! The database, as the use cases see it: each test in a real file of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what is not as it should be"
)]

mod admin;
mod backup;
mod changes;
mod direct;
mod directory;
mod helpers;
mod leftovers;
mod memberships;
mod messages;
mod open;
mod people;
mod pictures;
mod profiles;
mod quotas;
mod restore;
mod rooms;
mod second_step;
mod sessions;
mod setup;
mod summaries;
mod upgrades;
mod writer;
mod writer_model;
