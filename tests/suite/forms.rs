//! What a form takes and what it refuses, field by field.

mod bodies;
mod fixed;
mod password;
mod pickers;
mod texts;
