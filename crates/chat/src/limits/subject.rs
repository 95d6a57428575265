//! Who is counted: a user, a session, an account or an address.

use domain::ids::{SessionId, UserId};
use std::{fmt, net::IpAddr};

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

/// A client's address, as far as it can be told from its neighbours: with IPv6 a home has a whole /64.
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
