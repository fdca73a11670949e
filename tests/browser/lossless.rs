//! Nothing typed is lost, whatever happens while one types.

mod ended;
mod leaving;
mod network;
