//! `quarterdeck check`

use std::net::SocketAddr;
use std::process::ExitCode;

use super::open;
use crate::crud::{totp_secrets, users};
use crate::db::{AnyConnection, migrations};
use crate::error::Result;
use crate::secret::Vault;
use crate::settings::Settings;

/// OWASP's minimum for Argon2id (Password Storage Cheat Sheet).
const OWASP_MEMORY_KIB: u32 = 19_456;
const OWASP_ITERATIONS: u32 = 2;

/// Prints what is wrong, and how to mend it; 1 when something is.
pub fn run(settings: &Settings) -> Result<ExitCode> {
    let mut wrong = Vec::new();
    if let Some(file) = settings.database.file().filter(|file| !file.exists()) {
        wrong.push(format!("there is no database {} yet; mend: quarterdeck migrate up", file.display()));
        wrong.extend(wrong_settings(settings));
        return Ok(report(&wrong));
    }
    match open(settings) {
        Err(error) => wrong.push(format!(
            "{}; mend: start the database, or name another: quarterdeck --database-url URL check",
            super::one_line(&error.to_string())
        )),
        Ok(mut conn) => match migrations::pending(&mut conn) {
            Err(error) => wrong.push(format!(
                "{error}; mend: run the newer program, or let that one roll back: quarterdeck migrate down"
            )),
            Ok(pending) if !pending.is_empty() => {
                wrong.push(format!("migrations are pending: {}; mend: quarterdeck migrate up", pending.join(", ")));
            }
            Ok(_) if !users::has_active_administrator(&mut conn)? => {
                wrong.push(
                    "nobody active is an administrator; mend: quarterdeck user create EMAIL --role Administrator, or for an \
                     account that is there: quarterdeck user give-role EMAIL Administrator"
                        .into(),
                );
            }
            Ok(_) => wrong.extend(wrong_secret(settings, &mut conn)?),
        },
    }
    wrong.extend(wrong_settings(settings));
    Ok(report(&wrong))
}

fn report(wrong: &[String]) -> ExitCode {
    for line in wrong {
        println!("{line}");
    }
    if wrong.is_empty() {
        println!("all is well");
        return ExitCode::SUCCESS;
    }
    ExitCode::FAILURE
}

/// Why codes of authenticator apps can't be checked here, if they can't.
fn wrong_secret(settings: &Settings, conn: &mut AnyConnection) -> Result<Option<String>> {
    let vault = Vault::new(settings.secret.clone(), settings.database.file());
    let is_first = settings.secret.is_none() && vault.file().is_some_and(|file| !file.exists());
    if is_first && !totp_secrets::are_there(conn)? {
        // It is made when it is first needed.
        return Ok(None);
    }
    if let Err(why) = vault.secret() {
        return Ok(Some(format!("no authenticator app can be set up or asked: {why}")));
    }
    Ok((!totp_secrets::are_readable(conn, &vault)?).then(|| {
        "the secret is not the one that authenticator apps were set up with; mend: set QUARTERDECK_SECRET to that one again, or \
         for each of their users: quarterdeck user reset-second-factor EMAIL"
            .into()
    }))
}

fn wrong_settings(settings: &Settings) -> Vec<String> {
    let mut wrong = Vec::new();
    let passwords = settings.passwords;
    if passwords.memory_kib < OWASP_MEMORY_KIB || passwords.iterations < OWASP_ITERATIONS {
        wrong.push(format!(
            "password hashes cost less than OWASP's minimum; mend: export QUARTERDECK_ARGON2_MEMORY_KIB={OWASP_MEMORY_KIB} \
             QUARTERDECK_ARGON2_ITERATIONS={OWASP_ITERATIONS}"
        ));
    }
    let web = &settings.web;
    let is_loopback =
        web.bind.parse::<SocketAddr>().map_or(web.bind.starts_with("localhost:"), |bind| bind.ip().is_loopback());
    if !is_loopback && !web.is_secure() {
        wrong.push(format!(
            "{} can be reached from other machines, and passwords would cross the network in clear; mend: put a proxy with TLS before it, then: export QUARTERDECK_PUBLIC_URL=https://HOST",
            web.bind
        ));
    }
    if web.session_idle > web.session_max {
        wrong.push("a session may idle longer than it may live; mend: export QUARTERDECK_SESSION_IDLE=12h QUARTERDECK_SESSION_MAX=7d".into());
    }
    wrong
}
