//! `quarterdeck audit`

use std::process::ExitCode;

use clap::Subcommand;

use super::open_migrated;
use crate::crud::audit::{Verdict, verify};
use crate::error::Result;
use crate::settings::Settings;

#[derive(Subcommand)]
pub enum Command {
    /// Hold every entry against its hash and the one before it; exit code 1 when one is broken
    #[command(after_help = "Example:\n  quarterdeck audit verify && echo nothing was changed")]
    Verify,
}

pub fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let mut conn = open_migrated(settings)?;
    match command {
        Command::Verify => match verify(&mut conn)? {
            Verdict::Whole(1) => println!("1 entry, as it was written"),
            Verdict::Whole(count) => println!("{count} entries, all as they were written"),
            Verdict::Broken(words) => {
                println!("{words}");
                return Ok(ExitCode::FAILURE);
            }
        },
    }
    Ok(ExitCode::SUCCESS)
}
