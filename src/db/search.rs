//! Search: what the two databases have different words for.

use std::borrow::Cow;

use diesel::sql_types::Bool;

use super::fragment::Fragment;

/// The one letter that has two small forms.
const SIGMAS: [char; 3] = ['Σ', 'σ', 'ς'];

/// True of the rows of a table that have a text anywhere in one of these columns, whatever the case; in it `%`, `_` and `\` are
/// ordinary characters. PostgreSQL has an index for it.
#[must_use]
pub fn contains(table: &str, columns: &[&str], text: &str) -> Fragment<Bool> {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    let is_in = |column: &&str| {
        let folded = Fragment::<Bool>::new(format!("fold({table}.{column})"));
        folded.sql(" LIKE fold(").text(pattern.clone()).sql(") ESCAPE '\\'")
    };
    Fragment::new("(").joined(columns.iter().map(is_in).collect(), " OR ").sql(")")
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
