//! The table of a database, in Markdown, and what of it is missed.

use std::fmt;
use std::time::Duration;

use super::load::{Measured, decimal, grouped};
use super::pages::{Aim, Page};
use super::product::Memory;

/// All that was measured on a database.
pub struct Report {
    /// The database, with its version.
    pub database: String,
    pub sizes: Vec<u64>,
    pub lines: Vec<Line>,
    /// At each size.
    pub processes: Vec<Process>,
    pub hashing: Option<Measured>,
    pub binary: u64,
}

/// A page.
pub struct Line {
    pub title: String,
    pub aim: Aim,
    /// At each size.
    pub at: Vec<Measured>,
    /// Its SQL alone, at the last size.
    pub sql: Option<Measured>,
    /// An answer as long from actix-web alone.
    pub bare: Option<Measured>,
    pub bytes: usize,
}

/// The process that served.
#[derive(Clone, Copy, Debug)]
pub struct Process {
    pub started_in: Duration,
    pub memory: Memory,
}

const MEMORY: u64 = 60;
const BINARY: u64 = 30;
const START: Duration = Duration::from_millis(100);
const MIB: u64 = 1024 * 1024;

impl Line {
    fn last(&self) -> f64 {
        self.at.last().map_or(f64::NAN, |last| last.rate)
    }

    /// The median at the last size, in medians at the first.
    fn growth(&self) -> Option<f64> {
        let [first, .., last] = self.at[..] else { return None };
        Some(last.median.as_secs_f64() / first.median.as_secs_f64())
    }

    fn of(&self, limit: Option<Measured>) -> Option<f64> {
        limit.map(|limit| self.last() / limit.rate)
    }
}

impl Report {
    /// The line of a page, the one at a place.
    pub fn line(&mut self, place: usize, page: &Page) -> &mut Line {
        if self.lines.len() <= place {
            let (title, aim) = (String::new(), page.aim);
            self.lines.push(Line { title, aim, at: Vec::new(), sql: None, bare: None, bytes: 0 });
        }
        let line = &mut self.lines[place];
        line.title.clone_from(&page.title);
        line
    }

    /// What is missed, a sentence each.
    fn missed(&self) -> Vec<String> {
        let mut missed = Vec::new();
        for line in &self.lines {
            let Line { title, aim, .. } = line;
            let hashing = self.hashing.filter(|_| aim.of_hashing.is_some());
            let mut least = |what: &str, is: Option<f64>, aim: Option<f64>| {
                if let (Some(is), Some(aim)) = (is, aim)
                    && is < aim
                {
                    missed.push(format!("{title}: {} {what}, not {}", number(is), number(aim)));
                }
            };
            least("a second", Some(line.last()), aim.rate);
            least("of its SQL alone", line.of(line.sql), aim.of_sql);
            least("of what hashing allows", line.of(hashing), aim.of_hashing);
            if let (Some(is), Some(most)) = (line.growth(), aim.growth)
                && is > most
            {
                missed.push(format!(
                    "{title}: {} times the median with {}, not {most}",
                    number(is),
                    grouped(self.sizes[0])
                ));
            }
        }
        for (size, Process { started_in, memory }) in self.sizes.iter().zip(&self.processes) {
            if memory.resident > MEMORY * MIB {
                missed.push(format!("{} MiB of memory at {}, not {MEMORY}", memory.resident / MIB, grouped(*size)));
            }
            if *started_in > START {
                missed.push(format!("a start of {started_in:.0?} at {}, not {START:?}", grouped(*size)));
            }
        }
        if self.binary > BINARY * MIB {
            missed.push(format!("a program of {} MiB, not {BINARY}", self.binary / MIB));
        }
        missed
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "### {}\n", self.database)?;
        write!(f, "| page |")?;
        self.sizes.iter().try_for_each(|size| write!(f, " {}: a second | median | p99 |", grouped(*size)))?;
        writeln!(f, " growth | its SQL alone | page/SQL | bare actix | page/bare | KiB |")?;
        writeln!(f, "| --- |{}", " ---: |".repeat(3 * self.sizes.len() + 6))?;
        for line in &self.lines {
            write!(f, "| {} |", line.title)?;
            for Measured { rate, median, p99 } in &line.at {
                write!(f, " {} | {} | {} |", number(*rate), millis(*median), millis(*p99))?;
            }
            let rate = |limit: Option<Measured>| optional(limit.map(|limit| limit.rate));
            let [sql, of_sql] = [rate(line.sql), optional(line.of(line.sql))];
            let [bare, of_bare] = [rate(line.bare), optional(line.of(line.bare))];
            let kib = number(decimal(line.bytes as u64) / 1024.0);
            writeln!(f, " {} | {sql} | {of_sql} | {bare} | {of_bare} | {kib} |", optional(line.growth()))?;
        }
        writeln!(f)?;
        if let Some(hashing) = self.hashing {
            let login = self.lines.iter().find(|line| line.aim.of_hashing.is_some());
            let reached = optional(login.and_then(|line| line.of(Some(hashing))));
            writeln!(
                f,
                "- Hashes alone, on all cores: {} a second; a login reaches {reached} of them.",
                number(hashing.rate)
            )?;
        }
        for (size, Process { started_in, memory }) in self.sizes.iter().zip(&self.processes) {
            let [resident, own, peak] = [memory.resident, memory.own, memory.peak].map(|bytes| bytes / MIB);
            writeln!(
                f,
                "- {} users: starts in {}; memory after the load {resident} MiB ({own} of its own, the rest mapped files), \
                 at most {peak}.",
                grouped(*size),
                millis(*started_in)
            )?;
        }
        writeln!(f, "- The program: {} MiB.", number(decimal(self.binary) / decimal(MIB)))?;
        let missed = self.missed();
        writeln!(f, "\nMissed of what was aimed at: {}.\n", missed.len())?;
        missed.iter().try_for_each(|missed| writeln!(f, "- {missed}"))
    }
}

fn optional(value: Option<f64>) -> String {
    value.map_or("–".into(), number)
}

/// Three digits that count, or all before the point.
fn number(value: f64) -> String {
    match value {
        0.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => grouped(value.round() as u64),
    }
}

fn millis(time: Duration) -> String {
    format!("{} ms", number(time.as_secs_f64() * 1000.0))
}
