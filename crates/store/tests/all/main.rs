//! The database, as the use cases see it: each test in a real file of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what is not as it should be"
)]

mod admin;
mod avatars;
mod backup;
mod changes;
mod direct;
mod directory;
mod helpers;
mod history;
mod leftovers;
mod memberships;
mod messages;
mod open;
mod profiles;
mod quotas;
mod restore;
mod room_list;
mod rooms;
mod sessions;
mod setup;
mod two_factor;
mod upgrades;
mod users;
mod writer;
mod writer_model;
