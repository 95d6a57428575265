//! Rate limits: which actions have one, how high it is, and who is counted.
//!
//! A new limit is a variant of [`LimitedAction`], its rate, and a row in docs/limits.md.

mod buckets;

use crate::{Now, RateLimits};
use buckets::{Buckets, Rate};
use domain::{
    error::AppError,
    ids::{SessionId, UserId},
};
use std::{collections::HashMap, fmt, net::IpAddr};

/// What is held to a rate. The `Failed…` actions are reserved before the check and given back when it
/// succeeds, so that only failures count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum LimitedAction {
    PostMessage,
    /// The same over a day.
    PostMessageDaily,
    /// The text of messages over a day, by the [`POSTED_UNIT`].
    PostTextDaily,
    /// Making, entering or moderating a room.
    ChangeRoom,
    /// The same over a day: each leaves a line in the room.
    ChangeRoomDaily,
    /// Changing a profile, which all of the user's rooms are told of.
    ChangeProfile,
    /// The same over a day.
    ChangeProfileDaily,
    /// Changing what the user's account holds besides profiles: choices, devices, notices, invitations.
    ChangeAccount,
    /// Reading a room: its page, a page of its history, or what changed in it.
    ReadRoom,
    /// Reading a list of users or rooms, each of which reads all of them and sorts them.
    ReadList,
    /// Taking along all that is the user's own.
    Export,
    /// Making an account, by the address it is made from.
    SignUp,
    /// A session opened with the right password: the rows are bounded.
    SignIn,
    /// A wrong password, by known device, by session, or by account and network.
    FailedPassword,
    /// Wrong passwords of one account from all networks together, known devices apart.
    FailedPasswordOfAccount,
    /// Wrong passwords and codes from one address, at whichever account.
    FailedFromAddress,
    /// A wrong code of the second step. Of a million codes three are right at a time.
    FailedCode,
}

impl LimitedAction {
    pub const ALL: [Self; 17] = [
        Self::PostMessage,
        Self::PostMessageDaily,
        Self::PostTextDaily,
        Self::ChangeRoom,
        Self::ChangeRoomDaily,
        Self::ChangeProfile,
        Self::ChangeProfileDaily,
        Self::ChangeAccount,
        Self::ReadRoom,
        Self::ReadList,
        Self::Export,
        Self::SignUp,
        Self::SignIn,
        Self::FailedPassword,
        Self::FailedPasswordOfAccount,
        Self::FailedFromAddress,
        Self::FailedCode,
    ];

    const fn rate(self) -> Rate {
        match self {
            Self::PostMessage => Rate { burst: 30, interval_millis: 200 },
            Self::PostMessageDaily => Rate { burst: 10_000, interval_millis: 8_640 },
            // 16 MiB at once, and 16 MiB a day.
            Self::PostTextDaily => Rate { burst: 16_384, interval_millis: 5_273 },
            Self::ChangeRoom | Self::ChangeAccount => Rate { burst: 30, interval_millis: 2_000 },
            Self::ChangeRoomDaily => Rate { burst: 300, interval_millis: 60_000 },
            Self::ChangeProfile => Rate { burst: 20, interval_millis: 5_000 },
            Self::ChangeProfileDaily => Rate { burst: 100, interval_millis: 300_000 },
            // Ten tabs may come back to 64 rooms each at once.
            Self::ReadRoom => Rate { burst: 640, interval_millis: 50 },
            Self::ReadList => Rate { burst: 60, interval_millis: 500 },
            Self::Export => Rate { burst: 3, interval_millis: 600_000 },
            // A class of forty signs up within five minutes behind one address, with mistakes.
            Self::SignUp => Rate { burst: 60, interval_millis: 90_000 },
            Self::SignIn => Rate { burst: 60, interval_millis: 10_000 },
            Self::FailedPassword => Rate { burst: 10, interval_millis: 30_000 },
            Self::FailedPasswordOfAccount => Rate { burst: 300, interval_millis: 12_000 },
            // Right passwords are counted until they are checked: a class of forty signs in at once.
            Self::FailedFromAddress => Rate { burst: 60, interval_millis: 6_000 },
            Self::FailedCode => Rate { burst: 10, interval_millis: 60_000 },
        }
    }

    const fn refusal(self, seconds: u32) -> AppError {
        match self {
            Self::FailedPasswordOfAccount => AppError::OnlyKnownDevices,
            _ => AppError::SlowDown { seconds },
        }
    }
}

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

/// Who is counted. Its `Display` is for the log, and names no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    User(UserId),
    Session(SessionId),
    /// An IPv4 address or an IPv6 /64, as [`address_block`] makes it.
    Address(IpAddr),
    /// By the hash of the e-mail address: an unknown one is counted as well.
    Account([u8; 32]),
    /// The same from one network, as [`network`] makes it.
    AccountFrom([u8; 32], IpAddr),
    /// The same on a known device, by the hash of its token.
    AccountOn([u8; 32], [u8; 32]),
    /// A user on a known device.
    UserOn(UserId, [u8; 32]),
}

impl From<UserId> for Subject {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user {user}"),
            Self::Session(session) => write!(f, "session {session}"),
            Self::Address(address) => write!(f, "address {address}"),
            Self::Account(_) => f.write_str("account"),
            Self::AccountFrom(_, network) => write!(f, "account from {network}"),
            Self::AccountOn(..) => f.write_str("account on a known device"),
            Self::UserOn(user, _) => write!(f, "user {user} on a known device"),
        }
    }
}

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

/// A client's address, as far as it can be told from its neighbours: an IPv6 household has a whole /64.
#[must_use]
pub fn address_block(address: IpAddr) -> IpAddr {
    masked(address, 32)
}

/// The network of a client: an IPv4 /24 or an IPv6 /64.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    masked(address, 24)
}

fn masked(address: IpAddr, v4_bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - v4_bits).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Millis;
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };
    use uuid::Uuid;

    fn user() -> UserId {
        UserId::from_uuid(Uuid::new_v4())
    }

    fn limits() -> (Limits, Arc<AtomicI64>) {
        let clock = Arc::new(AtomicI64::new(1_795_359_600_000));
        let hands = clock.clone();
        let now: Now = Arc::new(move || Millis(hands.load(Ordering::Relaxed)));
        (Limits::new(RateLimits::On, now), clock)
    }

    #[test]
    fn the_thirty_first_message_at_once_is_told_to_wait() {
        let (limits, clock) = limits();
        let (minji, junho) = (user(), user());
        let refused = (0..31).filter(|_| limits.post(minji, 10).is_err()).count();
        assert_eq!(refused, 1);
        assert_eq!(limits.post(minji, 10), Err(AppError::SlowDown { seconds: 1 }));
        assert_eq!(
            limits.post(junho, 10),
            Ok(()),
            "one user's haste is counted for that user alone"
        );
        clock.fetch_add(200, Ordering::Relaxed);
        assert_eq!(limits.post(minji, 10), Ok(()));
        assert!(limits.post(minji, 10).is_err(), "one in 200 ms");
    }

    #[test]
    fn every_action_allows_its_burst_and_then_its_rate() {
        for action in LimitedAction::ALL {
            let (limits, clock) = limits();
            let (subject, Rate { burst, interval_millis }) = (user(), action.rate());
            for n in 0..burst {
                assert_eq!(limits.take(action, subject), Ok(()), "{action:?} {n}");
            }
            for _ in 0..3 {
                assert!(limits.take(action, subject).is_err(), "{action:?}");
                clock.fetch_add(interval_millis, Ordering::Relaxed);
                assert_eq!(limits.take(action, subject), Ok(()), "{action:?}");
            }
        }
    }

    #[test]
    fn what_is_given_back_has_not_been_counted() {
        let (limits, _) = limits();
        let subject = Subject::User(user());
        let counted = || vec![(LimitedAction::FailedPassword, subject)];
        for _ in 0..100 {
            limits.reserve(counted()).unwrap_or_else(|_| panic!("never refused")).give_back();
        }
        let kept = (0..100).filter(|_| limits.reserve(counted()).is_ok()).count();
        assert_eq!(kept, 10, "what is dropped stays counted");
    }

    #[test]
    fn a_refused_reservation_counts_nothing() {
        let (limits, _) = limits();
        let (exhausted, other) = (Subject::User(user()), Subject::User(user()));
        let action = LimitedAction::FailedPassword;
        for _ in 0..10 {
            assert!(limits.take(action, exhausted).is_ok());
        }
        for _ in 0..20 {
            assert!(limits.reserve(vec![(action, other), (action, exhausted)]).is_err());
        }
        assert!(limits.take(action, other).is_ok());
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_out_for_no_longer_than_a_full_bucket() {
        let (limits, clock) = limits();
        let minji = user();
        for _ in 0..30 {
            assert!(limits.take(LimitedAction::PostMessage, minji).is_ok());
        }
        clock.fetch_sub(24 * 60 * 60 * 1_000, Ordering::Relaxed);
        assert!(limits.take(LimitedAction::PostMessage, minji).is_err());
        clock.fetch_add(200, Ordering::Relaxed);
        assert_eq!(limits.take(LimitedAction::PostMessage, minji), Ok(()));
    }

    #[test]
    fn a_v6_network_counts_as_one_address() {
        let of = |text: &str| address_block(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }

    #[test]
    fn a_network_is_a_24_or_a_64() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("192.0.2.1"), of("192.0.2.254"));
        assert_ne!(of("192.0.2.1"), of("192.0.3.1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.7"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    }
}
