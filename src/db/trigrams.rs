//! The rows that a search may find, by SQLite's index of trigrams.
//!
//! The index holds, of each three characters in a row, the ids of the rows that have them. To find the ids that several lists
//! share takes as long as the lists are, and some are as long as the table. So it is asked first how common each part of a
//! search is, by where in the table its first rows are, and then for the rows that have the rarest few: the rows are looked
//! at in any case. All of it is said at the head of one statement, which then asks as often as it likes at no further cost.

use super::fragment::Fragment;

/// So many parts of a search are asked about.
const PARTS: usize = 32;

/// Rows are few up to this number, and more in a large table: to look at all of them costs what a walk in the list's order
/// costs until it has met a page of more than them.
const FEW: i64 = 2000;
const SHARE: i64 = 200;
const MOST: i64 = 20_000;

/// Rows that SQLite's index finds, in the order of their ids: what [`Candidates`](super::candidates::Candidates) are there.
#[derive(Clone, Debug)]
pub struct Trigrams {
    table: &'static str,
    /// In JSON: what the index is asked, and where in the search that is.
    parts: String,
}

impl Trigrams {
    /// What the index is asked for the rows that may have all these texts in a table's searched columns; none when it knows no
    /// part of them.
    pub fn of(table: &'static str, texts: &[&str]) -> Option<Self> {
        let parts = parts(texts);
        let parts = (!parts.is_empty()).then(|| serde_json::json!(parts).to_string());
        parts.map(|parts| Trigrams { table, parts })
    }

    pub fn head(&self) -> Fragment<()> {
        let table = self.table;
        // Of the parts that share most of their characters the rarest; then of all those a few. More of them leave fewer
        // rows to look at, and take their time themselves.
        let before = format!(
            "WITH parts AS MATERIALIZED (
                SELECT each.value ->> 0 AS place, each.value ->> 1 AS part, (
                    SELECT iif(count(*) < 32, count(*), 32 * (SELECT max(id) FROM {table}) / max(max(id), 1))
                    FROM (SELECT rowid AS id FROM {table}_search WHERE {table}_search MATCH (each.value ->> 1) LIMIT 32)
                ) AS about FROM json_each("
        );
        let after = format!(
            ") AS each),
            asked AS MATERIALIZED (
                SELECT group_concat(part, ' AND ') AS wanted, {FEW} + (
                    SELECT iif(10 * max(least) < max(id), min(max(id) / {SHARE}, {MOST}), 0) FROM {table}
                ) AS few FROM (
                    SELECT part, row_number() OVER (ORDER BY about) AS number, min(about) OVER () AS least
                    FROM (SELECT part, min(about) AS about FROM parts GROUP BY place)
                ) WHERE number <= CASE WHEN least < 300 THEN 1 WHEN least < 1000 THEN 2 WHEN least < 2000 THEN 3 ELSE 6 END
            ),
            candidates AS MATERIALIZED (
                SELECT rowid AS id FROM {table}_search WHERE {table}_search MATCH (SELECT wanted FROM asked)
                LIMIT (SELECT few + 1 FROM asked)
            ),
            size AS MATERIALIZED (SELECT count(*) <= (SELECT few FROM asked) AS is_small FROM candidates)"
        );
        Fragment::new(before).text(self.parts.clone()).sql(after)
    }

    pub fn first<ST>(&self, what: &str) -> Fragment<ST> {
        let table = self.table;
        Fragment::new(format!(
            "SELECT {what} FROM candidates CROSS JOIN {table} ON {table}.id = candidates.id WHERE TRUE"
        ))
    }

    pub fn few<ST>(&self, what: &str) -> Fragment<ST> {
        let table = self.table;
        Fragment::new(format!("SELECT {what} FROM (SELECT id FROM candidates LIMIT CASE WHEN "))
            .sql(super::candidates::ARE_FEW)
            .sql(" THEN -1 ELSE 0 END) AS few CROSS JOIN ")
            .sql(format!("{table} ON {table}.id = few.id WHERE TRUE"))
    }

    /// They are found one after the other: whoever takes only some of them pays for those.
    pub fn all<ST>(&self, what: &str) -> Fragment<ST> {
        let table = self.table;
        let from = format!("{table}_search CROSS JOIN {table} ON {table}.id = {table}_search.rowid");
        Fragment::new(format!("SELECT {what} FROM {from} WHERE {table}_search MATCH (SELECT wanted FROM asked)"))
    }
}

/// What the index may be asked for these texts, each part with the number of its place.
fn parts(texts: &[&str]) -> Vec<(usize, String)> {
    let mut parts = Vec::new();
    let mut place = 0;
    for text in texts {
        let chars: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
        for (start, three) in chars.windows(3).enumerate() {
            if three.iter().all(|c| folds_alike(*c)) {
                parts.push((place + start / 3, asked_for(&String::from_iter(three))));
            }
        }
        place += chars.len();
    }
    let step = parts.len().div_ceil(PARTS).max(1);
    parts.into_iter().step_by(step).collect()
}

/// Three characters as the index is asked for them.
fn asked_for(three: &str) -> String {
    let quoted = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
    // The capital with a dot is an i and a dot in lower case, which the index does not know.
    match three.strip_suffix('i') {
        Some(before) => format!("({} OR {})", quoted(three), quoted(&format!("{before}\u{130}"))),
        None => quoted(three),
    }
}

/// True of a character that both the index and `fold` take for the same in either case: one that has no case,
/// and the letters of Latin, Greek and Cyrillic that SQLite's tables know; a test asks SQLite for each character of Unicode.
fn folds_alike(c: char) -> bool {
    let has_no_case = c.to_lowercase().eq([c]) && c.to_uppercase().eq([c]) && c != '\u{307}';
    has_no_case || matches!(c, '\0'..='\u{19a}' | '\u{19c}'..='\u{24f}' | '\u{370}'..='\u{3f2}' | '\u{3f4}'..='\u{528}')
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use diesel::RunQueryDsl as _;
    use diesel::connection::SimpleConnection as _;
    use diesel::sql_types::{BigInt, Text};

    use super::*;
    use crate::db::{connection, open};

    /// What `fold` makes of a character, if that is one.
    fn small(c: char) -> Option<char> {
        let fold = connection::folded(c.to_string());
        let mut chars = fold.chars();
        chars.next().filter(|_| chars.next().is_none())
    }

    /// What the index makes of each of these characters.
    fn folded_by_the_index(chars: impl Iterator<Item = char>) -> HashMap<char, String> {
        let mut conn = open("sqlite://:memory:").expect("a database");
        let codes: Vec<_> = chars.map(|c| format!("({})", u32::from(c))).collect();
        conn.batch_execute(&format!(
            "CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='trigram');
             CREATE VIRTUAL TABLE terms USING fts5vocab(texts, 'instance');
             WITH codes (code) AS (VALUES {})
             INSERT OR IGNORE INTO texts (rowid, text) SELECT DISTINCT code, char(code, code, code) FROM codes",
            codes.join(", ")
        ))
        .expect("texts");
        let rows: Vec<(i64, String)> =
            Fragment::<(BigInt, Text)>::new("SELECT doc, term FROM terms").load(&mut conn).expect("terms");
        let char = |code: i64| u32::try_from(code).ok().and_then(char::from_u32).expect("a character");
        rows.into_iter().map(|(code, term)| (char(code), term)).collect()
    }

    #[test]
    fn the_index_takes_each_letter_that_it_is_asked_for_in_either_case_as_fold_does() {
        // Whatever is not folded is the same in the row and in the search.
        let cased = || ('\u{1}'..=char::MAX).filter(|c| small(*c) != Some(*c));
        let folded = folded_by_the_index(cased().flat_map(|c| [Some(c), small(c)]).flatten());
        let (mut asked, mut wrong) = (0, Vec::new());
        for c in cased() {
            let Some(small) = small(c) else {
                assert_eq!(c, '\u{130}', "one letter is two in small");
                assert!(!folds_alike('\u{307}'), "and the second of them is not asked for");
                continue;
            };
            if folds_alike(small) {
                asked += 1;
                let alike = folded.get(&c).filter(|of_c| folded.get(&small) == Some(of_c));
                wrong.extend(alike.is_none().then_some((c, small)));
            }
        }
        assert_eq!(wrong, [], "these are not alike to the index");
        assert!(asked > 400, "{asked} letters have two cases");
    }

    #[test]
    fn letters_that_the_index_does_not_know_are_not_asked_for() {
        assert!(!folds_alike('Ꭰ') && !folds_alike('ꭰ') && !folds_alike('Ა'), "younger than its tables");
        assert_eq!(parts(&["aꭰbcd"]), [(0, "\"bcd\"".to_owned())]);
        assert_eq!(parts(&["TAXI"]), [(0, "\"tax\"".to_owned()), (0, "(\"axi\" OR \"ax\u{130}\")".to_owned())]);
        assert_eq!(parts(&["ab", "c\"d"]), [(2, "\"c\"\"d\"".to_owned())]);
    }
}
