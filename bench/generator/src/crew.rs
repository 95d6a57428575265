//! Everybody in one room: they are told, and they post.

use crate::{
    Result,
    floor::Floor,
    line::{BenchConnection, WriteHalf, greet},
    peers::{Dialect, Peer, Posting},
    schedule::{Schedule, Timer},
    tally::{Stats, text},
};
use futures::{StreamExt, TryStreamExt, stream};
use std::{
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{task::yield_now, time::timeout};

/// Lines that are being opened at the same time.
const OPENING: usize = 64;
/// Posts behind schedule that go out before what has come in is read.
const BURST: u32 = 16;

#[derive(Debug)]
pub struct ClientFleet {
    pub floor: Rc<Floor>,
    dialect: Rc<dyn Dialect>,
    listeners: Vec<BenchConnection>,
    /// Where posts do not go over the listeners' own lines.
    posters: Vec<BenchConnection>,
    posting: Posting,
    timer: Timer,
}

impl ClientFleet {
    /// Opens a line for each member of the room.
    pub async fn gather(peer: &dyn Peer, port: u16, members: usize) -> Result<Self> {
        let (dialect, posting) = (peer.dialect(), peer.posting());
        let floor = Floor::new(Stats::new(0, u32::try_from(members)?, posting.is_answered()));
        let opening = stream::iter(0..members).map(|member| {
            let (dialect, floor) = (dialect.clone(), floor.clone());
            async move {
                let greeted = greet(port, &peer.greeting(port, member), &*dialect).await?;
                Result::Ok(BenchConnection::open(greeted, member, dialect, floor))
            }
        });
        let listeners = opening.buffered(OPENING).try_collect().await?;
        let mut posters = Vec::new();
        for number in 0..posting.lines_beside() {
            let greeted = greet(port, &[], &*dialect).await?;
            let line = BenchConnection::open(greeted, number, dialect.clone(), floor.clone());
            floor.takes_turns(line.speaker.clone());
            posters.push(line);
        }
        Ok(Self { floor, dialect, listeners, posters, posting, timer: Timer::new()? })
    }

    fn speaker(&self, member: usize) -> Option<&Rc<WriteHalf>> {
        self.listeners.get(member).map(|line| &line.speaker)
    }

    /// Says the next thing, which was to be said at this moment. The members take turns.
    fn post(&self, intended: Instant) {
        let number = self.floor.tally.borrow().next();
        let member = usize::try_from(number).unwrap_or_default() % self.listeners.len().max(1);
        let mut post = Vec::with_capacity(512);
        self.dialect.post(number, member, &text(number), &mut post);
        self.floor.tally.borrow_mut().posted(intended);
        if !self.posters.is_empty() {
            self.floor.post_in_turn(post);
        } else if let Some(speaker) = self.speaker(member) {
            speaker.say(&post);
        }
    }

    /// Starts counting afresh.
    pub fn begins(&self) {
        let next = self.floor.tally.borrow().next();
        self.numbers_from(next);
    }

    /// The next post has this number: those below were used before, on another line of the same people.
    pub fn numbers_from(&self, first: u32) {
        let members = u32::try_from(self.listeners.len()).unwrap_or(u32::MAX);
        *self.floor.tally.borrow_mut() = Stats::new(first, members, self.posting.is_answered());
    }

    /// Posts as scheduled, whatever comes back.
    pub async fn posts(&self, schedule: Schedule) -> Result<()> {
        let mut burst = 0;
        for moment in schedule.moments() {
            if moment > Instant::now() {
                burst = 0;
                self.timer.until(moment).await?;
            } else {
                burst += 1;
                if burst % BURST == 0 {
                    yield_now().await;
                }
            }
            self.post(moment);
        }
        Ok(())
    }

    /// Posts so many at once, and the next ones when those have come to everybody.
    pub async fn posts_in_turn(&self, count: u32, at_once: u32, limit: Duration) -> Result<()> {
        for posted in (0..count).step_by(usize::try_from(at_once)?) {
            (posted..count.min(posted + at_once)).for_each(|_| self.post(Instant::now()));
            if !self.settles_within(limit).await {
                return Err(format!("a post did not arrive: {}", self.first_error()).into());
            }
        }
        Ok(())
    }

    /// Whether everything has arrived, at the latest after so long.
    pub async fn settles_within(&self, limit: Duration) -> bool {
        let settled = async {
            while !self.has_settled() {
                self.floor.settled.notified().await;
            }
        };
        timeout(limit, settled).await.is_ok() && self.floor.tally.borrow().is_complete()
    }

    fn has_settled(&self) -> bool {
        let tally = self.floor.tally.borrow();
        tally.is_complete() || tally.faults.closed > 0
    }

    /// What went wrong, for the operator.
    pub fn first_error(&self) -> String {
        let faults = self.floor.tally.borrow().faults;
        match &*self.floor.first_error.borrow() {
            Some(first_error) => format!("{faults:?}: {first_error}"),
            None => format!("{faults:?}"),
        }
    }
}

impl Drop for ClientFleet {
    fn drop(&mut self) {
        self.floor.parts();
    }
}
