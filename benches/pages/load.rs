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

impl Window {
    /// Does something again and again until the end, and notes how long it took each time.
    pub fn note(self, times: &mut Vec<Duration>, from: Instant) -> bool {
        let now = Instant::now();
        if from >= self.begin && now <= self.end {
            times.push(now - from);
        }
        now < self.end
    }

    /// What these times are.
    ///
    /// Fails when there are none.
    pub fn measured(self, mut times: Vec<Duration>) -> Result<Measured> {
        times.sort_unstable();
        let [.., _] = times[..] else { bail!("nothing was done in {:?}", self.end - self.begin) };
        let rate = decimal(times.len() as u64) / (self.end - self.begin).as_secs_f64();
        let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
        Ok(Measured { rate, median: at(50), p99: at(99) })
    }
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "no more digits are shown than are exact")]
pub fn decimal(count: u64) -> f64 {
    count as f64
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
    let mut times = Vec::new();
    for task in asked {
        times.extend(task.await??);
    }
    window.measured(times)
}

async fn ask(mut connection: Connection, mut next: Requests, status: u16, window: Window) -> Result<Vec<Duration>> {
    let (mut times, mut request) = (Vec::with_capacity(1 << 16), Vec::new());
    loop {
        request.clear();
        next(&mut request);
        let from = Instant::now();
        let answer = connection.ask(&request).await?;
        if answer.status != status {
            let request = String::from_utf8_lossy(&request);
            bail!("{} instead of {status} for\n{request}\n\n{}", answer.status, answer.text());
        }
        if !window.note(&mut times, from) {
            return Ok(times);
        }
    }
}
