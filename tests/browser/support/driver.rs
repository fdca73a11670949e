//! The process that drives Chromium.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

/// The shell leads a process group of its own and ends all of it when its input closes. The system closes it however
/// the test ends, even killed; a `Drop` alone would leave browsers behind then.
const LEASH: &str = "{ chromedriver --port=0 2>&1; kill -KILL 0; } & read -r _; kill -KILL 0";

/// A chromedriver on a free port, and all the browsers that it starts.
pub struct Driver {
    pub url: String,
    leash: Child,
    output: Receiver<String>,
    /// Profiles, caches and crash reports, so that nobody's home is touched.
    _home: TempDir,
}

impl Driver {
    /// Port 0 is free on one of the addresses that chromedriver listens on, and may be taken on the other by the driver of
    /// another test: then another one is tried.
    pub fn start() -> Self {
        let mut said = String::new();
        for _ in 0..10 {
            match Self::try_start() {
                Ok(driver) => return driver,
                Err(refusal) => said = refusal,
            }
            if !said.contains("already in use") {
                break;
            }
        }
        panic!("chromedriver did not start (./tests/run installs it):\n{said}");
    }

    fn try_start() -> Result<Self, String> {
        let home = tempfile::tempdir().expect("a temporary folder for the browser's profile");
        let mut leash = Command::new("sh")
            .args(["-c", LEASH])
            .envs(["HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"].map(|it| (it, home.path())))
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh starts");
        let lines = BufReader::new(leash.stdout.take().expect("the output is piped")).lines();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // Read on when nobody listens: a full pipe would stop the browser.
                let _ = sender.send(line);
            }
        });
        let mut driver = Self { url: String::new(), leash, output, _home: home };
        driver.url = format!("http://127.0.0.1:{}", port(&driver.output)?);
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.leash.stdin.take());
        let _ = self.leash.wait();
        // Every process of the group holds the output: it ends with the last of them, and the folder is at rest.
        while self.output.recv_timeout(Duration::from_secs(5)).is_ok() {}
    }
}

/// The port that chromedriver names, or what it said instead.
fn port(output: &Receiver<String>) -> Result<u16, String> {
    let mut said = String::new();
    while let Ok(line) = output.recv_timeout(Duration::from_secs(20)) {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return port.trim_end_matches('.').parse().map_err(|_| line);
        }
        said = said + &line + "\n";
    }
    Err(said)
}
