//! What the pages show that the server draws alone: one line for each address.

use crate::guest;
use app::{Admin, Plain, Sitter, i18n::Language};
use axum::http::Uri;
use chat::{Actor, Chat};
use domain::{
    collation::First,
    ids::{PersonId, ProfileId, RoomId},
    invitation_links::HandedOut,
    invitations::Inviting,
    memberships::Role,
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
        ["account"] => account(chat, actor).await,
        ["account", "email"] => {
            chat.account(actor).await.map(|own| Plain::Email(own.email, own.email_is_shared))
        }
        ["account", "password"] => chat.account(actor).await.map(|own| Plain::Password(own.email)),
        ["account", "two-step"] => chat.second_step(actor).await.map(Plain::SecondStep),
        ["account", "delete"] => Ok(Plain::Deletion),
        ["account", "notices"] => {
            chat.notices(actor).await.map(|notices| Plain::Notices(notices, guest::next(uri)))
        }
        ["admin", section @ ..] => {
            admin(chat, actor, section, uri, language).await.map(Plain::Admin)
        }
        ["people"] => {
            let (typed, page, first) = asked(uri, language);
            chat.directory(actor, &typed, page, first).await.map(Plain::People)
        }
        ["people", id] => person(chat, actor, id).await.map(Plain::Person),
        ["profiles"] => chat.wardrobe(actor).await.map(Plain::Profiles),
        ["profiles", id] => profile(chat, actor, id).await.map(Plain::Profile),
        ["profiles", id, "picture"] => {
            profile(chat, actor, id).await.map(Sitter::Profile).map(Plain::Picture)
        }
        ["room", id, "settings", "picture"] => {
            let settings = settings(chat, actor, id, uri, language).await;
            let room = settings.and_then(|room| match room.role {
                Role::Owner => Ok(room),
                _ => Err(Problem::NotFound),
            });
            room.map(Sitter::Room).map(Plain::Picture)
        }
        ["rooms"] => {
            let (typed, page, first) = asked(uri, language);
            chat.open_rooms(actor, &typed, page, first).await.map(Plain::Rooms)
        }
        ["room", id, "invite"] => inviting(chat, actor, id, uri, language).await.map(Plain::Invite),
        ["room", id, "invite", token] => link(chat, actor, id, token).await.map(Plain::Link),
        ["room", id, "settings"] => {
            settings(chat, actor, id, uri, language).await.map(Plain::RoomSettings)
        }
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

async fn account(chat: &Chat, actor: &Actor) -> Result<Plain, Problem> {
    let account = chat.account(actor).await?;
    let administers = chat.is_administrator(actor).await?;
    Ok(Plain::Account { account, administers })
}

async fn admin(
    chat: &Chat,
    actor: &Actor,
    section: &[&str],
    uri: &Uri,
    language: Language,
) -> Result<Admin, Problem> {
    let (typed, page, _) = asked(uri, language);
    match section {
        [] | ["people"] => chat.residents(actor, &typed, page).await.map(Admin::People),
        ["people", id] => chat.housed(actor, person_id(id)?).await.map(Admin::Person),
        ["people", id, "reset", token] => {
            let housed = chat.housed(actor, person_id(id)?).await?;
            let token = chat.open_reset(token).await.map_err(|_| Problem::NotFound)?;
            Ok(Admin::Reset(housed, token))
        }
        ["rooms"] => chat.house_rooms(actor, page).await.map(Admin::Rooms),
        ["sign-up"] if chat.is_administrator(actor).await? => {
            chat.sign_up_mode().await.map(Admin::SignUp)
        }
        ["log"] => chat.deeds(actor, page).await.map(Admin::Log),
        _ => Err(Problem::NotFound),
    }
}

fn person_id(id: &str) -> Result<PersonId, Problem> {
    PersonId::parse(id).map_err(|_| Problem::NotFound)
}

async fn inviting(
    chat: &Chat,
    actor: &Actor,
    id: &str,
    uri: &Uri,
    language: Language,
) -> Result<Inviting, Problem> {
    let (typed, page, first) = asked(uri, language);
    chat.inviting(actor, room(id)?, &typed, page, first).await
}

async fn link(chat: &Chat, actor: &Actor, id: &str, token: &str) -> Result<HandedOut, Problem> {
    chat.hand_out_link(actor, room(id)?, token).await
}

async fn settings(
    chat: &Chat,
    actor: &Actor,
    id: &str,
    uri: &Uri,
    language: Language,
) -> Result<RoomSettings, Problem> {
    let (typed, page, _) = asked(uri, language);
    chat.room_settings(actor, room(id)?, &typed, page).await
}

fn room(id: &str) -> Result<RoomId, Problem> {
    RoomId::parse(id).map_err(|_| Problem::NotFound)
}

async fn person(chat: &Chat, actor: &Actor, id: &str) -> Result<Card, Problem> {
    chat.card(actor, person_id(id)?).await
}

async fn profile(chat: &Chat, actor: &Actor, id: &str) -> Result<Profile, Problem> {
    chat.profile(actor, ProfileId::parse(id).map_err(|_| Problem::NotFound)?).await
}
