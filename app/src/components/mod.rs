//! The components that pages consist of.

mod avatar;
mod card_link;
mod composer;
mod connection_banner;
mod conversation;
mod door_illustration;
mod field;
mod form;
pub mod html_key;
mod icons;
pub mod list;
mod message;
mod message_list;
mod optional_text;
mod qr;
mod room_header;
mod room_list;
mod search;
mod settings;
mod visibility_choice;

pub use avatar::Avatar;
pub use connection_banner::ConnectionBanner;
pub use conversation::Conversation;
pub use door_illustration::DoorIllustration;
pub use field::Field;
pub use form::{ErrorMessage, PlainForm, client_id, drawn_for, hidden};
pub use icons::Icon;
pub use qr::Qr;
pub use room_list::RoomList;
pub use search::Search;
pub use settings::{LanguageSwitch, Settings};
pub use visibility_choice::VisibilityChoice;
