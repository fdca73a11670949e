//! What can be asked of a run.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use quarterdeck::db::Engine;

/// Measures the pages of the product, from outside, beside what its SQL and its server reach alone.
#[derive(Parser, Debug)]
#[command(name = "cargo bench --bench pages --")]
pub struct Options {
    /// Numbers of users, the last of them the one that the limits are measured at; there are twice as many items
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1000,1000000")]
    pub sizes: Vec<u64>,
    /// sqlite, postgres
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', default_value = "sqlite,postgres", value_parser = engine)]
    pub databases: Vec<Engine>,
    /// How long each measurement takes, after a quarter of it to warm up
    #[arg(long, value_name = "N", default_value = "5", value_parser = seconds)]
    pub seconds: Duration,
    /// Connections that ask at the same time
    #[arg(long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub connections: u16,
    /// Only pages whose names begin so, like: list,search
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Keep the filled databases in a folder, and use those that are there
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// A PostgreSQL server on which databases may be made, instead of one of its own
    #[arg(long, value_name = "URL")]
    pub postgres: Option<String>,
    /// What cargo bench says to every benchmark
    #[arg(long, hide = true)]
    pub bench: bool,
}

impl Options {
    /// True when a page of this name is to be measured.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| name.starts_with(only.as_str()))
    }

    /// How many connections ask at the same time.
    pub fn connections(&self) -> usize {
        usize::from(self.connections)
    }
}

fn engine(text: &str) -> Result<Engine, String> {
    let engine = [Engine::Sqlite, Engine::Postgres].into_iter().find(|engine| engine.name() == text);
    engine.ok_or_else(|| "sqlite and postgres are allowed".into())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|seconds| !seconds.is_zero()).ok_or_else(|| "a number of seconds is allowed".into())
}
