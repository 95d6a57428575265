//! The pages, one for each route.

mod house;
mod lobby;
mod not_found;
mod room;
mod sign_in;
mod sign_up;

pub use house::House;
pub use lobby::Lobby;
pub use not_found::NotFound;
pub use room::RoomPage;
pub use sign_in::SignInPage;
pub use sign_up::SignUpPage;
