//! From a commit to everybody who has to know of it. [`Publisher::publish`] is the only caller of what invalidates
//! caches and of what the hub tells; each use case calls it once, after its commit, in the task that its caller cannot
//! cancel.

use crate::{
    Chat, Hub, hub::Wait, known_sessions::KnownSessions, lately::Lately, standings::Standings,
};
use domain::{people::Viewer, wire::ServerFrame};
use std::{sync::Arc, time::Duration};
use store::Committed;
use tokio::time::sleep;

/// How long a change set waits for the one before it, which another task is about to publish.
const PREDECESSOR_TIMEOUT: Duration = Duration::from_millis(100);

/// What was read from the database before, and is still so.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    pub standings: Standings,
    pub known_sessions: KnownSessions,
    pub lately: Lately,
}

/// Publishes what has been committed. Cheap to clone: the writer has one too.
#[derive(Debug, Clone)]
pub(crate) struct Publisher {
    pub caches: Arc<Caches>,
    pub hub: Hub,
}

impl Publisher {
    /// The order is part of what clients rely on. Caches come first: whatever is asked from here on is answered from
    /// the database. Then those who may hear no more, then those who hear from now on, and only then what happened: so
    /// a removed member hears of the removal as the last thing, and a new one hears of their own joining.
    pub fn publish(&self, committed: &Committed) {
        self.invalidate(committed);
        let hub = &self.hub;
        for session in &committed.ended_sessions {
            hub.end_session(*session);
        }
        for user in &committed.signed_out {
            hub.end_person(*user);
        }
        for (room, user) in &committed.left {
            hub.part(*user, *room);
        }
        for room in &committed.closed_rooms {
            hub.dissolve(*room);
        }
        for (room, head) in &committed.created_rooms {
            hub.open_room(*room, *head);
        }
        for (room, user) in &committed.joined {
            hub.follow(*user, *room);
        }
        for change_set in &committed.change_sets {
            if let Some(wait) = hub.publish(change_set.clone()) {
                self.give_up_in_time(wait);
            }
        }
        // A room in whose feed they are not: their clients read the list of rooms again.
        for (room, user) in &committed.invitations {
            hub.tell(*user, &ServerFrame::Reset { room: *room });
        }
        for Viewer { id, name, picture } in &committed.changed_profiles {
            hub.tell(*id, &ServerFrame::You { name: name.clone(), picture: *picture });
        }
    }

    #[expect(clippy::disallowed_methods, reason = "it waits for what may never come")]
    fn give_up_in_time(&self, wait: Wait) {
        let Self { caches, hub } = self.clone();
        tokio::spawn(async move {
            sleep(PREDECESSOR_TIMEOUT).await;
            // What is missing may be a removal: whoever asks for it is looked up anew.
            caches.standings.forget(wait.room);
            hub.give_up(wait);
        });
    }

    fn invalidate(&self, committed: &Committed) {
        let Caches { standings, known_sessions, lately } = &*self.caches;
        let memberships = committed.joined.iter().chain(&committed.left);
        for (room, user) in memberships.clone().chain(&committed.invitations) {
            standings.forget(*room);
            lately.person_changed(*user);
        }
        for change_set in &committed.change_sets {
            if !change_set.members.is_empty() || change_set.about.is_some() {
                standings.forget(change_set.room);
            }
            lately.room_changed(change_set.room);
        }
        for room in &committed.closed_rooms {
            standings.forget(*room);
            lately.room_changed(*room);
        }
        for user in &committed.readers {
            lately.person_changed(*user);
        }
        for session in committed.ended_sessions.iter().chain(&committed.changed_sessions) {
            known_sessions.forget(*session);
        }
        let profiles = committed.changed_profiles.iter().map(|viewer| &viewer.id);
        for user in committed.signed_out.iter().chain(&committed.changed_accounts).chain(profiles) {
            known_sessions.forget_person(*user);
        }
    }
}

impl Chat {
    /// Publishes what a use case has committed, and removes the files that nothing refers to any more. Called within
    /// [`Chat::run_to_completion`].
    pub(crate) async fn publish(&self, committed: Committed) {
        self.publisher.publish(&committed);
        for avatar in committed.orphaned_avatars {
            self.remove_picture(avatar).await;
        }
    }
}

#[cfg(test)]
mod tests;
