//! `quarterdeck demo`

mod names;
mod people;
mod plan;
mod progress;
mod random;
mod roles;
mod things;
mod words;

use std::collections::HashSet;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;

use self::people::People;
use self::plan::Plan;
use self::progress::Progress;
use self::things::Things;
use super::{migrate, open, refused};
use crate::crud::audit::{self, Action, Change, Event};
use crate::db::load::{self, Watcher};
use crate::db::{AnyConnection, Author, Clock, Write};
use crate::error::Result;
use crate::password::Hasher;
use crate::settings::Settings;

/// So many addresses are looked for at a time.
const TOGETHER: usize = 5_000;

#[derive(Args)]
pub struct Command {
    /// How many users; nobody can log in with them
    #[arg(long, default_value = "1000", value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    users: u64,
    /// How many items, unevenly owned
    #[arg(long, default_value = "2000", value_name = "N", value_parser = clap::value_parser!(u64).range(0..=1_000_000_000))]
    items: u64,
    /// How many roles
    #[arg(long, default_value = "8", value_name = "N", value_parser = clap::value_parser!(u64).range(0..=10_000))]
    roles: u64,
    /// The same seed gives the same data, on either database
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// The day (UTC) before which all of it happened, within three years
    #[arg(long, default_value = "2026-01-01", value_name = "DATE", value_parser = day)]
    until: NaiveDate,
    /// Add to what is there already
    #[arg(long)]
    add: bool,
}

/// What was made.
struct Made {
    plan: Plan,
    grants: u64,
}

pub fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let mut conn = open(settings)?;
    migrate::up(&mut conn)?;
    let hash = Hasher::new(settings.passwords).no_password();
    let mut progress = Progress::new();
    let made = load::in_bulk(&mut conn, &mut progress, |conn, watcher| {
        let place = load::place(conn)?;
        if !place.is_empty && !command.add {
            return Err(refused("the database holds users, items or roles already; to add to them: --add".into()));
        }
        let &Command { seed, users, items, roles, until, .. } = command;
        let (first_user, first_item, first_role) = (place.first_user, place.first_item, place.first_role);
        let plan = Plan { seed, users, items, roles, until, first_user, first_item, first_role, hash };
        let grants = fill(conn, watcher, &plan, !place.is_empty)?;
        let made = Made { plan, grants };
        record(conn, &made)?;
        Ok(made)
    });
    progress.end();
    let Made { plan, grants } = made?;
    println!("made {} users, {} items, {} roles, and gave {grants} roles to users", plan.users, plan.items, plan.roles);
    println!("nobody can log in with them; with: quarterdeck user create EMAIL --role Administrator");
    Ok(ExitCode::SUCCESS)
}

/// Loads what is planned, and gives the number of roles that were given.
fn fill(conn: &mut AnyConnection, watcher: &mut dyn Watcher, plan: &Plan, is_shared: bool) -> Result<u64> {
    let people = People::new(plan);
    let things = Things::new(plan, &people);
    let planned = roles::planned(plan, &load::role_names(conn)?);
    let taken = if is_shared { taken(conn, watcher, plan, &people)? } else { HashSet::new() };
    let mut grants = 0;
    load::without_indexes(conn, watcher, |conn, watcher| {
        load::rows(conn, watcher, plan.roles, planned.iter().map(|role| role.row(plan)))?;
        load::rows(conn, watcher, 0, planned.iter().flat_map(roles::Planned::permissions))?;
        load::rows(conn, watcher, plan.users, (0..plan.users).map(|position| people.user(position, &taken)))?;
        load::rows(conn, watcher, plan.items, (0..plan.items).map(|position| things.item(position)))?;
        let given = (0..plan.users).flat_map(|position| roles::grants(plan, position));
        grants = load::rows(conn, watcher, 0, given)?;
        let sorted = (0..plan.users).flat_map(|position| roles::sorted(plan, &people, position, &taken));
        load::sorted_grants(conn, watcher, grants, sorted)
    })?;
    Ok(grants)
}

/// The addresses of the plan that somebody has already: those of other seeds, a few in ten thousand.
fn taken(conn: &mut AnyConnection, watcher: &mut dyn Watcher, plan: &Plan, people: &People) -> Result<HashSet<String>> {
    watcher.begin("looking for addresses", plan.users);
    let mut taken = HashSet::new();
    let mut positions = 0..plan.users;
    loop {
        let emails: Vec<_> = positions.by_ref().take(TOGETHER).map(|position| people.email(position)).collect();
        if emails.is_empty() {
            return Ok(taken);
        }
        watcher.advance(emails.len() as u64);
        taken.extend(load::taken_emails(conn, emails)?);
    }
}

/// All of it is one entry on record: one for each row would be as much again.
fn record(conn: &mut AnyConnection, made: &Made) -> Result<()> {
    let Made { plan, grants } = made;
    let by = Author::command_line();
    let mut w = Write::new(conn, &by, Clock::default().now());
    let counts =
        [("users", plan.users), ("items", plan.items), ("roles", plan.roles), ("grants", *grants), ("seed", plan.seed)];
    let mut changes: Vec<_> = counts.iter().map(|(what, count)| Change::text(what, "", &count.to_string())).collect();
    changes.push(Change::text("until", "", &plan.until.to_string()));
    Ok(audit::record(&mut w, Event::new(Action::DEMO).changes(changes))?)
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let day = text.parse::<NaiveDate>().ok();
    let day = day.filter(|day| chrono::Datelike::year(day) >= 1000 && chrono::Datelike::year(day) <= 9999);
    day.ok_or_else(|| "a day like 2026-01-01 is allowed".into())
}
