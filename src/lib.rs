//! Quarterdeck: the desk from which administrators run an application's users, items and roles.
//!
//! The map, in the direction of imports. A module imports from its right only; `tests/architecture.rs` holds it to that.
//!
//! `cli -> app -> routes -> pages -> resources -> admin -> access -> html -> crud -> models -> db`
//!
//! - [`cli`]: the commands. [`app`]: settings in, a server out. [`routes`]: the table of contents.
//! - [`pages`]: what is not about records. [`resources`]: the entities, a declaration each.
//! - [`admin`]: what every entity shares, from its list to its store.
//! - [`access`]: the doors, the only way to the data for a handler. [`html`]: what every page shares.
//! - [`crud`]: the repositories. [`models`]: the rows. [`db`]: two databases, one path.
//! - The leaves, for anybody: [`error`], [`settings`], [`password`], [`email`], [`cookie`], [`token`], [`sealed`], [`secret`], [`totp`],
//!   [`passkey`], [`submission`], [`request_log`], [`tally`], [`assets`], [`same_origin`], [`browser`],
//!   [`front`] (what stands before every handler).

pub mod access;
pub mod admin;
pub mod app;
pub mod assets;
pub mod browser;
pub mod cli;
pub mod cookie;
pub mod crud;
pub mod db;
pub mod email;
pub mod error;
pub mod front;
pub mod html;
pub mod models;
pub mod pages;
pub mod passkey;
pub mod password;
pub mod request_log;
pub mod resources;
pub mod routes;
pub mod same_origin;
pub mod sealed;
pub mod secret;
pub mod settings;
pub mod submission;
pub mod tally;
pub mod token;
pub mod totp;
