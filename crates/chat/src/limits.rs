//! Rate limits: which actions have one, how high it is, and who is counted.
//!
//! A new limit is a variant of [`LimitedAction`], its rate, and a row in docs/limits.md.

mod buckets;

use crate::{Now, RateLimits};
use buckets::{Buckets, Rate};
use domain::{ids::PersonId, problem::Problem};
use std::{collections::HashMap, fmt, net::IpAddr};

/// What is held to a rate.
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
    /// Reading a room: its page, a page of its history, or what changed in it.
    ReadRoom,
    /// Reading a list of users or rooms, each of which reads all of them and sorts them.
    ReadList,
    /// Taking along all that is the user's own.
    Export,
    /// Making an account, by the address it is made from.
    SignUp,
    /// Proving a password or a code, by address.
    Attempt,
    /// Signing in to an account, by the hash of its e-mail address.
    Account,
    /// A code of the second step, whatever it was guessed with. Of a million codes three are right at a time.
    Code,
}

impl LimitedAction {
    pub const ALL: [Self; 14] = [
        Self::PostMessage,
        Self::PostMessageDaily,
        Self::PostTextDaily,
        Self::ChangeRoom,
        Self::ChangeRoomDaily,
        Self::ChangeProfile,
        Self::ChangeProfileDaily,
        Self::ReadRoom,
        Self::ReadList,
        Self::Export,
        Self::SignUp,
        Self::Attempt,
        Self::Account,
        Self::Code,
    ];

    const fn rate(self) -> Rate {
        match self {
            Self::PostMessage => Rate { burst: 30, interval_millis: 200 },
            Self::PostMessageDaily => Rate { burst: 10_000, interval_millis: 8_640 },
            // 16 MiB at once, and 16 MiB a day.
            Self::PostTextDaily => Rate { burst: 16_384, interval_millis: 5_273 },
            Self::ChangeRoom => Rate { burst: 30, interval_millis: 2_000 },
            Self::ChangeRoomDaily => Rate { burst: 300, interval_millis: 60_000 },
            Self::ChangeProfile => Rate { burst: 20, interval_millis: 5_000 },
            Self::ChangeProfileDaily => Rate { burst: 100, interval_millis: 300_000 },
            // Ten tabs may come back to 64 rooms each at once.
            Self::ReadRoom => Rate { burst: 640, interval_millis: 50 },
            Self::ReadList => Rate { burst: 60, interval_millis: 500 },
            Self::Export => Rate { burst: 3, interval_millis: 600_000 },
            // A class of forty signs up within five minutes behind one address, with mistakes.
            Self::SignUp => Rate { burst: 60, interval_millis: 90_000 },
            Self::Attempt => Rate { burst: 20, interval_millis: 6_000 },
            Self::Account => Rate { burst: 10, interval_millis: 30_000 },
            Self::Code => Rate { burst: 10, interval_millis: 60_000 },
        }
    }
}

/// What the text of a message is counted by, in bytes: each costs at least this much, its row included.
const POSTED_UNIT: usize = 1_024;

/// Who is counted. Its `Display` is for the log, and names no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    User(PersonId),
    /// An IPv4 address or an IPv6 /64, as [`address_block`] makes it.
    Address(IpAddr),
    /// By the hash of the e-mail address: an unknown one is counted as well.
    Account([u8; 32]),
}

impl From<PersonId> for Subject {
    fn from(user: PersonId) -> Self {
        Self::User(user)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user {user}"),
            Self::Address(address) => write!(f, "address {address}"),
            Self::Account(_) => f.write_str("account"),
        }
    }
}

pub(crate) struct Limits {
    switch: RateLimits,
    now: Now,
    limiters: HashMap<LimitedAction, Limiter>,
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
        Self { switch, now, limiters: limiters.collect() }
    }

    /// Counts the action once, or answers how long to wait.
    pub fn take(&self, action: LimitedAction, subject: impl Into<Subject>) -> Result<(), Problem> {
        self.take_many(action, 1, subject)
    }

    /// Counts the action so many times, or not at all and answers how long to wait.
    fn take_many(
        &self,
        action: LimitedAction,
        count: u32,
        subject: impl Into<Subject>,
    ) -> Result<(), Problem> {
        let Some(limiter) = self.limiter(action) else { return Ok(()) };
        let (subject, now) = (subject.into(), (self.now)());
        limiter.buckets.take_many(count, subject, now).map_err(|wait_millis| {
            if limiter.logged.take(subject, now).is_ok() {
                tracing::info!(target: "security", event = "refused_by_limit", ?action, %subject);
            }
            let seconds = u32::try_from(wait_millis.unsigned_abs().div_ceil(1_000));
            Problem::SlowDown { seconds: seconds.unwrap_or(u32::MAX).max(1) }
        })
    }

    /// A message from the user, with a text of so many bytes.
    pub fn post(&self, user: PersonId, bytes: usize) -> Result<(), Problem> {
        self.take(LimitedAction::PostMessage, user)?;
        self.take(LimitedAction::PostMessageDaily, user)?;
        let units = u32::try_from(bytes.div_ceil(POSTED_UNIT)).unwrap_or(u32::MAX);
        self.take_many(LimitedAction::PostTextDaily, units.max(1), user)
    }

    /// Making, entering or moderating a room.
    pub fn room(&self, user: PersonId) -> Result<(), Problem> {
        self.take(LimitedAction::ChangeRoom, user)?;
        self.take(LimitedAction::ChangeRoomDaily, user)
    }

    /// Changing a profile.
    pub fn profile(&self, user: PersonId) -> Result<(), Problem> {
        self.take(LimitedAction::ChangeProfile, user)?;
        self.take(LimitedAction::ChangeProfileDaily, user)
    }

    /// Reading a room.
    pub fn read_room(&self, user: PersonId) -> Result<(), Problem> {
        self.take(LimitedAction::ReadRoom, user)
    }

    /// Reading a list of users or rooms.
    pub fn read_list(&self, user: PersonId) -> Result<(), Problem> {
        self.take(LimitedAction::ReadList, user)
    }

    /// Taking along all that is the user's own.
    pub fn export(&self, user: PersonId) -> Result<(), Problem> {
        self.take(LimitedAction::Export, user)
    }

    /// Making an account from an address.
    pub fn sign_up(&self, address: IpAddr) -> Result<(), Problem> {
        self.take(LimitedAction::SignUp, Subject::Address(address_block(address)))
    }

    /// Proving a password or a code from an address.
    pub fn attempt(&self, address: IpAddr) -> Result<(), Problem> {
        self.take(LimitedAction::Attempt, Subject::Address(address_block(address)))
    }

    /// Signing in to an account, by the hash of its e-mail address.
    pub fn account(&self, email_hash: [u8; 32]) -> Result<(), Problem> {
        self.take(LimitedAction::Account, Subject::Account(email_hash))
    }

    /// A code of the second step.
    pub fn code(&self, user: PersonId) -> Result<(), Problem> {
        self.take(LimitedAction::Code, user)
    }

    /// Frees the memory of subjects whose allowance is whole again.
    pub fn evict_idle(&self) {
        let now = (self.now)();
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

    fn user() -> PersonId {
        PersonId::from_uuid(Uuid::new_v4())
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
        assert_eq!(limits.post(minji, 10), Err(Problem::SlowDown { seconds: 1 }));
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
    fn a_clock_that_is_set_back_keeps_out_for_no_longer_than_a_full_bucket() {
        let (limits, clock) = limits();
        let minji = user();
        for _ in 0..30 {
            assert!(limits.post(minji, 10).is_ok());
        }
        clock.fetch_sub(24 * 60 * 60 * 1_000, Ordering::Relaxed);
        assert!(limits.post(minji, 10).is_err());
        clock.fetch_add(200, Ordering::Relaxed);
        assert_eq!(limits.post(minji, 10), Ok(()));
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
