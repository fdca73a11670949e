//! A statement of the product as it was sent, which can be sent again through Diesel's plain connections.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::deserialize::{self, QueryableByName};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::row::NamedRow;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Nullable, Text, Timestamp, Untyped};

/// A statement with what is bound in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The text with its marks for what is bound.
    pub sql: String,
    /// The text before, between and after them.
    texts: Vec<String>,
    binds: Vec<Bind>,
    /// The connection keeps it prepared.
    is_kept: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Bind {
    Nothing,
    Yes(bool),
    Number(i64),
    Text(String),
    Time(NaiveDateTime),
}

impl Statement {
    /// Reads what Diesel shows of a query, `SELECT … -- binds: [7, "ann"]`, when these are what a connection keeps prepared.
    ///
    /// Fails when something is bound that no page binds so far.
    pub fn read(shown: &str, kept: &BTreeSet<String>) -> Result<Self> {
        let (sql, binds) = shown.rsplit_once(" -- binds: ").unwrap_or((shown, "[]"));
        let binds = Bind::list(binds).with_context(|| format!("what is bound in {shown}"))?;
        let mut texts = Vec::new();
        let mut rest = sql;
        for number in 1..=binds.len() {
            let mark = if sql.contains("$1") { format!("${number}") } else { "?".to_owned() };
            let (before, after) = rest.split_once(&mark).with_context(|| format!("no {mark} in {sql}"))?;
            texts.push(before.to_owned());
            rest = after;
        }
        texts.push(rest.to_owned());
        Ok(Statement { sql: sql.to_owned(), texts, binds, is_kept: kept.contains(sql) })
    }

    /// Sends it, and takes all of its rows without looking at them.
    pub fn run<C>(&self, conn: &mut C) -> QueryResult<usize>
    where
        for<'query> &'query Statement: LoadQuery<'query, C, Unread>,
    {
        Ok(self.load::<Unread>(conn)?.len())
    }
}

impl Bind {
    /// Reads `[7, "ann", None]`.
    fn list(text: &str) -> Result<Vec<Self>> {
        let mut rest = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']')).context("no list")?;
        let mut binds = Vec::new();
        while !rest.is_empty() {
            let (bind, after) = Bind::first(rest)?;
            binds.push(bind);
            rest = after.strip_prefix(", ").unwrap_or(after);
        }
        Ok(binds)
    }

    /// The first of a list without its brackets, and what stands after it.
    fn first(text: &str) -> Result<(Self, &str)> {
        if let Some(inner) = text.strip_prefix("Some(") {
            let (bind, after) = Bind::first(inner)?;
            return Ok((bind, after.strip_prefix(')').context("a bracket is missing")?));
        }
        if text.starts_with('"') {
            let mut texts = serde_json::Deserializer::from_str(text).into_iter::<String>();
            let value = texts.next().context("no text")??;
            let end = texts.byte_offset();
            return Ok((Bind::Text(value), &text[end..]));
        }
        let (word, after) = text.split_at(text.find([',', ')']).unwrap_or(text.len()));
        let bind = match word {
            "None" => Bind::Nothing,
            "true" | "false" => Bind::Yes(word == "true"),
            _ => match (word.parse(), word.parse()) {
                (Ok(number), _) => Bind::Number(number),
                (_, Ok(time)) => Bind::Time(time),
                _ => bail!("{word}"),
            },
        };
        Ok((bind, after))
    }
}

impl<DB> QueryFragment<DB> for Statement
where
    DB: Backend + HasSqlType<Bool> + HasSqlType<BigInt> + HasSqlType<Text> + HasSqlType<Timestamp>,
    bool: ToSql<Bool, DB>,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
    NaiveDateTime: ToSql<Timestamp, DB>,
    Option<String>: ToSql<Nullable<Text>, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if !self.is_kept {
            out.unsafe_to_cache_prepared();
        }
        for (place, text) in self.texts.iter().enumerate() {
            out.push_sql(text);
            match self.binds.get(place) {
                Some(Bind::Nothing) => out.push_bind_param::<Nullable<Text>, _>(&None::<String>)?,
                Some(Bind::Yes(value)) => out.push_bind_param::<Bool, _>(value)?,
                Some(Bind::Number(value)) => out.push_bind_param::<BigInt, _>(value)?,
                Some(Bind::Text(value)) => out.push_bind_param::<Text, _>(value)?,
                Some(Bind::Time(value)) => out.push_bind_param::<Timestamp, _>(value)?,
                None => {}
            }
        }
        Ok(())
    }
}

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl<C> RunQueryDsl<C> for &Statement {}

/// A row that nobody looks at.
pub struct Unread;

impl<DB: Backend> QueryableByName<DB> for Unread {
    fn build<'a>(_: &impl NamedRow<'a, DB>) -> deserialize::Result<Self> {
        Ok(Unread)
    }
}
