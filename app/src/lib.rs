//! The pages: Leptos components, and the functions that they call on the server. Compiled twice, for the server
//! (`ssr`) and for the browser (`hydrate`); only `context` depends on which.

// The types of views are deeply nested.
#![recursion_limit = "512"]

mod boxed_effect;
mod codec;
mod components;
pub mod context;
pub mod errors;
mod escape;
pub mod forms;
pub mod i18n;
mod live;
pub mod page_context;
pub mod pages;
pub mod paths;
pub mod server_fns;
mod shell;
mod titles;

pub use escape::escaped;
pub use live::show_broken;
pub use shell::{App, Document};
