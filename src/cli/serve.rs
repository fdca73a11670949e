//! `quarterdeck serve`

use std::io::IsTerminal as _;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

use super::{migrate, open, wait_for};
use crate::app;
use crate::crud::{setup_tokens, users};
use crate::db::{self, Author, Clock, Write};
use crate::error::{Error, Result};
use crate::settings::{Log, LogFormat, Settings};

pub fn run(settings: &Settings) -> Result<ExitCode> {
    start_log(&settings.log);
    let mut conn = open(settings)?;
    for name in migrate::up(&mut conn)? {
        tracing::info!(name, "migration applied");
    }
    let token = setup_token(&mut conn)?;
    drop(conn);
    wait_for(async {
        let bind = &settings.web.bind;
        let application = app::build(settings, Clock::default(), None)
            .map_err(|cause| Error::internal(format!("can't listen on {bind}: {cause}; choose another with --bind")))?;
        let own = format!("http://{}", application.address);
        let public = settings.web.base_url(application.address);
        println!("Quarterdeck listens on {own}");
        if let Some(token) = token {
            println!(
                "Make the first administrator within 30 minutes: {public}/setup?token={token} \
                 (or: quarterdeck user create EMAIL --role Administrator)"
            );
        }
        tokio::spawn(application.db.clone().keep_stock());
        application.run().await.map_err(Error::internal)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// A new token for the first run, while no active administrator exists.
fn setup_token(conn: &mut db::AnyConnection) -> Result<Option<String>> {
    if users::has_active_administrator(conn)? {
        return Ok(None);
    }
    let by = Author::command_line();
    let at = Clock::default().now();
    db::transaction(conn, |conn| setup_tokens::create(&mut Write::new(conn, &by, at))).map(Some)
}

/// Logs to standard error: standard output is for what a person needs.
fn start_log(log: &Log) {
    let filter = EnvFilter::builder().parse_lossy(&log.filter);
    let is_terminal = std::io::stderr().is_terminal();
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(is_terminal);
    match log.format {
        LogFormat::Pretty => subscriber.init(),
        LogFormat::Json => subscriber.json().init(),
    }
}
