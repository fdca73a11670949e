//! The rows that a search may find, by PostgreSQL's index of trigrams.
//!
//! To ask the index takes as long as what it finds is, and of a common text that is a part of the table. Its planner knows from
//! what it has sampled of a column which texts are common, but to plan a statement anew for each search takes longer than most
//! searches do. So a statement for one text alone asks what was sampled itself, and its plan is kept for any text: of a common
//! one some thousand rows are looked at, which are enough to know that there are many, and only of others the index is asked.
//!
//! Several texts are left to the planner, as is a text beside filters: one of them leads, and which of them is its business.

use diesel::sql_types::{Bool, Double};

use super::candidates::{ARE_FEW, Sought};
use super::fragment::Fragment;
use super::search::{Planning, bound, contains_by_index, either, holds};

/// Rows are few up to this number: to look at all of them takes as long as a walk through the list's order.
const FEW: i64 = 5000;

/// More rows than these are many, of a common text: as many as a list counts.
const MANY: i64 = 1000;

/// What more than this share of the rows have is common.
const COMMON: &str = "0.03";

/// So many rows, the newest, are looked at for a common text: some more than are needed to meet many of it.
const LOOKED_AT: i64 = 50_000;

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

    /// The text of a statement that is kept. Each takes half a megabyte of a connection, so there are few of them: one for each
    /// order and place.
    fn alone(&self) -> Option<&str> {
        match self.texts.as_slice() {
            [text] if self.is_all => Some(text),
            _ => None,
        }
    }

    fn plan(&self) -> Planning {
        if self.alone().is_some() { Planning::Kept } else { Planning::Anew }
    }

    pub fn head(&self) -> Fragment<()> {
        let Sampled { table, order, .. } = self;
        let rows = format!("SELECT {table}.id, {table}.{order} FROM {table} WHERE ");
        let candidates = match self.alone() {
            Some(text) => self.met(text).sql(format!(
                "candidates AS MATERIALIZED (SELECT * FROM met WHERE (SELECT count(*) FROM met) > {MANY}
                    UNION ALL ({rows}(SELECT count(*) FROM met) <= {MANY} AND "
            )),
            None => Fragment::new(format!("WITH candidates AS MATERIALIZED (({rows}")),
        };
        let are_met = self.alone().map(|_| format!("(SELECT count(*) FROM met) <= {MANY} AND ")).unwrap_or_default();
        candidates.joined(self.found(self.plan()), " AND ").sql(format!(
            " LIMIT {FEW} + 1)), size AS MATERIALIZED (SELECT {are_met}count(*) <= {FEW} AS is_small FROM candidates)"
        ))
    }

    /// What a common text is met in, of the rows that are looked at; of another one nothing.
    fn met(&self, text: &str) -> Fragment<()> {
        let Sampled { table, order, columns, .. } = self;
        let stock = Fragment::new("WITH stock AS MATERIALIZED (SELECT ").part(share(text)).sql(format!(
            " > {COMMON} AS is_common FROM pg_stats WHERE schemaname = current_schema AND tablename = '{table}_search'),
            met AS MATERIALIZED (SELECT {table}.id, {table}.{order} FROM (
                SELECT {table}.* FROM {table} WHERE (SELECT is_common FROM stock)
                ORDER BY {table}.id DESC LIMIT {LOOKED_AT}
            ) AS {table} WHERE "
        ));
        let met = stock.part(either(columns, |column| holds(table, column, text, Planning::Kept)));
        met.sql(format!(" LIMIT {MANY} + 1), "))
    }

    pub fn least(&self) -> Option<i64> {
        self.is_all.then_some(MANY + 1)
    }

    pub fn exact(&self) -> Vec<Fragment<Bool>> {
        self.found(Planning::Anew)
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
            .joined(self.found(self.plan()), " AND ")
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
    fn found(&self, plan: Planning) -> Vec<Fragment<Bool>> {
        self.texts.iter().map(|text| contains_by_index(self.table, &self.columns, text, plan)).collect()
    }
}

/// The share of rows, of 0 to 1, that have a text in a column of an index, as far as the server knows of it: the most common
/// values with how often each is, and of the others some that are as far apart. Where it has taken no stock yet, or tells it only to
/// another user, a text is not common.
fn share(text: &str) -> Fragment<Double> {
    let is_in = |begin: &'static str| Fragment::<Double>::new(begin).part(bound(text, Planning::Kept)).sql(") > 0");
    let of_the_common = is_in(
        "SELECT sum(frequency) FROM unnest(CAST(CAST(most_common_vals AS TEXT) AS TEXT[]), most_common_freqs)
         AS common (text, frequency) WHERE strpos(text, ",
    );
    let of_the_others = is_in("SELECT avg(CAST(strpos(text, ");
    Fragment::new("least(1, coalesce(sum(coalesce((")
        .part(of_the_common)
        .sql("), 0) + coalesce((")
        .part(of_the_others)
        .sql(
            " AS INTEGER)) FROM unnest(CAST(CAST(histogram_bounds AS TEXT) AS TEXT[])) AS spread (text)), 0)
            * (1 - null_frac - coalesce((SELECT sum(frequency) FROM unnest(most_common_freqs) AS common (frequency)), 0))), 0))",
        )
}
