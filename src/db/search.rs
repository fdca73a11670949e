//! Search: what the two databases have different words for.

use std::borrow::Cow;
use std::collections::BTreeSet;

use diesel::sql_types::Bool;

use super::Engine;
use super::fragment::Fragment;

/// SQLite's index is asked for so many parts of a search; the rows that have them are looked at in any case.
const TRIGRAMS: usize = 24;

/// True of the rows that have a text anywhere in a column, whatever the case; in it `%`, `_` and `\` are ordinary
/// characters. PostgreSQL has an index for it.
#[must_use]
pub fn contains(column: impl Into<Cow<'static, str>>, text: &str) -> Fragment<Bool> {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Fragment::new("fold(").sql(column).sql(") LIKE fold(").text(pattern).sql(") ESCAPE '\\'")
}

/// True of the rows whose key begins with a text, whatever the case. A key holds ASCII in lower case.
#[must_use]
pub fn begins_with(key: impl Into<Cow<'static, str>>, text: &str) -> Fragment<Bool> {
    let key = key.into();
    let (all, mut spellings) = (Fragment::new("("), spellings(text));
    let range = |from: &str, to: Option<String>| {
        let from = Fragment::<Bool>::new(key.clone()).sql(" >= ").text(from);
        match to {
            Some(to) => from.sql(" AND ").sql(key.clone()).sql(" < ").text(to),
            None => from,
        }
    };
    // One range that an index leads to, and in it those that it is about.
    let (first, last) = (spellings.first().cloned().unwrap_or_default(), spellings.last().cloned().unwrap_or_default());
    let all = all.part(range(&first, after(&last)));
    if spellings.len() < 2 {
        return all.sql(")");
    }
    let each: Vec<_> = spellings.drain(..).map(|text| range(&text, after(&text))).collect();
    all.sql(" AND (").joined(each, " OR ").sql("))")
}

/// Where the rows that [`begins_with`] is true of end, in the order of their keys or in the other direction; none where they go on
/// to the end of all.
#[must_use]
pub fn end_of_beginning(key: impl Into<Cow<'static, str>>, text: &str, descending: bool) -> Option<Fragment<Bool>> {
    let mut spellings = spellings(text);
    if descending {
        return Some(Fragment::new(key).sql(" >= ").text(spellings.swap_remove(0)));
    }
    Some(Fragment::new(key).sql(" < ").text(after(&spellings.pop()?)?))
}

/// The ways to spell the beginning of a key, in their order: ASCII is in lower case there, other letters are as they were
/// written.
fn spellings(text: &str) -> Vec<String> {
    let mut spellings = vec![String::new()];
    for c in text.chars() {
        let mut cases: Vec<char> = if c.is_ascii() {
            vec![c.to_ascii_lowercase()]
        } else {
            [c].into_iter().chain(c.to_lowercase()).chain(c.to_uppercase()).filter(|c| !c.is_ascii()).collect()
        };
        cases.sort_unstable();
        cases.dedup();
        spellings = spellings.iter().flat_map(|text| cases.iter().map(move |c| format!("{text}{c}"))).collect();
    }
    spellings.sort();
    spellings
}

/// The first text after all those that begin with this one; none where there is none.
fn after(text: &str) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    while let Some(last) = chars.pop() {
        let next =
            (u32::from(last) + 1..).map_while(|code| if code > 0x10_FFFF { None } else { Some(char::from_u32(code)) });
        if let Some(next) = next.flatten().next() {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// What SQLite's index is asked for the rows that may have all these texts in a table's searched columns: none is missing,
/// and some may have their parts in another order. PostgreSQL's planner decides itself when to ask its own; none, too, when
/// the index knows no part of them.
#[must_use]
pub fn candidates(engine: Engine, table: &'static str, texts: &[&str]) -> Option<Candidates> {
    match engine {
        Engine::Postgres => None,
        Engine::Sqlite => trigrams(texts).map(|wanted| Candidates { table, wanted }),
    }
}

/// Rows that an index of trigrams finds, in the order of their ids and one after the other: whoever takes only the first of
/// them pays for those.
#[derive(Clone, Debug)]
pub struct Candidates {
    table: &'static str,
    wanted: String,
}

impl Candidates {
    /// `SELECT 1` for each of them.
    #[must_use]
    pub fn each<ST>(&self) -> Fragment<ST> {
        let table = self.table;
        Fragment::new(format!("SELECT 1 FROM {table}_search WHERE {table}_search MATCH ")).text(self.wanted.clone())
    }

    /// A `SELECT` of something of each of their rows, to which conditions may be added.
    #[must_use]
    pub fn rows<ST>(&self, what: &str) -> Fragment<ST> {
        let table = self.table;
        let from = format!("{table}_search CROSS JOIN {table} ON {table}.id = {table}_search.rowid");
        Fragment::new(format!("SELECT {what} FROM {from} WHERE {table}_search MATCH ")).text(self.wanted.clone())
    }
}

/// The words of a query for SQLite's index of trigrams.
fn trigrams(texts: &[&str]) -> Option<String> {
    let mut trigrams = BTreeSet::new();
    for text in texts {
        let chars: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
        trigrams.extend(chars.windows(3).filter(|three| three.iter().all(|c| folds_alike(*c))).map(String::from_iter));
    }
    if trigrams.is_empty() {
        return None;
    }
    let quoted = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
    // The capital with a dot is an i and a dot in lower case, which the index does not know.
    let asked = trigrams.iter().take(TRIGRAMS).map(|part| match part.strip_suffix('i') {
        Some(before) => format!("({} OR {})", quoted(part), quoted(&format!("{before}\u{130}"))),
        None => quoted(part),
    });
    Some(asked.collect::<Vec<_>>().join(" AND "))
}

/// True of a character that both the index and `fold` take for the same in either case: one that has no case,
/// and the letters of Latin, Greek and Cyrillic that SQLite's tables know. Found by asking SQLite 3.40 for each character of Unicode.
fn folds_alike(c: char) -> bool {
    let has_no_case = c.to_lowercase().eq([c]) && c.to_uppercase().eq([c]) && c != '\u{307}';
    has_no_case || matches!(c, '\0'..='\u{24f}' | '\u{370}'..='\u{3f2}' | '\u{3f4}'..='\u{528}')
}
