//! How many sockets an address may have open, whoever it says it is.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A class of thirty behind one address, each with a few tabs.
const AN_ADDRESS_MOST: u32 = 256;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Seats {
    most: u32,
    taken: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

/// One socket's place. Dropping it frees it.
#[derive(Debug)]
pub struct Seat {
    seats: Seats,
    address: IpAddr,
}

impl Seats {
    #[must_use]
    pub fn limited() -> Self {
        Self { most: AN_ADDRESS_MOST, taken: Arc::default() }
    }

    #[must_use]
    pub fn unlimited() -> Self {
        Self { most: u32::MAX, taken: Arc::default() }
    }

    /// None when the address has as many as it may.
    #[must_use]
    pub fn take(&self, address: IpAddr) -> Option<Seat> {
        let mut taken = self.taken();
        let count = taken.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Seat { seats: self.clone(), address })
    }

    /// A panic while the lock was held leaves a map that is still whole.
    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        let Some(count) = taken.get_mut(&self.address) else { return };
        *count -= 1;
        if *count == 0 {
            taken.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_seats_and_gives_them_back() {
        let seats = Seats::limited();
        let [here, there] = ["192.0.2.1", "192.0.2.2"].map(|text| text.parse().unwrap());
        let mut held: Vec<_> = std::iter::from_fn(|| seats.take(here)).collect();
        assert_eq!(held.len(), 256);
        assert!(seats.take(there).is_some(), "one address is nobody else's");
        held.pop();
        assert!(seats.take(here).is_some());
        drop(held);
        assert!(seats.taken().is_empty());
    }
}
