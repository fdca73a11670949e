//! The suite: from outside, over HTTP or the command line, on a real database. Without `TEST_DATABASE_URL` that is an SQLite
//! file of each test's own, with it a PostgreSQL database of each test's own; the tests do not know.

mod support;

mod abuse;
mod account;
mod accounts;
mod assets;
mod audit;
mod authentication;
mod budget;
mod bulk;
mod cells;
mod command_line;
mod confirmation;
mod conflicts;
mod contract;
mod crud;
mod doors;
mod drafts;
mod errors;
mod export;
mod forms;
mod listing;
mod lossless;
mod markup;
mod migrations;
mod other_programs;
mod passwords;
mod plans;
mod pool;
mod properties;
mod rules;
mod same_origin;
mod second_factor;
mod sessions;
mod setup;
mod throttles;
mod writes;
