//! Every address of this site, written once: a constant for the router, a function for links and redirects.

use domain::{
    history::PageAnchor,
    ids::{ProfileId, RoomId, UserId},
    messages::Seq,
};

/// A route of the router, and the path that it matches for given parameters.
macro_rules! routes {
    ($($(#[$doc:meta])* $ROUTE:ident, $path:ident($($name:ident: $kind:ty),+) = $pattern:literal;)+) => {
        $(
            $(#[$doc])*
            pub const $ROUTE: &str = $pattern;

            $(#[$doc])*
            #[must_use]
            pub fn $path($($name: $kind),+) -> String {
                format!($pattern)
            }
        )+
    };
}

/// The user's rooms, and beside them the page on which rooms are made and joined.
pub const HOME: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
/// Where a sign-in asks for the second factor's code.
pub const SIGN_IN_CODE: &str = "/sign-in/code";
pub const SIGN_UP: &str = "/sign-up";
/// The listed rooms.
pub const ROOMS: &str = "/rooms";
pub const USERS: &str = "/people";
/// The user's own profiles.
pub const PROFILES: &str = "/profiles";
pub const ACCOUNT: &str = "/account";
pub const ACCOUNT_EMAIL: &str = "/account/email";
pub const ACCOUNT_PASSWORD: &str = "/account/password";
pub const ACCOUNT_TWO_STEP: &str = "/account/two-step";
/// Other pages redirect here as long as there is an unread notice.
pub const ACCOUNT_NOTICES: &str = "/account/notices";
pub const ACCOUNT_DELETE: &str = "/account/delete";
/// A file, not a page.
pub const ACCOUNT_EXPORT: &str = "/account/export";
pub const ADMIN: &str = "/admin";
pub const ADMIN_USERS: &str = "/admin/people";
pub const ADMIN_ROOMS: &str = "/admin/rooms";
pub const ADMIN_SIGN_UP: &str = "/admin/sign-up";
pub const ADMIN_LOG: &str = "/admin/log";
/// The socket.
pub const SOCKET: &str = "/ws";
/// The server functions, as scripts call them.
pub const SERVER_FN: &str = "/api/{function}";
/// The beginning of server functions' addresses.
pub const API: &str = "/api/";
/// The bytes of a profile's or a room's avatar, by the length of its side in pixels.
pub const AVATAR: &str = "/pictures/{id}/{size}";

/// The beginnings of the links that carry a secret. Without their secret they are not found.
pub const SECRET_LINKS: [&str; 3] = ["/join", "/reset", "/setup"];

routes! {
    ROOM, room(id: RoomId) = "/room/{id}";
    ROOM_SETTINGS, room_settings(id: RoomId) = "/room/{id}/settings";
    ROOM_AVATAR, room_avatar(id: RoomId) = "/room/{id}/settings/picture";
    ROOM_INVITE, room_invite(id: RoomId) = "/room/{id}/invite";
    /// The page that shows a new invitation link, once.
    ROOM_INVITE_LINK, room_invite_link(id: RoomId, token: &str) = "/room/{id}/invite/{token}";
    USER, user(id: UserId) = "/people/{id}";
    PROFILE, profile(id: ProfileId) = "/profiles/{id}";
    PROFILE_AVATAR, profile_avatar(id: ProfileId) = "/profiles/{id}/picture";
    ADMIN_USER, admin_user(id: UserId) = "/admin/people/{id}";
    /// Shows an administrator a link for a new password.
    ADMIN_USER_RESET, admin_user_reset(id: UserId, token: &str) = "/admin/people/{id}/reset/{token}";
    /// An invitation link.
    JOIN, join(token: &str) = "/join/{token}";
    /// A link for a new password.
    RESET, reset(token: &str) = "/reset/{token}";
    /// A link by which the first account is made.
    SETUP, setup(token: &str) = "/setup/{token}";
}

/// A page of a room's history. One around a place begins there.
#[must_use]
pub fn history(id: RoomId, anchor: PageAnchor) -> String {
    let page = room(id);
    match anchor {
        PageAnchor::Newest => page,
        PageAnchor::Before(Seq(seq)) => format!("{page}?before={seq}"),
        PageAnchor::After(Seq(seq)) => format!("{page}?after={seq}"),
        PageAnchor::Around(seq) => format!("{page}?at={}#{}", seq.0, place(seq)),
    }
}

/// The id of the element that stands at a place in a room.
#[must_use]
pub fn place(Seq(seq): Seq) -> String {
    format!("at-{seq}")
}

/// A page with the path to continue at: a path of this site.
#[must_use]
pub fn with_next(path: &str, next: &str) -> String {
    match next {
        HOME => path.to_owned(),
        next => format!("{path}?next={}", encoded(next)),
    }
}

/// A page of a list, of those entries that match `query`.
#[must_use]
pub fn list_page(path: &str, query: &str, page: usize) -> String {
    format!("{path}?q={}&page={page}", encoded(query))
}

/// Percent-encodes what would end or split a query value.
fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::invitation_links::SecretToken;

    #[test]
    fn a_path_is_its_route_with_the_parameters_filled_in() {
        let id = "0a1b2c3d-0000-4000-8000-000000000000";
        let room = RoomId::parse(id).unwrap();
        assert_eq!(room_invite_link(room, "secret"), format!("/room/{id}/invite/secret"));
        assert_eq!(ROOM_INVITE_LINK, "/room/{id}/invite/{token}");
    }

    #[test]
    fn a_pasted_link_is_recognised() {
        let token = SecretToken::parse(&"0a1b2c3d".repeat(4)).unwrap();
        assert_eq!(SecretToken::from_pasted(&join(token.as_str())), Some(token));
        for route in [JOIN, RESET, SETUP] {
            assert!(
                SECRET_LINKS.iter().any(|link| route == format!("{link}/{{token}}")),
                "{route}"
            );
        }
    }

    #[test]
    fn what_a_query_carries_stays_one_value() {
        assert_eq!(with_next(SIGN_IN, "/room/1?a=b&c"), "/sign-in?next=/room/1%3Fa%3Db%26c");
        assert_eq!(with_next(SIGN_IN, HOME), "/sign-in");
        assert_eq!(list_page(USERS, "홍 &", 2), "/people?q=%ED%99%8D%20%26&page=2");
    }
}
