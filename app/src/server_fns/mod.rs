//! The server functions. Each parses what was typed, gets the caller from the session, and makes one call into
//! `chat`. Those that a form calls return a `Redirect`.

mod account;
mod admin;
mod devices;
mod direct;
mod invitation_links;
mod invitations;
mod memberships;
mod messages;
mod notices;
mod profiles;
mod rooms;
mod sessions;
mod settings;
mod two_factor;
mod users;

pub use account::*;
pub use admin::*;
pub use devices::*;
pub use direct::*;
pub use invitation_links::*;
pub use invitations::*;
pub use memberships::*;
pub use messages::*;
pub use notices::*;
pub use profiles::*;
pub use rooms::*;
pub use sessions::*;
pub use settings::*;
pub use two_factor::*;
pub use users::*;
