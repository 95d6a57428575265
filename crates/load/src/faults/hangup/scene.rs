//! One request that is cut off, and its observable consequences.

use super::action::{By, Fields, UserAction};
use crate::{Result, connection::Connection, user::User};
use domain::{
    history::HistoryPage,
    ids::{RoomId, UserId},
    wire::ServerFrame,
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// The users of every scene.
#[derive(Debug)]
pub struct Participants {
    administrator: User,
    owner: User,
    /// The guest of the scenes that concern only a room.
    guest: Guest,
}

/// A user with an open tab.
#[derive(Debug, Clone)]
struct Guest {
    user: User,
    /// The device from which the guest is observed: the same one, or another.
    observed: User,
    id: UserId,
    tab: Arc<Tab>,
}

/// A guest in a room of another user.
#[derive(Debug)]
pub struct Scene {
    pub action: UserAction,
    administrator: User,
    owner: User,
    guest: Guest,
    room: RoomId,
    before: Option<Observation>,
    /// Whether the owner could post while the guest's tab was open.
    said: bool,
}

/// What the program answers about the guest and the room.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Observation {
    reads: u16,
    posts: u16,
    /// Whether the room is in the guest's list; none without a session.
    listed: Option<bool>,
    /// The room's title, and the names of its members, as the owner reads them.
    room: String,
}

const LIVE: &str = "들리나요?";

impl Participants {
    pub async fn comes(administrator: User) -> Result<Self> {
        let owner = User::signs_up("집주인", administrator.host()).await?;
        let guest = Guest::comes(administrator.host(), false).await?;
        Ok(Self { administrator, owner, guest })
    }
}

impl Guest {
    async fn comes(host: &str, is_seen_elsewhere: bool) -> Result<Self> {
        let name = format!("손님 {}", Uuid::new_v4().simple());
        let user = User::signs_up(&name, host).await?;
        // Their id can be read from the page of a room of their own.
        let lobby = user.makes_room("대기실").await?;
        let id = user.id_in(&user.reads(lobby, None).await?)?;
        let observed = if is_seen_elsewhere { user.elsewhere().await? } else { user.clone() };
        let tab = Arc::new(Tab::opens(&observed, host).await?);
        Ok(Self { user, observed, id, tab })
    }
}

impl Scene {
    pub async fn set(action: UserAction, participants: &Participants) -> Result<Self> {
        let Participants { administrator, owner, guest } = participants;
        let guest = if action.is_about_an_account() {
            Guest::comes(owner.host(), action.is_seen_elsewhere()).await?
        } else {
            guest.clone()
        };
        let room = owner.makes_room("사랑방").await?;
        if action.begins_inside() {
            guest.user.enters(room).await?;
        }
        let (administrator, owner) = (administrator.clone(), owner.clone());
        Ok(Self { action, administrator, owner, guest, room, before: None, said: false })
    }

    fn form(&self) -> (&User, String, Fields) {
        let (path, fields) = self.action.form(self.room, self.guest.id);
        let by = match self.action.by() {
            By::Guest => &self.guest.user,
            By::Owner => &self.owner,
            By::Administrator => &self.administrator,
        };
        (by, path, fields)
    }

    /// Sends the request and waits for the response.
    pub async fn is_done(&self) -> Result<()> {
        let (by, path, fields) = self.form();
        by.posts(&path, &fields).await.map(drop)
    }

    /// Sends the request, and resets the connection after a while.
    pub async fn is_hung_up_on(&self, after: Duration) -> Result<()> {
        let (by, path, fields) = self.form();
        by.hangs_up(&path, &fields, after).await
    }

    /// The owner posts, and what the program answers is recorded.
    pub async fn is_looked_at(&mut self) -> Result<()> {
        self.said = self.owner.says(self.room, LIVE).await? < 400;
        self.before = Some(self.seen().await?);
        Ok(())
    }

    /// After a restart: what the program had answered or delivered and should not have.
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

    async fn seen(&self) -> Result<Observation> {
        let (room, observed) = (self.room.to_string(), &self.guest.observed);
        let (reads, _) = observed.calls("read_page", &[("room", &room)]).await?;
        let posts = observed.says(self.room, "아직 있어요").await?;
        let (status, list) = observed.calls("list_rooms", &[]).await?;
        let listed = (status == 200).then(|| list.contains(&room));
        let (status, page) = self.owner.calls("read_page", &[("room", &room)]).await?;
        let room = if status == 200 { as_owner_sees(&page)? } else { status.to_string() };
        Ok(Observation { reads, posts, listed, room })
    }
}

fn as_owner_sees(page: &str) -> Result<String> {
    let page: HistoryPage = serde_json::from_str(page)?;
    let members = page.members.iter().map(|member| {
        let name = member.name.as_ref().map_or("", |name| name.as_str());
        format!("{name}{}", if member.gone { " (gone)" } else { "" })
    });
    let title = page.details.title.map(|title| title.to_string()).unwrap_or_default();
    Ok(format!("{title}: {}", members.collect::<Vec<_>>().join(", ")))
}

/// An open tab of a guest, and the rooms from which the owner's messages reached it.
#[derive(Debug)]
struct Tab {
    heard: Arc<Mutex<HashSet<RoomId>>>,
    listening: JoinHandle<()>,
}

impl Tab {
    async fn opens(user: &User, host: &str) -> Result<Self> {
        let mut connection = user.connects(host).await?;
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
        let ServerFrame::Changes(changes) = frame else { continue };
        if changes.messages.iter().any(|message| message.text.as_str() == LIVE) {
            heard.lock().unwrap_or_else(PoisonError::into_inner).insert(changes.room);
        }
    }
}
