//! Five users, two rooms, their open tabs, and everything of it asked for once, so that it is cached.

use crate::helpers::{MINUTE, PASSWORD, TestApp, User, fresh_id};
use argon2::{Argon2, PasswordHasher, password_hash::SaltString};
use chat::{Chat, CreateInviteLink, Outgoing, RateLimits, Subscription};
use domain::{
    history::PageAnchor,
    ids::{InvitationLinkId, ProfileId, RoomId, UserId},
    invitation_links::{ExpiresAfter, MaxUses},
    memberships::Role,
    messages::MessageText,
    room_view::RoomView,
    wire::ServerFrame,
};
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};
use store::{AdmissionOutcome, NewSession, TotpState};

/// Hashed once for all scenes.
static PASSWORD_HASH: LazyLock<String> = LazyLock::new(|| {
    let salt = SaltString::from_b64("c2FyYW5nYmFuZw").unwrap();
    Argon2::default().hash_password(PASSWORD.as_bytes(), &salt).unwrap().to_string()
});

/// With which haeun is half way in.
pub const PENDING_LOGIN_TOKEN: &str = "half";
/// The one that haeun has.
pub const RECOVERY_CODE: &str = "abcdefghijkmnpqr";

/// A session, and the socket that it has open.
struct Tab {
    token: String,
    socket: Subscription,
}

pub struct Scene {
    test_app: TestApp,
    tabs: Vec<Tab>,
    /// Signed up first, so the administrator; owns the study.
    pub minji: User,
    /// A member of both rooms, with a second session and a second profile.
    pub junho: User,
    /// Owns the kitchen, moderates the study.
    pub seoyeon: User,
    /// Invited into the study.
    pub doyun: User,
    /// Banned from the study; her account asks for codes.
    pub haeun: User,
    pub study: RoomId,
    pub kitchen: RoomId,
    /// Into the study.
    pub link: String,
    pub link_id: InvitationLinkId,
    pub second_profile: ProfileId,
    /// For junho.
    pub reset: String,
}

impl Scene {
    pub async fn new() -> Self {
        let test_app = TestApp::new().await;
        let mut tabs = Vec::new();
        let minji = signed_in(&test_app, "minji", "민지", &mut tabs).await;
        let junho = signed_in(&test_app, "junho", "준호", &mut tabs).await;
        let seoyeon = signed_in(&test_app, "seoyeon", "서연", &mut tabs).await;
        let doyun = signed_in(&test_app, "doyun", "도윤", &mut tabs).await;
        let haeun = signed_in(&test_app, "haeun", "하은", &mut tabs).await;
        let chat = &test_app.chat;
        let study = minji.makes_a_room("공부방").await;
        let kitchen = seoyeon.makes_a_room("부엌").await;
        for (guest, room) in
            [(&junho, study), (&seoyeon, study), (&haeun, study), (&junho, kitchen)]
        {
            guest.enters(room).await;
        }
        let (owner, moderator) = (&minji.actor, seoyeon.actor.user());
        chat.change_role(owner, study, moderator, Role::Moderator).await.unwrap();
        chat.ban_member(owner, study, haeun.actor.user()).await.unwrap();
        chat.invite(owner, study, &[doyun.actor.user()]).await.unwrap();
        let form =
            CreateInviteLink { lifetime: ExpiresAfter::Week, uses: MaxUses::Ten, once: None };
        let link = chat.create_invite_link(owner, study, form).await.unwrap();
        let link_id = chat.hand_out_link(owner, study, link.as_str()).await.unwrap().link.id;
        let second_profile = chat.create_profile(&junho.actor, None, "민지 아빠").await.unwrap();
        let reset = chat.issue_password_reset(owner, junho.actor.user()).await.unwrap();
        asks_for_codes(&test_app, &haeun).await;
        junho.says("옛날 말").in_room(study).await;
        let link = link.as_str().to_owned();
        let reset = reset.as_str().to_owned();
        another_session(&test_app, junho.actor.user(), &mut tabs).await;
        test_app.passes(2 * MINUTE);
        let scene = Self {
            test_app,
            tabs,
            minji,
            junho,
            seoyeon,
            doyun,
            haeun,
            study,
            kitchen,
            link,
            link_id,
            second_profile,
            reset,
        };
        scene.warms_caches().await;
        scene
    }

    pub fn chat(&self) -> &Chat {
        &self.test_app.chat
    }

    async fn warms_caches(&self) {
        for tab in &self.tabs {
            self.answers(self.chat(), &tab.token).await;
        }
    }

    /// All that a user is answered with a token: who they are, their rooms, what they see of each room.
    async fn answers(&self, chat: &Chat, token: &str) -> String {
        let actor = chat.actor(token).await.unwrap();
        let Some(actor) = actor else { return "signed out".to_owned() };
        let rooms = chat.rooms(&actor).await;
        let study = chat.view_room(&actor, self.study, PageAnchor::Newest).await;
        let kitchen = chat.view_room(&actor, self.kitchen, PageAnchor::Newest).await;
        let viewer = chat.viewer(&actor).await;
        format!("{actor:#?}\n{viewer:#?}\n{rooms:#?}\n{study:#?}\n{kitchen:#?}")
    }

    pub async fn assert_memory_equals_database(&mut self, when: &str) {
        // What was dropped may still wait for the writer, which takes messages in their order.
        let _ = self.minji.says("그다음 말").tried_in(self.study).await;
        let now = self.test_app.now();
        let empty = Chat::new(self.test_app.store.clone(), RateLimits::Off, Arc::new(move || now));
        for tab in &self.tabs {
            let remembered = self.answers(self.chat(), &tab.token).await;
            let stored = self.answers(&empty, &tab.token).await;
            let differs = remembered.lines().zip(stored.lines()).find(|(one, other)| one != other);
            assert_eq!(differs, None, "{when}: what is remembered, and what is stored");
        }
        self.assert_a_used_code_has_led_in(when).await;
        for room in [self.study, self.kitchen] {
            self.assert_members_alone_hear(&empty, room, when).await;
        }
    }

    async fn assert_a_used_code_has_led_in(&self, when: &str) {
        let (store, haeun) = (&self.test_app.store, self.haeun.actor.user());
        let known = store.two_factor(haeun).await.unwrap();
        let Some(TotpState::On { codes_left, .. }) = known else { return };
        let sessions = store.sessions_of(haeun).await.unwrap().len();
        assert_eq!(sessions == 2, codes_left == 0, "{when}: a code that is used opens a session");
    }

    /// A message reaches the sockets of those who are in the room as the database says, and no others; the sockets of
    /// ended sessions have been closed.
    async fn assert_members_alone_hear(&self, database: &Chat, room: RoomId, when: &str) {
        let mut members = Vec::new();
        for tab in &self.tabs {
            let actor = database.actor(&tab.token).await.unwrap();
            let is_open = tab.socket.receiver.close_reason().is_none();
            assert_eq!(is_open, actor.is_some(), "{when}: a socket of an ended session");
            let view = match &actor {
                Some(actor) => database.view_room(actor, room, PageAnchor::Newest).await.ok(),
                None => None,
            };
            members.push(actor.filter(|_| matches!(view, Some(RoomView::Joined(_)))));
        }
        let Some(author) = members.iter().flatten().next() else { return };
        let text = MessageText::parse("들려요?").unwrap();
        self.chat().post(author, room, fresh_id(), text.clone()).await.unwrap();
        for (tab, member) in self.tabs.iter().zip(&members) {
            let frames = std::iter::from_fn(|| tab.socket.receiver.try_recv());
            let hears = frames.filter(|told| says(told, room, &text)).count() == 1;
            assert_eq!(hears, member.is_some(), "{when}: who hears {room}");
        }
    }
}

fn says(told: &Outgoing, in_room: RoomId, text: &MessageText) -> bool {
    let Outgoing::Frame(frame) = told else { return false };
    let Ok(ServerFrame::Changes(changes)) = serde_json::from_slice(frame) else { return false };
    changes.room == in_room && changes.messages.iter().any(|message| message.text == *text)
}

async fn signed_in(test_app: &TestApp, email: &str, name: &str, tabs: &mut Vec<Tab>) -> User {
    let user = test_app.adds(&format!("{email}@example.com"), name, &PASSWORD_HASH).await;
    another_session(test_app, user, tabs).await
}

async fn asks_for_codes(test_app: &TestApp, user: &User) {
    let (id, session) = (user.actor.user(), user.actor.session());
    let secret = [7; 20];
    test_app.store.begin_two_factor(id, session, &secret, &[String::new()]).await.unwrap();
    let code = Sha256::new().chain_update(id.uuid().as_bytes()).chain_update(RECOVERY_CODE);
    let hashes = vec![code.finalize().into()];
    assert!(
        test_app.store.confirm_two_factor(id, &secret, 0, hashes, test_app.now()).await.unwrap()
    );
    let pending = NewSession {
        user: id,
        token_hash: Sha256::digest(PENDING_LOGIN_TOKEN).into(),
        device: "Firefox".to_owned(),
        at: test_app.now(),
        replaces: None,
    };
    let (admitted, _) = test_app.store.admit(pending, &PASSWORD_HASH).await.unwrap();
    assert_eq!(admitted, AdmissionOutcome::NeedsCode);
}

async fn another_session(test_app: &TestApp, user: UserId, tabs: &mut Vec<Tab>) -> User {
    let token = test_app.opens_session(user).await;
    let actor = test_app.chat.actor(&token).await.unwrap().unwrap();
    let user = User { actor, chat: test_app.chat.clone() };
    tabs.push(Tab { token, socket: user.connects().await });
    user
}
