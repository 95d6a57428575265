use super::*;
use MembershipStatus::{Banned, In, Invited, Left, Removed, Stranger};

const STANDINGS: [MembershipStatus; 8] = [
    Stranger,
    Left,
    Removed,
    Banned,
    Invited,
    In(Role::Member),
    In(Role::Moderator),
    In(Role::Owner),
];
const KINDS: [RoomKind; 3] = [RoomKind::Open, RoomKind::Private, RoomKind::Direct];

/// Of each kind of room the standings that may, in the order of [`STANDINGS`]: stranger, left, removed,
/// banned, invited, member, moderator, owner.
#[rustfmt::skip]
const TABLE: [(Action, [&str; 3]); 33] = [
    //                                      open        private     direct
    (Action::Knock,                       ["yyy.yyyy", "....yyyy", ".....yyy"]),
    (Action::Enter,                       ["yyy.yyyy", "....yyyy", ".....yyy"]),
    (Action::Join,                        ["yyy.yyyy", "yy..yyyy", ".....yyy"]),
    (Action::Read,                        [".....yyy", ".....yyy", ".....yyy"]),
    (Action::Post,                        [".....yyy", ".....yyy", ".....yyy"]),
    (Action::Leave,                       [".....yyy", ".....yyy", "........"]),
    (Action::Arrange,                     [".......y", ".......y", "........"]),
    (Action::Close,                       [".......y", ".......y", "........"]),
    (Action::Remove(In(Role::Member)),    ["......yy", "......yy", "........"]),
    (Action::Remove(In(Role::Moderator)), [".......y", ".......y", "........"]),
    (Action::Remove(In(Role::Owner)),     ["........", "........", "........"]),
    (Action::Remove(Left),                ["........", "........", "........"]),
    (Action::Ban(In(Role::Member)),       ["......yy", "......yy", "........"]),
    (Action::Ban(In(Role::Moderator)),    [".......y", ".......y", "........"]),
    (Action::Ban(In(Role::Owner)),        ["........", "........", "........"]),
    (Action::Ban(Left),                   ["......yy", "......yy", "........"]),
    (Action::Ban(Removed),                ["......yy", "......yy", "........"]),
    (Action::Ban(Stranger),               ["........", "........", "........"]),
    (Action::Pardon(Banned),              ["......yy", "......yy", "........"]),
    (Action::Pardon(Removed),             ["........", "........", "........"]),
    (Action::Appoint(In(Role::Member)),   [".......y", ".......y", "........"]),
    (Action::HandOver(In(Role::Moderator)), [".......y", ".......y", "........"]),
    (Action::Decline,                     ["....y...", "....y...", "........"]),
    (Action::Invite(Stranger),            [".....yyy", ".....yyy", "........"]),
    (Action::Invite(Left),                [".....yyy", ".....yyy", "........"]),
    (Action::Invite(Invited),             [".....yyy", ".....yyy", "........"]),
    (Action::Invite(Removed),             ["......yy", "......yy", "........"]),
    (Action::Invite(Banned),              ["........", "........", "........"]),
    (Action::Invite(In(Role::Member)),    ["........", "........", "........"]),
    (Action::Withdraw(Invited),           ["......yy", "......yy", "........"]),
    (Action::Withdraw(Stranger),          ["........", "........", "........"]),
    (Action::Ban(Invited),                ["........", "........", "........"]),
    (Action::Link,                        ["......yy", "......yy", "........"]),
];

#[test]
fn the_table_of_who_may_what() {
    for (action, kinds) in TABLE {
        for (kind, row) in KINDS.into_iter().zip(kinds) {
            for (standing, cell) in STANDINGS.into_iter().zip(row.chars()) {
                let may = allowed(action, standing, kind);
                assert_eq!(may, cell == 'y', "{action:?} by {standing:?} in {kind:?}");
            }
        }
    }
}

#[test]
fn nothing_is_done_to_owners_nor_to_those_who_are_not_there() {
    for of in [In(Role::Owner), Stranger, Left, Removed, Banned] {
        for (standing, kind) in STANDINGS.into_iter().flat_map(|by| KINDS.map(|kind| (by, kind))) {
            for action in [Action::Appoint(of), Action::HandOver(of), Action::Remove(of)] {
                assert!(!allowed(action, standing, kind), "{action:?} by {standing:?}");
            }
        }
    }
}

#[test]
fn who_cannot_read_is_told_nothing_and_who_can_is_told_that_they_may_not() {
    for (standing, kind) in STANDINGS.into_iter().flat_map(|by| KINDS.map(|kind| (by, kind))) {
        let refused = check(Action::Remove(Stranger), standing, kind);
        let is_in = matches!(standing, In(_));
        let expected = if is_in { AppError::NotAllowed } else { AppError::NotFound };
        assert_eq!(refused, Err(expected), "{standing:?} in {kind:?}");
        assert_eq!(check(Action::Read, standing, kind).is_ok(), is_in);
    }
}
