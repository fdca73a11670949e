//! How many rows a list has, counted to the end.

use std::time::{Duration, Instant};

use super::{COUNTED, conditions};
use crate::admin::query::Query;
use crate::admin::resource::Resource;
use crate::admin::views::grouped;
use crate::db::AnyConnection;
use crate::error::Result;

/// So many rows of the table are gone through in a statement, so that none takes long. A statement for all would be quicker by
/// half, but neither database lets go of it in the same way.
const STEP: i64 = 50_000;

/// To count all rows of a list for a page takes no longer.
pub const COUNTING: Duration = Duration::from_secs(2);

/// How many rows there are, as far as there was time to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub count: i64,
    /// False when there may be more.
    pub is_all: bool,
}

/// Counts the rows of a list. No statement is begun once so much time is over.
pub fn count<R: Resource>(conn: &mut AnyConnection, query: &Query, within: Duration) -> Result<Count> {
    let begin = Instant::now();
    let mut counted = Count { count: 0, is_all: false };
    let mut after = i64::MIN;
    while begin.elapsed() < within {
        let step = R::reach(conn, after, STEP)?;
        if step.count > 0 {
            counted.count += if query.is_narrowed() {
                R::extent(conn, conditions::<R>(conn.engine(), query)?, after, step.last)?.count
            } else {
                step.count
            };
            after = step.last;
        }
        if step.count < STEP {
            return Ok(Count { is_all: true, ..counted });
        }
    }
    Ok(counted)
}

impl Count {
    /// `412,345`, or `more than 412,000 (counting took too long)`.
    #[must_use]
    pub fn in_words(self) -> String {
        if self.is_all {
            return grouped(self.count);
        }
        let thousands = (self.count / 1000 * 1000).max(COUNTED);
        format!("more than {} (counting took too long)", grouped(thousands))
    }
}
