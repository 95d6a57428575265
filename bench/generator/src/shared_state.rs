//! What the connections of a fleet share.

use crate::{connection::WriteHalf, stats::Stats};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    time::Instant,
};
use tokio::sync::Notify;

/// Bytes that one read may return.
const BUFFER: usize = 256 * 1024;
/// Characters of the first error that are kept.
const MAX_ERROR_CHARS: usize = 300;

#[derive(Debug)]
pub struct SharedState {
    pub buffer: RefCell<Vec<u8>>,
    pub stats: RefCell<Stats>,
    /// Notified when nothing is outstanding any more, or something has gone wrong.
    pub settled: Notify,
    pub first_error: RefCell<Option<String>>,
    parting: Cell<bool>,
    queue: RefCell<Queue>,
}

/// For connections that take one post at a time: the idle ones, the busy ones by the numbers of their posts,
/// and the posts that wait for one.
#[derive(Debug, Default)]
struct Queue {
    free: Vec<usize>,
    writers: Vec<Rc<WriteHalf>>,
    posts: VecDeque<Vec<u8>>,
}

impl SharedState {
    pub fn new(stats: Stats) -> Rc<Self> {
        Rc::new(Self {
            buffer: RefCell::new(vec![0; BUFFER]),
            stats: RefCell::new(stats),
            settled: Notify::new(),
            first_error: RefCell::default(),
            parting: Cell::new(false),
            queue: RefCell::default(),
        })
    }

    pub fn told(&self, cursor: Option<u64>, stretch: (u64, u64), message: &[u8]) -> u64 {
        let mut stats = self.stats.borrow_mut();
        let cursor = stats.told(cursor, stretch, message, Instant::now());
        self.notify(&stats);
        cursor
    }

    pub fn acknowledged(&self, number: u32, line: usize) {
        let mut stats = self.stats.borrow_mut();
        stats.acknowledged(number, Instant::now());
        self.notify(&stats);
        self.free(line);
    }

    pub fn refused(&self, message: &[u8], line: usize) {
        self.stats.borrow_mut().faults.refused += 1;
        self.complains(&String::from_utf8_lossy(message));
        self.free(line);
    }

    pub fn lost_one(&self) {
        if !self.parting.get() {
            self.stats.borrow_mut().faults.closed += 1;
            self.settled.notify_one();
        }
    }

    /// From now on the end of a connection is expected.
    pub fn expect_close(&self) {
        self.parting.set(true);
    }

    pub fn complains(&self, details: &str) {
        let first_error = || details.chars().take(MAX_ERROR_CHARS).collect();
        self.first_error.borrow_mut().get_or_insert_with(first_error);
    }

    fn notify(&self, stats: &Stats) {
        if stats.is_complete() {
            self.settled.notify_one();
        }
    }

    /// Adds a connection that takes one post at a time. It has the next number.
    pub fn takes_turns(&self, writer: Rc<WriteHalf>) {
        let mut queue = self.queue.borrow_mut();
        let number = queue.writers.len();
        queue.free.push(number);
        queue.writers.push(writer);
    }

    pub fn post_in_turn(&self, post: Vec<u8>) {
        let mut queue = self.queue.borrow_mut();
        let free = queue.free.pop();
        match free.and_then(|line| queue.writers.get(line)) {
            Some(writer) => writer.send(&post),
            None => queue.posts.push_back(post),
        }
    }

    fn free(&self, line: usize) {
        let mut queue = self.queue.borrow_mut();
        if queue.writers.is_empty() {
            return;
        }
        match queue.posts.pop_front() {
            None => queue.free.push(line),
            Some(post) => {
                if let Some(writer) = queue.writers.get(line) {
                    writer.send(&post);
                }
            }
        }
    }
}
