//! The pages that are not about records of an entity.

pub mod account;
pub mod accounts;
pub mod authenticator_app;
pub mod dashboard;
pub mod health;
pub mod jobs;
pub mod kept;
pub mod login;
pub mod login_factor;
pub mod passkeys;
pub mod password;
pub mod second_factor;
mod sessions;
pub mod setup;
pub mod throttles;
