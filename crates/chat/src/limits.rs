//! How often a person or an address may do what costs something or could be guessed with.

use crate::RateLimits;
use domain::{ids::PersonId, problem::Problem};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{hash::Hash, net::IpAddr, num::NonZeroU32, time::Duration};

pub(crate) struct Limits {
    switch: RateLimits,
    clock: DefaultClock,
    attempts: DefaultKeyedRateLimiter<IpAddr>,
    accounts: DefaultKeyedRateLimiter<[u8; 32]>,
    posts: DefaultKeyedRateLimiter<PersonId>,
    rooms: DefaultKeyedRateLimiter<PersonId>,
    profiles: DefaultKeyedRateLimiter<PersonId>,
    codes: DefaultKeyedRateLimiter<PersonId>,
}

impl Limits {
    pub fn new(switch: RateLimits) -> Self {
        let keyed = |burst, every| Quota::with_period(every).map(|quota| quota.allow_burst(burst));
        let quota = |burst, every| keyed(burst, every).unwrap_or(Quota::per_second(burst));
        Self {
            switch,
            clock: DefaultClock::default(),
            attempts: RateLimiter::keyed(quota(count(20), Duration::from_secs(6))),
            accounts: RateLimiter::keyed(quota(count(10), Duration::from_secs(30))),
            posts: RateLimiter::keyed(quota(count(30), Duration::from_millis(200))),
            rooms: RateLimiter::keyed(quota(count(30), Duration::from_secs(2))),
            profiles: RateLimiter::keyed(quota(count(20), Duration::from_secs(5))),
            codes: RateLimiter::keyed(quota(count(10), Duration::from_mins(1))),
        }
    }

    /// A sign-in or a sign-up from an address: 20 at once, then 10 a minute. IPv6 hands a house a
    /// whole network, so there the network counts.
    pub fn attempt(&self, address: IpAddr) -> Result<(), Problem> {
        self.check(&self.attempts, &network(address))
    }

    /// A sign-in to an account, by the hash of its address: 10 at once, then 2 a minute.
    pub fn account(&self, email_hash: [u8; 32]) -> Result<(), Problem> {
        self.check(&self.accounts, &email_hash)
    }

    /// A message: 30 at once, then 5 a second.
    pub fn post(&self, person: PersonId) -> Result<(), Problem> {
        self.check(&self.posts, &person)
    }

    /// Making or entering a room: 30 at once, then one in 2 seconds.
    pub fn room(&self, person: PersonId) -> Result<(), Problem> {
        self.check(&self.rooms, &person)
    }

    /// Changing a profile, which all of one's rooms are told of: 20 at once, then one in 5 seconds.
    pub fn profile(&self, person: PersonId) -> Result<(), Problem> {
        self.check(&self.profiles, &person)
    }

    /// A code of the second step, whatever it was guessed with: 10 at once, then one a minute. Of a million
    /// codes three are right at a time.
    pub fn code(&self, person: PersonId) -> Result<(), Problem> {
        self.check(&self.codes, &person)
    }

    /// Frees the memory of those who have not been heard of for long.
    pub fn forget_the_quiet(&self) {
        self.attempts.retain_recent();
        self.accounts.retain_recent();
        self.posts.retain_recent();
        self.rooms.retain_recent();
        self.profiles.retain_recent();
        self.codes.retain_recent();
    }

    fn check<K: Hash + Eq + Clone>(
        &self,
        limiter: &DefaultKeyedRateLimiter<K>,
        key: &K,
    ) -> Result<(), Problem> {
        if self.switch == RateLimits::Off {
            return Ok(());
        }
        limiter.check_key(key).map_err(|wait| {
            let wait = wait.wait_time_from(self.clock.now()).as_millis().div_ceil(1_000);
            Problem::SlowDown { seconds: u32::try_from(wait).unwrap_or(u32::MAX).max(1) }
        })
    }
}

const fn count(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => v6
            .to_ipv4_mapped()
            .map_or_else(|| IpAddr::V6((v6.to_bits() >> 64 << 64).into()), IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_thirty_first_message_at_once_is_told_to_wait() {
        let limits = Limits::new(RateLimits::On);
        let minji = PersonId::from_uuid(Uuid::new_v4());
        let junho = PersonId::from_uuid(Uuid::new_v4());
        let refused = (0..31).filter(|_| limits.post(minji).is_err()).count();
        assert_eq!(refused, 1);
        assert_eq!(limits.post(minji), Err(Problem::SlowDown { seconds: 1 }));
        assert_eq!(limits.post(junho), Ok(()), "one person's haste is nobody else's");
    }

    #[test]
    fn a_v6_network_counts_as_one_address() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
