//! Nothing typed is lost: a form is done once however often it comes, is taken from nobody else, and is kept while nobody is
//! logged in.

mod dialog;
mod kept;
mod kept_for_whom;
mod once;
mod once_at_a_time;
mod person;
