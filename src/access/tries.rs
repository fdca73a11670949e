//! Tries of passwords and of keys: who is held is told so before anything is judged, at the same cost for all.

use super::{Desk, Guest, SignedIn};
use crate::crud::audit::{self, Action, Event};
use crate::crud::throttles::{self, Hold, Key};
use crate::crud::users::{self, Verification};
use crate::crud::{Entity as _, devices};
use crate::db::{self, AnyConnection, Author, Write};
use crate::error::{Error, Result};
use crate::models::User;
use crate::password::Place;

/// A try of a password: whose it would be, what it is counted for, and what holds it.
struct Tried {
    user: Option<User>,
    /// Whether the user has logged in with this browser before.
    is_known: bool,
    keys: Vec<Key>,
    hold: Option<Hold>,
}

impl Guest {
    /// The user with this address and password, if active. A login that is refused is put on record.
    ///
    /// Fails with [`Error::TooManyTries`] when the account or the address that asks is held, and with [`Error::Unavailable`]
    /// when too many strangers log in at once: nothing is verified then, whether there is such an account or not.
    pub async fn authenticate(&self, email: &str, password: String) -> Result<Option<User>> {
        // Before anything is asked of the database: whoever is sent away should cost nothing.
        let mut place = if self.device.is_none() { Some(self.desk.place().await?) } else { None };
        let Tried { user, is_known, keys, hold } = self.tried(email).await?;
        if place.is_none() && !is_known {
            place = Some(self.desk.place().await?);
        }
        let refusal = users::refused_login(user.as_ref(), email);
        if let Some(hold) = hold {
            return Err(self.desk.hold_back(&self.author, hold, refusal).await?);
        }
        self.desk.reserve(&self.author, &keys, &refusal).await?;
        let verification = users::verify(&self.desk.hasher, user, password).await?;
        let settle = move |w: &mut Write| Ok::<_, Error>(settle(w, &keys, refusal, &verification)?);
        let user = self.desk.db.write(self.author.clone(), settle).await;
        drop(place);
        user
    }

    /// What only a key leads to that nobody can guess, like a one-time link; none for a wrong one. The address that asks has a
    /// number of tries (see `throttles`).
    ///
    /// Fails with [`Error::TooManyTries`] when it has none left.
    pub async fn guess<T: Send + 'static>(
        &self,
        find: impl FnOnce(&mut AnyConnection) -> Result<Option<T>> + Send + 'static,
    ) -> Result<Option<T>> {
        self.address_is_free().await?;
        let found = self.desk.db.read(find).await?;
        if found.is_none() {
            self.count_try().await?;
        }
        Ok(found)
    }

    /// Fails with [`Error::TooManyTries`] when the address that asks has no tries left.
    pub(super) async fn address_is_free(&self) -> Result<()> {
        let (keys, now) = ([Key::address(&self.author.address)], self.desk.db.clock().now());
        let hold = self.desk.db.read(move |conn| Ok::<_, Error>(throttles::hold(conn, &keys, now)?)).await?;
        match hold {
            Some(hold) => Err(self.desk.hold_back(&self.author, hold, Event::new(Action::LOGIN_REFUSED)).await?),
            None => Ok(()),
        }
    }

    /// Takes a try from the address that asks.
    ///
    /// Fails with [`Error::TooManyTries`] when it has none left.
    pub(super) async fn count_try(&self) -> Result<()> {
        let address = [Key::address(&self.author.address)];
        self.desk.reserve(&self.author, &address, &Event::new(Action::LOGIN_REFUSED)).await
    }

    /// Gives the address its try back: what it asked was answered right.
    pub(super) async fn give_try_back(&self) -> Result<()> {
        let address = [Key::address(&self.author.address)];
        let give_back = move |w: &mut Write| Ok::<_, Error>(throttles::succeed(w, &address)?);
        self.desk.db.write(self.author.clone(), give_back).await
    }

    /// Tries of strangers are counted for the account and for their address. Those from a browser in which the user has logged
    /// in before are counted for that browser alone, so nobody else's failures hold them up.
    async fn tried(&self, email: &str) -> Result<Tried> {
        let (email, device, address) = (email.to_owned(), self.device.clone(), self.author.address.clone());
        let now = self.desk.db.clock().now();
        let read = move |conn: &mut AnyConnection| {
            let user = users::get_by_email(conn, &email)?;
            let owner = device.as_deref().map_or(Ok(None), |token| devices::user_of(conn, token, now))?;
            let (is_known, keys) = match (&user, device) {
                (Some(user), Some(token)) if owner == Some(user.id) => (true, vec![Key::device(&token, user.id)]),
                _ => (false, vec![Key::account(&email, user.as_ref().map(|user| user.id)), Key::address(&address)]),
            };
            let hold = throttles::hold(conn, &keys, now)?;
            Ok::<_, Error>(Tried { user, is_known, keys, hold })
        };
        self.desk.db.read(read).await
    }
}

impl SignedIn {
    /// True when this is the person's own password. What is wrong is counted and put on record as a refused login is.
    ///
    /// Fails with [`Error::TooManyTries`] when that was wrong too often.
    pub async fn confirms(&self, password: String) -> Result<bool> {
        let (id, now, keys) = (self.actor.user_id, self.now(), vec![Key::own_password(self.actor.user_id)]);
        let refusal = Event::new(Action::LOGIN_REFUSED).on(User::NAME, id, &self.actor.email);
        let read = move |conn: &mut AnyConnection| {
            Ok::<_, Error>((User::get(conn, id)?, throttles::hold(conn, &keys, now)?, keys))
        };
        let (user, hold, keys) = self.read(read).await?;
        if let Some(hold) = hold {
            return Err(self.desk.hold_back(&self.author, hold, refusal).await?);
        }
        self.desk.reserve(&self.author, &keys, &refusal).await?;
        let hash = user.map(|user| user.hashed_password);
        let is_right = self.desk.hasher.verify(password, hash).await?;
        self.write(move |w| {
            if is_right {
                throttles::succeed(w, &keys)?;
            } else {
                throttles::fail(w, &keys)?;
                audit::record(w, refusal.reason("wrong password, asked for again"))?;
            }
            Ok(is_right)
        })
        .await
    }
}

impl Desk {
    /// A place in the queue of strangers, or the refusal when it is its turn.
    async fn place(&self) -> Result<Place> {
        let place = self.hasher.place();
        if place.is_err() {
            db::let_go();
            self.pace.turn().await;
        }
        place
    }

    /// Counts a try, unless another one was first and holds it now.
    async fn reserve(&self, by: &Author, keys: &[Key], refusal: &Event) -> Result<()> {
        let keys = keys.to_vec();
        let hold = self.db.write(by.clone(), move |w| Ok::<_, Error>(throttles::reserve(w, &keys)?)).await?;
        match hold {
            Some(hold) => Err(self.hold_back(by, hold, refusal.clone()).await?),
            None => Ok(()),
        }
    }

    /// The refusal of a try that is held; the first one of a hold goes on record, and only that is written.
    async fn hold_back(&self, by: &Author, hold: Hold, event: Event) -> Result<Error> {
        let refusal = hold.refusal(self.db.clock().now());
        if !hold.is_on_record {
            let note = move |w: &mut Write| {
                if throttles::note(w, &hold)? {
                    audit::record(w, event.reason("held: too many tries"))?;
                }
                Ok::<_, Error>(())
            };
            self.db.write(by.clone(), note).await?;
        }
        self.pace.turn().await;
        Ok(refusal)
    }
}

/// What came of a login that was counted beforehand.
fn settle(w: &mut Write, keys: &[Key], refusal: Event, came: &Verification) -> diesel::QueryResult<Option<User>> {
    let why = match came {
        Verification::Refused(why) => why,
        Verification::Right(verified) => {
            if let Some(user) = users::note_login(w, verified)? {
                throttles::succeed(w, keys)?;
                return Ok(Some(user));
            }
            "the account has changed meanwhile"
        }
    };
    throttles::fail(w, keys)?;
    audit::record(w, refusal.reason(why))?;
    Ok(None)
}
