//! The program itself, as a person runs it: the binary, an empty environment, a folder of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::TestDatabase;

/// Nothing that a test waits for takes longer, on a machine that is busy with the other tests.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program with its folder and environment.
pub struct Program {
    pub folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What came of a command.
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A server that runs until it is dropped.
pub struct Server {
    /// Where it listens.
    pub url: String,
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Program {
    /// With an empty environment, but for hashes that cost nothing.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cheap = [("QUARTERDECK_ARGON2_MEMORY_KIB", "8"), ("QUARTERDECK_ARGON2_ITERATIONS", "1")];
        let variables = cheap.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Program { folder, variables }
    }

    /// On this database.
    pub fn on(database: &TestDatabase) -> Self {
        Self::new().with("DATABASE_URL", &database.url)
    }

    /// With another environment variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with_input(arguments, "")
    }

    /// Runs a command to its end with something on standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Outcome {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the program starts");
        // A command that is refused at once does not read.
        let _ = child.stdin.take().expect("a standard input").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("the program ends");
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("text on standard output"),
            stderr: String::from_utf8(output.stderr).expect("text on standard error"),
        }
    }

    /// Serves on a free port, as soon as it answers there.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        let arguments: Vec<_> = ["serve", "--bind", "127.0.0.1:0"].iter().chain(arguments).copied().collect();
        let mut child = self.command(&arguments).stdin(Stdio::null()).spawn().expect("the program starts");
        let stderr = pumped(child.stderr.take().expect("a standard error"));
        let mut out = BufReader::new(child.stdout.take().expect("a standard output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let Some(url) = line.trim().strip_prefix("Quarterdeck listens on ").map(ToOwned::to_owned) else {
            let _ = child.kill();
            panic!("the first line was {line:?}; on standard error: {}", collected(&stderr));
        };
        let server = Server { url, child, stdout: pumped(out), stderr };
        assert!(
            server.raw("GET /healthz HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n").contains("200 OK"),
            "the server answers"
        );
        server
    }

    /// The command, to be started otherwise.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl Outcome {
    /// Everything that was printed.
    pub fn printed(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Asserts a refusal as they all are: exit code 2, one line on standard error, nothing of the inside. Gives the line.
    pub fn refusal(&self) -> &str {
        assert_eq!(self.code, Some(2), "a refusal ends with 2: {}", self.printed());
        assert_eq!(self.stdout, "", "a refusal prints nothing on standard output");
        let line = self.stderr.strip_suffix('\n').unwrap_or(&self.stderr);
        assert!(!line.is_empty() && !line.contains('\n'), "a refusal is one line: {:?}", self.stderr);
        for inside in ["panicked", "backtrace", "src/", "Error {"] {
            assert!(!line.contains(inside), "a refusal shows nothing of the inside like {inside:?}: {line}");
        }
        line
    }

    /// Asserts that the command did what it was asked, and gives what it printed.
    pub fn success(&self) -> &str {
        assert_eq!(self.code, Some(0), "the command succeeds: {}", self.printed());
        &self.stdout
    }
}

impl Server {
    /// A connection to it.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.url.trim_start_matches("http://")).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        stream
    }

    /// Its answer to a request in the words of HTTP.
    pub fn raw(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Asks it to end, as a service manager does.
    pub fn ask_to_end(&self) {
        self.signal("TERM");
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let status = Command::new("/bin/sh").args(["-c", &kill]).status().expect("a shell");
        assert!(status.success(), "the server runs");
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        eventually("the server ends", || self.child.try_wait().expect("a status"))
    }

    /// Ends it, and gives what it printed on standard output after the first line, and on standard error.
    pub fn end(mut self) -> (String, String) {
        self.ask_to_end();
        self.wait();
        self.printed()
    }

    /// What it printed on standard output after the first line, and on standard error, once it has ended.
    pub fn printed(&self) -> (String, String) {
        (collected(&self.stdout), collected(&self.stderr))
    }

    /// The token of the setup link that it printed.
    pub fn setup_token(&self) -> String {
        let line = self.stdout.recv_timeout(PATIENCE).expect("a second line");
        let token = line.split_once("/setup?token=").and_then(|(_, rest)| rest.split_whitespace().next());
        token.unwrap_or_else(|| panic!("a setup link in {line:?}")).to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tries until there is something, for a while.
pub fn eventually<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "{what}, within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Reads on a thread, so that the other end never waits for a reader.
fn pumped(from: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = String::new();
        while from.by_ref().read_line(&mut line).is_ok_and(|read| read > 0) {
            if send.send(std::mem::take(&mut line)).is_err() {
                return;
            }
        }
    });
    receive
}

fn collected(lines: &Receiver<String>) -> String {
    lines.iter().collect()
}
