//! All members of one room: they receive, and they post.

use crate::{
    Result,
    connection::{BenchConnection, WriteHalf, greet},
    peers::{Dialect, Peer, Posting},
    schedule::{Schedule, Timer},
    shared_state::SharedState,
    stats::{Stats, text},
};
use futures::{StreamExt, TryStreamExt, stream};
use std::{
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{task::yield_now, time::timeout};

/// Connections that are being opened at the same time.
const OPENING: usize = 64;
/// Posts behind schedule that are sent before what has arrived is read.
const BURST: u32 = 16;

#[derive(Debug)]
pub struct ClientFleet {
    pub shared: Rc<SharedState>,
    dialect: Rc<dyn Dialect>,
    listeners: Vec<BenchConnection>,
    /// The connections for posting, where posts do not go over the members' own connections.
    posters: Vec<BenchConnection>,
    posting: Posting,
    timer: Timer,
}

impl ClientFleet {
    /// Opens a connection for each member of the room.
    pub async fn connect(peer: &dyn Peer, port: u16, members: usize) -> Result<Self> {
        let (dialect, posting) = (peer.dialect(), peer.posting());
        let shared =
            SharedState::new(Stats::new(0, u32::try_from(members)?, posting.is_answered()));
        let opening = stream::iter(0..members).map(|member| {
            let (dialect, shared) = (dialect.clone(), shared.clone());
            async move {
                let connected = greet(port, &peer.greeting(port, member), &*dialect).await?;
                Result::Ok(BenchConnection::open(connected, member, dialect, shared))
            }
        });
        let listeners = opening.buffered(OPENING).try_collect().await?;
        let mut posters = Vec::new();
        for number in 0..posting.lines_beside() {
            let connected = greet(port, &[], &*dialect).await?;
            let line = BenchConnection::open(connected, number, dialect.clone(), shared.clone());
            shared.takes_turns(line.writer.clone());
            posters.push(line);
        }
        Ok(Self { shared, dialect, listeners, posters, posting, timer: Timer::new()? })
    }

    fn writer(&self, member: usize) -> Option<&Rc<WriteHalf>> {
        self.listeners.get(member).map(|line| &line.writer)
    }

    /// Sends the next post, which was due at this moment. The members take turns.
    fn post(&self, intended: Instant) {
        let number = self.shared.stats.borrow().next();
        let member = usize::try_from(number).unwrap_or_default() % self.listeners.len().max(1);
        let mut post = Vec::with_capacity(512);
        self.dialect.post(number, member, &text(number), &mut post);
        self.shared.stats.borrow_mut().posted(intended);
        if !self.posters.is_empty() {
            self.shared.post_in_turn(post);
        } else if let Some(writer) = self.writer(member) {
            writer.send(&post);
        }
    }

    /// Resets the statistics.
    pub fn begins(&self) {
        let next = self.shared.stats.borrow().next();
        self.numbers_from(next);
    }

    /// Sets the number of the next post: lower ones were used before, on other connections of the same members.
    pub fn numbers_from(&self, first: u32) {
        let members = u32::try_from(self.listeners.len()).unwrap_or(u32::MAX);
        *self.shared.stats.borrow_mut() = Stats::new(first, members, self.posting.is_answered());
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

    /// Posts so many at once, and the next ones when those have reached all members.
    pub async fn posts_in_turn(&self, count: u32, at_once: u32, limit: Duration) -> Result<()> {
        for posted in (0..count).step_by(usize::try_from(at_once)?) {
            (posted..count.min(posted + at_once)).for_each(|_| self.post(Instant::now()));
            if !self.settles_within(limit).await {
                return Err(format!("a post did not arrive: {}", self.first_error()).into());
            }
        }
        Ok(())
    }

    /// Waits until everything has arrived, and returns whether it did within the limit.
    pub async fn settles_within(&self, limit: Duration) -> bool {
        let settled = async {
            while !self.has_settled() {
                self.shared.settled.notified().await;
            }
        };
        timeout(limit, settled).await.is_ok() && self.shared.stats.borrow().is_complete()
    }

    fn has_settled(&self) -> bool {
        let stats = self.shared.stats.borrow();
        stats.is_complete() || stats.faults.closed > 0
    }

    /// The first error, for the operator.
    pub fn first_error(&self) -> String {
        let faults = self.shared.stats.borrow().faults;
        match &*self.shared.first_error.borrow() {
            Some(first_error) => format!("{faults:?}: {first_error}"),
            None => format!("{faults:?}"),
        }
    }
}

impl Drop for ClientFleet {
    fn drop(&mut self) {
        self.shared.expect_close();
    }
}
