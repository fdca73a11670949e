//! Bulk actions: one thing done to many records of a list, each by the same code, rules and record as if it were done to
//! that one alone.
//!
//! A resource declares its actions ([`BulkAction`]). Somebody chooses records (`selection`), sees what would come of it
//! (`preview`), and starts a job. The process does it ([`run()`]), some records a transaction (`work`).

mod action;
mod order;
mod preview;
mod refusals;
mod run;
mod selection;
mod work;

pub use action::BulkAction;
pub(super) use order::{Order, written};
pub(super) use preview::Preview;
pub use refusals::{Reason, Refusals};
pub use run::run;
pub(super) use selection::{Chosen, Moved, Selection, Which};
pub(super) use work::{action_of, next, turn};
