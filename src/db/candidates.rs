//! The rows that a search may find, as the database's index of trigrams knows them.

use diesel::sql_types::Bool;

use super::Engine;
use super::fragment::Fragment;
use super::sampled::Sampled;
use super::trigrams::Trigrams;

/// Counted once for the whole statement.
pub(super) const ARE_FEW: &str = "(SELECT is_small FROM size)";

/// What is looked for where.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    pub table: &'static str,
    pub columns: &'a [&'static str],
    /// What the rows are sorted by.
    pub order: &'static str,
    /// Texts that are all found, each in some column.
    pub texts: &'a [&'a str],
    /// True when nothing else is asked of a row.
    pub is_all: bool,
}

/// The rows that may be found: none is missing. All of them are asked for by `SELECT`s that go on from a head.
#[derive(Clone, Debug)]
pub struct Candidates {
    index: Index,
}

#[derive(Clone, Debug)]
enum Index {
    Sampled(Sampled),
    Trigrams(Trigrams),
}

/// What the index knows of the rows in which all these texts are found; none when it knows no part of them.
#[must_use]
pub fn candidates(engine: Engine, sought: Sought) -> Option<Candidates> {
    let index = match engine {
        Engine::Postgres => {
            sought.texts.iter().any(|text| has_trigram(text)).then(|| Index::Sampled(Sampled::of(sought)))
        }
        Engine::Sqlite => Trigrams::of(sought.table, sought.texts).map(Index::Trigrams),
    };
    index.map(|index| Candidates { index })
}

/// True of a text in which PostgreSQL's index finds something to look for: three letters or digits in a row, two before
/// another character, or one after it (`pg_trgm` pads words with blanks). SQLite's knows any three characters.
#[must_use]
pub fn has_trigram(text: &str) -> bool {
    let chars: Vec<_> = text.chars().map(char::is_alphanumeric).collect();
    let begins = || chars.windows(2).any(|two| two == [false, true]);
    chars.len() >= 3 && (chars.windows(3).any(|three| three[0] && three[1]) || begins())
}

impl Candidates {
    /// What the other pieces speak of, for the head of their statement, to be gone on with.
    #[must_use]
    pub fn head(&self) -> Fragment<()> {
        match &self.index {
            Index::Sampled(sampled) => sampled.head(),
            Index::Trigrams(trigrams) => trigrams.head(),
        }
    }

    /// So many of them are known at least when they are not few, and each of them is found: where nothing else is asked of a
    /// row.
    #[must_use]
    pub fn least(&self) -> Option<i64> {
        match &self.index {
            Index::Sampled(sampled) => sampled.least(),
            Index::Trigrams(_) => None,
        }
    }

    /// True when each of them has the texts; else they may have their parts in another order.
    #[must_use]
    pub fn are_exact(&self) -> bool {
        matches!(self.index, Index::Sampled(_))
    }

    /// What is true of each of them and of no other row, where an index leads to that by itself.
    #[must_use]
    pub fn exact(&self) -> Option<Vec<Fragment<Bool>>> {
        match &self.index {
            Index::Sampled(sampled) => Some(sampled.exact()),
            Index::Trigrams(_) => None,
        }
    }

    /// True when they are few; then the first of them are all.
    #[must_use]
    pub fn are_few() -> Fragment<Bool> {
        Fragment::new(ARE_FEW)
    }

    /// A `SELECT` of something of each of the first of their rows, to which conditions may be added.
    #[must_use]
    pub fn first<ST>(&self, what: &str) -> Fragment<ST> {
        match &self.index {
            Index::Sampled(sampled) => sampled.first(what),
            Index::Trigrams(trigrams) => trigrams.first(what),
        }
    }

    /// As [`Candidates::first`], of all of them when they are few, else of none.
    #[must_use]
    pub fn few<ST>(&self, what: &str) -> Fragment<ST> {
        match &self.index {
            Index::Sampled(sampled) => sampled.few(what),
            Index::Trigrams(trigrams) => trigrams.few(what),
        }
    }

    /// A `SELECT` of something of each of their rows, to which conditions may be added.
    #[must_use]
    pub fn all<ST>(&self, what: &str) -> Fragment<ST> {
        match &self.index {
            Index::Sampled(sampled) => sampled.all(what),
            Index::Trigrams(trigrams) => trigrams.all(what),
        }
    }
}
