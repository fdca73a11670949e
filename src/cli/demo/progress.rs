//! How far it is: a bar on a terminal, a line for each part elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::db::load::Watcher;

/// How often the bar is drawn where nothing is counted.
const TICK: Duration = Duration::from_millis(200);

/// Tells whoever waits, on standard error.
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    pub fn new() -> Self {
        Progress { bar: stderr().is_terminal().then(ProgressBar::new_spinner) }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watcher for Progress {
    fn begin(&mut self, what: &str, steps: u64) {
        let Some(bar) = &self.bar else {
            eprintln!("{what} …");
            return;
        };
        bar.reset();
        let template = if steps == 0 {
            "{msg:22} {spinner} {elapsed}"
        } else {
            "{msg:22} {wide_bar:.cyan/blue} {human_pos}/{human_len} {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        bar.set_length(steps);
        bar.enable_steady_tick(TICK);
    }

    fn advance(&mut self, steps: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(steps);
        }
    }
}
