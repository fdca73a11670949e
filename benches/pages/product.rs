//! The product: its commands, and its server with what that costs.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

const BINARY: &str = env!("CARGO_BIN_EXE_quarterdeck");

/// The program, with its default settings, on a database.
#[derive(Clone, Debug)]
pub struct Product {
    pub url: String,
}

/// A server that runs until it is dropped.
pub struct Server {
    pub host: String,
    /// From its start to the line that says that it listens.
    pub started_in: Duration,
    child: Child,
    /// Open for what else it may say.
    _output: BufReader<ChildStdout>,
}

/// What a process holds in memory, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub resident: u64,
    /// The part of it that is its own; the other is of files, which the system can drop.
    pub own: u64,
    pub peak: u64,
}

impl Product {
    /// The size of the program, in bytes.
    pub fn size() -> Result<u64> {
        Ok(Path::new(BINARY).metadata()?.len())
    }

    /// Runs a command to its end, with something on standard input.
    pub fn run(&self, arguments: &[&str], input: &str) -> Result<()> {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn()?;
        child.stdin.take().context("it has an input")?.write_all(input.as_bytes())?;
        let status = child.wait()?;
        ensure!(status.success(), "quarterdeck {}: {status}", arguments.join(" "));
        Ok(())
    }

    /// Serves on a free port.
    pub fn serve(&self) -> Result<Server> {
        let start = Instant::now();
        let mut child = self.command(&["serve", "--bind", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().context("it has an output")?);
        output.read_line(&mut line)?;
        let started_in = start.elapsed();
        let Some(host) = line.trim().strip_prefix("Quarterdeck listens on http://") else {
            let _ = child.kill();
            bail!("the server does not start, {:?}", child.wait()?);
        };
        Ok(Server { host: host.to_owned(), started_in, child, _output: output })
    }

    /// Nobody else's settings; what it says of itself goes where ours does.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.env_clear().env("DATABASE_URL", &self.url).env("QUARTERDECK_LOG", "warn");
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}

impl Server {
    /// What it holds in memory now, and at most so far.
    pub fn memory(&self) -> Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
            kib.map(|kib| kib * 1024).with_context(|| format!("no {name} in the process's status"))
        };
        Ok(Memory { resident: bytes("VmRSS")?, own: bytes("RssAnon")?, peak: bytes("VmHWM")? })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // As a service manager does, so that it leaves the database in order.
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
