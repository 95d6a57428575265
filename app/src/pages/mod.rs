//! The pages, one for each route, the gates before them, and those that the server draws alone.

mod account;
mod admin;
mod admin_lists;
mod admin_person;
mod door;
mod gate;
mod house;
mod invite;
mod invite_links;
pub(crate) mod join;
mod lobby;
mod memberships;
mod not_found;
mod people;
mod person;
mod picture;
mod plain;
mod profile;
mod profiles;
mod reset;
mod room;
mod room_settings;
mod rooms;
mod sign_in;
mod sign_up;

pub use admin::Admin;
pub use gate::{Gate, GatePage};
pub use house::House;
pub use join::Threshold;
pub use lobby::Lobby;
pub use not_found::NotFound;
pub use picture::Sitter;
pub use plain::{Plain, PlainPage};
pub use reset::ResetPage;
pub use room::RoomPage;
