//! Sarangbang's rules, without IO. Everything here compiles to WASM, so that the browser and the server refuse
//! the same input with the same code.

#[macro_use]
mod with_all;

pub mod account;
pub mod admin;
pub mod avatars;
pub mod clock;
pub mod collation;
pub mod emails;
pub mod error;
pub mod events;
pub mod history;
pub mod ids;
pub mod invitation_links;
pub mod invitations;
pub mod links;
pub mod memberships;
pub mod message_list;
pub mod messages;
#[cfg(not(target_family = "wasm"))]
pub mod name_keys;
pub mod name_search;
pub mod notices;
pub mod outbox;
pub mod pagination;
#[cfg(not(target_family = "wasm"))]
pub mod passwords;
mod pasted;
pub mod policy;
pub mod profiles;
pub mod protocol;
pub mod quotas;
pub mod room_list;
#[cfg(not(target_family = "wasm"))]
pub mod room_view;
pub mod rooms;
pub mod sessions;
pub mod text;
pub mod timeline;
pub mod two_factor;
pub mod users;
pub mod wire;
