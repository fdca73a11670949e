//! Another's account: its sessions, and its lock.

mod lock;
mod sessions;
