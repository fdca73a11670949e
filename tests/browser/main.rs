//! What only a browser shows, in real Chromium, on the real program.

mod harness;
mod product;
mod support;

mod bulk;
mod confirm;
mod journeys;
mod keyboard;
mod lists;
mod lossless;
mod passkeys;
mod passwords;
mod pickers;
mod policy;
