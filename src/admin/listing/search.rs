//! What a search looks for. Each word is found in some searched field: a word that the index knows anywhere in it, a
//! shorter one at its beginning, in the column that is sorted by too.

use diesel::sql_types::Bool;

use crate::admin::field::Search;
use crate::admin::resource::Resource;
use crate::db::sql::{self, Fragment};

/// A word of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    Anywhere(String),
    AtStart(String),
}

/// The words of a search. What stands in quotes is one; a quote that has no other is an ordinary character.
pub fn words(q: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = q.trim_start();
    while !rest.is_empty() {
        let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        let ends = |after: &str| after.is_empty() || after.starts_with(char::is_whitespace);
        let (word, after) = match quoted.filter(|(_, after)| ends(after)) {
            Some(found) => found,
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        let word = word.trim();
        if !word.is_empty() {
            words.push(word.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        rest = after.trim_start();
    }
    words
}

impl Word {
    /// The words of a search. Where the index knows a part of one, the others are looked for anywhere too: it is few rows
    /// that they are looked for in. Else the first is at the beginning. Signs alone no index knows, and nobody means them to
    /// begin a word.
    pub fn all(q: &str) -> Vec<Word> {
        let words = words(q);
        let is_word = |text: &String| text.contains(char::is_alphanumeric);
        let start = if words.iter().any(|text| sql::has_trigram(text)) { None } else { words.iter().position(is_word) };
        let word = |(place, text)| if Some(place) == start { Word::AtStart(text) } else { Word::Anywhere(text) };
        words.into_iter().enumerate().map(word).collect()
    }

    /// The text, of a word that is found anywhere.
    pub fn anywhere(&self) -> Option<&str> {
        match self {
            Word::Anywhere(text) => Some(text),
            Word::AtStart(_) => None,
        }
    }
}

/// True of the rows in which a word is found. What is found anywhere is said by `contains`, of a table, its columns and a text.
pub fn condition<R: Resource>(word: &Word, contains: impl Fn(&str, &[&str], &str) -> Fragment<Bool>) -> Fragment<Bool> {
    let (table, columns) = (R::TABLE, columns::<R>());
    let each = match word {
        Word::Anywhere(text) if !columns.is_empty() => vec![contains(table, &columns, text)],
        Word::Anywhere(_) => Vec::new(),
        Word::AtStart(text) => {
            let keys = searches::<R>().filter_map(|search| search.key);
            keys.map(|key| sql::begins_with(format!("{table}.{key}"), text)).collect()
        }
    };
    if each.is_empty() {
        return Fragment::new("1 = 0");
    }
    Fragment::new("(").joined(each, " OR ").sql(")")
}

/// The columns in which words are found anywhere.
pub fn columns<R: Resource>() -> Vec<&'static str> {
    searches::<R>().map(|search| search.column).collect()
}

fn searches<R: Resource>() -> impl Iterator<Item = &'static Search> {
    R::fields().iter().filter_map(|field| field.search.as_ref())
}

/// Where the rows in which a word is found at the beginning end, in the order of that column or in the other direction; none of
/// a word that is found anywhere.
pub fn end<R: Resource>(word: &Word, descending: bool) -> Option<Fragment<Bool>> {
    let Word::AtStart(text) = word else { return None };
    sql::end_of_beginning(format!("{}.{}", R::TABLE, key::<R>()?), text, descending)
}

/// The column in which words are found at the beginning, where there is just one.
pub fn key<R: Resource>() -> Option<&'static str> {
    let mut keys = searches::<R>().filter_map(|search| search.key);
    keys.next().filter(|_| keys.next().is_none())
}
