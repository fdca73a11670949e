//! The data that is measured on: the product's own demo, and accounts that can log in.

use anyhow::{Context as _, Result};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use quarterdeck::db::sql::{self, Fragment};
use quarterdeck::db::{self, AnyConnection};

use super::load::decimal;
use super::product::Product;

/// The password of the accounts.
pub const PASSWORD: &str = "correct horse battery";

/// A filled database.
#[derive(Clone, Debug)]
pub struct Data {
    pub product: Product,
    /// How many users the demo made; there are twice as many items.
    pub size: u64,
}

/// A table, and the columns in which a search looks.
pub type Searched = (&'static str, &'static [&'static str]);

impl Data {
    /// Fills a database with so many users, unless that was done before, and with administrators who can log in.
    pub fn fill(url: &str, size: u64, accounts: usize) -> Result<Self> {
        let data = Data { product: Product { url: url.to_owned() }, size };
        if !data.is_filled()? {
            let (users, items) = (size.to_string(), (2 * size).to_string());
            data.product.run(&["demo", "--users", &users, "--items", &items, "--roles", "20"], "")?;
        }
        for number in 0..accounts {
            if !data.has_account(number)? {
                let create = ["user", "create", &email(number), "--role", "Administrator"];
                data.product.run(&create, &format!("{PASSWORD}\n"))?;
            }
        }
        Ok(data)
    }

    /// The demo fills a database in one transaction: there is all of it, or nothing.
    fn is_filled(&self) -> Result<bool> {
        let is_migrated = sql::has_table(&mut self.connect()?, "users")?;
        Ok(is_migrated && self.number("SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1) AS one")? > 0)
    }

    fn has_account(&self, number: usize) -> Result<bool> {
        let found = Fragment::<BigInt>::new("SELECT count(*) FROM users WHERE email = ").text(email(number));
        Ok(found.get_result::<i64>(&mut self.connect()?)? > 0)
    }

    fn connect(&self) -> Result<AnyConnection> {
        Ok(db::open(&self.product.url)?)
    }

    /// The number that a query has.
    pub fn number(&self, query: &str) -> Result<i64> {
        let number = Fragment::<BigInt>::new(query.to_owned()).get_result(&mut self.connect()?);
        number.with_context(|| query.to_owned())
    }

    /// The pairs of numbers that a query has.
    pub fn pairs(&self, query: &str) -> Result<Vec<(i64, i64)>> {
        let pairs = Fragment::<(BigInt, BigInt)>::new(query.to_owned()).load(&mut self.connect()?);
        pairs.with_context(|| query.to_owned())
    }

    /// What the database says of its version.
    pub fn version(&self) -> Result<String> {
        let mut conn = self.connect()?;
        let of_sqlite = Fragment::<Text>::new("SELECT 'SQLite ' || sqlite_version()").get_result::<String>(&mut conn);
        let version = of_sqlite.or_else(|_| Fragment::<Text>::new("SELECT version()").get_result(&mut conn))?;
        // PostgreSQL goes on about its compiler.
        Ok(version.split(" on ").next().unwrap_or_default().to_owned())
    }

    /// Of some texts the one that is found in nearest so many rows, and in how many it is.
    pub fn word(&self, (table, columns): Searched, texts: &[&str], wanted: u64) -> Result<(String, u64)> {
        let mut counted = Vec::new();
        for text in texts {
            let found = columns.iter().map(|column| format!("lower({column}) LIKE '%{text}%'"));
            let found = found.collect::<Vec<_>>().join(" OR ");
            counted.push((
                (*text).to_owned(),
                self.number(&format!("SELECT count(*) FROM {table} WHERE {found}"))? as u64,
            ));
        }
        // By how many times it is more or less.
        let distance = |count: u64| (decimal(count.max(1)) / decimal(wanted.max(1))).ln().abs();
        let nearest = counted.into_iter().min_by(|(_, one), (_, other)| distance(*one).total_cmp(&distance(*other)));
        nearest.context("no words to look for")
    }
}

/// The address of an account.
pub fn email(number: usize) -> String {
    format!("benchmark{number}@example.com")
}
