//! The file on its way: one batch is read while the one before it is sent, and no more.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{Asked, writing};
use crate::access::{Access, Export, Slot};
use crate::admin::listing;
use crate::admin::resource::Resource;
use crate::crud::audit::{self, Action, Change, Event};
use crate::db::Write;
use crate::error::{Error, Result};
use crate::front::Pulse;

/// So many rows are read at first, and at most: as many in between as give a batch of about `BYTES`.
const FIRST: i64 = 64;
const MOST: i64 = 512;
const BYTES: usize = 128 * 1024;

enum Part {
    Rows { text: String, count: u64 },
    End,
    Broken,
}

/// How far the file has come.
#[derive(Default)]
struct Progress {
    rows: Cell<u64>,
    is_complete: Cell<bool>,
}

/// The body of the answer.
pub struct Body {
    parts: Receiver<Part>,
    progress: Rc<Progress>,
    pulse: Option<Pulse>,
}

impl Body {
    /// Of which nobody reads anything.
    pub fn none() -> Self {
        let progress = Progress { is_complete: Cell::new(true), ..Progress::default() };
        Body { parts: channel(1).1, progress: Rc::new(progress), pulse: None }
    }
}

impl MessageBody for Body {
    type Error = Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if self.progress.is_complete.get() {
            return Poll::Ready(None);
        }
        let Poll::Ready(part) = self.parts.poll_recv(cx) else { return Poll::Pending };
        if let Some(pulse) = &self.pulse {
            pulse.beat();
        }
        Poll::Ready(match part {
            Some(Part::Rows { text, count }) => {
                self.progress.rows.set(self.progress.rows.get() + count);
                Some(Ok(text.into()))
            }
            Some(Part::End) => {
                self.progress.is_complete.set(true);
                None
            }
            // An end like any other would pass for the end of the list.
            Some(Part::Broken) | None => Some(Err(Error::internal("an export was broken off"))),
        })
    }
}

/// Puts on record that a list is exported, and begins with it.
///
/// Fails when that can't be put on record: then nothing is sent.
pub async fn begin<R: Resource>(
    access: Access<R, Export>,
    slot: Slot,
    asked: Asked,
    pulse: Option<Pulse>,
) -> Result<Body> {
    let what = vec![Change::text("list", "", &asked.query.url::<R>()), Change::text("format", "", asked.format.name())];
    let begun = access.write(move |w| {
        audit::record(w, Event::new(Action::EXPORT).about(R::NAME, R::MANY).changes(what))?;
        Ok::<_, Error>(w.change_set.clone())
    });
    let change_set = begun.await?;
    let (send, parts) = channel(1);
    let progress = Rc::new(Progress::default());
    actix_web::rt::spawn(walk(access, slot, asked, change_set, send, Rc::clone(&progress)));
    Ok(Body { parts, progress, pulse })
}

/// Walks the list to its end, or until nobody reads on, and puts on record how far it came.
async fn walk<R: Resource>(
    access: Access<R, Export>,
    slot: Slot,
    asked: Asked,
    change_set: String,
    send: Sender<Part>,
    progress: Rc<Progress>,
) {
    let walked = batches(&access, &asked, &send).await;
    let last = if walked.is_ok() { Part::End } else { Part::Broken };
    // Whoever went away does not hear it.
    let _ = send.send(last).await;
    // What was handed over may still not be taken.
    send.closed().await;
    drop(slot);
    let end = match walked {
        Ok(()) if progress.is_complete.get() => "complete",
        Ok(()) => "broken off: the reader went away",
        Err(Error::Forbidden(_)) => "broken off: no longer permitted",
        Err(cause) => {
            tracing::error!(%cause, "an export was broken off");
            "broken off: our fault"
        }
    };
    let rows = progress.rows.get().to_string();
    let recorded = access.write(move |w: &mut Write| {
        w.change_set = change_set;
        let what = vec![Change::text("rows", "", &rows), Change::text("end", "", end)];
        Ok::<_, Error>(audit::record(w, Event::new(Action::EXPORT_END).about(R::NAME, R::MANY).changes(what))?)
    });
    if let Err(cause) = recorded.await {
        tracing::error!(%cause, "the end of an export could not be put on record");
    }
}

async fn batches<R: Resource>(access: &Access<R, Export>, asked: &Asked, send: &Sender<Part>) -> Result<()> {
    let (mut after, mut limit) = (None, FIRST);
    let mut head = writing::head::<R>(asked.format);
    loop {
        let (standing, asked) = (access.standing(), asked.clone());
        let batch = access.read(move |conn| {
            // Whoever loses the permission, or the session, loses the rest of the file.
            let actor = standing.still(conn)?;
            let rows = listing::rows_after::<R>(conn, &asked.query, after.as_ref(), limit)?;
            let text = writing::lines(conn, &actor, asked.format, &rows)?;
            let last = rows.last().and_then(|row| listing::cursor_of(&asked.query, row));
            Ok::<_, Error>((text, rows.len(), last))
        });
        let (lines, count, last) = batch.await?;
        let bytes = lines.len();
        let text = std::mem::take(&mut head) + &lines;
        let is_last = (count as i64) < limit;
        if !text.is_empty() && send.send(Part::Rows { text, count: count as u64 }).await.is_err() {
            return Ok(());
        }
        if is_last {
            return Ok(());
        }
        let fitting = (BYTES * count / bytes.max(1)) as i64;
        // Each number of rows is another statement: a power of two, so that they are few.
        limit = 1 << fitting.clamp(1, (limit * 2).min(MOST)).ilog2();
        after = last;
    }
}
