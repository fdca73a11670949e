//! The pages that are measured, and what is asked of each.

use std::rc::Rc;

use anyhow::{Context as _, Result, ensure};
use url::form_urlencoded::byte_serialize;

use super::data::{self, Data, Searched};
use super::http::{Connection, Sender};
use super::load::{Requests, grouped};
use super::saves::{self, Cell};

const USERS: Searched = ("users", &["email"]);
const ITEMS: Searched = ("items", &["title", "description"]);

/// Pages turned on the way to a deep one have so many rows.
const STEP: u64 = 100;

/// A page that is measured.
pub struct Page {
    /// A short word for it.
    pub name: &'static str,
    pub title: String,
    pub aim: Aim,
    /// The status of each answer.
    pub status: u16,
    /// The requests of a connection.
    pub requests: Box<dyn Fn(usize) -> Result<Requests>>,
}

/// What is to be reached with the most users.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aim {
    /// Pages a second.
    pub rate: Option<f64>,
    /// Of what the page's own SQL reaches alone.
    pub of_sql: Option<f64>,
    /// How many times the median with the fewest users.
    pub growth: Option<f64>,
    /// Of what the cores' hashing allows.
    pub of_hashing: Option<f64>,
}

const NONE: Aim = Aim { rate: None, of_sql: None, growth: None, of_hashing: None };
const LIST: Aim = Aim { rate: Some(2000.0), of_sql: Some(0.6), growth: Some(1.2), ..NONE };
const SEARCH: Aim = Aim { growth: Some(1.5), ..NONE };
const SEARCH_NONE: Aim = Aim { rate: Some(3000.0), ..SEARCH };
const SEARCH_FEW: Aim = Aim { rate: Some(700.0), ..SEARCH };
const RECORD: Aim = Aim { rate: Some(6000.0), growth: Some(1.2), ..NONE };
const SAVE: Aim = Aim { rate: Some(2500.0), growth: Some(1.2), ..NONE };
const LOGIN: Aim = Aim { of_hashing: Some(0.9), growth: Some(1.2), ..NONE };

/// All pages that are wanted, for whoever is logged in with these cookies. Those that write come last.
pub async fn all(data: &Data, person: &Sender, wants: impl Fn(&str) -> bool) -> Result<Vec<Page>> {
    let mut pages = Vec::new();
    let mut add = |name: &'static str, title: &str, aim: Aim, path: String| {
        let sender = Sender { takes_gzip: name.ends_with("gzip"), ..person.clone() };
        let request: Rc<[u8]> = sender.get(&path).into();
        let requests = move |_| {
            let request = Rc::clone(&request);
            Ok(Box::new(move |to: &mut Vec<u8>| to.extend_from_slice(&request)) as Requests)
        };
        pages.push(Page { name, title: title.into(), aim, status: 200, requests: Box::new(requests) });
    };
    let path = |path: &str| path.to_owned();
    add("health", "`/healthz`", NONE, path("/healthz"));
    add("list-users", "list of users", LIST, path("/users"));
    add("list-users-gzip", "list of users, compressed", LIST, path("/users"));
    add("list-items", "list of items", LIST, path("/items"));
    add("list-items-gzip", "list of items, compressed", LIST, path("/items"));
    if wants("deep-users") {
        add("deep-users", &format!("users from number {} on", grouped(data.size / 2)), LIST, deep(data, person).await?);
    }
    add("sort-users", "users by creation, newest first", LIST, path("/users?sort=-created_at"));
    add("sort-items", "items by last change, newest first", LIST, path("/items?sort=-updated_at"));
    add("filter-active", "users who are not active", LIST, path("/users?is_active=false"));
    if wants("filter-role") {
        let role = data.number("SELECT role_id FROM user_roles GROUP BY role_id ORDER BY count(*) DESC LIMIT 1")?;
        add("filter-role", "users of the most given role", LIST, format!("/users?role={role}"));
    }
    if wants("filter-owner") {
        let owner = data.number("SELECT owner_id FROM items GROUP BY owner_id ORDER BY count(*) DESC LIMIT 1")?;
        add("filter-owner", "items of who owns most", LIST, format!("/items?owner={owner}"));
    }
    for (table, none, few, many) in [
        (USERS, "search-users-none", "search-users-few", "search-users-many"),
        (ITEMS, "search-items-none", "search-items-few", "search-items-many"),
    ] {
        let (entity, rows) = if table == USERS { ("users", data.size) } else { ("items", 2 * data.size) };
        let search = |q: &str| format!("/{entity}?q={}", byte_serialize(q.as_bytes()).collect::<String>());
        add(none, &format!("{entity}, search that finds none"), SEARCH_NONE, search("xylograph"));
        if wants(few) {
            let (word, count) = data.word(table, &FEW, 200)?;
            eprintln!("    {entity} with {word:?}: {count}");
            add(few, &format!("{entity}, search that finds about 200"), SEARCH_FEW, search(&format!("\"{word}\"")));
        }
        if wants(many) {
            let (word, count) = data.word(table, &MANY, rows / 2)?;
            eprintln!("    {entity} with {word:?}: {count}");
            add(many, &format!("{entity}, search that finds half of them"), SEARCH, search(&word));
        }
    }
    pages.push(records("record-user", "record of a user", "users", data.size, person));
    pages.push(records("record-item", "record of an item", "items", 2 * data.size, person));
    for (name, title, cell) in [
        ("save-user", "cell saved: a user's address", saves::EMAIL),
        ("save-item", "cell saved: an item's title", saves::TITLE),
    ] {
        pages.push(saved(name, title, cell, data, person));
    }
    pages.push(logins(person));
    pages.retain(|page| wants(page.name));
    Ok(pages)
}

/// Texts of the demo that are found more or less often: which is looked for depends on how many rows there are.
const FEW: [&str; 8] =
    ["@example.", "north", "silva@", "silva@clinic", "ing", "receipt", "blue anchor", "blue anchor for"];
const MANY: [&str; 4] = ["example.", "example", "for", "the"];

/// The address of the page half way down the list of users, found by turning pages.
async fn deep(data: &Data, person: &Sender) -> Result<String> {
    let mut connection = Connection::open(&person.host).await?;
    let mut path = format!("/users?limit={STEP}");
    for _ in 0..(data.size / 2 / STEP).max(1) {
        let answer = connection.ask(&person.get(&path)).await?;
        ensure!(answer.status == 200, "{} for {path}", answer.status);
        path = next(&answer.text()).with_context(|| format!("no next page after {path}"))?;
    }
    Ok(path.replace(&format!("limit={STEP}&"), ""))
}

fn next(page: &str) -> Option<String> {
    let (_, link) = page.split_once("id=\"page-next\"")?;
    let (_, link) = link.split_once("href=\"")?;
    Some(link.split_once('"')?.0.replace("&#38;", "&"))
}

/// Records of an entity, another one each time.
fn records(name: &'static str, title: &str, entity: &'static str, count: u64, person: &Sender) -> Page {
    let sender = person.clone();
    let requests = move |connection: usize| {
        let (sender, mut random) = (sender.clone(), connection as u64);
        let next = move |to: &mut Vec<u8>| {
            // Knuth's generator; its upper half is good enough to choose a row.
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            to.extend(sender.get(&format!("/{entity}/{}", 1 + (random >> 32) % count)));
        };
        Ok(Box::new(next) as Requests)
    };
    Page { name, title: title.into(), aim: RECORD, status: 200, requests: Box::new(requests) }
}

fn saved(name: &'static str, title: &str, cell: Cell, data: &Data, person: &Sender) -> Page {
    let (data, sender) = (data.clone(), person.clone());
    let requests = move |connection| saves::requests(&data, &sender, cell, connection);
    Page { name, title: title.into(), aim: SAVE, status: 200, requests: Box::new(requests) }
}

/// Logins from browsers that nobody knows, each connection with an account of its own.
fn logins(person: &Sender) -> Page {
    let sender = Sender { cookies: String::new(), ..person.clone() };
    let requests = move |connection| {
        let request = login(&sender, connection);
        Ok(Box::new(move |to: &mut Vec<u8>| to.extend_from_slice(&request)) as Requests)
    };
    Page { name: "login", title: "login".into(), aim: LOGIN, status: 303, requests: Box::new(requests) }
}

/// The login of an account.
pub fn login(sender: &Sender, account: usize) -> Vec<u8> {
    let (email, password) = (data::email(account), data::PASSWORD.replace(' ', "+"));
    sender.form("POST", "/login", "", &format!("next=%2F&email={}&password={password}", email.replace('@', "%40")))
}
