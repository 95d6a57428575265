//! Who may do what, row by row: every user tries every action, by server function, by form, by page and by
//! socket. The table repeats the policy as the instance's answers.

use crate::helpers::{Answer, TestServer, User, fresh_id, path, send};
use domain::{
    ids::{RoomId, UserId},
    messages::Rev,
    wire::{ClientFrame, Cursor, NackCode, ServerFrame},
};
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;

/// The users who try, in the order of the columns below.
struct Users {
    /// Signed out, non-member, removed, banned, invited; then a member, a moderator, an owner; and the
    /// instance's administrator, who is a non-member.
    tries: Vec<User>,
    ids: Vec<UserId>,
    /// The target: a member.
    victim: User,
    victim_id: UserId,
    /// The user whom all of them try to invite.
    guest_id: UserId,
}

const NAMES: [&str; 9] = ["아무개", "지우", "도윤", "하준", "이든", "서연", "준호", "민지", "집사"];

async fn id_of(user: &User) -> UserId {
    let own = user.makes_room("나를 알아보는 방").await;
    user.reads(own).await.members[0].user
}

impl Users {
    async fn new(test_server: &TestServer) -> Self {
        // The first account is the administrator's.
        let [keeper] = test_server.welcome_all(["집사"]).await;
        let mut tries = Vec::new();
        for name in &NAMES[..8] {
            tries.push(test_server.welcomes(name).await);
        }
        tries.push(keeper);
        let victim = test_server.welcomes("은우").await;
        let mut ids = Vec::new();
        for user in &tries {
            ids.push(id_of(user).await);
        }
        tries[0].signs_out().await.leads_to();
        let victim_id = id_of(&victim).await;
        let guest_id = id_of(&test_server.welcomes("새봄").await).await;
        Self { tries, ids, victim, victim_id, guest_id }
    }

    /// A new room in which every user has the status of their column.
    async fn room(&self, visibility: &str) -> RoomId {
        let [_, _, removed, banned, _, member, moderator, owner, _] = &*self.tries else {
            unreachable!("as many as there are names")
        };
        let room = owner.makes_room("공부방").await;
        for guest in [removed, banned, member, moderator, &self.victim] {
            guest.enters(room).await;
        }
        let done = [
            ("remove_member", self.ids[2], ""),
            ("ban_member", self.ids[3], ""),
            ("change_role", self.ids[6], "moderator"),
            ("invite_users", self.ids[4], ""),
        ];
        for (function, user, role) in done {
            let (room, user) = (room.to_string(), user.to_string());
            let fields = [("room", &*room), ("user", &user), ("users[]", &user), ("role", role)];
            owner.calls(function, &fields).await.with(200);
        }
        let fields = [
            ("room", &*room.to_string()),
            ("title", "공부방"),
            ("description", ""),
            ("visibility", visibility),
        ];
        owner.calls("update_room", &fields).await.with(200);
        room
    }

    fn fields(&self, room: RoomId, function: &str) -> Vec<(&'static str, String)> {
        let user = match function {
            "unban_member" => self.ids[3],
            "revoke_invitation" => self.ids[4],
            _ => self.victim_id,
        };
        vec![
            ("room", room.to_string()),
            ("user", user.to_string()),
            ("users[]", self.guest_id.to_string()),
            ("lifetime", "7".to_owned()),
            ("uses", "10".to_owned()),
            ("role", "moderator".to_owned()),
            ("title", "독서실".to_owned()),
            ("description", "조용히".to_owned()),
            ("visibility", "open".to_owned()),
            ("client_id", fresh_id().to_string()),
            ("text", "들려요?".to_owned()),
        ]
    }
}

/// The status with which a server function answers a signed-out caller, a non-member, a removed, a banned and
/// an invited user, a member, a moderator, an owner, and the administrator, who is a non-member in rooms.
type TableRow = (&'static str, [u16; 9]);

const IN_BOTH: [TableRow; 16] = [
    ("read_page", [401, 404, 404, 404, 404, 200, 200, 200, 404]),
    ("post_message", [401, 404, 404, 404, 404, 200, 200, 200, 404]),
    // The last owner has to transfer the room first.
    ("leave_room", [401, 404, 404, 404, 404, 200, 200, 422, 404]),
    ("update_room", [401, 404, 404, 404, 404, 403, 403, 200, 404]),
    ("close_room", [401, 404, 404, 404, 404, 403, 403, 200, 404]),
    ("remove_member", [401, 404, 404, 404, 404, 403, 200, 200, 404]),
    ("ban_member", [401, 404, 404, 404, 404, 403, 200, 200, 404]),
    ("unban_member", [401, 404, 404, 404, 404, 403, 200, 200, 404]),
    ("change_role", [401, 404, 404, 404, 404, 403, 403, 200, 404]),
    ("transfer_ownership", [401, 404, 404, 404, 404, 403, 403, 200, 404]),
    ("invite_users", [401, 404, 404, 404, 404, 200, 200, 200, 404]),
    ("revoke_invitation", [401, 404, 404, 404, 404, 403, 200, 200, 404]),
    ("decline_invitation", [401, 404, 404, 404, 200, 403, 403, 403, 404]),
    ("clear_room_avatar", [401, 404, 404, 404, 404, 403, 403, 200, 404]),
    ("set_room_profile", [401, 404, 404, 404, 404, 200, 200, 200, 404]),
    ("create_invite_link", [401, 404, 404, 404, 404, 403, 200, 200, 404]),
];
const ENTERING: [(&str, TableRow); 2] = [
    ("open", ("join_room", [401, 200, 200, 404, 200, 200, 200, 200, 200])),
    ("private", ("join_room", [401, 404, 404, 404, 200, 200, 200, 200, 404])),
];

fn table() -> impl Iterator<Item = (&'static str, TableRow)> {
    let in_both = ["open", "private"].into_iter().flat_map(|of| IN_BOTH.map(|row| (of, row)));
    in_both.chain(ENTERING)
}

/// Actions on the caller's own account, or, see admin.rs, by administrators on the instance.
const OWN: [&str; 21] = [
    "begin_two_factor",
    "change_email",
    "change_password",
    "set_registration",
    "clear_avatar",
    "confirm_two_factor",
    "create_room",
    "delete_account",
    "delete_profile",
    "run_admin_action",
    "end_device",
    "end_other_devices",
    "end_two_factor",
    "join_by_link",
    "list_rooms",
    "set_default_profile",
    "create_profile",
    "mark_notices_read",
    "rename_profile",
    "revoke_link",
    "open_direct_room",
];
/// Functions for signed-out callers.
const OUTSIDE: [&str; 7] = [
    "submit_code",
    "reset_password",
    "set_language",
    "set_theme",
    "sign_in",
    "sign_out",
    "sign_up",
];

fn as_fields<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_answers_everybody_as_they_may() {
    let test_server = TestServer::new().await;
    let users = Users::new(&test_server).await;
    for (visibility, (function, statuses)) in table() {
        for ((user, name), status) in users.tries.iter().zip(NAMES).zip(statuses) {
            let room = users.room(visibility).await;
            let fields = users.fields(room, function);
            let answer = user.calls(function, &as_fields(&fields)).await;
            assert_eq!(
                answer.status, status,
                "{function} by {name} in {visibility}: {}",
                answer.body
            );
        }
    }
}

/// So that no function is missing above.
#[tokio::test]
async fn every_function_stands_in_one_table_and_all_but_a_few_ask_who_calls() {
    let known: BTreeSet<_> =
        server_fn_paths().filter_map(|(path, _)| path.strip_prefix("/api/")).collect();
    let of_rooms: BTreeSet<_> = table().map(|(_, (function, _))| function).collect();
    let mut told: Vec<_> = of_rooms.into_iter().chain(OWN).chain(OUTSIDE).collect();
    told.sort_unstable();
    assert_eq!(known.into_iter().collect::<Vec<_>>(), told);

    let test_server = TestServer::new().await;
    let nobody = test_server.visited_by("아무개");
    let id = fresh_id().to_string();
    let ids = ["room", "user", "profile", "session", "link"].map(|name| (name, &*id));
    let texts = ["title", "name", "email", "password", "new_password", "code", "invitation"]
        .map(|name| (name, "무엇"));
    let choices =
        [("visibility", "open"), ("action", "suspend"), ("mode", "open"), ("confirmed", "yes")];
    let fields: Vec<_> = ids.into_iter().chain(texts).chain(choices).collect();
    for function in OWN {
        let answer = nobody.calls(function, &fields).await;
        assert_eq!(answer.status, 401, "{function}: {}", answer.body);
    }
}

/// A refused form is its page again, or not found if there is none.
fn is_refused(answer: &Answer, status: u16) -> bool {
    answer.status == status && answer.body.contains("</html>")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_answers_everybody_as_they_may() {
    let test_server = TestServer::new().await;
    let users = Users::new(&test_server).await;
    let rows = table().filter(|(_, (function, _))| *function != "read_page");
    for (visibility, (function, statuses)) in rows {
        for ((user, name), status) in users.tries.iter().zip(NAMES).zip(statuses) {
            let room = users.room(visibility).await;
            let fields = users.fields(room, function);
            let form = format!("{}/settings?/{function}", path(room));
            let answer = user.posts(&form, &as_fields(&fields)).await;
            let as_told = match status {
                200 => answer.status == 303 && !answer.leads_to().contains("sign-in"),
                401 => answer.leads_to().contains("sign-in"),
                refused => is_refused(&answer, refused),
            };
            assert!(as_told, "{function} by {name} in {visibility}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn every_page_is_there_for_whom_it_may() {
    let test_server = TestServer::new().await;
    let users = Users::new(&test_server).await;
    for (visibility, to, statuses) in [
        ("open", "", [303, 200, 200, 404, 200, 200, 200, 200, 200]),
        ("private", "", [303, 404, 404, 404, 200, 200, 200, 200, 404]),
        ("open", "/settings", [303, 404, 404, 404, 404, 200, 200, 200, 404]),
        ("private", "/settings", [303, 404, 404, 404, 404, 200, 200, 200, 404]),
        ("open", "/invite", [303, 404, 404, 404, 404, 200, 200, 200, 404]),
        ("private", "/invite", [303, 404, 404, 404, 404, 200, 200, 200, 404]),
    ] {
        let room = users.room(visibility).await;
        for ((user, name), status) in users.tries.iter().zip(NAMES).zip(statuses) {
            let answer = user.gets(&format!("{}{to}", path(room))).await;
            assert_eq!(answer.status, status, "{to:?} by {name} in {visibility}");
            let inside = matches!(name, "서연" | "준호" | "민지");
            assert!(inside || !answer.body.contains("은우"), "{name} sees who is in");
        }
        for ((user, name), listed) in users
            .tries
            .iter()
            .zip(NAMES)
            .zip([false, true, true, false, true, true, true, true, true])
        {
            let list = user.gets("/rooms").await;
            let is_there = list.body.contains(&path(room));
            assert_eq!(is_there, listed && visibility == "open", "{name} in {visibility}");
        }
    }
}

#[tokio::test]
async fn every_socket_is_answered_as_its_person_may() {
    let test_server = TestServer::new().await;
    let users = Users::new(&test_server).await;
    for visibility in ["open", "private"] {
        let room = users.room(visibility).await;
        let epoch = users.tries[7].reads(room).await.epoch;
        users.tries[0].connects().await.is_dismissed(4001).await;
        for (user, name) in users.tries.iter().zip(NAMES).skip(1) {
            let inside = matches!(name, "서연" | "준호" | "민지");
            let mut socket = user.connects().await;
            socket.greets(Some(epoch), vec![Cursor { room, after: Rev(0) }]).await;
            match socket.hears().await {
                ServerFrame::Answer { .. } => assert!(inside, "{name}"),
                ServerFrame::Reset { .. } => assert!(!inside, "{name}"),
                other => panic!("{name}: {other:?}"),
            }
            for frame in
                [ClientFrame::Changes { room, after: Rev(0) }, send(room, fresh_id(), "들려요?")]
            {
                socket.tells(&frame).await;
                loop {
                    match socket.hears().await {
                        ServerFrame::Nack { code, .. } => {
                            assert!(!inside && code == NackCode::NotFound, "{name}: {code:?}");
                        }
                        ServerFrame::Answer { .. } | ServerFrame::Ack { .. } => assert!(inside),
                        // The user's own message.
                        ServerFrame::Changes(_) => continue,
                        other => panic!("{name}: {other:?}"),
                    }
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn a_one_to_one_room_is_there_for_these_two_alone() {
    let test_server = TestServer::new().await;
    let [minji, junho, seoyeon] = test_server.welcome_all(["민지", "준호", "서연"]).await;
    let with = id_of(&junho).await.to_string();
    let talk = |user: &User| {
        let user = user.clone();
        let with = with.clone();
        async move { user.posts(&format!("/people/{with}?/open_direct_room"), &[("user", &with)]).await }
    };
    let answer = talk(&minji).await;
    let room: RoomId = answer.leads_to().strip_prefix("/room/").unwrap().parse().unwrap();
    assert_eq!(talk(&minji).await.leads_to(), path(room), "always the same one");
    assert_ne!(talk(&junho).await.leads_to(), path(room), "a note to oneself is another");
    minji.says(room, "둘이서").await;
    minji.looks_at(room).await.page(200).shows("<title>준호<");
    junho.looks_at(room).await.page(200).shows("<title>민지<");
    junho.gets(&format!("{}/settings", path(room))).await.page(404);

    for (function, status) in
        [("read_page", 404), ("post_message", 404), ("join_room", 404), ("leave_room", 404)]
    {
        let fields = [
            ("room", &*room.to_string()),
            ("client_id", &fresh_id().to_string()),
            ("text", "저도"),
        ];
        seoyeon.calls(function, &fields).await.with(status);
    }
    seoyeon.looks_at(room).await.page(404).hides("둘이서");
    for function in ["leave_room", "close_room"] {
        junho.calls(function, &[("room", &room.to_string())]).await.with(403);
    }
    let nobody = RoomId::from_uuid(uuid::Uuid::new_v4()).to_string();
    for nobody in [&*nobody, "누구", ""] {
        minji.calls("open_direct_room", &[("user", nobody)]).await.with(404);
    }
}
