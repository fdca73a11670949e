//! Who may do what to whom, beyond the permissions: nobody locks everybody out, nobody gives more than they hold.

mod administrators;
mod builtin;
mod deleting;
mod holding;
mod oneself;
