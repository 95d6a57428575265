//! From a commit to the caches and the connections: the only caller of what invalidates caches and of what the hub
//! tells. A use case comes here after each of its commits, in the task that its caller cannot cancel.

use crate::{Chat, Hub, caches::Caches, hub::Wait, read_cache::Topic};
use domain::{users::CurrentUser, wire::ServerFrame};
use std::{sync::Arc, time::Duration};
use store::Committed;
use tokio::time::sleep;

/// How long a change set waits for the one before it, which another task is about to publish. Tests commit in between,
/// however busy the machine is.
const PREDECESSOR_TIMEOUT: Duration = Duration::from_millis(if cfg!(test) { 5_000 } else { 100 });

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
        self.caches.versions.bump(changed_topics(committed));
        let hub = &self.hub;
        for session in &committed.ended_sessions {
            hub.disconnect_session(*session);
        }
        for user in &committed.signed_out {
            hub.disconnect_user(*user);
        }
        for (room, user) in &committed.left {
            hub.unsubscribe(*user, *room);
        }
        for room in &committed.closed_rooms {
            hub.close_room(*room);
        }
        for (room, head) in &committed.created_rooms {
            hub.open_room(*room, *head);
        }
        for (room, user) in &committed.joined {
            hub.subscribe(*user, *room);
        }
        for change_set in &committed.change_sets {
            if let Some(wait) = hub.publish(change_set.clone()) {
                self.time_out_later(wait);
            }
        }
        // A room in whose feed they are not: their clients read the list of rooms again.
        for (room, user) in &committed.invitations {
            hub.notify_user(*user, &ServerFrame::Reset { room: *room });
        }
        for CurrentUser { id, name, avatar } in &committed.changed_profiles {
            hub.notify_user(*id, &ServerFrame::You { name: name.clone(), avatar: *avatar });
        }
    }

    #[expect(clippy::disallowed_methods, reason = "it waits for what may never come")]
    fn time_out_later(&self, wait: Wait) {
        let Self { caches, hub } = self.clone();
        tokio::spawn(async move {
            sleep(PREDECESSOR_TIMEOUT).await;
            // What is missing may be a removal: its readers are authorized anew.
            caches.versions.bump([Topic::Members(wait.room)]);
            hub.time_out(wait);
        });
    }
}

/// What is to be read from the database anew.
fn changed_topics(committed: &Committed) -> Vec<Topic> {
    let mut topics = Vec::new();
    let memberships = committed.joined.iter().chain(&committed.left);
    for (room, user) in memberships.chain(&committed.invitations) {
        topics.extend([Topic::Members(*room), Topic::RoomList(*user)]);
    }
    for set in &committed.change_sets {
        topics.push(Topic::Room(set.room));
        if !set.members.is_empty() || set.details.is_some() {
            topics.push(Topic::Members(set.room));
        }
    }
    for room in &committed.closed_rooms {
        topics.extend([Topic::Room(*room), Topic::Members(*room)]);
    }
    topics.extend(committed.readers.iter().copied().map(Topic::RoomList));
    let sessions = committed.ended_sessions.iter().chain(&committed.changed_sessions);
    topics.extend(sessions.copied().map(Topic::Session));
    let accounts = committed.signed_out.iter().chain(&committed.changed_accounts);
    topics.extend(accounts.copied().map(Topic::Account));
    topics.extend(committed.changed_profiles.iter().map(|viewer| Topic::Account(viewer.id)));
    topics
}

impl Chat {
    /// Publishes what a use case has committed, and removes the files that nothing refers to any more. Called within
    /// [`Chat::run_to_completion`].
    pub(crate) async fn publish(&self, committed: Committed) {
        self.publisher.publish(&committed);
        for avatar in committed.orphaned_avatars {
            self.remove_avatar(avatar).await;
        }
    }
}

#[cfg(test)]
mod tests;
