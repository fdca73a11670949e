//! The rows that a search may find, by PostgreSQL's index of trigrams.
//!
//! To ask the index takes as long as what it finds is, and of a common text that is a part of the table. Its planner knows from
//! what it has sampled of a column which texts are common, but to plan a statement anew for each search takes longer than most
//! searches do. So the statement asks what was sampled itself, and its plan is kept for any text: of a common one some
//! thousand rows are looked at, which are enough to know that there are many, and only of others the index is asked.

use diesel::sql_types::{Bool, Double};

use super::candidates::{ARE_FEW, Sought};
use super::fragment::Fragment;
use super::search::{Plan, contains_by_index, either, folded, holds};

/// Rows are few up to this number: as many as a list counts.
const FEW: i64 = 1000;

/// What more than this share of a column's texts has is common.
const COMMON: &str = "0.03";

/// So many rows are looked at for a common text: some more than are needed to meet few of it.
const LOOKED_AT: i64 = 50_000;

/// Statements for more texts are not kept: there would be one for each number of them.
const KEPT: usize = 3;

/// Rows that PostgreSQL's index finds: what [`Candidates`](super::candidates::Candidates) are there.
#[derive(Clone, Debug)]
pub struct Sampled {
    table: &'static str,
    columns: Vec<&'static str>,
    order: &'static str,
    texts: Vec<String>,
    is_all: bool,
}

impl Sampled {
    pub fn of(sought: Sought) -> Self {
        let Sought { table, columns, order, texts, is_all } = sought;
        let texts = texts.iter().map(ToString::to_string).collect();
        Sampled { table, columns: columns.to_vec(), order, texts, is_all }
    }

    pub fn head(&self) -> Fragment<()> {
        let Sampled { table, order, columns, texts, .. } = self;
        let shares = texts.iter().map(|text| share(text)).collect();
        let holds = texts.iter().map(|text| either(columns, |column| holds(table, column, text))).collect();
        // In an order, so that the same rows are looked at each time.
        let head = Fragment::new("WITH stock AS MATERIALIZED (SELECT coalesce(")
            .joined(shares, " * ")
            .sql(format!(
                ", 0) > {COMMON} AS is_common FROM pg_stats
                WHERE schemaname = current_schema AND tablename = '{table}_search'
            ), met AS MATERIALIZED (
                SELECT {table}.id, {table}.{order} FROM (
                    SELECT {table}.* FROM {table} WHERE (SELECT is_common FROM stock)
                    ORDER BY {table}.id LIMIT {LOOKED_AT}
                ) AS {table} WHERE "
            ))
            .joined(holds, " AND ");
        head.sql(format!(
            " LIMIT {FEW} + 1
            ), candidates AS MATERIALIZED (
                SELECT * FROM met WHERE (SELECT count(*) FROM met) > {FEW} UNION ALL (
                    SELECT {table}.id, {table}.{order} FROM {table} WHERE (SELECT count(*) FROM met) <= {FEW} AND "
        ))
        .joined(self.found(Plan::Kept), " AND ")
        .sql(format!(
            " LIMIT {FEW} + 1)
            ), size AS MATERIALIZED (SELECT count(*) <= {FEW} AS is_small FROM candidates)"
        ))
        .prepared_anew(texts.len() > KEPT)
    }

    pub fn least(&self) -> Option<i64> {
        self.is_all.then_some(FEW + 1)
    }

    pub fn exact(&self) -> Vec<Fragment<Bool>> {
        self.found(Plan::Anew)
    }

    pub fn first<ST>(&self, what: &str) -> Fragment<ST> {
        Fragment::new(format!("SELECT {what} FROM {} WHERE TRUE", self.rows()))
    }

    pub fn few<ST>(&self, what: &str) -> Fragment<ST> {
        Fragment::new(format!("SELECT {what} FROM {} WHERE {ARE_FEW}", self.rows()))
    }

    pub fn all<ST>(&self, what: &str) -> Fragment<ST> {
        let table = self.table;
        // The planner takes the order and the other conditions for another query's, so that the index leads.
        Fragment::new(format!("SELECT {what} FROM (SELECT {table}.* FROM {table} WHERE "))
            .joined(self.found(Plan::Kept), " AND ")
            .sql(format!(" OFFSET 0) AS {table} WHERE TRUE"))
    }

    /// Those that are known, with all that is needed of their rows.
    fn rows(&self) -> String {
        let table = self.table;
        if self.is_all {
            format!("candidates AS {table}")
        } else {
            format!("candidates JOIN {table} ON {table}.id = candidates.id")
        }
    }

    /// What holds of a row in which all texts are found.
    fn found(&self, plan: Plan) -> Vec<Fragment<Bool>> {
        self.texts.iter().map(|text| contains_by_index(self.table, &self.columns, text, plan)).collect()
    }
}

/// The share of rows, of 0 to 1, that have a text in a column of the index, as far as is known of some of them: the most common
/// values are kept with how often each is, and of the others some that are as far apart.
fn share(text: &str) -> Fragment<Double> {
    Fragment::new(
        "least(1, sum(
            coalesce((
                SELECT sum(frequency) FROM unnest(CAST(CAST(most_common_vals AS TEXT) AS TEXT[]), most_common_freqs)
                AS common (text, frequency) WHERE strpos(text, ",
    )
    .part(folded(text))
    .sql(
        ") > 0
            ), 0) + coalesce((
                SELECT avg(CAST(strpos(text, ",
    )
    .part(folded(text))
    .sql(
        ") > 0 AS INTEGER)) FROM unnest(CAST(CAST(histogram_bounds AS TEXT) AS TEXT[])) AS spread (text)
            ), 0) * (1 - coalesce((SELECT sum(frequency) FROM unnest(most_common_freqs) AS common (frequency)), 0))
        ))",
    )
}
