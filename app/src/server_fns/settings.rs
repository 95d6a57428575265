//! Language and theme: in cookies of their own, by which pages are rendered; and with the account, for the next
//! device.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

#[server(endpoint = "set_language", output = Json)]
pub async fn set_language(language: String) -> Result<Redirect, ServerError> {
    use crate::{context::request, i18n::Language};
    let language = Language::from_code(&language).ok_or(domain::error::AppError::Malformed)?;
    let request = request()?;
    if let Some(actor) = &request.actor {
        request.chat.choose_language(actor, language.code()).await?;
    }
    request.remember("lang", language.code());
    Ok(Redirect::here())
}

#[server(endpoint = "set_theme", output = Json)]
pub async fn set_theme(theme: String) -> Result<Redirect, ServerError> {
    use crate::{context::request, page_context::Theme};
    let (theme, request) = (Theme::from_code(&theme).code(), request()?);
    if let Some(actor) = &request.actor {
        request.chat.choose_theme(actor, theme).await?;
    }
    request.remember("theme", theme);
    Ok(Redirect::here())
}
