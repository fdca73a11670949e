//! Two-factor: setting one up, logging in with it, roles that require it, and the ways back in.

mod back_in;
mod half_way;
mod login;
mod passkeys;
mod required;
mod secrecy;
mod setting_up;
