//! What a transaction has changed that caches and subscribers have to know.

use domain::{
    ids::{AvatarId, RoomId, SessionId, UserId},
    messages::Rev,
    users::CurrentUser,
    wire::ChangeSet,
};

/// What a committed transaction leaves for the caches and the subscribers. Each list says what is so now: a
/// transaction that finds it so already says it as well, and so mends what memory had wrong.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[must_use = "what is committed has to be published"]
pub struct Committed {
    /// The change sets of each room in the order of their numbers.
    pub change_sets: Vec<ChangeSet>,
    /// Rooms that have just been created, and the number that they stand at.
    pub created_rooms: Vec<(RoomId, Rev)>,
    /// Who is a member of which room.
    pub joined: Vec<(RoomId, UserId)>,
    /// Who is no member of which room: they left, or were removed or banned.
    pub left: Vec<(RoomId, UserId)>,
    /// Rooms that are there for no one any more.
    pub closed_rooms: Vec<RoomId>,
    /// Who was invited into which room, or is no longer.
    pub invitations: Vec<(RoomId, UserId)>,
    /// Users whose read positions have been stored.
    pub readers: Vec<UserId>,
    /// Sessions that are no longer stored.
    pub ended_sessions: Vec<SessionId>,
    /// Users without a session.
    pub signed_out: Vec<UserId>,
    /// Sessions that are stored otherwise than before.
    pub changed_sessions: Vec<SessionId>,
    /// Users whose sessions have to be read again: they have other notices.
    pub changed_accounts: Vec<UserId>,
    /// Users with another profile, as they see themselves now.
    pub changed_profiles: Vec<CurrentUser>,
    /// Avatars that nothing shows any more.
    pub orphaned_avatars: Vec<AvatarId>,
}

impl Committed {
    pub(crate) fn changes(change_sets: Vec<ChangeSet>) -> Self {
        Self { change_sets, ..Self::default() }
    }
}
