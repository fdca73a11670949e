//! Counts what a connection is asked. The texts of the queries are not looked at: they would have to be written out.

use std::time::Instant;

use diesel::connection::{Instrumentation, InstrumentationEvent, get_default_instrumentation};

use crate::tally;

/// The counter of one connection.
pub(super) struct Counter {
    /// Whoever listens to every connection: the benchmark.
    other: Option<Box<dyn Instrumentation>>,
    began: Option<Instant>,
    /// What comes next begins or ends a transaction.
    is_control: bool,
}

impl Default for Counter {
    fn default() -> Self {
        Counter { other: get_default_instrumentation(), began: None, is_control: false }
    }
}

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match &event {
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => self.is_control = true,
            InstrumentationEvent::StartQuery { .. } => self.began = Some(Instant::now()),
            InstrumentationEvent::FinishQuery { .. } => {
                if let Some(began) = self.began.take() {
                    tally::asked(began.elapsed(), !std::mem::take(&mut self.is_control));
                }
            }
            _ => {}
        }
        if let Some(other) = &mut self.other {
            other.on_connection_event(event);
        }
    }
}
