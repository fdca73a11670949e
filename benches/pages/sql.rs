//! What the SQL of a page reaches alone: the statements that the product sends for it, caught from a second copy of the product
//! in this process, and sent again through Diesel's plain connections, prepared and kept as the product keeps them.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Instant;

use actix_web::dev::ServerHandle;
use anyhow::{Context as _, Result, anyhow, ensure};
use clap::{FromArgMatches as _, Parser};
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use quarterdeck::db::{self, AnyConnection, Clock};
use quarterdeck::settings::Settings;

use super::http::Connection;
use super::load::{Measured, Requests, Times, Way, Window};
use super::statement::Statement;

/// So many requests of a page are caught: each is for other rows.
const CAUGHT: usize = 50;

/// The question with which the pool makes sure of a connection.
const PING: &str = "SELECT 1 --";

/// What was sent, as Diesel shows it, and the texts of what was prepared to be kept.
static SENT: Mutex<(Vec<String>, BTreeSet<String>)> = Mutex::new((Vec::new(), BTreeSet::new()));

/// The product in this process, whose statements are noted.
pub struct Watched {
    host: String,
    handle: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
}

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

/// The product's settings, all at their defaults but for the database.
pub fn settings(url: &str) -> Result<Settings> {
    let command = <Arguments as clap::CommandFactory>::command().mut_args(|argument| argument.env(None::<&str>));
    let matches = command.try_get_matches_from(["quarterdeck", "--bind", "127.0.0.1:0", "--database-url", url])?;
    Ok(Arguments::from_arg_matches(&matches)?.settings)
}

impl Watched {
    /// Starts it on a database.
    pub fn start(url: &str) -> Result<Self> {
        set_default_instrumentation(|| Some(Box::new(note) as Box<dyn Instrumentation>))?;
        let settings = settings(url)?;
        let (send, receive) = channel();
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let built = quarterdeck::app::build(&settings, Clock::default(), Some(1));
                let parts = built.as_ref().map(|built| (built.address.to_string(), built.handle()));
                let _ = send.send(parts.map_err(ToString::to_string));
                if let Ok(built) = built {
                    let _ = built.run().await;
                }
            });
        });
        let (host, handle) = receive.recv()?.map_err(|why| anyhow!("the product in this process: {why}"))?;
        Ok(Watched { host, handle, thread: Some(thread) })
    }

    /// The statements of some requests of a page. Those that write are left out: what is written cannot be written again.
    pub async fn statements(&self, mut requests: Requests) -> Result<Vec<Vec<Statement>>> {
        let mut connection = Connection::open(&self.host).await?;
        let (mut request, mut former, mut pages) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..CAUGHT {
            former.clone_from(&request);
            request.clear();
            requests(&mut request);
            if request == former && !pages.is_empty() {
                break;
            }
            sent(|(statements, _)| statements.clear())?;
            let status = connection.ask(&request).await?.status;
            ensure!(status < 400, "{status} in place of a page");
            let (mut statements, kept) = sent(|sent| sent.clone())?;
            statements.retain(|shown| !shown.starts_with(PING));
            // Now and then a page writes down that the session was seen; one that does so each time is not asked for ever.
            if statements.is_empty() || !statements.iter().all(|shown| is_read(shown)) {
                if pages.is_empty() && number >= 2 {
                    break;
                }
                continue;
            }
            let read = statements.iter().map(|shown| Statement::read(shown, &kept));
            match read.collect::<Result<Vec<_>>>() {
                Ok(read) => pages.push(read),
                // Lists, of PostgreSQL's, are not sent again.
                Err(why) => {
                    eprintln!("    its SQL alone is not measured: {why}");
                    return Ok(Vec::new());
                }
            }
        }
        Ok(pages)
    }
}

/// True of what only reads, a search with its head too.
fn is_read(shown: &str) -> bool {
    shown.starts_with("SELECT") || shown.starts_with("WITH")
}

impl Drop for Watched {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        // Nobody listens to the connections that are opened from now on.
        let _ = set_default_instrumentation(|| None);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "Diesel gives it so")]
fn note(event: InstrumentationEvent<'_>) {
    let _ = sent(|(statements, kept)| match event {
        InstrumentationEvent::StartQuery { query, .. } => statements.push(query.to_string()),
        InstrumentationEvent::CacheQuery { sql, .. } => drop(kept.insert(sql.to_owned())),
        _ => {}
    });
}

fn sent<T>(with: impl FnOnce(&mut (Vec<String>, BTreeSet<String>)) -> T) -> Result<T> {
    Ok(with(&mut *SENT.lock().map_err(|_| anyhow!("a thread of the product has panicked"))?))
}

/// Sends the statements of these pages on so many connections, each from a thread of its own. A page counts as one.
pub fn measure(url: &str, pages: &[Vec<Statement>], way: Way) -> Result<Measured> {
    let connections = (0..way.connections).map(|_| db::open(url)).collect::<Result<Vec<_>, _>>()?;
    let window = way.window();
    let all = thread::scope(|scope| {
        let senders: Vec<_> = connections
            .into_iter()
            .enumerate()
            .map(|(number, connection)| scope.spawn(move || send(connection, pages, number, window)))
            .collect();
        let mut all = Vec::new();
        for sender in senders {
            all.push(sender.join().map_err(|_| anyhow!("a thread has panicked"))??);
        }
        Ok::<_, anyhow::Error>(all)
    })?;
    Measured::of(all)
}

fn send(mut conn: AnyConnection, pages: &[Vec<Statement>], first: usize, window: Window) -> Result<Times> {
    let mut times = Times::new(window);
    for page in pages.iter().cycle().skip(first) {
        let from = Instant::now();
        for statement in page {
            let done = match &mut conn {
                AnyConnection::Postgres(conn) => statement.run(conn),
                AnyConnection::Sqlite(conn) => statement.run(conn),
            };
            done.with_context(|| statement.sql.clone())?;
        }
        if !times.note(from) {
            break;
        }
    }
    Ok(times)
}
