//! What a list promises beyond the contract: places that hold while rows come and go, honest counts, addresses that mean
//! one list or none.

mod addresses;
mod counts;
mod indexes;
mod places;
mod ranges;
mod searches;
mod state;
