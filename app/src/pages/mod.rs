//! The pages, one for each route, and the gates before them.

mod gate;
mod house;
mod lobby;
mod not_found;
mod room;
mod sign_in;
mod sign_up;

pub use gate::{Gate, GatePage};
pub use house::House;
pub use lobby::Lobby;
pub use not_found::NotFound;
pub use room::RoomPage;
