//! Search: what the two databases have different words for.

use std::borrow::Cow;

use diesel::sql_types::{Bool, Text};

use super::Engine;
use super::fragment::Fragment;

/// So many letters are one entry of the index.
const TRIGRAM: usize = 3;

/// The one letter that has two small forms.
const SIGMAS: [char; 3] = ['Σ', 'σ', 'ς'];

/// True of the rows of a table that have a text anywhere in one of these columns, whatever the case; every character of it is an
/// ordinary one.
#[must_use]
pub fn contains(engine: Engine, table: &str, columns: &[&str], text: &str) -> Fragment<Bool> {
    either(columns, |column| match engine {
        // A pattern would have the planner look at what it knows of the column.
        Engine::Postgres if text.is_ascii() => holds(table, column, text, Planning::Anew),
        Engine::Postgres => holds(table, column, text, Planning::Kept),
        Engine::Sqlite => like(table, column, &[text], Planning::Anew),
    })
}

/// What PostgreSQL plans a statement with a search for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planning {
    /// For this text alone: it is planned anew, and its planner knows how common the text is.
    Anew,
    /// For any text that the index knows a part of: the plan is kept. The planner, which can't see the text, takes it for a rare
    /// one and asks the index.
    Kept,
}

/// As [`contains`], for PostgreSQL's index of trigrams. Where a text can be covered by few of its trigrams it is asked for those:
/// each one is a list to be read, and to read them all takes longer than to look at the rows that have these, in this order.
#[must_use]
pub fn contains_by_index(table: &str, columns: &[&str], text: &str, plan: Planning) -> Fragment<Bool> {
    let found = match cover(text) {
        Some(pieces) => either(columns, |column| {
            like(table, column, &pieces, plan).sql(" AND ").part(holds(table, column, text, plan))
        }),
        None => either(columns, |column| like(table, column, &[text], plan)),
    };
    found.prepared_anew(plan == Planning::Anew)
}

pub(super) fn either(columns: &[&str], condition: impl Fn(&str) -> Fragment<Bool>) -> Fragment<Bool> {
    Fragment::new("(").joined(columns.iter().map(|column| condition(column)).collect(), " OR ").sql(")")
}

/// PostgreSQL's word for a text that is anywhere in a column.
pub(super) fn holds(table: &str, column: &str, text: &str, plan: Planning) -> Fragment<Bool> {
    Fragment::new(format!("strpos(fold({table}.{column}), ")).part(bound(text, plan)).sql(") > 0")
}

/// True of the rows that have these texts in a column, in their order; `%`, `_` and `\` are ordinary characters of them.
fn like(table: &str, column: &str, texts: &[&str], plan: Planning) -> Fragment<Bool> {
    let mut pattern = String::with_capacity(texts.iter().map(|text| text.len() + 1).sum::<usize>() + 1);
    for text in texts {
        pattern.push('%');
        for c in text.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
    }
    pattern.push('%');
    Fragment::new(format!("fold({table}.{column}) LIKE ")).part(bound(&pattern, plan)).sql(" ESCAPE '\\'")
}

/// A text as `fold` has it. In a plan that is kept it is a query of its own: the planner does not look into it, and it is made once
/// and not for each row. Else what is ASCII is folded here: PostgreSQL would put the function's body into the statement each time.
pub(super) fn bound(text: &str, plan: Planning) -> Fragment<Text> {
    match plan {
        Planning::Kept => Fragment::new("(SELECT fold(").text(text).sql("))"),
        Planning::Anew if text.is_ascii() => Fragment::new("").text(text.to_ascii_lowercase()),
        Planning::Anew => Fragment::new("fold(").text(text).sql(")"),
    }
}

/// The pieces of a text that cover all letters and digits of it, each at least a trigram long; none where it has a run of them that
/// is shorter, or letters that are cased by rules of their own: what they tell the index would be lost.
fn cover(text: &str) -> Option<Vec<&str>> {
    if !text.is_ascii() {
        return None;
    }
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| !run.is_empty());
    let mut pieces = Vec::new();
    for mut run in runs {
        if run.len() < TRIGRAM {
            return None;
        }
        while run.len() >= 2 * TRIGRAM {
            let (piece, rest) = run.split_at(TRIGRAM);
            pieces.push(piece);
            run = rest;
        }
        pieces.push(run);
    }
    // Of one piece it is the whole text that is asked for.
    Some(pieces).filter(|pieces| pieces.len() > 1)
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
        } else if SIGMAS.contains(&c) {
            SIGMAS.to_vec()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_covered_by_pieces_unless_some_of_it_would_be_lost() {
        let covered: [(&str, &[&str]); 4] = [
            ("anchor", &["anc", "hor"]),
            ("xylographs", &["xyl", "ogr", "aphs"]),
            ("Blue anchor", &["Blue", "anc", "hor"]),
            ("silva@clinic", &["silva", "cli", "nic"]),
        ];
        for (text, pieces) in covered {
            assert_eq!(cover(text).as_deref(), Some(pieces), "{text}");
        }
        for whole in
            ["rope", "north", "--- the ---", "2024-01-15", "ann@ab.io", "Z\u{fc}rich 1234", "M\u{fc}ller", "", "--"]
        {
            assert_eq!(cover(whole), None, "{whole}");
        }
    }
}
