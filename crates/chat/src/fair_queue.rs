//! A bounded queue that is fair between clients: each gets its turns one by one, however many it waits for, and
//! who has filled the queue up makes room for who has not.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

/// Start-time fair queueing, in which every item costs the same. Clients in one group go behind those
/// of groups with less in the queue, where both would be next.
pub(crate) struct FairQueue<K, T> {
    capacity: usize,
    waiting: BTreeMap<Position, Waiting<K, T>>,
    /// The round of each client's last item. Rounds before the present one need not be remembered.
    last_round: HashMap<K, u64>,
    in_group: HashMap<K, u64>,
    round: u64,
    arrivals: u64,
}

/// The round of the client, how many of its group waited already, and the order of arrival.
type Position = (u64, u64, u64);

struct Waiting<K, T> {
    group: K,
    item: T,
}

impl<K: Hash + Eq + Copy, T> FairQueue<K, T> {
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            waiting: BTreeMap::new(),
            last_round: HashMap::new(),
            in_group: HashMap::new(),
            round: 0,
            arrivals: 0,
        }
    }

    pub fn is_full(&self) -> bool {
        self.waiting.len() >= self.capacity
    }

    /// Enqueues the item. In a full queue the one that would be served last loses its place, and is handed
    /// back: that may be the item itself.
    pub fn push(&mut self, client: K, group: K, item: T) -> Result<(), T> {
        let last = self.last_round.get(&client).copied().unwrap_or_default();
        let round = last.max(self.round).saturating_add(1);
        let ahead = self.in_group.get(&group).copied().unwrap_or_default();
        let place = (round, ahead, self.arrivals);
        let loser = if self.is_full() {
            if self.waiting.last_key_value().is_none_or(|(last, _)| *last < place) {
                return Err(item);
            }
            self.waiting.pop_last()
        } else {
            None
        };
        self.arrivals += 1;
        self.last_round.insert(client, round);
        *self.in_group.entry(group).or_default() += 1;
        self.waiting.insert(place, Waiting { group, item });
        match loser {
            Some((_, loser)) => Err(self.left(loser)),
            None => Ok(()),
        }
    }

    pub fn pop(&mut self) -> Option<T> {
        let ((round, ..), next) = self.waiting.pop_first()?;
        self.round = round;
        let item = self.left(next);
        if self.waiting.is_empty() {
            self.last_round.clear();
        } else if self.last_round.len() > 2 * self.capacity {
            self.last_round.retain(|_, last| *last > round);
        }
        Some(item)
    }

    /// Drops items whose client has gone.
    pub fn retain(&mut self, is_awaited: impl Fn(&T) -> bool) {
        let gone = self.waiting.iter().filter(|(_, waiting)| !is_awaited(&waiting.item));
        let gone: Vec<Position> = gone.map(|(place, _)| *place).collect();
        for place in gone {
            if let Some(waiting) = self.waiting.remove(&place) {
                self.left(waiting);
            }
        }
    }

    fn left(&mut self, waiting: Waiting<K, T>) -> T {
        let Waiting { group, item } = waiting;
        if let Some(count) = self.in_group.get_mut(&group) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.in_group.remove(&group);
            }
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In which order the items of these clients leave, one each time that `arrive` is through.
    fn served(queue: &mut FairQueue<u32, u32>) -> Vec<u32> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn one_client_is_served_in_order() {
        let mut queue = FairQueue::new(10);
        for n in 0..5 {
            assert_eq!(queue.push(1, 1, n), Ok(()));
        }
        assert_eq!(served(&mut queue), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn who_comes_late_waits_for_one_item_of_each_other_client() {
        let mut queue = FairQueue::new(10_000);
        for client in 0..210 {
            for _ in 0..20 {
                assert_eq!(queue.push(client, client, client), Ok(()));
            }
        }
        for _ in 0..1_000 {
            queue.pop();
        }
        assert_eq!(queue.push(999, 999, 999), Ok(()));
        let place = served(&mut queue).iter().position(|client| *client == 999);
        assert!(place.unwrap() <= 210, "{place:?}");
    }

    #[test]
    fn the_clients_of_one_group_let_others_pass() {
        let mut queue = FairQueue::new(10_000);
        for client in 0..200 {
            assert_eq!(queue.push(client, 0, client), Ok(()));
        }
        assert_eq!(queue.push(999, 1, 999), Ok(()));
        let place = served(&mut queue).iter().position(|client| *client == 999);
        assert!(place.unwrap() <= 1, "{place:?}");
    }

    #[test]
    fn who_fills_the_queue_makes_room_for_others_and_not_for_itself() {
        let mut queue = FairQueue::new(100);
        for n in 0..100 {
            assert_eq!(queue.push(1, 1, n), Ok(()));
        }
        assert_eq!(queue.push(1, 1, 100), Err(100));
        for client in 2..52 {
            let loser = queue.push(client, client, 1_000 + client);
            assert!(loser.is_err_and(|loser| loser < 100), "{client}");
        }
        let served = served(&mut queue);
        assert_eq!(served.len(), 100);
        assert_eq!(served.iter().filter(|item| **item >= 1_000).count(), 50);
        assert!(served.iter().take(51).filter(|item| **item >= 1_000).count() >= 50);
    }

    #[test]
    fn a_client_that_always_waits_does_not_starve_under_newcomers() {
        let mut queue = FairQueue::new(1_000);
        for _ in 0..40 {
            assert_eq!(queue.push(0, 0, 0), Ok(()));
        }
        let mut school = 0;
        for n in 0..2_000 {
            let newcomer = 1 + n;
            assert_eq!(queue.push(newcomer, newcomer, newcomer), Ok(()));
            school += u32::from(queue.pop() == Some(0));
        }
        assert_eq!(school, 40);
    }

    #[test]
    fn what_is_not_awaited_takes_no_place() {
        let mut queue = FairQueue::new(4);
        for n in 0..4 {
            assert_eq!(queue.push(n, n, n), Ok(()));
        }
        queue.retain(|item| item % 2 == 1);
        assert!(!queue.is_full());
        assert_eq!(served(&mut queue), [1, 3]);
        assert!(queue.in_group.is_empty() && queue.last_round.is_empty());
    }
}
