//! What was posted, and what arrived. A delivery counts when its number in the room follows the one before it
//! on the same connection, and when no member got the same post twice.

use hdrhistogram::Histogram;
use memchr::{memchr_iter, memmem};
use std::time::{Duration, Instant};

/// Bytes in a text.
pub const TEXT: usize = 200;
/// In microseconds: a minute.
const LONGEST: u64 = 60_000_000;
const MARK: u8 = b'~';
const DIGITS: usize = 8;

/// A text of 200 bytes that carries the number of its post; `~` appears nowhere else in what peers send.
pub fn text(number: u32) -> String {
    format!("~{number:08}~{:a<width$}", "", width = TEXT - DIGITS - 2)
}

/// The numbers of the posts whose texts are in a message, in their order.
pub fn message_ids(message: &[u8]) -> impl Iterator<Item = u32> {
    memchr_iter(MARK, message).step_by(2).filter_map(|at| number(message.get(at + 1..)?))
}

/// The decimal number at the beginning.
pub fn number<T: TryFrom<u64>>(bytes: &[u8]) -> Option<T> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit());
    let mut digits = digits.map(|byte| u64::from(byte - b'0')).peekable();
    digits.peek()?;
    digits.try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(digit))?.try_into().ok()
}

/// The number that follows the first occurrence of a name.
pub fn number_after<T: TryFrom<u64>>(name: &[u8], message: &[u8]) -> Option<T> {
    number(message.get(memmem::find(message, name)? + name.len()..)?)
}

/// Latencies in microseconds, up to a minute, to three digits.
pub fn histogram() -> Histogram<u32> {
    Histogram::new_with_bounds(1, LONGEST, 3)
        .unwrap_or_else(|_| unreachable!("these bounds are allowed"))
}

pub fn record(histogram: &mut Histogram<u32>, latency: Duration) {
    let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
    histogram.saturating_record(micros);
}

#[derive(Debug)]
struct Post {
    intended: Instant,
    told: u32,
    acknowledged: bool,
}

/// Errors. If there is any, the run proves nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    pub gaps: u32,
    pub doubles: u32,
    pub refused: u32,
    pub strays: u32,
    pub closed: u32,
}

impl Faults {
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

#[derive(Debug)]
pub struct Stats {
    /// The number of the first post.
    first: u32,
    listeners: u32,
    acknowledges: bool,
    posts: Vec<Post>,
    outstanding: u64,
    pub faults: Faults,
    pub told: u64,
    pub delivery: Histogram<u32>,
    pub acknowledgement: Histogram<u32>,
    pub lag: Histogram<u32>,
    pub latest: Instant,
}

impl Stats {
    pub fn new(first: u32, listeners: u32, acknowledges: bool) -> Self {
        Self {
            first,
            listeners,
            acknowledges,
            posts: Vec::new(),
            outstanding: 0,
            faults: Faults::default(),
            told: 0,
            delivery: histogram(),
            acknowledgement: histogram(),
            lag: histogram(),
            latest: Instant::now(),
        }
    }

    /// The number of the next post.
    pub fn next(&self) -> u32 {
        self.first + u32::try_from(self.posts.len()).unwrap_or(u32::MAX)
    }

    pub fn posted(&mut self, intended: Instant) {
        record(&mut self.lag, Instant::now().saturating_duration_since(intended));
        self.posts.push(Post { intended, told: 0, acknowledged: !self.acknowledges });
        self.outstanding += u64::from(self.listeners) + u64::from(self.acknowledges);
    }

    /// Whether everything that has to arrive has arrived.
    pub fn is_complete(&self) -> bool {
        self.outstanding == 0
    }

    /// A connection at `cursor` receives what lies in `(after, through]`; returns its new cursor.
    pub fn told(
        &mut self,
        cursor: Option<u64>,
        (after, through): (u64, u64),
        message: &[u8],
        now: Instant,
    ) -> u64 {
        match cursor {
            Some(cursor) if after > cursor => self.faults.gaps += 1,
            Some(cursor) if after < cursor => self.faults.doubles += 1,
            _ => {}
        }
        let mut count = 0;
        for mark in message_ids(message) {
            count += 1;
            self.told_one(mark, now);
        }
        if after + count != through {
            self.faults.gaps += 1;
        }
        self.latest = now;
        through
    }

    fn told_one(&mut self, mark: u32, now: Instant) {
        let Some(post) = self.post(mark) else {
            self.faults.strays += 1;
            return;
        };
        post.told += 1;
        let (told, intended) = (post.told, post.intended);
        if told > self.listeners {
            self.faults.doubles += 1;
            return;
        }
        self.told += 1;
        self.outstanding -= 1;
        record(&mut self.delivery, now.saturating_duration_since(intended));
    }

    pub fn acknowledged(&mut self, mark: u32, now: Instant) {
        match self.post(mark) {
            Some(post) if !post.acknowledged => {
                post.acknowledged = true;
                let intended = post.intended;
                self.outstanding -= 1;
                record(&mut self.acknowledgement, now.saturating_duration_since(intended));
            }
            _ => self.faults.strays += 1,
        }
    }

    fn post(&mut self, mark: u32) -> Option<&mut Post> {
        let place = mark.checked_sub(self.first)?;
        self.posts.get_mut(usize::try_from(place).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(listeners: u32) -> Stats {
        let mut stats = Stats::new(7, listeners, false);
        (0..3).for_each(|_| stats.posted(Instant::now()));
        stats
    }

    fn texts(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| text(*number).into_bytes()).collect()
    }

    #[test]
    fn a_text_has_200_bytes_and_carries_its_number() {
        assert_eq!(text(12).len(), TEXT);
        assert_eq!(message_ids(&texts(&[12, 99_999_999])).collect::<Vec<_>>(), [12, 99_999_999]);
    }

    #[test]
    fn what_follows_counts() {
        let (mut stats, now) = (stats(1), Instant::now());
        let cursor = stats.told(None, (4, 5), &texts(&[7]), now);
        assert_eq!(stats.told(Some(cursor), (5, 7), &texts(&[8, 9]), now), 7);
        assert!(stats.faults.is_none() && stats.is_complete());
        assert_eq!(stats.told, 3);
    }

    #[test]
    fn a_hole_in_the_room_is_seen() {
        let mut stats = stats(1);
        stats.told(Some(4), (5, 6), &texts(&[7]), Instant::now());
        assert_eq!(stats.faults.gaps, 1);
    }

    #[test]
    fn a_hole_inside_a_message_is_seen() {
        let mut stats = stats(1);
        stats.told(Some(4), (4, 6), &texts(&[7]), Instant::now());
        assert_eq!(stats.faults.gaps, 1);
    }

    #[test]
    fn a_post_told_twice_is_seen_under_the_same_and_under_another_number() {
        let (mut stats, now) = (stats(1), Instant::now());
        stats.told(Some(4), (4, 5), &texts(&[7]), now);
        stats.told(Some(5), (4, 5), &texts(&[8]), now);
        stats.told(Some(5), (5, 6), &texts(&[7]), now);
        assert_eq!(stats.faults.doubles, 2);
    }
}
