//! `quarterdeck user`

mod lock;

use std::io::{BufRead as _, IsTerminal as _, stdin};
use std::process::ExitCode;

use clap::Subcommand;

use super::{open_migrated, refused, wait_for};
use crate::crud::{password_links, roles, second_factors, users};
use crate::db::{self, AnyConnection, Author, Clock, Db, Write, sql};
use crate::email;
use crate::error::{Error, Result};
use crate::models::User;
use crate::password::{self, Hasher};
use crate::settings::Settings;

#[derive(Subcommand)]
pub enum Command {
    /// Make an account. The password is asked for, or read from standard input, or left to the user
    #[command(after_help = "Example:\n  quarterdeck user create ann@example.com --role Administrator")]
    Create {
        email: String,
        /// A role of the new user, by name; can be given several times
        #[arg(long = "role", value_name = "NAME")]
        roles: Vec<String>,
        /// Print a link by which the user chooses the password, valid once and for 24 hours
        #[arg(long)]
        no_password: bool,
    },
    /// Print a link by which a user chooses a password, valid once and for 24 hours; links before it are spoiled
    #[command(after_help = "Example:\n  quarterdeck user link ann@example.com")]
    Link { email: String },
    /// Give a role to an account that is there: the way back in when nobody is an administrator
    #[command(after_help = "Example:\n  quarterdeck user give-role ann@example.com Administrator")]
    GiveRole {
        email: String,
        /// The role, by name
        role: String,
    },
    /// Set the password of an account and end its sessions
    #[command(after_help = "Example:\n  quarterdeck user set-password ann@example.com < password.txt")]
    SetPassword { email: String },
    /// Take all second factors from an account and end its sessions: the way back in when the device is lost
    #[command(after_help = "Example:\n  quarterdeck user reset-second-factor ann@example.com")]
    ResetSecondFactor { email: String },
    /// Lock an account: nobody can log in with it, and its sessions end
    #[command(after_help = "Example:\n  quarterdeck user lock ann@example.com --reason \"Her laptop is lost\"")]
    Lock {
        email: String,
        /// Why, for whoever wonders later
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Make an account active again, locked or not, and let it be tried again at once after too many failures
    #[command(after_help = "Example:\n  quarterdeck user unlock ann@example.com")]
    Unlock { email: String },
}

pub fn run(settings: &Settings, command: Command) -> Result<ExitCode> {
    let mut conn = open_migrated(settings)?;
    let (db, hasher) = (Db::new(&settings.database, Clock::default()), Hasher::new(settings.passwords));
    let by = Author::command_line();
    match command {
        Command::Create { email, roles: names, no_password } => {
            if let Some(why) = email::refusal(&email::normalized(&email)) {
                return Err(refused(format!("{email:?} is not taken: {why}")));
            }
            if users::get_by_email(&mut conn, &email)?.is_some() {
                return Err(refused(format!("there is a user {} already", email::normalized(&email))));
            }
            let mut ids = Vec::new();
            for name in names {
                let role = roles::get_by_name(&mut conn, &name)?;
                ids.push(role.ok_or_else(|| refused(format!("there is no role {name:?}")))?.id);
            }
            ids.sort_unstable();
            ids.dedup();
            if no_password {
                let made = wait_for(async move { users::create_without_password(&db, &hasher, by, &email, ids).await });
                let (user, token) = made.map_err(explain)?;
                println!("created {}", user.email);
                print_link(settings, &token);
                return Ok(ExitCode::SUCCESS);
            }
            let password = read_password(&email)?;
            // The pool is closed where it was used: to let go of a connection takes the runtime.
            let user = wait_for(async move { users::create(&db, &hasher, by, &email, password, ids).await });
            println!("created {}", user.map_err(explain)?.email);
        }
        Command::Link { email } => {
            let user = known(&mut conn, &email)?;
            let make = move |w: &mut Write| password_links::create(w, user.id);
            let token = wait_for(async move { db.write(by, make).await })?;
            let inactive = || refused(format!("{} is not active; only an active account gets a link", user.email));
            print_link(settings, &token.ok_or_else(inactive)?);
        }
        Command::GiveRole { email, role } => {
            let user = known(&mut conn, &email)?;
            let role =
                roles::get_by_name(&mut conn, &role)?.ok_or_else(|| refused(format!("there is no role {role:?}")))?;
            let held = roles::of_users(&mut conn, &[user.id])?;
            if held.iter().any(|(_, known)| known.id == role.id) {
                println!("{} has the role {} already", user.email, role.name);
                return Ok(ExitCode::SUCCESS);
            }
            let (id, role_id) = (user.id, role.id);
            wait_for(async move { users::give_role(&db, by, id, role_id).await })?;
            println!("gave {} the role {}", user.email, role.name);
            if !user.is_active {
                println!("the account is not active: nobody can log in with it");
            }
        }
        Command::SetPassword { email } => {
            known(&mut conn, &email)?;
            let password = read_password(&email)?;
            let address = email.clone();
            let user = wait_for(async move { users::set_password(&db, &hasher, by, &email, password).await })?;
            let user = user.ok_or_else(|| unknown(&address))?;
            println!("set the password of {}; all sessions have ended", user.email);
        }
        Command::ResetSecondFactor { email } => {
            let unknown = || refused(format!("there is no user {}", email::normalized(&email)));
            let user = users::get_by_email(&mut conn, &email)?.ok_or_else(unknown)?;
            let at = Clock::default().now();
            let reset = |conn: &mut AnyConnection| second_factors::reset(&mut Write::new(conn, &by, at), user.id);
            let what = if db::transaction(&mut conn, reset)? {
                "has no second factor any more; all sessions have ended"
            } else {
                "has no second factor"
            };
            println!("{} {what}", user.email);
        }
        Command::Lock { email, reason } => lock::lock(db, &known(&mut conn, &email)?, &reason)?,
        Command::Unlock { email } => lock::unlock(db, &known(&mut conn, &email)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The link alone on its line: it is for another program as often as for a person.
fn print_link(settings: &Settings, token: &str) {
    eprintln!("valid once and for 24 hours; give it to the user by a way that you trust");
    println!("{}", password::link(&settings.web.base_url(&settings.web.bind), token));
}

/// The user with this address.
fn known(conn: &mut AnyConnection, email: &str) -> Result<User> {
    users::get_by_email(conn, email)?.ok_or_else(|| unknown(email))
}

fn unknown(email: &str) -> Error {
    refused(format!("there is no user {}", email::normalized(email)))
}

/// A password from the terminal, asked for twice and not shown, or the first line of standard input.
fn read_password(address: &str) -> Result<String> {
    let password = if stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ").map_err(Error::internal)?;
        if rpassword::prompt_password("The same again: ").map_err(Error::internal)? != first {
            return Err(refused("the two passwords differ".into()));
        }
        first
    } else {
        let mut line = String::new();
        stdin().lock().read_line(&mut line).map_err(Error::internal)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    let refusal = password::refusal(&password, address);
    refusal.map_or(Ok(password), |why| Err(refused(format!("the password is not taken: {why}"))))
}

fn explain(error: Error) -> Error {
    match &error {
        Error::Internal(cause) => match cause.downcast_ref::<diesel::result::Error>() {
            Some(cause) if sql::taken_column(cause).is_some() => refused("there is such a user already".into()),
            _ => error,
        },
        _ => error,
    }
}
