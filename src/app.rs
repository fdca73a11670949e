//! The application as a value: settings in, a server out.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};

use crate::access::{Desk, Readiness, Worker, give_devices, keep_connection, keep_submissions};
use crate::admin::bulk;
use crate::db::{Clock, Db};
use crate::front::{Connection, MAX_BODY, Patience, admit, head_as_get, hold_browser, read_body};
use crate::html::show_errors;
use crate::passkey::Site;
use crate::password::Hasher;
use crate::request_log::{ServerTiming, log_requests};
use crate::same_origin::{PublicOrigin, require_same_origin};
use crate::secret::Vault;
use crate::settings::Settings;
use crate::{resources, routes};

/// How long the last step of a job is waited for at the end.
const LAST_STEP: Duration = Duration::from_secs(10);

/// An application that listens, and answers as soon as it is run.
pub struct Application {
    pub address: SocketAddr,
    pub db: Db,
    pub hasher: Hasher,
    server: Server,
    worker: Worker,
}

/// Builds the application over an open database. `threads` answer requests; none for one a core.
///
/// Fails when the address can't be listened on.
pub fn build(settings: &Settings, clock: Clock, threads: Option<usize>) -> io::Result<Application> {
    let db = Db::new(&settings.database, clock);
    let hasher = Hasher::new(settings.passwords);
    let web = &settings.web;
    let vault = Vault::new(settings.secret.clone(), settings.database.file());
    let readiness = web::Data::new(Readiness::of(db.clone()));
    let origin = web::Data::new(PublicOrigin(web.public_url.clone()));
    let menu = resources::menu();
    let listener = TcpListener::bind(&web.bind)?;
    let address = listener.local_addr()?;
    let patience = Patience::of(web);
    let server_timing = ServerTiming(web.server_timing);
    let site = Site::new(web.public_url.as_ref(), address);
    let desk = Desk::new(db.clone(), hasher.clone(), vault, site, web, web.base_url(address));
    let worker = desk.worker();
    let server = HttpServer::new(move || {
        // Read from below: the log is the outermost, the session, on all that is not public, the innermost.
        App::new()
            .app_data(web::Data::new(desk.clone()))
            .app_data(readiness.clone())
            .app_data(origin.clone())
            .app_data(menu.clone())
            .app_data(web::Data::new(resources::REGISTRY))
            .app_data(web::Data::new(patience))
            .app_data(web::Data::new(server_timing))
            .app_data(web::PayloadConfig::new(MAX_BODY))
            .app_data(web::FormConfig::default().limit(MAX_BODY))
            .configure(routes::public)
            .service(
                web::scope("")
                    .wrap(from_fn(keep_submissions))
                    .wrap(desk.sessions())
                    .wrap(from_fn(keep_connection))
                    .wrap(from_fn(give_devices))
                    .configure(routes::with_session),
            )
            .wrap(from_fn(read_body))
            .wrap(from_fn(require_same_origin))
            .wrap(from_fn(admit))
            .wrap(from_fn(show_errors))
            .wrap(from_fn(hold_browser))
            .wrap(Compress::default())
            .wrap(from_fn(head_as_get))
            .wrap(from_fn(log_requests))
    });
    let server = match threads {
        Some(threads) => server.workers(threads).disable_signals(),
        None => server,
    };
    let server = server.on_connect(move |io, data| Connection::open(io, data, patience));
    let server = server.shutdown_timeout(30).client_request_timeout(patience.head).listen(listener)?.run();
    Ok(Application { address, db, hasher, server, worker })
}

impl Application {
    /// The way to end it from elsewhere.
    #[must_use]
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Answers requests, and goes on with jobs, until it is told to end; then the requests that run and the step of a job are
    /// finished first.
    ///
    /// Fails when the server does.
    pub async fn run(self) -> io::Result<()> {
        tokio::spawn(self.db.close_idle_overflow());
        let jobs = tokio::spawn(bulk::run(self.worker.clone(), resources::REGISTRY));
        let served = self.server.await;
        self.worker.end();
        // A step that hangs is no reason to stay: it is undone, and another goes on with its job.
        let _ = tokio::time::timeout(LAST_STEP, jobs).await;
        served
    }
}
