//! `quarterdeck role`

use std::process::ExitCode;

use clap::Subcommand;

use super::{open_migrated, refused};
use crate::crud::roles;
use crate::db::{self, Author, Clock, Write};
use crate::error::Result;
use crate::secret::Vault;
use crate::settings::Settings;

#[derive(Subcommand)]
pub enum Command {
    /// Require a second factor of whoever holds a role, the built-in one too
    #[command(
        after_help = "Examples:\n  quarterdeck role require-second-factor Administrator\n  quarterdeck role require-second-factor Administrator --off"
    )]
    RequireSecondFactor {
        /// The role, by name
        role: String,
        /// Require none any more
        #[arg(long)]
        off: bool,
    },
}

pub fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let Command::RequireSecondFactor { role: name, off } = command;
    let (mut conn, by, at) = (open_migrated(settings)?, Author::command_line(), Clock::default().now());
    let role = roles::get_by_name(&mut conn, name)?.ok_or_else(|| refused(format!("there is no role {name:?}")))?;
    // Passkeys work at some addresses only: without this nobody could be sure to get in any more.
    if !off && let Err(why) = Vault::new(settings.secret.clone(), settings.database.file()).secret() {
        return Err(refused(format!(
            "nobody could set up an authenticator app, and this may shut everybody out: {why}"
        )));
    }
    db::transaction(&mut conn, |conn| roles::require_second_factor(&mut Write::new(conn, &by, at), &role, !off))?;
    println!("{name} {} a second factor", if *off { "does not require" } else { "requires" });
    Ok(ExitCode::SUCCESS)
}
