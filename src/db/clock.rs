//! The one place that asks what time it is.

use chrono::{NaiveDateTime, SubsecRound, TimeDelta, Utc};

/// The time, as a value: tests hold one that is ahead of the wall.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    ahead: TimeDelta,
}

impl Clock {
    /// A clock that runs ahead of the real time.
    #[must_use]
    pub fn ahead(ahead: TimeDelta) -> Self {
        Clock { ahead }
    }

    /// Now, in UTC, to the microsecond: what both databases keep.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> NaiveDateTime {
        (Utc::now().naive_utc() + self.ahead).trunc_subsecs(6)
    }
}
