//! Reads the whole record and holds each entry against the one before it.

use diesel::prelude::*;

use super::hash_of;
use crate::db::AnyConnection;
use crate::db::schema::{audit_chains, audit_entries};
use crate::models::AuditEntry;

/// The migration makes so many chains.
const CHAINS: i64 = 64;
/// Entries are read so many at a time.
const PAGE: i64 = 1000;

/// What a look at the whole record found.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is as it was written: so many entries.
    Whole(i64),
    /// The first thing that is not, in words.
    Broken(String),
}

/// The last entry of a chain, as it was written down apart.
type End = (i64, i64, String);

/// What is wrong, and the id of the entry that it is wrong at.
type Fault = (i64, String);

/// Holds the record against its hashes. Entries that are written meanwhile are no fault.
pub fn verify(conn: &mut AnyConnection) -> QueryResult<Verdict> {
    let ends: Vec<End> = audit_chains::table.order(audit_chains::chain).load(conn)?;
    let (mut count, mut faults) = (0, Vec::new());
    for end in &ends {
        match verify_chain(conn, end)? {
            Ok(length) => count += length,
            Err(fault) => faults.push(fault),
        }
    }
    let missing = (1..=CHAINS).find(|chain| !ends.iter().any(|(known, ..)| known == chain));
    faults.extend(missing.map(|chain| (0, format!("chain {chain} is missing: it was removed"))));
    let known: Vec<_> = ends.iter().map(|(chain, ..)| *chain).collect();
    let stray = audit_entries::table.filter(audit_entries::chain.ne_all(known)).select(audit_entries::id);
    let stray: Option<i64> = stray.order(audit_entries::id).first(conn).optional()?;
    faults.extend(stray.map(|id| (id, format!("entry {id} is of no chain: it was put there by other means"))));
    // Chains run beside each other: the first broken row is the one with the least id of all.
    Ok(faults.into_iter().min().map_or(Verdict::Whole(count), |(_, words)| Verdict::Broken(words)))
}

fn verify_chain(conn: &mut AnyConnection, end: &End) -> QueryResult<Result<i64, Fault>> {
    let (chain, length, last_hash) = end;
    let (mut position, mut hash, mut id) = (0, String::new(), 0);
    loop {
        let page = page(conn, *chain, position)?;
        let is_last = (page.len() as i64) < PAGE;
        for entry in page {
            if let Some(words) = fault(&entry, position + 1, &hash) {
                return Ok(Err((entry.id, words)));
            }
            (position, id, hash) = (entry.position, entry.id, entry.hash);
            if position == *length && hash != *last_hash {
                return Ok(Err((
                    id,
                    format!("entry {id} is not the one that chain {chain} ended with: it was replaced"),
                )));
            }
        }
        if is_last {
            break;
        }
    }
    if position < *length {
        let missing = length - position;
        return Ok(Err((id + 1, format!("after entry {id} (chain {chain}) {}", removed(missing)))));
    }
    // What was written meanwhile has moved the end.
    let now: i64 = audit_chains::table.find(chain).select(audit_chains::position).first(conn)?;
    if position > now {
        return Ok(Err((
            id,
            format!("entry {id} is beyond the end of chain {chain}: it was put there by other means"),
        )));
    }
    Ok(Ok(position))
}

fn page(conn: &mut AnyConnection, chain: i64, after: i64) -> QueryResult<Vec<AuditEntry>> {
    let beyond = audit_entries::chain.eq(chain).and(audit_entries::position.gt(after));
    audit_entries::table.filter(beyond).order(audit_entries::position).limit(PAGE).load(conn)
}

/// What is wrong with an entry that should be number `number` of its chain, after one with the hash `previous`.
fn fault(entry: &AuditEntry, number: i64, previous: &str) -> Option<String> {
    let AuditEntry { id, chain, position, .. } = entry;
    if *position != number {
        let missing = position - number;
        return Some(format!("before entry {id} (chain {chain}) {}", removed(missing)));
    }
    let is_as_written = entry.previous_hash == previous && entry.hash == hash_of(entry);
    (!is_as_written)
        .then(|| format!("entry {id} (chain {chain}, number {number}) is not as it was written: it was changed"))
}

fn removed(missing: i64) -> String {
    if missing == 1 {
        "1 is missing: it was removed".into()
    } else {
        format!("{missing} are missing: they were removed")
    }
}
