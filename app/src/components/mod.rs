//! The parts that pages are made of.

mod access_choice;
mod avatar;
mod card_link;
mod composer;
mod conversation;
mod field;
mod form;
mod icons;
mod lattice;
mod link_banner;
pub mod list;
mod message;
mod message_list;
mod qr;
mod room_header;
mod room_list;
mod search;
mod sentence;
mod settings;

pub use access_choice::AccessChoice;
pub use avatar::Avatar;
pub use conversation::{Conversation, Past};
pub use field::Field;
pub use form::{PlainForm, Problem, client_id, drawn_for, hidden};
pub use icons::Icon;
pub use lattice::Lattice;
pub use link_banner::LinkBanner;
pub use qr::Qr;
pub use room_list::RoomList;
pub use search::Search;
pub use settings::{LanguageSwitch, Settings};
