//! The pages, one for each route, the gates before them, and those that the server draws alone.

mod account;
mod account_forms;
mod code;
mod door;
mod gate;
mod house;
mod lobby;
mod memberships;
mod not_found;
mod people;
mod person;
mod picture;
mod plain;
mod profile;
mod profiles;
mod room;
mod room_settings;
mod rooms;
mod second_step;
mod sign_in;
mod sign_up;

pub use gate::{Gate, GatePage};
pub use house::House;
pub use lobby::Lobby;
pub use not_found::NotFound;
pub use plain::{Plain, PlainPage};
pub use room::RoomPage;
