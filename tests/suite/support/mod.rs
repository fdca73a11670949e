//! What the tests stand on: a database and an application of one's own, and visitors who say who asks.

mod app;
mod database;
mod form;
mod page;
mod program;
mod rows;
mod visitor;

pub use app::{Options, PASSWORD, TestApp, settings};
pub use database::TestDatabase;
pub use page::Page;
pub use program::{Outcome, Program, eventually};
pub use visitor::Visitor;
