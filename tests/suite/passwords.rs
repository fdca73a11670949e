//! What may be a password, how strong it is while one types, and the links by which a user chooses it.

mod links;
mod makers;
mod policy;
mod race;
mod strength;
