//! The pages: Leptos components, and the functions that they call on the server. Compiled twice,
//! for the server (`ssr`) and for the browser (`hydrate`); `context` alone knows which.

#![recursion_limit = "256"]

pub mod api;
mod components;
pub mod context;
pub mod forms;
pub mod i18n;
mod live;
mod pages;
mod shell;
pub mod visit;

pub use shell::{App, shell};
