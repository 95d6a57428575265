//! Everything that is a person's own, as one JSON document (docs/export.md). It is written piece by piece as
//! it is sent: of the lines, which may be hundreds of thousands, never more than a page is in memory.

use crate::{Actor, Chat, MapStoreError, internal_error};
use domain::{
    clock::Millis,
    error::AppError,
    ids::{ClientId, RoomId, UserId},
    messages::Message,
};
use serde_json::{Value, json};
use store::{EXPORT_PAGE, OwnRoom};

/// The version of what docs/export.md describes.
const VERSION: u32 = 1;

/// An export that is being taken.
#[derive(Debug)]
pub struct Export {
    chat: Chat,
    user: UserId,
    next: Piece,
}

#[derive(Debug)]
enum Piece {
    /// All but the lines.
    Head(String),
    Lines {
        after: Option<ClientId>,
    },
    Nothing,
}

impl Chat {
    /// Begins an export of what is the actor's own. What is in it is read as it is taken.
    pub async fn export(&self, actor: &Actor) -> Result<Export, AppError> {
        self.limits.export(actor.user())?;
        let head = self.head_of_export(actor).await?;
        let text = serde_json::to_string_pretty(&head).map_err(|error| internal_error(&error))?;
        // The lines are the last of its fields, and go on from here.
        let text = text.trim_end().trim_end_matches('}').trim_end();
        let next = Piece::Head(format!("{text},\n  \"messages\": ["));
        Ok(Export { chat: self.clone(), user: actor.user(), next })
    }

    async fn head_of_export(&self, actor: &Actor) -> Result<Value, AppError> {
        let user = actor.user();
        let account = self.own_account(actor).await?;
        let has_two_factor = self.account(actor).await?.has_two_factor;
        let profiles = self.store.profiles_of(user).await.map_store_error()?;
        let rooms = self.store.own_rooms(user).await.map_store_error()?;
        let devices = self.devices(actor).await?;
        let (language, theme) = (account.preferences.language, account.preferences.theme);
        Ok(json!({
            "format": "sarangbang-export",
            "version": VERSION,
            "exported_at": self.now().iso(),
            "account": {
                "id": user.to_string(),
                "email": account.email.as_str(),
                "created_at": account.created_at.iso(),
                "two_step": has_two_factor,
                "language": language,
                "theme": theme,
            },
            "profiles": profiles.iter().map(|profile| json!({
                "name": profile.name.as_str(),
                "default": profile.is_default,
                "picture": profile.avatar.map(|avatar| format!("/pictures/{avatar}/256")),
            })).collect::<Vec<_>>(),
            "devices": devices.iter().map(|device| json!({
                "name": device.agent,
                "signed_in_at": device.signed_in_at.iso(),
                "last_used_at": device.last_used_at.iso(),
            })).collect::<Vec<_>>(),
            "rooms": rooms.iter().map(room).collect::<Vec<_>>(),
        }))
    }
}

impl Export {
    /// The next piece of the document, or none when it is whole.
    pub async fn next(&mut self) -> Result<Option<String>, AppError> {
        match std::mem::replace(&mut self.next, Piece::Nothing) {
            Piece::Nothing => Ok(None),
            Piece::Head(text) => {
                self.next = Piece::Lines { after: None };
                Ok(Some(text))
            }
            Piece::Lines { after } => self.lines(after).await.map(Some),
        }
    }

    async fn lines(&mut self, after: Option<ClientId>) -> Result<String, AppError> {
        let page = self.chat.store.own_messages(self.user, after).await.map_store_error()?;
        let mut text = String::new();
        for (nth, (room, message)) in page.iter().enumerate() {
            let first = after.is_none() && nth == 0;
            text.push_str(if first { "\n    " } else { ",\n    " });
            text.push_str(&line(*room, message).to_string());
        }
        let is_full = u64::try_from(page.len()).is_ok_and(|length| length >= EXPORT_PAGE);
        match page.last().filter(|_| is_full) {
            Some((_, last)) => self.next = Piece::Lines { after: Some(last.client_id) },
            None => text.push_str("\n  ]\n}\n"),
        }
        Ok(text)
    }
}

fn room(own: &OwnRoom) -> Value {
    let OwnRoom { room, kind, title, status, role, joined_at } = own;
    json!({
        "id": room.to_string(),
        "kind": kind.code(),
        "title": title.as_ref().map(ToString::to_string),
        "state": status,
        "role": role,
        "joined_at": joined_at.iso(),
    })
}

fn line(room: RoomId, message: &Message) -> Value {
    let Message { id, text, at, seq, .. } = message;
    let at: Millis = *at;
    json!({
        "room": room.to_string(),
        "number": seq.0,
        "id": id.to_string(),
        "at": at.iso(),
        "text": text.as_str(),
    })
}
