use super::*;
use MembershipStatus::{Banned, Invited, Left, Member, NonMember, Removed};

const STATUSES: [MembershipStatus; 8] = [
    NonMember,
    Left,
    Removed,
    Banned,
    Invited,
    Member(Role::Member),
    Member(Role::Moderator),
    Member(Role::Owner),
];
const KINDS: [RoomKind; 3] = [RoomKind::Open, RoomKind::Private, RoomKind::Direct];

/// For each kind of room the statuses that are allowed, in the order of [`STATUSES`]: non-member, left,
/// removed, banned, invited, member, moderator, owner.
#[rustfmt::skip]
const TABLE: [(Action, [&str; 3]); 33] = [
    //                                      open        private     direct
    (Action::Preview,                       ["yyy.yyyy", "....yyyy", ".....yyy"]),
    (Action::Join,                       ["yyy.yyyy", "....yyyy", ".....yyy"]),
    (Action::JoinByLink,                        ["yyy.yyyy", "yy..yyyy", ".....yyy"]),
    (Action::Read,                        [".....yyy", ".....yyy", ".....yyy"]),
    (Action::Post,                        [".....yyy", ".....yyy", ".....yyy"]),
    (Action::Leave,                       [".....yyy", ".....yyy", "........"]),
    (Action::EditSettings,                     [".......y", ".......y", "........"]),
    (Action::Close,                       [".......y", ".......y", "........"]),
    (Action::Remove(Member(Role::Member)),    ["......yy", "......yy", "........"]),
    (Action::Remove(Member(Role::Moderator)), [".......y", ".......y", "........"]),
    (Action::Remove(Member(Role::Owner)),     ["........", "........", "........"]),
    (Action::Remove(Left),                ["........", "........", "........"]),
    (Action::Ban(Member(Role::Member)),       ["......yy", "......yy", "........"]),
    (Action::Ban(Member(Role::Moderator)),    [".......y", ".......y", "........"]),
    (Action::Ban(Member(Role::Owner)),        ["........", "........", "........"]),
    (Action::Ban(Left),                   ["......yy", "......yy", "........"]),
    (Action::Ban(Removed),                ["......yy", "......yy", "........"]),
    (Action::Ban(NonMember),               ["........", "........", "........"]),
    (Action::Unban(Banned),              ["......yy", "......yy", "........"]),
    (Action::Unban(Removed),             ["........", "........", "........"]),
    (Action::ChangeRole(Member(Role::Member)),   [".......y", ".......y", "........"]),
    (Action::TransferOwnership(Member(Role::Moderator)), [".......y", ".......y", "........"]),
    (Action::Decline,                     ["....y...", "....y...", "........"]),
    (Action::Invite(NonMember),            [".....yyy", ".....yyy", "........"]),
    (Action::Invite(Left),                [".....yyy", ".....yyy", "........"]),
    (Action::Invite(Invited),             [".....yyy", ".....yyy", "........"]),
    (Action::Invite(Removed),             ["......yy", "......yy", "........"]),
    (Action::Invite(Banned),              ["........", "........", "........"]),
    (Action::Invite(Member(Role::Member)),    ["........", "........", "........"]),
    (Action::RevokeInvitation(Invited),           ["......yy", "......yy", "........"]),
    (Action::RevokeInvitation(NonMember),          ["........", "........", "........"]),
    (Action::Ban(Invited),                ["........", "........", "........"]),
    (Action::ManageInviteLinks,                        ["......yy", "......yy", "........"]),
];

#[test]
fn the_table_of_who_may_what() {
    for (action, kinds) in TABLE {
        for (kind, row) in KINDS.into_iter().zip(kinds) {
            for (status, cell) in STATUSES.into_iter().zip(row.chars()) {
                let may = allowed(action, status, kind);
                assert_eq!(may, cell == 'y', "{action:?} by {status:?} in {kind:?}");
            }
        }
    }
}

#[test]
fn nothing_is_done_to_owners_nor_to_those_who_are_not_there() {
    for of in [Member(Role::Owner), NonMember, Left, Removed, Banned] {
        for (status, kind) in STATUSES.into_iter().flat_map(|by| KINDS.map(|kind| (by, kind))) {
            for action in
                [Action::ChangeRole(of), Action::TransferOwnership(of), Action::Remove(of)]
            {
                assert!(!allowed(action, status, kind), "{action:?} by {status:?}");
            }
        }
    }
}

#[test]
fn who_cannot_read_is_told_nothing_and_who_can_is_told_that_they_may_not() {
    for (status, kind) in STATUSES.into_iter().flat_map(|by| KINDS.map(|kind| (by, kind))) {
        let refused = check(Action::Remove(NonMember), status, kind);
        let is_in = matches!(status, Member(_));
        let expected = if is_in { AppError::NotAllowed } else { AppError::NotFound(What::Room) };
        assert_eq!(refused, Err(expected), "{status:?} in {kind:?}");
        assert_eq!(check(Action::Read, status, kind).is_ok(), is_in);
    }
}
