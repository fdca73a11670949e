//! The pages that are not about records of an entity.

pub mod account;
pub mod accounts;
pub mod dashboard;
pub mod health;
pub mod kept;
pub mod login;
pub mod password;
mod sessions;
pub mod setup;
