//! Refusals that cost nothing would be asked for without end: when there are many, they take turns.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// From one refusal to the next, when there are many: fifty a second are no work beside the pages.
const STEP: Duration = Duration::from_millis(20);
/// Nobody waits longer for one; somebody who is refused alone does not wait at all.
const LONGEST: Duration = Duration::from_secs(1);

/// The turns of refusals. All clones share them.
#[derive(Clone, Default)]
pub(super) struct Pace(Arc<Mutex<Option<Instant>>>);

impl Pace {
    /// Waits for a turn.
    pub(super) async fn turn(&self) {
        sleep_until(self.take(Instant::now())).await;
    }

    /// When the next turn is, which then is taken.
    fn take(&self, now: Instant) -> Instant {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.map_or(now, |next| next.clamp(now, now + LONGEST));
        *next = Some(turn + STEP);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alone_does_not_wait_and_many_wait_at_most_a_second() {
        let (pace, now) = (Pace::default(), Instant::now());
        assert_eq!(pace.take(now), now);
        assert_eq!(pace.take(now), now + STEP, "one after the other");
        let turns: Vec<_> = (0..200).map(|_| pace.take(now)).collect();
        assert_eq!(turns[199], now + LONGEST);
        let later = now + LONGEST * 2;
        assert_eq!(pace.take(later), later, "when they are gone, nobody waits");
    }
}
