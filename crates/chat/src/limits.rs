//! Rate limits: which actions have one, how high it is, and who is counted.
//!
//! A new limit is a variant of [`LimitedAction`], its rate, and a row in docs/limits.md.

mod action;
mod buckets;
mod subject;
#[cfg(test)]
mod tests;

pub(crate) use action::LimitedAction;
pub use subject::address_block;
pub(crate) use subject::{Subject, network};

use crate::{Now, RateLimits};
use buckets::{Buckets, Rate};
use domain::{error::AppError, ids::UserId};
use std::{collections::HashMap, net::IpAddr};

/// What a use case in a room is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RateLimit {
    /// What is bounded by something else: by what it undoes, or by the messages that it follows.
    None,
    Post {
        text_bytes: usize,
    },
    ReadRoom,
    ReadList,
    ChangeRoom,
    ChangeProfile,
    ChangeAccount,
}

/// What the text of a message is counted by, in bytes: each costs at least this much, its row included.
const POSTED_UNIT: usize = 1_024;

pub(crate) struct Limits {
    switch: RateLimits,
    now: Now,
    limiters: HashMap<LimitedAction, Limiter>,
    logged_origins: Buckets,
}

struct Limiter {
    buckets: Buckets,
    /// A flood of refusals is not a flood of log lines: one a minute for each subject.
    logged: Buckets,
}

impl Limits {
    pub fn new(switch: RateLimits, now: Now) -> Self {
        let logged = Rate { burst: 1, interval_millis: 60_000 };
        let limiters = LimitedAction::ALL.into_iter().map(|action| {
            let limiter =
                Limiter { buckets: Buckets::new(action.rate()), logged: Buckets::new(logged) };
            (action, limiter)
        });
        let limiters = limiters.collect();
        Self { switch, now, limiters, logged_origins: Buckets::new(logged) }
    }

    /// Counts the action once, or answers how long to wait.
    pub fn take(&self, action: LimitedAction, subject: impl Into<Subject>) -> Result<(), AppError> {
        self.take_many(action, 1, subject)
    }

    /// Counts the action so many times, or not at all and answers how long to wait.
    fn take_many(
        &self,
        action: LimitedAction,
        count: u32,
        subject: impl Into<Subject>,
    ) -> Result<(), AppError> {
        let Some(limiter) = self.limiter(action) else { return Ok(()) };
        let (subject, now) = (subject.into(), (self.now)());
        limiter.buckets.take_many(count, subject, now).map_err(|wait_millis| {
            if limiter.logged.take(subject, now).is_ok() {
                tracing::info!(target: "security", event = "refused_by_limit", ?action, %subject);
            }
            let seconds = u32::try_from(wait_millis.unsigned_abs().div_ceil(1_000));
            action.refusal(seconds.unwrap_or(u32::MAX).max(1))
        })
    }

    /// Counts each of these before the outcome is known, so that attempts in parallel are counted as those
    /// in a row: all of them, or none and the refusal of the first that is exhausted.
    pub fn reserve(
        &self,
        counted: Vec<(LimitedAction, Subject)>,
    ) -> Result<Reservation<'_>, AppError> {
        let mut reservation = Reservation { limits: self, counted: Vec::new() };
        for (action, subject) in counted {
            if let Err(refusal) = self.take(action, subject) {
                reservation.give_back();
                return Err(refusal);
            }
            reservation.counted.push((action, subject));
        }
        Ok(reservation)
    }

    /// Counts what the user does once, or answers how long to wait.
    pub fn count(&self, limit: RateLimit, user: UserId) -> Result<(), AppError> {
        match limit {
            RateLimit::None => Ok(()),
            RateLimit::Post { text_bytes } => self.post(user, text_bytes),
            RateLimit::ReadRoom => self.take(LimitedAction::ReadRoom, user),
            RateLimit::ReadList => self.read_list(user),
            RateLimit::ChangeRoom => self.room(user),
            RateLimit::ChangeProfile => self.profile(user),
            RateLimit::ChangeAccount => self.account(user),
        }
    }

    /// A message from the user, with a text of so many bytes.
    fn post(&self, user: UserId, bytes: usize) -> Result<(), AppError> {
        self.take(LimitedAction::PostMessage, user)?;
        self.take(LimitedAction::PostMessageDaily, user)?;
        let units = u32::try_from(bytes.div_ceil(POSTED_UNIT)).unwrap_or(u32::MAX);
        self.take_many(LimitedAction::PostTextDaily, units.max(1), user)
    }

    /// Making, entering or moderating a room.
    pub fn room(&self, user: UserId) -> Result<(), AppError> {
        self.take(LimitedAction::ChangeRoom, user)?;
        self.take(LimitedAction::ChangeRoomDaily, user)
    }

    /// Changing a profile.
    pub fn profile(&self, user: UserId) -> Result<(), AppError> {
        self.take(LimitedAction::ChangeProfile, user)?;
        self.take(LimitedAction::ChangeProfileDaily, user)
    }

    /// Changing what an account holds besides its profiles.
    pub fn account(&self, user: UserId) -> Result<(), AppError> {
        self.take(LimitedAction::ChangeAccount, user)
    }

    /// Reading a list of users or rooms.
    pub fn read_list(&self, user: UserId) -> Result<(), AppError> {
        self.take(LimitedAction::ReadList, user)
    }

    /// Taking along all that is the user's own.
    pub fn export(&self, user: UserId) -> Result<(), AppError> {
        self.take(LimitedAction::Export, user)
    }

    /// A wrong secret from an address that is not worth a check of its own.
    pub fn failed_from(&self, address: IpAddr) -> Result<(), AppError> {
        self.take(LimitedAction::FailedFromAddress, Subject::Address(address_block(address)))
    }

    /// Making an account from an address.
    pub fn sign_up(&self, address: IpAddr) -> Result<(), AppError> {
        self.take(LimitedAction::SignUp, Subject::Address(address_block(address)))
    }

    /// Whether a refused origin from an address is to be logged: the first in a minute.
    pub fn logs_origin(&self, address: IpAddr) -> bool {
        self.logged_origins.take(Subject::Address(address), (self.now)()).is_ok()
    }

    /// Frees the memory of subjects whose allowance is whole again.
    pub fn evict_idle(&self) {
        let now = (self.now)();
        self.logged_origins.evict_idle(now);
        for limiter in self.limiters.values() {
            limiter.buckets.evict_idle(now);
            limiter.logged.evict_idle(now);
        }
    }

    /// None where nothing is limited.
    fn limiter(&self, action: LimitedAction) -> Option<&Limiter> {
        self.limiters.get(&action).filter(|_| self.switch == RateLimits::On)
    }
}

/// What has been counted in advance. Dropped, it stays counted: a client that hangs up during a check is
/// not given its attempt back.
#[must_use]
pub(crate) struct Reservation<'a> {
    limits: &'a Limits,
    counted: Vec<(LimitedAction, Subject)>,
}

impl Reservation<'_> {
    /// The check succeeded: nothing has been counted.
    pub fn give_back(self) {
        for (action, subject) in self.counted {
            if let Some(limiter) = self.limits.limiter(action) {
                limiter.buckets.give_back(subject);
            }
        }
    }
}
