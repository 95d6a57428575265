//! One request that is hung up on, and what can be seen of its consequences.

use super::deed::{AdminAction, By, Fields};
use crate::{Result, connection::Connection, person::Person};
use domain::{
    ids::{RoomId, UserId},
    wire::{Page, ServerFrame},
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Who is in every scene.
#[derive(Debug)]
pub struct Cast {
    administrator: Person,
    owner: Person,
    /// In the scenes that are about one room alone.
    guest: Guest,
}

/// Somebody with an open tab.
#[derive(Debug, Clone)]
struct Guest {
    person: Person,
    /// Where the guest is looked at: the same device, or another one.
    observed: Person,
    id: UserId,
    tab: Arc<Tab>,
}

/// A guest in a room of somebody else.
#[derive(Debug)]
pub struct Scene {
    pub deed: AdminAction,
    administrator: Person,
    owner: Person,
    guest: Guest,
    room: RoomId,
    before: Option<Seen>,
    /// Whether the owner could say something while the guest's tab was open.
    said: bool,
}

/// What the program answers about the guest and the room.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    reads: u16,
    posts: u16,
    /// Whether the room is in the guest's list; none without a session.
    listed: Option<bool>,
    /// The room's title, and who is in it by which name, as the owner reads it.
    room: String,
}

const LIVE: &str = "들리나요?";

impl Cast {
    pub async fn comes(administrator: Person) -> Result<Self> {
        let owner = Person::signs_up("집주인", administrator.host()).await?;
        let guest = Guest::comes(administrator.host(), false).await?;
        Ok(Self { administrator, owner, guest })
    }
}

impl Guest {
    async fn comes(host: &str, is_seen_elsewhere: bool) -> Result<Self> {
        let name = format!("손님 {}", Uuid::new_v4().simple());
        let person = Person::signs_up(&name, host).await?;
        // A room of their own tells their id.
        let lobby = person.makes_room("대기실").await?;
        let id = person.id_in(&person.reads(lobby, None).await?)?;
        let observed = if is_seen_elsewhere { person.elsewhere().await? } else { person.clone() };
        let tab = Arc::new(Tab::opens(&observed, host).await?);
        Ok(Self { person, observed, id, tab })
    }
}

impl Scene {
    pub async fn set(deed: AdminAction, cast: &Cast) -> Result<Self> {
        let Cast { administrator, owner, guest } = cast;
        let guest = if deed.is_about_an_account() {
            Guest::comes(owner.host(), deed.is_seen_elsewhere()).await?
        } else {
            guest.clone()
        };
        let room = owner.makes_room("사랑방").await?;
        if deed.begins_inside() {
            guest.person.enters(room).await?;
        }
        let (administrator, owner) = (administrator.clone(), owner.clone());
        Ok(Self { deed, administrator, owner, guest, room, before: None, said: false })
    }

    fn form(&self) -> (&Person, String, Fields) {
        let (path, fields) = self.deed.form(self.room, self.guest.id);
        let by = match self.deed.by() {
            By::Guest => &self.guest.person,
            By::Owner => &self.owner,
            By::Administrator => &self.administrator,
        };
        (by, path, fields)
    }

    /// The request is sent and its answer awaited.
    pub async fn is_done(&self) -> Result<()> {
        let (by, path, fields) = self.form();
        by.posts(&path, &fields).await.map(drop)
    }

    /// The request is sent, and the connection reset after a while.
    pub async fn is_hung_up_on(&self, after: Duration) -> Result<()> {
        let (by, path, fields) = self.form();
        by.hangs_up(&path, &fields, after).await
    }

    /// The owner says something, and what the program answers is kept.
    pub async fn is_looked_at(&mut self) -> Result<()> {
        self.said = self.owner.says(self.room, LIVE).await? < 400;
        self.before = Some(self.seen().await?);
        Ok(())
    }

    /// After a new start: what the program had answered or told, and should not have.
    pub async fn what_was_wrong(&self) -> Result<Option<String>> {
        let stored = self.seen().await?;
        let before = self.before.as_ref().ok_or("not looked at")?;
        if *before != stored {
            return Ok(Some(format!("answered {before:?}, stored is {stored:?}")));
        }
        let should_hear = self.said && stored.reads == 200;
        let heard = self.guest.tab.heard_in(self.room);
        Ok((heard != should_hear).then(|| format!("heard {heard}, in the room {should_hear}")))
    }

    async fn seen(&self) -> Result<Seen> {
        let (room, observed) = (self.room.to_string(), &self.guest.observed);
        let (reads, _) = observed.calls("read_page", &[("room", &room)]).await?;
        let posts = observed.says(self.room, "아직 있어요").await?;
        let (status, list) = observed.calls("list_rooms", &[]).await?;
        let listed = (status == 200).then(|| list.contains(&room));
        let (status, page) = self.owner.calls("read_page", &[("room", &room)]).await?;
        let room = if status == 200 { as_owner_sees(&page)? } else { status.to_string() };
        Ok(Seen { reads, posts, listed, room })
    }
}

fn as_owner_sees(page: &str) -> Result<String> {
    let page: Page = serde_json::from_str(page)?;
    let members = page.members.iter().map(|member| {
        let name = member.name.as_ref().map_or("", |name| name.as_str());
        format!("{name}{}", if member.gone { " (gone)" } else { "" })
    });
    let title = page.about.title.map(|title| title.to_string()).unwrap_or_default();
    Ok(format!("{title}: {}", members.collect::<Vec<_>>().join(", ")))
}

/// An open tab of a guest, and the rooms from which the owner's words reached it.
#[derive(Debug)]
struct Tab {
    heard: Arc<Mutex<HashSet<RoomId>>>,
    listening: JoinHandle<()>,
}

impl Tab {
    async fn opens(person: &Person, host: &str) -> Result<Self> {
        let mut connection = person.connects(host).await?;
        connection.greets(None, Vec::new()).await?;
        let heard = Arc::default();
        let listening = tokio::spawn(listens(connection, Arc::clone(&heard)));
        Ok(Self { heard, listening })
    }

    fn heard_in(&self, room: RoomId) -> bool {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).contains(&room)
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listens(mut connection: Connection, heard: Arc<Mutex<HashSet<RoomId>>>) {
    while let Some(frame) = connection.hears().await {
        let ServerFrame::Changes(batch) = frame else { continue };
        if batch.messages.iter().any(|message| message.text.as_str() == LIVE) {
            heard.lock().unwrap_or_else(PoisonError::into_inner).insert(batch.room);
        }
    }
}
