//! The settings: one typed struct, each setting a flag and an environment variable of one meaning.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use url::Url;

mod values;

use self::values::{address, bind, database_url, duration, log_filter, public_url, whole, yes_or_no};
use crate::secret::Secret;

/// Where the data is when nothing else is said; the only SQLite file whose folder is made when missing.
pub const DEFAULT_DATABASE_URL: &str = "sqlite://data/quarterdeck.db";

/// Everything that can be set.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    #[command(flatten)]
    pub database: Database,
    #[command(flatten)]
    pub web: Web,
    #[command(flatten)]
    pub log: Log,
    #[command(flatten)]
    pub passwords: Passwords,
    /// Encrypts what the database must not give away, at least 32 characters [default: with SQLite a file beside the database]
    #[arg(id = "QUARTERDECK_SECRET", long = "secret", env = "QUARTERDECK_SECRET", hide_env_values = true, global = true,
          help_heading = "Secret", value_name = "TEXT", value_parser = Secret::parse)]
    pub secret: Option<Secret>,
}

/// The database and its pool.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Database")]
pub struct Database {
    /// sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME (TLS by sslmode)
    #[arg(id = "DATABASE_URL", long = "database-url", env = "DATABASE_URL", hide_env_values = true, global = true,
          value_name = "URL", default_value = DEFAULT_DATABASE_URL, value_parser = database_url)]
    pub url: String,
    /// Connections kept, 1 to 1000
    #[arg(id = "DATABASE_POOL_SIZE", long = "database-pool-size", env = "DATABASE_POOL_SIZE", global = true,
          value_name = "N", default_value = "8", value_parser = |text: &str| whole::<usize>(text, 1, 1000))]
    pub pool_size: usize,
    /// More connections that may be opened under load, 0 to 1000; closed again when idle
    #[arg(id = "DATABASE_MAX_OVERFLOW", long = "database-max-overflow", env = "DATABASE_MAX_OVERFLOW", global = true,
          value_name = "N", default_value = "8", value_parser = |text: &str| whole::<usize>(text, 0, 1000))]
    pub max_overflow: usize,
    /// Verify a pooled connection before it is used: true or false
    #[arg(id = "DATABASE_PRE_PING", long = "database-pre-ping", env = "DATABASE_PRE_PING", global = true,
          value_name = "BOOL", default_value = "true", action = clap::ArgAction::Set, value_parser = yes_or_no)]
    pub pre_ping: bool,
    /// Longest wait for a connection, like 5s or 500ms; after it 503 with Retry-After
    #[arg(id = "DATABASE_TIMEOUT", long = "database-timeout", env = "DATABASE_TIMEOUT", global = true,
          value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub timeout: Duration,
    /// How long a connection of the overflow idles before it is closed. Not for the command line.
    #[arg(skip = Duration::from_secs(10))]
    pub overflow_idle: Duration,
}

impl Database {
    /// The file of an SQLite database, none for PostgreSQL.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        self.url.strip_prefix("sqlite://").map(PathBuf::from)
    }
}

/// The server and its sessions.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Server")]
pub struct Web {
    /// Address and port to listen on; port 0 takes any free one and prints it
    #[arg(id = "QUARTERDECK_BIND", long = "bind", env = "QUARTERDECK_BIND", global = true,
          value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", value_parser = bind)]
    pub bind: String,
    /// What browsers see, a scheme and a host; https turns on Secure, __Host- and HSTS [default: http:// and the bind address]
    #[arg(id = "QUARTERDECK_PUBLIC_URL", long = "public-url", env = "QUARTERDECK_PUBLIC_URL", global = true,
          value_name = "URL", value_parser = public_url)]
    pub public_url: Option<Url>,
    /// Addresses of proxies whose X-Forwarded-For is believed, separated by commas [default: none]
    #[arg(id = "QUARTERDECK_TRUSTED_PROXIES", long = "trusted-proxies", env = "QUARTERDECK_TRUSTED_PROXIES", global = true,
          value_name = "ADDRESS", value_delimiter = ',', value_parser = address)]
    pub trusted_proxies: Vec<IpAddr>,
    /// Longest rest between two requests of a session, like 12h or 30m
    #[arg(id = "QUARTERDECK_SESSION_IDLE", long = "session-idle", env = "QUARTERDECK_SESSION_IDLE", global = true,
          value_name = "TIME", default_value = "12h", value_parser = duration)]
    pub session_idle: Duration,
    /// Longest life of a session, like 7d
    #[arg(id = "QUARTERDECK_SESSION_MAX", long = "session-max", env = "QUARTERDECK_SESSION_MAX", global = true,
          value_name = "TIME", default_value = "7d", value_parser = duration)]
    pub session_max: Duration,
    /// Answers to whoever is logged in say by Server-Timing what they cost: true or false
    #[arg(id = "QUARTERDECK_SERVER_TIMING", long = "server-timing", env = "QUARTERDECK_SERVER_TIMING", global = true,
          value_name = "BOOL", default_value = "true", action = clap::ArgAction::Set, value_parser = yes_or_no)]
    pub server_timing: bool,
    /// How long a client may take for the first head on a connection. None of these three is for the command line.
    #[arg(skip = Duration::from_secs(10))]
    pub head_timeout: Duration,
    /// How long a client may take for a body.
    #[arg(skip = Duration::from_secs(30))]
    pub body_timeout: Duration,
    /// How long no request may begin on a connection before it is closed.
    #[arg(skip = Duration::from_secs(90))]
    pub rest_timeout: Duration,
}

impl Web {
    /// Where browsers find the application, without a slash at the end, when it listens on this address.
    #[must_use]
    pub fn base_url(&self, address: impl std::fmt::Display) -> String {
        let public = self.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
        public.unwrap_or_else(|| format!("http://{address}"))
    }

    /// True when browsers reach the application over https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}

/// The log.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Log")]
pub struct Log {
    /// What is logged: error, warn, info, debug, trace, or a filter like quarterdeck=debug
    #[arg(id = "QUARTERDECK_LOG", long = "log", env = "QUARTERDECK_LOG", global = true,
          value_name = "FILTER", default_value = "info", value_parser = log_filter)]
    pub filter: String,
    /// pretty or json
    #[arg(
        id = "QUARTERDECK_LOG_FORMAT",
        long = "log-format",
        env = "QUARTERDECK_LOG_FORMAT",
        global = true,
        value_name = "FORMAT",
        default_value = "pretty"
    )]
    pub format: LogFormat,
}

/// How a line of the log is written.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Pretty,
    Json,
}

/// The cost of a password hash. The defaults are OWASP's minimum for Argon2id (Password Storage Cheat Sheet).
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Passwords")]
pub struct Passwords {
    /// Memory of one hash in KiB, 8 to 4194304
    #[arg(id = "QUARTERDECK_ARGON2_MEMORY_KIB", long = "argon2-memory-kib", env = "QUARTERDECK_ARGON2_MEMORY_KIB", global = true,
          value_name = "KIB", default_value = "19456", value_parser = |text: &str| whole::<u32>(text, 8, 4_194_304))]
    pub memory_kib: u32,
    /// Iterations of one hash, 1 to 100
    #[arg(id = "QUARTERDECK_ARGON2_ITERATIONS", long = "argon2-iterations", env = "QUARTERDECK_ARGON2_ITERATIONS", global = true,
          value_name = "N", default_value = "2", value_parser = |text: &str| whole::<u32>(text, 1, 100))]
    pub iterations: u32,
}
