//! The server functions. Each takes what was typed, gets the caller from the session, and makes
//! one call into `chat`. Those that a form calls answer with a `Landing`.

mod messages;
mod people;
mod rooms;
mod sessions;
mod settings;

pub use messages::{PostMessage, ReadPage, read_page};
pub use people::SignUp;
pub use rooms::{CreateRoom, EnterRoom, ListRooms, LookAtRoom, list_rooms, look_at_room};
pub use sessions::{SignIn, SignOut};
pub use settings::{SetLanguage, SetTheme};
