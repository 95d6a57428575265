//! What the pages show that the server draws alone: one line for each address.

use app::{Plain, i18n::Language};
use axum::http::Uri;
use chat::{Actor, Chat};
use domain::{
    collation::First,
    ids::{PersonId, ProfileId, RoomId},
    people::Card,
    problem::Problem,
    profiles::Profile,
    rooms::RoomSettings,
};

/// Reads what the page at this address shows. None when it is none of these pages.
pub async fn read(
    chat: &Chat,
    actor: &Actor,
    uri: &Uri,
    language: Language,
) -> Option<Result<Plain, Problem>> {
    let steps: Vec<_> = uri.path().split('/').filter(|step| !step.is_empty()).collect();
    let page = match steps.as_slice() {
        ["account"] => chat.account(actor).await.map(Plain::Account),
        ["account", "email"] => chat.account(actor).await.map(|own| Plain::Email(own.email)),
        ["account", "password"] => chat.account(actor).await.map(|own| Plain::Password(own.email)),
        ["account", "two-step"] => chat.second_step(actor).await.map(Plain::SecondStep),
        ["account", "delete"] => Ok(Plain::Deletion),
        ["people"] => {
            let (typed, page, first) = asked(uri, language);
            chat.directory(actor, &typed, page, first).await.map(Plain::People)
        }
        ["people", id] => person(chat, actor, id).await.map(Plain::Person),
        ["profiles"] => chat.wardrobe(actor).await.map(Plain::Profiles),
        ["profiles", id] => profile(chat, actor, id).await.map(Plain::Profile),
        ["profiles", id, "picture"] => profile(chat, actor, id).await.map(Plain::Picture),
        ["rooms"] => {
            let (typed, page, first) = asked(uri, language);
            chat.open_rooms(actor, &typed, page, first).await.map(Plain::Rooms)
        }
        ["room", id, "settings"] => settings(chat, actor, id).await.map(Plain::RoomSettings),
        _ => return None,
    };
    Some(page)
}

/// What a list is asked for in its address: what is looked for, which page, and in the order that the
/// reader is used to.
fn asked(uri: &Uri, language: Language) -> (String, usize, First) {
    let query = uri.query().unwrap_or_default().as_bytes();
    let value = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(query);
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let page = value("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let first = match language {
        Language::Ko => First::Hangul,
        Language::En => First::Latin,
    };
    (value("q").unwrap_or_default(), page, first)
}

async fn settings(chat: &Chat, actor: &Actor, id: &str) -> Result<RoomSettings, Problem> {
    chat.room_settings(actor, RoomId::parse(id).map_err(|_| Problem::NotFound)?).await
}

async fn person(chat: &Chat, actor: &Actor, id: &str) -> Result<Card, Problem> {
    chat.card(actor, PersonId::parse(id).map_err(|_| Problem::NotFound)?).await
}

async fn profile(chat: &Chat, actor: &Actor, id: &str) -> Result<Profile, Problem> {
    chat.profile(actor, ProfileId::parse(id).map_err(|_| Problem::NotFound)?).await
}
