//! What would come of a bulk action, told without writing anything.

use std::collections::HashMap;

use super::action::Deed;
use super::order::{Order, Verdict, why};
use super::refusals::Refusals;
use super::selection::Which;
use crate::access::{Action, Actor};
use crate::admin::mount::Registry;
use crate::admin::query::Query;
use crate::admin::resource::Resource;
use crate::admin::{draft, listing};
use crate::crud::{Crud, Extent};
use crate::db::AnyConnection;
use crate::error::Result;

/// So many records are looked at one by one.
const EXAMINED: i64 = 1000;
/// And read so many at a time.
const TOGETHER: i64 = 200;
/// So many are named.
const NAMED: usize = 5;
/// What goes with a record is told of so many.
const GOING: usize = 5;

/// What would come of it.
#[derive(Debug, Default)]
pub struct Preview {
    pub total: i64,
    /// So many were looked at one by one, the first by id.
    pub examined: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub refused: Refusals,
    /// How many of all are so already, where that can be counted and not all were looked at.
    pub unchanged_of_all: Option<i64>,
    /// What goes with the first that would be deleted, in words.
    pub goes_with: Vec<String>,
    /// The first, by their labels.
    pub first: Vec<String>,
}

impl Preview {
    pub fn of<R: Resource + Crud>(
        conn: &mut AnyConnection,
        actor: &Actor,
        registry: Registry,
        order: &Order,
        which: &Which,
        seen: Extent,
    ) -> Result<Self> {
        let mut preview = Preview { total: seen.count, ..Preview::default() };
        let mut after = 0;
        while preview.examined < EXAMINED {
            let ids = which.ids_after::<R>(conn, after, seen.last, TOGETHER)?;
            let Some(last) = ids.last() else { break };
            after = *last;
            let records = which.among::<R>(conn, &ids)?;
            let action = order.action.needs();
            let protected: HashMap<i64, _> = R::protected(conn, actor, action, &records)?.into_iter().collect();
            for record in &records {
                preview.examined += 1;
                if preview.first.len() < NAMED {
                    preview.first.push(record.label());
                }
                let verdict = match protected.get(&record.id()) {
                    Some(why) => Verdict::Refused((*why).to_owned()),
                    None => judge(conn, actor, order, record)?,
                };
                match verdict {
                    Verdict::Changed if action == Action::Delete => {
                        preview.changed += 1;
                        preview.going(conn, registry, record)?;
                    }
                    Verdict::Changed => preview.changed += 1,
                    Verdict::SoAlready => preview.unchanged += 1,
                    Verdict::Refused(why) => preview.refused.add(why, record.id(), record.label()),
                }
            }
        }
        if preview.examined < preview.total {
            preview.unchanged_of_all = unchanged_of_all::<R>(conn, order, which, seen)?;
        }
        Ok(preview)
    }

    /// True when more may go with them than is told.
    #[must_use]
    pub fn leaves_out_going(&self) -> bool {
        self.goes_with.len() >= GOING || self.changed > EXAMINED / 10
    }

    /// True when all records were looked at.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.examined >= self.total
    }

    /// True when it is known that nothing would be changed.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.is_exact() && self.changed == 0
    }

    fn going<R: Resource>(&mut self, conn: &mut AnyConnection, registry: Registry, record: &R) -> Result<()> {
        if self.goes_with.len() >= GOING || self.changed > EXAMINED / 10 {
            return Ok(());
        }
        let going = registry.going_with(conn, record)?;
        if !going.is_empty() {
            self.goes_with.push(format!("with {}: {}", record.label(), going.join(", ")));
        }
        Ok(())
    }
}

/// What would come of one record.
fn judge<R: Resource>(conn: &mut AnyConnection, actor: &Actor, order: &Order, record: &R) -> Result<Verdict> {
    if order.action.deed == Deed::Delete {
        return Ok(Verdict::Changed);
    }
    let form = order.form(conn, record, record.version())?;
    match draft::foresee(conn, actor, record, &form) {
        Ok(true) => Ok(Verdict::Changed),
        Ok(false) => Ok(Verdict::SoAlready),
        Err(refused) => why(refused).map(Verdict::Refused),
    }
}

/// Counted by the database, where the action says by which filter.
fn unchanged_of_all<R: Resource + Crud>(
    conn: &mut AnyConnection,
    order: &Order,
    which: &Which,
    seen: Extent,
) -> Result<Option<i64>> {
    let (Some((name, value)), Which::All { query }) = (order.so_already(), which) else { return Ok(None) };
    let mut query = Query::read::<R>(query)?;
    query.filters.push((name, value));
    let found = R::extent(conn, listing::conditions::<R>(conn.engine(), &query)?, 0, seen.last)?.count;
    Ok(Some(if order.is_undone_by() { seen.count - found } else { found }))
}
