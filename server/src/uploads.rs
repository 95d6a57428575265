//! How many files a user and a network may upload at a time, and where they are kept meanwhile.

use crate::permits::{Permit, Permits};
use chat::address_block;
use domain::ids::UserId;
use std::net::IpAddr;

const MAX_OF_A_USER: u32 = 4;
/// A class behind one address may upload a few at a time; the uploads are in temporary files meanwhile.
const MAX_OF_A_NETWORK: u32 = 16;

#[derive(Debug, Clone)]
pub struct Uploads {
    users: Permits<UserId>,
    networks: Permits<IpAddr>,
}

/// Held from before the first byte is read until the avatar is made.
#[derive(Debug)]
pub struct UploadPermit {
    _user: Permit<UserId>,
    _network: Permit<IpAddr>,
}

impl Uploads {
    pub fn limited() -> Self {
        Self {
            users: Permits::limited(MAX_OF_A_USER),
            networks: Permits::limited(MAX_OF_A_NETWORK),
        }
    }

    pub fn unlimited() -> Self {
        Self { users: Permits::unlimited(), networks: Permits::unlimited() }
    }

    pub fn take(&self, user: UserId, address: IpAddr) -> Option<UploadPermit> {
        let user = self.users.take(user)?;
        let network = self.networks.take(address_block(address))?;
        Some(UploadPermit { _user: user, _network: network })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_user_sends_four_at_a_time_and_a_network_sixteen() {
        let uploads = Uploads::limited();
        let user = || UserId::from_uuid(Uuid::new_v4());
        let (minji, here) = (user(), "2001:db8::1".parse().unwrap());
        let mut held: Vec<_> = std::iter::from_fn(|| uploads.take(minji, here)).collect();
        assert_eq!(held.len(), 4);
        while let Some(permit) = uploads.take(user(), "2001:db8::2".parse().unwrap()) {
            held.push(permit);
        }
        assert_eq!(held.len(), 16, "a network of IPv6 counts as one address");
        assert!(uploads.take(user(), "2001:db8:0:1::1".parse().unwrap()).is_some());
        held.clear();
        assert!(uploads.take(minji, here).is_some());
    }
}
