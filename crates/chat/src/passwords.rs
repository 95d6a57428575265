//! Hashing passwords: argon2id (19 MiB, 2 rounds, 1 lane), off the async threads, a few at a time, behind a bounded
//! queue.

mod turns;

pub(crate) use turns::Caller;

use crate::internal_error;
use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{SaltString, rand_core::OsRng},
};
use domain::{error::AppError, users::Password};
use std::{
    sync::{Arc, OnceLock},
    thread,
};
use tokio::sync::oneshot;
use turns::Turns;

/// Each takes 19 MiB and a core for some 20 ms: more at a time would not be done sooner.
const AT_ONCE: usize = 2;
/// How far hashing stands back where there is too little of the processor: it takes a tenth of what the
/// talk takes, and posting does not wait for a turn.
const NICENESS: i32 = 10;

#[derive(Clone)]
pub(crate) struct Passwords {
    turns: Turns,
    /// A hash that no password has, for addresses without an account.
    dummy_hash: Arc<OnceLock<String>>,
}

impl Passwords {
    pub fn new() -> Self {
        Self { turns: Turns::new(AT_ONCE), dummy_hash: Arc::default() }
    }

    pub async fn hash(&self, caller: Caller, password: Password) -> Result<String, AppError> {
        self.in_turn(caller, move || hash(&password)).await?
    }

    /// Whether the password is the one hashed. Without a hash the answer is no, and takes as long:
    /// how long it takes does not tell whether an address is known.
    pub async fn verify(
        &self,
        caller: Caller,
        password: Password,
        hash: Option<String>,
    ) -> Result<bool, AppError> {
        let dummy_hash = self.dummy_hash.clone();
        self.in_turn(caller, move || {
            let known = hash.is_some();
            let Some(hash) = hash.or_else(|| make_dummy_hash(&dummy_hash)) else {
                return false;
            };
            let parsed = PasswordHash::new(&hash);
            let verify = |hash| Argon2::default().verify_password(password.as_bytes(), &hash);
            parsed.and_then(verify).is_ok() && known
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        caller: Caller,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = self.turns.wait(caller).await?;
        let (done, result) = oneshot::channel();
        // A thread of its own: tokio's are shared, and a thread that has lowered its priority cannot raise it again.
        let hashing = move || {
            lower_priority();
            let _ = done.send(work());
            drop(turn);
        };
        let thread = thread::Builder::new().name("hashing".to_owned()).spawn(hashing);
        thread.map_err(|error| internal_error(&error))?;
        result.await.map_err(|error| internal_error(&error))
    }
}

/// Of this thread alone; elsewhere than on Linux it would be of the whole program.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "hashing goes on at the priority of everything else");
    }
}

/// `Argon2::default()` is argon2id with m = 19,456 KiB, t = 2, p = 1; a test below holds it to that.
fn hash(password: &Password) -> Result<String, AppError> {
    let salt = SaltString::generate(&mut OsRng);
    let hashed = Argon2::default().hash_password(password.as_bytes(), &salt);
    hashed.map(|hash| hash.to_string()).map_err(|error| internal_error(&error))
}

fn make_dummy_hash(dummy_hash: &OnceLock<String>) -> Option<String> {
    if let Some(hash) = dummy_hash.get() {
        return Some(hash.clone());
    }
    let unknown = Password::for_login(&uuid::Uuid::new_v4().to_string()).ok()?;
    let hash = hash(&unknown).ok()?;
    Some(dummy_hash.get_or_init(|| hash).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_hash_is_salted_argon2id_of_the_stated_cost() {
        let passwords = Passwords::new();
        let password = Password::parse("따뜻한 온돌방의 밤").unwrap();
        let caller = Caller::Stranger(std::net::Ipv4Addr::LOCALHOST.into());
        let first = passwords.hash(caller, password.clone()).await.unwrap();
        let second = passwords.hash(caller, password.clone()).await.unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, second, "each has a salt of its own");
        assert!(passwords.verify(caller, password.clone(), Some(first.clone())).await.unwrap());
        let wrong = Password::parse("차가운 온돌방의 밤").unwrap();
        assert!(!passwords.verify(caller, wrong, Some(first)).await.unwrap());
        assert!(!passwords.verify(caller, password, None).await.unwrap());
    }
}
