//! Language and theme, kept in cookies of their own.

use crate::codec::Json;
use crate::forms::{Failure, Landing};
use leptos::prelude::*;

#[server(endpoint = "set_language", output = Json)]
pub async fn set_language(language: String) -> Result<Landing, Failure> {
    use crate::{context::request, i18n::Language};
    let language = Language::from_code(&language).ok_or(domain::problem::Problem::Malformed)?;
    request()?.remember("lang", language.code());
    Ok(Landing::here())
}

#[server(endpoint = "set_theme", output = Json)]
pub async fn set_theme(theme: String) -> Result<Landing, Failure> {
    use crate::{context::request, visit::Theme};
    request()?.remember("theme", Theme::from_code(&theme).code());
    Ok(Landing::here())
}
