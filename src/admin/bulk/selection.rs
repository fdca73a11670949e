//! Which records are meant: a query and how far what it found went, or a few records as they were.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use crate::admin::listing;
use crate::admin::query::Query;
use crate::admin::resource::Resource;
use crate::crud::{Crud, Extent};
use crate::db::AnyConnection;
use crate::error::{Error, Result};

/// The records that somebody chose in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// All that the list has, at whatever page: the query of its address.
    All(String),
    /// These.
    Rows(Vec<i64>),
}

/// Which records are meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Which {
    /// All that a query finds.
    All { query: String },
    /// These, each as it was: id and version.
    Rows(Vec<(i64, i64)>),
}

/// Records, as somebody saw them, and what is to be done to them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Selection {
    pub entity: String,
    pub action: String,
    pub value: String,
    pub which: Which,
    /// How far they went. A query finds no record beyond its last: what is made later is not done with them unseen. (Ids
    /// only rise; a time of making could be written by any program.)
    pub seen: Extent,
    /// When it was found that they were still those that were seen. What is changed later may only then be found by the query.
    #[serde(default)]
    pub at: Option<NaiveDateTime>,
    /// That others came later was seen too, and they are left out.
    pub leaves_out: bool,
    /// Tells two previews of the same apart: each starts one job.
    pub number: String,
}

/// How records are different from what was seen of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    pub came: i64,
    pub went: i64,
    pub changed: i64,
    /// Some more may have come, and as many gone.
    pub is_least: bool,
    /// All that was seen is there, and others came later.
    pub is_only_later: bool,
}

impl Which {
    /// What was chosen, as it is now, and how far it goes.
    pub fn see<R: Resource + Crud>(conn: &mut AnyConnection, chosen: &Chosen) -> Result<(Self, Extent)> {
        match chosen {
            Chosen::All(query) => {
                let query = Query::read::<R>(query)?;
                let pairs =
                    query.pairs::<R>().into_iter().filter(|(name, _)| !matches!(name.as_str(), "sort" | "limit"));
                let which =
                    Which::All { query: form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish() };
                let seen = R::extent(conn, listing::conditions::<R>(conn.engine(), &query)?, 0, i64::MAX)?;
                Ok((which, seen))
            }
            Chosen::Rows(ids) => {
                let rows: Vec<_> =
                    R::among(conn, Vec::new(), ids)?.iter().map(|row| (row.id(), row.version())).collect();
                let seen = Extent { count: rows.len() as i64, last: rows.last().map_or(0, |(id, _)| *id), sum: 0 };
                Ok((Which::Rows(rows), seen))
            }
        }
    }

    /// The same, to be seen anew.
    pub fn chosen(&self) -> Chosen {
        match self {
            Which::All { query } => Chosen::All(query.clone()),
            Which::Rows(rows) => Chosen::Rows(rows.iter().map(|(id, _)| *id).collect()),
        }
    }

    /// In words, for the record.
    pub fn in_words(&self) -> String {
        match self {
            Which::All { query } if query.is_empty() => "all".into(),
            Which::All { query } => {
                let pairs = form_urlencoded::parse(query.as_bytes()).map(|(name, value)| format!("{name}={value}"));
                format!("all with {}", pairs.collect::<Vec<_>>().join(", "))
            }
            Which::Rows(rows) => rows.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(", "),
        }
    }

    /// The next ids after one, and none beyond another.
    pub fn ids_after<R: Resource + Crud>(
        &self,
        conn: &mut AnyConnection,
        after: i64,
        upto: i64,
        limit: i64,
    ) -> Result<Vec<i64>> {
        match self {
            Which::All { query } => {
                let conditions = listing::conditions::<R>(conn.engine(), &Query::read::<R>(query)?)?;
                Ok(R::ids_after(conn, conditions, after, upto, limit)?)
            }
            Which::Rows(rows) => {
                let ids = rows.iter().map(|(id, _)| *id).filter(|id| *id > after);
                Ok(ids.take(usize::try_from(limit).unwrap_or_default()).collect())
            }
        }
    }

    /// Those of these records that are meant as they are now.
    pub fn among<R: Resource + Crud>(&self, conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<R>> {
        let conditions = match self {
            Which::All { query } => listing::conditions::<R>(conn.engine(), &Query::read::<R>(query)?)?,
            Which::Rows(_) => Vec::new(),
        };
        Ok(R::among(conn, conditions, ids)?)
    }

    /// The version that a record is to have: the one that was seen, or any.
    pub fn version<R: Resource>(&self, record: &R) -> i64 {
        match self {
            Which::All { .. } => record.version(),
            Which::Rows(rows) => {
                rows.iter().find(|(id, _)| *id == record.id()).map_or_else(|| record.version(), |(_, seen)| *seen)
            }
        }
    }
}

impl Selection {
    /// True when a record that a query finds may not be one of those that were seen.
    pub fn is_stale<R: Crud>(&self, record: &R) -> bool {
        matches!(self.which, Which::All { .. }) && self.at.is_some_and(|at| record.updated_at() > at)
    }

    /// As it is kept in a page or with a job.
    pub fn write(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|cause| Error::internal(cause.to_string()))
    }

    /// Fails on what no selection was written as.
    pub fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|cause| Error::internal(cause.to_string()))
    }

    /// How the records are different from what was seen; none when they are the same.
    pub fn moved<R: Resource + Crud>(&self, conn: &mut AnyConnection) -> Result<Option<Moved>> {
        let moved = match &self.which {
            Which::All { query } => {
                let (engine, query) = (conn.engine(), Query::read::<R>(query)?);
                let conditions = || listing::conditions::<R>(engine, &query);
                let now = R::extent(conn, conditions()?, 0, self.seen.last)?;
                let later = if self.leaves_out {
                    Extent::default()
                } else {
                    R::extent(conn, conditions()?, self.seen.last, i64::MAX)?
                };
                let more = now.count - self.seen.count;
                let is_least = now.sum != self.seen.sum;
                let exchanged = i64::from(is_least && more == 0);
                let (came, went) = (later.count + more.max(exchanged), (-more).max(exchanged));
                Moved { came, went, changed: 0, is_least, is_only_later: later.count > 0 && more == 0 && !is_least }
            }
            Which::Rows(seen) => {
                let ids: Vec<_> = seen.iter().map(|(id, _)| *id).collect();
                let rows = R::among(conn, Vec::new(), &ids)?;
                let is_changed = |row: &&R| !seen.contains(&(row.id(), row.version()));
                let went = (seen.len() - rows.len()) as i64;
                Moved { changed: rows.iter().filter(is_changed).count() as i64, went, ..Moved::default() }
            }
        };
        Ok((moved.came + moved.went + moved.changed > 0).then_some(moved))
    }
}
