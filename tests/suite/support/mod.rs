//! What the tests stand on: a database and an application of one's own, and visitors who say who asks.

mod app;
mod database;
mod device;
mod form;
mod page;
mod phone;
mod program;
mod rows;
mod visitor;

pub use app::{Options, PASSWORD, TestApp, settings};
pub use database::TestDatabase;
pub use device::Device;
pub use page::Page;
pub use phone::{Phone, recovery_codes};
pub use program::{Outcome, Program, eventually};
pub use rows::Rows;
pub use visitor::Visitor;
