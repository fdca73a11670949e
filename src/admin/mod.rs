//! What every entity shares. A resource declares its fields; from that come its list, its forms, its cells, its filters,
//! its checks, and its routes with their guards. Nothing here knows any entity.

pub mod bulk;
mod control;
mod cursor;
mod difference;
mod draft;
mod export;
mod field;
mod filter;
mod form;
mod handlers;
mod kinds;
mod listing;
mod look;
mod mount;
mod picker;
mod plans;
mod query;
mod relation;
mod resource;
mod shown;
mod sort;
mod store;
mod trail;
mod views;
mod way;

pub use bulk::BulkAction;
pub use control::{Choice, Offered};
pub use difference::{Difference, Part, differences};
pub use field::Field;
pub use filter::Through;
pub(crate) use form::Form;
pub use listing::{Count, count};
pub use look::{Known, Look};
pub use mount::{Registered, Registry, Summary, mount};
pub use picker::offered;
pub use plans::{Lead, Plan, Samples};
pub use query::Query;
pub use relation::{Held, SetOf, counted_link, record_link};
use resource::counted_exactly;
pub use resource::{COUNT_CAP, Fault, Related, Resource, counted};
pub use shown::{Link, Moment, Shown};
pub use store::refuse_protected;
