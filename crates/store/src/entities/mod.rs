//! The tables, row by row. Nothing outside this crate sees them.

pub mod direct_rooms;
pub mod events;
pub mod form_submissions;
pub mod instance;
pub mod invitation_links;
pub mod memberships;
pub mod messages;
pub mod pending_logins;
pub mod profiles;
pub mod recovery_codes;
pub mod rooms;
pub mod sessions;
pub mod two_factor;
pub mod users;
