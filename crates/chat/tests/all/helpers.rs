//! An instance with a clock that a test sets, and what a connection hears.

pub use crate::user::User;
use bytes::Bytes;
use chat::{
    Actor, Chat, ClientInfo, LoginResult, Outgoing, RateLimits, SignIn, SignUp, Subscription, Token,
};
use domain::{
    clock::Millis,
    error::AppError,
    ids::{ClientId, RoomId, UserId},
    users::{DisplayName, Email},
    wire::{ChangeSet, ServerFrame},
};
use sha2::{Digest, Sha256};
use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use store::{NewSession, NewUser, Store};
use tempfile::TempDir;
use uuid::Uuid;

pub const PASSWORD: &str = "따뜻한 온돌방의 밤";
pub const MINUTE: i64 = 60 * 1_000;
pub const HOUR: i64 = 60 * MINUTE;

pub struct TestApp {
    pub chat: Chat,
    pub store: Store,
    clock: Arc<AtomicI64>,
    folder: TempDir,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(RateLimits::Off, tempfile::tempdir().unwrap()).await
    }

    /// An instance that holds people to a rate.
    pub async fn strict() -> Self {
        Self::with(RateLimits::On, tempfile::tempdir().unwrap()).await
    }

    async fn with(limits: RateLimits, folder: TempDir) -> Self {
        let store = Store::open(&url(&folder)).await.unwrap();
        let clock = Arc::new(AtomicI64::new(1_795_359_600_000));
        let hands = clock.clone();
        let now = Arc::new(move || Millis(hands.load(Ordering::Relaxed)));
        let chat = Chat::new(store.clone(), limits, now);
        Self { chat, store, clock, folder }
    }

    /// The same instance after a restart, what was sessions and rooms still there; `between` happens
    /// while nobody has the file open.
    pub async fn restarts<T>(self, between: impl AsyncFnOnce(&str) -> T) -> (Self, T) {
        let Self { chat, store, folder, .. } = self;
        chat.hub().disconnect_all();
        drop(chat);
        store.close().await.unwrap();
        let done = between(&url(&folder)).await;
        (Self::with(RateLimits::Off, folder).await, done)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Everything that is on disk.
    pub fn bytes(&self) -> Vec<u8> {
        let files = ["instance.db", "instance.db-wal"];
        files.into_iter().flat_map(|name| std::fs::read(self.path(name)).unwrap()).collect()
    }

    pub fn passes(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::Relaxed);
    }

    pub fn now(&self) -> Millis {
        Millis(self.clock.load(Ordering::Relaxed))
    }

    pub async fn signs_up(
        &self,
        email: &str,
        name: &str,
        password: &str,
    ) -> Result<Token, AppError> {
        let (email, name, password) = (email.into(), name.into(), password.into());
        let form = SignUp {
            email,
            name,
            password,
            invitation: None,
            setup_link: None,
            at_the_machine: true,
        };
        self.chat.sign_up(form, &client_info()).await.map(|signed_up| signed_up.token)
    }

    pub async fn signs_in(&self, email: &str, password: &str) -> Result<Token, AppError> {
        match self.gives_password(email, password).await? {
            LoginResult::Session(token) => Ok(token),
            LoginResult::NeedsCode(_) => panic!("a code is asked for"),
        }
    }

    /// The first half of signing in.
    pub async fn gives_password(
        &self,
        email: &str,
        password: &str,
    ) -> Result<LoginResult, AppError> {
        let form = SignIn { email: email.into(), password: password.into() };
        self.chat.sign_in(form, &client_info()).await
    }

    /// Somebody who has signed up with a password.
    pub async fn member(&self, email: &str, name: &str) -> User {
        let token = self.signs_up(email, name, PASSWORD).await.unwrap();
        User { actor: self.actor(&token).await.unwrap(), chat: self.chat.clone() }
    }

    pub async fn actor(&self, token: &Token) -> Option<Actor> {
        self.chat.actor(token.as_str()).await.unwrap()
    }

    /// Somebody who has signed in, spared the hashing of a password.
    pub async fn user(&self, name: &str) -> User {
        let email = format!("{}@example.com", Uuid::new_v4());
        let user = self.adds(&email, name, "unused").await;
        let token = self.opens_session(user).await;
        User { actor: self.chat.actor(&token).await.unwrap().unwrap(), chat: self.chat.clone() }
    }

    /// A user who has not signed in, whose password has been hashed before.
    pub async fn adds(&self, email: &str, name: &str, password_hash: &str) -> UserId {
        let new = NewUser {
            email: Email::parse(email).unwrap(),
            name: DisplayName::parse(name).unwrap(),
            password_hash: password_hash.to_owned(),
            at: self.now(),
        };
        self.store.add_user(new).await.unwrap().unwrap()
    }

    /// The token of another session of the user.
    pub async fn opens_session(&self, user: UserId) -> String {
        let secret = Uuid::new_v4().to_string();
        let new = NewSession {
            user,
            token_hash: Sha256::digest(&secret).into(),
            device: "Firefox".to_owned(),
            at: self.now(),
            replaces: None,
        };
        let _ = self.store.open_session(new).await.unwrap().unwrap();
        secret
    }

    pub async fn users<const N: usize>(&self, names: [&str; N]) -> [User; N] {
        let mut users = Vec::new();
        for name in names {
            users.push(self.user(name).await);
        }
        users.try_into().unwrap_or_else(|_| unreachable!())
    }
}

/// The next change that a connection is told.
pub async fn hears(tab: &Subscription) -> ChangeSet {
    change(&frame(soon(tab.receiver.recv()).await))
}

/// What was taken from a queue, which has not been full.
pub fn frame(told: Outgoing) -> Bytes {
    match told {
        Outgoing::Frame(frame) => frame,
        Outgoing::Lagged => panic!("the queue was full"),
    }
}

/// Nothing is waiting for the connection. Changes are told before whoever made them is answered, so
/// what has not been told by now never will be.
pub fn hears_nothing(tab: &Subscription) {
    let told = tab.receiver.try_recv();
    assert!(told.is_none(), "{told:?}");
}

pub fn change(frame: &[u8]) -> ChangeSet {
    match serde_json::from_slice(frame).unwrap() {
        ServerFrame::Changes(changes) => changes,
        other => panic!("not a change: {other:?}"),
    }
}

pub fn texts(changes: &ChangeSet) -> Vec<&str> {
    changes.messages.iter().map(|message| message.text.as_str()).collect()
}

pub fn fresh_id() -> ClientId {
    ClientId::from_uuid(Uuid::new_v4())
}

/// A room that there is not.
pub fn nowhere() -> RoomId {
    RoomId::from_uuid(Uuid::new_v4())
}

pub fn client_info() -> ClientInfo {
    visitor_from(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)))
}

pub fn visitor_from(address: IpAddr) -> ClientInfo {
    ClientInfo { address, device: "Firefox".to_owned(), session: None, device_token: None }
}

/// Waits for what has to come; the limit is only for when it never does.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    let deadline = Duration::from_mins(5);
    tokio::time::timeout(deadline, what).await.unwrap_or_else(|_| panic!("waited for ever"))
}

fn url(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("instance.db").display())
}
