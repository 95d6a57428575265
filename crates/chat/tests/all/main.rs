//! The use cases, from sign-up to catching up: named people in a real instance with a file of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what is not as it should be"
)]

mod account;
mod admin;
mod avatars;
mod browser;
mod cancellation;
mod defects;
mod deletion;
mod direct;
mod export;
mod helpers;
mod hub;
mod in_step;
mod invitation_links;
mod invitations;
mod known_devices;
mod limits;
mod memberships;
mod messages;
mod profiles;
mod quotas;
mod resume;
mod rooms;
mod secrets;
mod security_log;
mod sessions;
mod submissions;
mod two_factor;
mod user;
mod users;
