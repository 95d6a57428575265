//! Pages. A handler reads what its page shows and passes it to the one function that renders,
//! [`PageRequest::render`]. So a page is complete when it arrives, and is the same before scripts run and
//! without them.

pub mod account;
pub mod address;
pub mod admin;
pub mod home;
pub mod invitations;
pub mod not_found;
pub mod notices;
pub mod password_reset;
pub mod profiles;
mod request;
pub mod room_settings;
pub mod rooms;
pub mod setup;
pub mod sign_in;
pub mod users;

pub use request::{KeptForPages, PageRequest, UserPageRequest};

use crate::router::State;
use axum::{
    handler::Handler,
    routing::{MethodRouter, get},
};

/// A page and its forms, which post to its own address: `forms::submit` calls the form's function, and renders
/// the page again if that refuses.
pub fn page<H: Handler<T, State>, T: 'static>(show: H) -> MethodRouter<State> {
    get(show.clone()).post(show)
}
