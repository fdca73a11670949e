//! What a row is, a file a table: the row, what makes a new one, and what may change of it (absent means untouched).
//! Fields stand in the order of the table's columns: rows are read by position.

mod account_lock;
mod audit_entry;
mod done_request;
mod item;
mod job;
mod kept_submission;
mod login_throttle;
mod role;
mod second_factor;
mod session;
mod user;

pub use account_lock::AccountLock;
pub use audit_entry::{AuditAction, AuditEntry, Change, Value};
pub use done_request::{NewDoneRequest, Onward};
pub use item::{Item, ItemChanges, NewItem};
pub use job::{Job, JobProgress, JobState, NewJob};
pub use kept_submission::{KeptSubmission, NewKeptSubmission};
pub use login_throttle::LoginThrottle;
pub use role::{NewRole, Role, RoleChanges};
pub use second_factor::{NewPasskey, NewTotpSecret, Passkey, TotpSecret};
pub use session::{NewSession, Session};
pub use user::{NewUser, User, UserChanges};
