//! What the tests stand on: a database and an application of one's own, and visitors who say who asks.

mod app;
mod database;
mod page;
mod visitor;

pub use app::{Options, TestApp};
pub use database::TestDatabase;
pub use page::Page;
pub use visitor::Visitor;
