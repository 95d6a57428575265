//! A schedule that waits for no response.

use crate::Result;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use std::{
    os::fd::OwnedFd,
    time::{Duration, Instant},
};
use tokio::io::unix::AsyncFd;

/// A timer of the kernel's: tokio's own has steps of a millisecond, as long as what is measured.
#[derive(Debug)]
pub struct Timer(AsyncFd<OwnedFd>);

impl Timer {
    #[expect(
        deprecated,
        reason = "unsound only for what does not own its descriptor, as OwnedFd does"
    )]
    pub fn new() -> Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        Ok(Self(AsyncFd::new(timerfd_create(TimerfdClockId::Monotonic, flags)?)?))
    }

    /// Returns at this moment, or at once when it is past.
    pub async fn until(&self, moment: Instant) -> Result<()> {
        let wait = moment.saturating_duration_since(Instant::now());
        if wait.is_zero() {
            return Ok(());
        }
        let once = Itimerspec { it_interval: Timespec::default(), it_value: wait.try_into()? };
        timerfd_settime(self.0.get_ref(), TimerfdTimerFlags::empty(), &once)?;
        let mut ready = self.0.readable().await?;
        rustix::io::read(self.0.get_ref(), &mut [0; 8])?;
        ready.clear_ready();
        Ok(())
    }
}

/// Evenly spaced moments.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    pub start: Instant,
    pub count: u32,
    pub period: Duration,
}

impl Schedule {
    /// So many a second for so long, from a moment on.
    pub fn new(start: Instant, per_second: f64, length: Duration) -> Self {
        let period = Duration::from_secs_f64(1.0 / per_second);
        let count = length.as_nanos() / period.as_nanos().max(1);
        Self { start, count: u32::try_from(count).unwrap_or(u32::MAX).max(1), period }
    }

    pub fn moments(self) -> impl Iterator<Item = Instant> {
        (0..self.count).map(move |n| self.start + self.period * n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_kept_to_the_last() {
        let start = Instant::now();
        let schedule = Schedule::new(start, 2_000.0, Duration::from_secs(3));
        assert_eq!(schedule.count, 6_000);
        assert_eq!(schedule.moments().last(), Some(start + Duration::from_micros(2_999_500)));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_moment_is_never_early_and_what_is_past_is_not_waited_for() {
        let timer = Timer::new().unwrap();
        let moment = Instant::now() + Duration::from_micros(300);
        timer.until(moment).await.unwrap();
        assert!(Instant::now() >= moment);
        timer.until(moment).await.unwrap();
    }
}
