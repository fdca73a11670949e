//! Load: connections that ask as fast as they are answered, and what came of it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::http::Connection;

/// Gives one request after the other.
pub type Requests = Box<dyn FnMut(&mut Vec<u8>)>;

/// How a measurement is made.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub connections: usize,
    pub time: Duration,
}

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// How often a second.
    pub rate: f64,
    pub median: Duration,
    pub p99: Duration,
}

/// When what is done counts.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    begin: Instant,
    end: Instant,
}

impl Way {
    /// Begins after a while that counts for nothing: caches are filled, and connections opened.
    pub fn window(self) -> Window {
        let begin = Instant::now() + self.time / 4;
        Window { begin, end: begin + self.time }
    }
}

/// How long each of the things took that counted.
pub struct Times {
    window: Window,
    taken: Vec<Duration>,
    last: Instant,
}

impl Times {
    pub fn new(window: Window) -> Self {
        Times { window, taken: Vec::with_capacity(1 << 16), last: window.end }
    }

    /// Notes what was begun at a moment and is done now. True while there is to be more: what takes longer than the window
    /// counts as well, once.
    pub fn note(&mut self, from: Instant) -> bool {
        let now = Instant::now();
        if from >= self.window.begin {
            self.taken.push(now - from);
            self.last = self.last.max(now);
        }
        now < self.window.end || self.taken.is_empty()
    }
}

impl Measured {
    /// Of all who did it at the same time.
    ///
    /// Fails when nobody did.
    pub fn of(all: Vec<Times>) -> Result<Self> {
        let begin = all.iter().map(|times| times.window.begin).min();
        let last = all.iter().map(|times| times.last).max();
        let mut taken: Vec<_> = all.into_iter().flat_map(|times| times.taken).collect();
        taken.sort_unstable();
        let (Some(begin), Some(last), [.., _]) = (begin, last, &taken[..]) else { bail!("nothing was done") };
        let at = |part: usize| taken[(taken.len() * part / 100).min(taken.len() - 1)];
        let rate = decimal(taken.len() as u64) / (last - begin).as_secs_f64();
        Ok(Measured { rate, median: at(50), p99: at(99) })
    }
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "no more digits are shown than are exact")]
pub fn decimal(count: u64) -> f64 {
    count as f64
}

/// A count for people: `1,000,000`.
pub fn grouped(count: u64) -> String {
    if count < 1000 { count.to_string() } else { format!("{},{:03}", grouped(count / 1000), count % 1000) }
}

/// Asks a server on so many connections, each with requests of its own, and looks at the status of each answer.
///
/// Fails at the first that is another.
pub async fn measure(
    host: &str,
    status: u16,
    way: Way,
    requests: &dyn Fn(usize) -> Result<Requests>,
) -> Result<Measured> {
    let mut askers = Vec::new();
    for number in 0..way.connections {
        askers.push((Connection::open(host).await?, requests(number)?));
    }
    let window = way.window();
    let tasks = tokio::task::LocalSet::new();
    let asked: Vec<_> = askers
        .into_iter()
        .map(|(connection, requests)| tasks.spawn_local(ask(connection, requests, status, window)))
        .collect();
    tasks.await;
    let mut all = Vec::new();
    for task in asked {
        all.push(task.await??);
    }
    Measured::of(all)
}

async fn ask(mut connection: Connection, mut next: Requests, status: u16, window: Window) -> Result<Times> {
    let (mut times, mut request) = (Times::new(window), Vec::new());
    loop {
        request.clear();
        next(&mut request);
        let from = Instant::now();
        let answer = connection.ask(&request).await?;
        if answer.status != status {
            let request = String::from_utf8_lossy(&request);
            bail!("{} instead of {status} for\n{request}\n\n{}", answer.status, answer.text());
        }
        if !times.note(from) {
            return Ok(times);
        }
    }
}
