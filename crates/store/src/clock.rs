//! The one place that asks for the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Measures how long something takes, for people who tune it; no output depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks for the time")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// What time it is: the machine's, or that of a replayed day, which stands still until it is set.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    Live,
    /// The clock of a replay, in milliseconds UTC.
    Replay(Arc<AtomicI64>),
}

impl Clock {
    /// Returns a clock that stands at a moment until it is set.
    pub fn replay(at_ms: i64) -> Self {
        Self::Replay(Arc::new(AtomicI64::new(at_ms)))
    }

    /// Returns the time in milliseconds UTC.
    pub fn now_ms(&self) -> i64 {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that asks for the time")]
            Self::Live => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Replay(at_ms) => at_ms.load(Ordering::SeqCst),
        }
    }

    /// Moves a replay's clock forward; it never goes back, and a live clock does not move.
    pub fn advance(&self, to_ms: i64) {
        if let Self::Replay(at_ms) = self {
            at_ms.fetch_max(to_ms, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn the_clock_of_a_replay_stands_still_and_never_goes_back() {
        let clock = Clock::replay(1000);
        let other = clock.clone();
        for (to_ms, shown) in [(1000, 1000), (1001, 1001), (5, 1001), (2000, 2000)] {
            clock.advance(to_ms);
            assert_eq!((clock.now_ms(), other.now_ms()), (shown, shown));
        }
    }

    #[test]
    fn a_live_clock_does_not_move() {
        let before = Clock::Live.now_ms();
        Clock::Live.advance(i64::MAX);
        assert!((before..i64::MAX).contains(&Clock::Live.now_ms()));
    }
}
