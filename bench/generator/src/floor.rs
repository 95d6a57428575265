//! What the lines of a crew share.

use crate::{line::WriteHalf, tally::Stats};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    time::Instant,
};
use tokio::sync::Notify;

/// Bytes that one read may bring.
const BUFFER: usize = 256 * 1024;
/// Characters of the first refusal that are kept, to be shown.
const COMPLAINT: usize = 300;

#[derive(Debug)]
pub struct Floor {
    pub buffer: RefCell<Vec<u8>>,
    pub tally: RefCell<Stats>,
    /// Told when nothing is outstanding any more, or something has gone wrong.
    pub settled: Notify,
    pub first_error: RefCell<Option<String>>,
    parting: Cell<bool>,
    queue: RefCell<Queue>,
}

/// For lines that take one post at a time: those that are free, those that are not, by their numbers,
/// and the posts that wait for one.
#[derive(Debug, Default)]
struct Queue {
    free: Vec<usize>,
    speakers: Vec<Rc<WriteHalf>>,
    posts: VecDeque<Vec<u8>>,
}

impl Floor {
    pub fn new(tally: Stats) -> Rc<Self> {
        Rc::new(Self {
            buffer: RefCell::new(vec![0; BUFFER]),
            tally: RefCell::new(tally),
            settled: Notify::new(),
            first_error: RefCell::default(),
            parting: Cell::new(false),
            queue: RefCell::default(),
        })
    }

    pub fn told(&self, cursor: Option<u64>, stretch: (u64, u64), message: &[u8]) -> u64 {
        let mut tally = self.tally.borrow_mut();
        let cursor = tally.told(cursor, stretch, message, Instant::now());
        self.notify(&tally);
        cursor
    }

    pub fn acknowledged(&self, number: u32, line: usize) {
        let mut tally = self.tally.borrow_mut();
        tally.acknowledged(number, Instant::now());
        self.notify(&tally);
        self.free(line);
    }

    pub fn refused(&self, message: &[u8], line: usize) {
        self.tally.borrow_mut().faults.refused += 1;
        self.complains(&String::from_utf8_lossy(message));
        self.free(line);
    }

    pub fn lost_one(&self) {
        if !self.parting.get() {
            self.tally.borrow_mut().faults.closed += 1;
            self.settled.notify_one();
        }
    }

    /// From now on a line that ends is meant to.
    pub fn parts(&self) {
        self.parting.set(true);
    }

    pub fn complains(&self, details: &str) {
        let first_error = || details.chars().take(COMPLAINT).collect();
        self.first_error.borrow_mut().get_or_insert_with(first_error);
    }

    fn notify(&self, tally: &Stats) {
        if tally.is_complete() {
            self.settled.notify_one();
        }
    }

    /// A line that takes one post at a time; it has the next number.
    pub fn takes_turns(&self, speaker: Rc<WriteHalf>) {
        let mut queue = self.queue.borrow_mut();
        let number = queue.speakers.len();
        queue.free.push(number);
        queue.speakers.push(speaker);
    }

    pub fn post_in_turn(&self, post: Vec<u8>) {
        let mut queue = self.queue.borrow_mut();
        let free = queue.free.pop();
        match free.and_then(|line| queue.speakers.get(line)) {
            Some(speaker) => speaker.say(&post),
            None => queue.posts.push_back(post),
        }
    }

    fn free(&self, line: usize) {
        let mut queue = self.queue.borrow_mut();
        if queue.speakers.is_empty() {
            return;
        }
        match queue.posts.pop_front() {
            None => queue.free.push(line),
            Some(post) => {
                if let Some(speaker) = queue.speakers.get(line) {
                    speaker.say(&post);
                }
            }
        }
    }
}
