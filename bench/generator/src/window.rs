//! A period at one rate, and the highest rate that is sustained.

use crate::{
    Result,
    bench::{Bench, Running},
    fleet::ClientFleet,
    peers::Peer,
    process::Shares,
    schedule::Schedule,
    tables::{count, say, thousands},
};
use hdrhistogram::Histogram;
use std::time::{Duration, Instant};

/// What was posted at a sustained rate has arrived this long after the last post.
const GRACE: Duration = Duration::from_millis(300);
/// How long a peer may take to work off a rate that was not sustained, before it is restarted.
const DRAINED_WITHIN: Duration = Duration::from_secs(5);
/// From this share of a core on, the generator itself may be the bottleneck.
const BUSY: f64 = 0.95;
/// In microseconds. Posting never waits for the peer, so a generator that is later than this is itself
/// overloaded.
const LATE: u64 = 20_000;
const WARM_UP: Duration = Duration::from_millis(700);
/// The factor from one rate to the next, while all are sustained; and how often the interval up to the first
/// that is not is then halved.
const RAISE: f64 = 1.4;
const HALVINGS: usize = 3;
const RETRIES: usize = 3;

#[derive(Debug, Clone)]
pub struct Window {
    /// Posts a second.
    pub rate: f64,
    /// Verified deliveries a second, up to the last of them.
    pub deliveries: f64,
    pub kept: bool,
    /// The generator was the bottleneck: the run says nothing about the peer.
    pub void: bool,
    pub server_cpu: f64,
    pub generator_cpu: f64,
    pub delivery: Histogram<u32>,
    pub acknowledgement: Histogram<u32>,
}

/// Posts at a rate for so long, and waits for what arrives.
pub async fn hold(
    fleet: &ClientFleet,
    running: &Running,
    rate: f64,
    length: Duration,
) -> Result<Window> {
    fleet.begins();
    let start = Instant::now() + Duration::from_millis(1);
    let shares = Shares::begin(&running.process)?;
    fleet.posts(Schedule::new(start, rate, length)).await?;
    let (server_cpu, generator_cpu) = shares.end(&running.process)?;
    let complete = fleet.settles_within(GRACE).await;
    let stats = fleet.shared.stats.borrow();
    let took = stats.latest.saturating_duration_since(start).max(length);
    let lag = stats.lag.value_at_quantile(0.99);
    Ok(Window {
        rate,
        deliveries: count(stats.told) / took.as_secs_f64(),
        kept: complete && stats.faults.is_none(),
        void: generator_cpu > BUSY || lag > LATE,
        server_cpu,
        generator_cpu,
        delivery: stats.delivery.clone(),
        acknowledgement: stats.acknowledgement.clone(),
    })
}

/// The search for the highest rate that a peer sustains.
#[derive(Debug)]
pub struct Search<'a> {
    pub bench: &'a Bench,
    pub peer: &'a dyn Peer,
    pub size: usize,
    filled: Option<(Running, ClientFleet)>,
}

impl<'a> Search<'a> {
    pub fn new(bench: &'a Bench, peer: &'a dyn Peer, size: usize) -> Self {
        Self { bench, peer, size, filled: None }
    }

    /// The window of the highest rate that was sustained, starting the search at `first` posts a second. It is
    /// marked when the generator was the bottleneck: the peer might have sustained more.
    pub async fn highest(&mut self, first: f64) -> Result<Window> {
        let mut rate = first;
        let mut best: Option<Window> = None;
        let failed = loop {
            let window = self.window(rate, self.bench.pace.step).await?;
            if !window.kept {
                // The first rate was taken from another round, and this one is slower.
                if best.is_none() && !window.void && rate > 1.0 {
                    rate /= 2.0;
                    continue;
                }
                break window;
            }
            rate = window.rate * RAISE;
            let is_last = window.void;
            best = Some(window.clone());
            if is_last {
                break window;
            }
        };
        let mut best = best.ok_or_else(|| format!("{} keeps no rate", self.peer.name()))?;
        if failed.void {
            best.void = true;
            return Ok(best);
        }
        let mut too_high = failed.rate;
        for _ in 0..HALVINGS {
            let window = self.window((best.rate * too_high).sqrt(), self.bench.pace.step).await?;
            if window.kept {
                best = window;
            } else {
                too_high = window.rate;
            }
        }
        Ok(best)
    }

    /// Holds a rate; again, if the generator was late because of other activity on the machine.
    pub async fn window(&mut self, rate: f64, length: Duration) -> Result<Window> {
        let mut window = self.try_window(rate, length).await?;
        for _ in 0..RETRIES {
            if !window.void || window.generator_cpu > BUSY {
                break;
            }
            window = self.try_window(rate, length).await?;
        }
        Ok(window)
    }

    /// Holds a rate, with a peer that has worked off everything before.
    async fn try_window(&mut self, rate: f64, length: Duration) -> Result<Window> {
        let (running, fleet) = match self.filled.take() {
            Some(filled) => filled,
            None => self.fill(rate).await?,
        };
        let window = hold(&fleet, &running, rate, length).await?;
        say(&format!(
            "    {:>9} posts/s: {:>9} deliveries/s, p50 {:>7.2} ms, p99 {:>7.2} ms, server {:>3.0} %, generator {:>3.0} %{}{}",
            thousands(rate, 0),
            thousands(window.deliveries, 0),
            quantile(&window.delivery, 0.5),
            quantile(&window.delivery, 0.99),
            window.server_cpu * 100.0,
            window.generator_cpu * 100.0,
            if window.kept {
                String::new()
            } else {
                format!(", not kept: {}", fleet.first_error())
            },
            if window.void { ", the generator was too slow" } else { "" },
        ));
        let clean = fleet.shared.stats.borrow().faults.is_none();
        if clean && fleet.settles_within(DRAINED_WITHIN).await {
            self.filled = Some((running, fleet));
        }
        Ok(window)
    }

    /// Restarts the peer and warms it up: just-in-time compilers are slow at first.
    async fn fill(&self, rate: f64) -> Result<(Running, ClientFleet)> {
        let (running, fleet) = self.bench.fill(self.peer, self.size).await?;
        hold(&fleet, &running, rate / 2.0, WARM_UP).await?;
        fleet.settles_within(DRAINED_WITHIN).await;
        Ok((running, fleet))
    }
}

/// In milliseconds.
pub fn quantile(histogram: &Histogram<u32>, quantile: f64) -> f64 {
    count(histogram.value_at_quantile(quantile)) / 1_000.0
}
