//! The rules themselves, over the text of a file: plain, and strict rather than clever.

use std::fmt;

/// A module imports only from its right.
const ORDER: [&str; 12] =
    ["main", "cli", "app", "routes", "pages", "resources", "admin", "access", "html", "crud", "models", "db"];

/// What everybody may import, each with what it may import itself.
const LEAVES: [(&str, &[&str]); 17] = [
    ("error", &[]),
    ("settings", &["secret"]),
    ("email", &[]),
    ("cookie", &[]),
    ("browser", &[]),
    ("request_log", &["tally", "token"]),
    ("same_origin", &["error"]),
    ("tally", &[]),
    ("token", &["error"]),
    ("sealed", &["error"]),
    ("submission", &["error", "token"]),
    ("secret", &["error", "sealed", "token"]),
    ("totp", &["error"]),
    ("passkey", &["error"]),
    ("password", &["error", "settings"]),
    ("assets", &["error", "token"]),
    ("front", &["error", "same_origin", "settings"]),
];

/// The most lines of a file, but of one that is a list of tables for a tool that takes it whole.
const LINES: usize = 250;
const LONG: &str = "src/db/schema.rs";

/// Words that are against a rule, and where they are.
const WORDS: [(&[&str], Place, &str); 11] = [
    (&["actix"], Place::In(&["src/models/", "src/crud/", "src/db/"]), "models, crud and db know no HTTP"),
    (
        &["diesel"],
        Place::In(&[
            "src/pages/",
            "src/html",
            "src/routes.rs",
            "src/app.rs",
            "src/admin/handlers",
            "src/admin/form",
            "src/admin/query",
            "src/admin/views",
        ]),
        "pages, handlers, forms and views know no Diesel",
    ),
    (
        &["AnyConnection::Postgres", "AnyConnection::Sqlite"],
        Place::Outside(&["src/db/"]),
        "only db knows that there are two databases",
    ),
    (
        &["Utc::now", "Local::now", "SystemTime::now"],
        Place::Outside(&["src/db/clock.rs"]),
        "time is a value: only db/clock.rs asks for it",
    ),
    (
        &["R::create(", "R::update(", "R::update_version(", "R::delete("],
        Place::Outside(&["src/admin/store.rs"]),
        "admin/store.rs is the only writer of resources",
    ),
    (
        &[
            "User::create(",
            "User::update(",
            "User::update_version(",
            "User::delete(",
            "Item::create(",
            "Item::update(",
            "Item::delete(",
            "Role::create(",
            "Role::update(",
            "Role::delete(",
        ],
        Place::Outside(&["src/crud/", "src/access/own_account.rs"]),
        "records are written by admin/store.rs, or by crud for accounts",
    ),
    (
        &["insert_into(", "diesel::update(", "diesel::delete("],
        Place::Outside(&["src/crud/", "src/db/"]),
        "only crud writes",
    ),
    (&["Db::new("], Place::Outside(&["src/app.rs", "src/cli/"]), "a handler has no pool: it has doors"),
    (&["#[allow(", "#![allow("], Place::Outside(&[]), "#[expect(.., reason = \"..\")] instead of #[allow]"),
    (&["todo!", "unimplemented!", "dbg!("], Place::Outside(&[]), "nothing is left half done"),
    (
        &["std::env::var", "env::vars"],
        Place::Outside(&["src/settings.rs", "src/db/scratch.rs", "src/cli/draft/"]),
        "settings are read once, by settings.rs",
    ),
];

/// Where words are forbidden, by the beginnings of paths.
enum Place {
    In(&'static [&'static str]),
    Outside(&'static [&'static str]),
}

impl Place {
    fn holds(&self, path: &str) -> bool {
        let among = |places: &[&str]| places.iter().any(|place| path.starts_with(place));
        match self {
            Place::In(places) => among(places),
            Place::Outside(places) => !among(places),
        }
    }
}

/// A line that is against a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Breach {
    path: String,
    line: usize,
    rule: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.rule)
    }
}

/// True when the rules say what this module may import.
pub fn is_known(module: &str) -> bool {
    ORDER.contains(&module) || LEAVES.iter().any(|(leaf, _)| *leaf == module)
}

/// The breach of a file that is too long, at the first line beyond.
pub fn length(path: &str, text: &str) -> Option<Breach> {
    let lines = text.lines().count();
    let rule = format!("it has {lines} lines; {LINES} are the most");
    (lines > LINES && path != LONG).then(|| Breach { path: path.into(), line: LINES + 1, rule })
}

/// Every breach in the text of a source.
pub fn check(path: &str, text: &str) -> Vec<Breach> {
    let own = module_of(path);
    let mut breaches = Vec::new();
    let mut breach = |line: usize, rule: String| breaches.push(Breach { path: path.into(), line, rule });
    for (number, module) in imports(path, text) {
        if module != own && !may_import(own, &module) {
            breach(number, format!("{own} may not import {module} (see the order in tests/architecture/rules.rs)"));
        }
    }
    for (number, line) in code(text) {
        for (words, place, rule) in &WORDS {
            if let Some(word) = words.iter().find(|word| line.contains(**word) && place.holds(path)) {
                breach(number, format!("{word}: {rule}"));
            }
        }
    }
    breaches.sort_by_key(|breach| breach.line);
    breaches
}

/// The module that a file belongs to: `src/admin/views/cell.rs` to `admin`.
fn module_of(path: &str) -> &str {
    let inside = path.trim_start_matches("src/");
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

fn may_import(own: &str, module: &str) -> bool {
    if let Some((_, allowed)) = LEAVES.iter().find(|(leaf, _)| *leaf == own) {
        return allowed.contains(&module);
    }
    let place = |wanted: &str| ORDER.iter().position(|module| *module == wanted);
    let is_leaf = LEAVES.iter().any(|(leaf, _)| *leaf == module);
    // The library's map imports nothing; what is in no list may not be imported.
    is_leaf || matches!((place(own), place(module)), (Some(own), Some(module)) if own < module)
}

/// The lines that are no comment, numbered from 1.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The modules of this crate that a file names, each with the line: after `crate::`, in the braces of `use crate::{..}`
/// over as many lines as they take, and after as many `super::` as lead to the root.
fn imports(path: &str, text: &str) -> Vec<(usize, String)> {
    let depth = path.trim_start_matches("src/").trim_end_matches("/mod.rs").matches('/').count() + 1;
    let to_root = "super::".repeat(depth);
    let mut found = Vec::new();
    let mut braces = 0_usize;
    for (number, line) in code(text) {
        let mut rest = line;
        if braces > 0 {
            rest = inside_braces(rest, &mut braces, number, &mut found);
        }
        let roots = ["quarterdeck::", "crate::", &to_root];
        while let Some((after, is_own)) =
            roots.iter().filter_map(|root| after(rest, root)).min_by_key(|(after, _)| usize::MAX - after.len())
        {
            rest = after;
            if !is_own {
                continue;
            }
            if let Some(list) = rest.strip_prefix('{') {
                braces = 1;
                rest = inside_braces(list, &mut braces, number, &mut found);
            } else {
                found.extend(first_word(rest).map(|word| (number, word)));
            }
        }
    }
    found
}

/// What stands after the first `root` in a line, and whether it stood as a path of its own, not at the end of another.
fn after<'a>(line: &'a str, root: &str) -> Option<(&'a str, bool)> {
    let (before, after) = line.split_once(root)?;
    Some((after, !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')))
}

/// Takes the modules out of `a::{b, c}, d}` up to the closing brace, and gives what is left of the line.
fn inside_braces<'a>(line: &'a str, braces: &mut usize, number: usize, found: &mut Vec<(usize, String)>) -> &'a str {
    let mut is_start = true;
    for (place, c) in line.char_indices() {
        match c {
            '{' => *braces += 1,
            '}' => *braces -= 1,
            ',' => is_start = true,
            c if c.is_alphabetic() && is_start && *braces == 1 => {
                found.extend(first_word(&line[place..]).map(|word| (number, word)));
                is_start = false;
            }
            _ => {}
        }
        if *braces == 0 {
            return &line[place + 1..];
        }
    }
    ""
}

/// A module's name, which begins with a small letter; a macro of the crate's root is none.
fn first_word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word.starts_with(|c: char| c.is_ascii_lowercase()) && !rest.starts_with('!')).then(|| word.to_owned())
}
