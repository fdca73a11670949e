//! Connections, and how long a client may take.

use std::any::Any;
use std::cell::Cell;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::AsFd as _;
use std::rc::Rc;
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream as Stream;
use actix_web::rt::task::JoinHandle;
use actix_web::rt::time::{Instant, sleep, sleep_until};

use crate::settings::Web;

/// How long a client may take (OWASP ASVS 5.0, 13.1.3 and 13.2.6: a limit and what happens at it).
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the first request's line and headers.
    pub head: Duration,
    /// For a body.
    pub body: Duration,
    /// Between the beginnings of two requests on one connection: the server's own clock stands still while a second head
    /// trickles in, and while nobody reads an answer.
    pub rest: Duration,
}

impl Patience {
    #[must_use]
    pub fn of(web: &Web) -> Self {
        Patience { head: web.head_timeout, body: web.body_timeout, rest: web.rest_timeout }
    }
}

/// A connection that is closed when no request begins on it for too long.
pub struct Connection {
    /// Our end of it.
    pub own: SocketAddr,
    began: Rc<Cell<Instant>>,
    /// Another handle of the socket: the server keeps its own to itself.
    socket: Rc<TcpStream>,
    watch: JoinHandle<()>,
}

/// Tells the watch of a connection that a long answer goes on: it is read, or the server would not ask for more of it.
pub struct Pulse(Rc<Cell<Instant>>);

impl Pulse {
    /// The answer goes on.
    pub fn beat(&self) {
        self.0.set(Instant::now());
    }
}

/// How long the rest of a refused request may still come, so that the refusal can be read (RFC 9112, 9.6).
const LINGER: Duration = Duration::from_secs(2);

impl Connection {
    /// Puts a new connection under watch. For the server's `on_connect`.
    pub fn open(io: &dyn Any, data: &mut Extensions, patience: Patience) {
        let Some(stream) = io.downcast_ref::<Stream>() else { return };
        // An answer that is compressed on its way goes out in pieces: without this the last waits 40 ms for the client to
        // acknowledge the one before.
        if let Err(cause) = stream.set_nodelay(true) {
            tracing::debug!(%cause, "a connection keeps small pieces back");
        }
        let socket = stream.as_fd().try_clone_to_owned().map(TcpStream::from);
        if let (Ok(own), Ok(socket)) = (stream.local_addr(), socket) {
            let (began, socket) = (Rc::new(Cell::new(Instant::now())), Rc::new(socket));
            let watch = actix_web::rt::spawn(watch(Rc::clone(&began), Rc::clone(&socket), patience.rest));
            data.insert(Connection { own, began, socket, watch });
        }
    }

    /// Notes that a request begins.
    pub(super) fn begin(&self) {
        self.began.set(Instant::now());
    }

    /// What keeps it open through a long answer.
    #[must_use]
    pub fn pulse(&self) -> Pulse {
        Pulse(Rc::clone(&self.began))
    }

    /// Closes it in a moment: the server itself would wait for the rest of a refused body as long as it takes to come.
    pub(super) fn end_soon(&self) {
        let socket = Rc::downgrade(&self.socket);
        actix_web::rt::spawn(async move {
            sleep(LINGER).await;
            if let Some(socket) = socket.upgrade() {
                close(&socket);
            }
        });
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

async fn watch(began: Rc<Cell<Instant>>, socket: Rc<TcpStream>, rest: Duration) {
    while began.get().elapsed() < rest {
        sleep_until(began.get() + rest).await;
    }
    tracing::debug!("a connection is closed on which no request began for too long");
    close(&socket);
}

fn close(socket: &TcpStream) {
    // It may be closed already.
    let _ = socket.shutdown(Shutdown::Both);
}
