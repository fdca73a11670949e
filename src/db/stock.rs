//! What the database knows of how much is in its tables. PostgreSQL looks itself, by its autovacuum; SQLite only when it is told.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::{AnyConnection, Author, Db};
use crate::error::Error;

const HOUR: Duration = Duration::from_hours(1);

impl Db {
    /// Takes stock at once and each hour, for as long as the pool is used. Runs until then.
    pub async fn keep_stock(self) {
        let Db { pool, settings, clock, line } = self;
        let weak = Arc::downgrade(&pool);
        drop(pool);
        while let Some(pool) = weak.upgrade() {
            let db = Db { pool, settings: settings.clone(), clock, line: line.clone() };
            if let Err(cause) = db.write(Author::default(), |w| Ok::<_, Error>(take_stock(w.conn)?)).await {
                tracing::warn!(%cause, "no stock could be taken of the tables");
            }
            drop(db);
            tokio::time::sleep(HOUR).await;
        }
    }
}

/// Lets SQLite look at a few hundred entries of each index, which takes 50 ms however many rows there are, and gives the sizes of
/// tables within a tenth or so. What is known of a small table would be believed when it has grown, and is forgotten, by this connection too.
///
/// Fails when others write for longer than a connection waits.
pub fn take_stock(conn: &mut AnyConnection) -> QueryResult<()> {
    if let AnyConnection::Postgres(_) = conn {
        return Ok(());
    }
    conn.batch_execute(
        "PRAGMA analysis_limit = 400; ANALYZE; DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < 1000;
         ANALYZE sqlite_schema;",
    )
}
