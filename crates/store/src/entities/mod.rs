//! The tables, row by row. Nothing outside this crate sees them.

pub mod events;
pub mod form_submissions;
pub mod instance;
pub mod invitation_links;
pub mod memberships;
pub mod messages;
pub mod pairs;
pub mod pending_logins;
pub mod people;
pub mod profiles;
pub mod recovery_codes;
pub mod rooms;
pub mod second_steps;
pub mod sessions;
