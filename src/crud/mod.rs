//! The repositories: the same operations for every entity by one trait, and what is special to one in its own file.
//! Every function takes its connection, or the right to write; none knows HTTP.

pub mod account_locks;
pub mod administrators;
pub mod audit;
pub mod devices;
pub mod done_requests;
mod entity;
pub mod items;
pub mod jobs;
pub mod kept_submissions;
pub mod logins;
pub mod passkeys;
pub mod password_links;
pub mod permissions;
pub mod recovery_codes;
pub mod roles;
pub mod second_factors;
mod selection;
pub mod session_holders;
pub mod sessions;
pub mod setup_tokens;
pub mod throttles;
pub mod totp_secrets;
pub mod users;
mod walk;

pub use entity::{Crud, Entity};
pub use selection::{Beside, Condition, Order, Row, Selection};
pub use walk::{Extent, Walk};
