//! Whether somebody may go on with what takes long.

use std::marker::PhantomData;

use tokio::sync::OwnedSemaphorePermit;

use super::{Access, Actor, Permitted, SignedIn};
use crate::crud::Entity;
use crate::crud::sessions::{self, Lifetime};
use crate::db::{AnyConnection, Clock};
use crate::error::{Error, Result};

/// So many long answers are given at a time; each holds some memory.
pub(super) const LONG_ANSWERS: usize = 8;

/// One of the long answers that may be given at a time, until it is dropped.
#[derive(Debug)]
pub struct Slot {
    _permit: OwnedSemaphorePermit,
}

/// A proof of access that can be proven again.
pub struct Standing<R, A> {
    session_id: i64,
    clock: Clock,
    lifetime: Lifetime,
    proof: PhantomData<fn() -> (R, A)>,
}

impl<R: Entity, A: Permitted> Standing<R, A> {
    /// The person as of now, who may still do `A` to the records of `R`.
    ///
    /// Fails with [`Error::Forbidden`] when the session has ended or the permission is gone.
    pub fn still(&self, conn: &mut AnyConnection) -> Result<Actor> {
        let found = sessions::find_again(conn, self.session_id, self.clock.now(), self.lifetime)?;
        let actor = found.filter(|found| !found.session.owes_factor).map(Actor::of);
        let actor = actor.filter(|actor| !actor.lacks_factor && A::missing(actor, R::NAME).is_none());
        actor.ok_or_else(|| Error::Forbidden("You may do this no longer.".into()))
    }
}

impl<R: Entity, A: Permitted> Access<R, A> {
    /// What proves again, later, that this person may do this.
    #[must_use]
    pub fn standing(&self) -> Standing<R, A> {
        Standing {
            session_id: self.actor.session_id,
            clock: self.desk.db.clock(),
            lifetime: self.desk.lifetime,
            proof: PhantomData,
        }
    }
}

impl SignedIn {
    /// A slot for a long answer.
    ///
    /// Fails with [`Error::Unavailable`] when too many are being given.
    pub fn slot(&self) -> Result<Slot> {
        let permit = self.desk.long_answers.clone().try_acquire_owned();
        let busy = |_| Error::Unavailable("Several exports are running. Try again when one of them has ended.".into());
        permit.map(|permit| Slot { _permit: permit }).map_err(busy)
    }
}
