//! The doors: the only way to the database for a handler. Who takes one as a parameter has proof of what it says, since
//! the handler does not run otherwise; who takes none has no data.
//!
//! - [`Guest`]: anybody, to log in or set up.
//! - [`Claimant`]: someone whose password was right, to give the second factor.
//! - [`OwnFactors`]: someone logged in, for the own second factors.
//! - [`SignedIn`]: someone logged in, who has what the roles require, for the own account.
//! - [`Access<R, A>`]: someone who may do `A` to `R`.
//! - [`Leaver`]: someone with any session, to end it.
//! - [`Worker`]: nobody's request: the process itself, to go on with what somebody has started, as that somebody.

mod actor;
mod address;
mod claim;
mod confirmation;
mod device;
mod doors;
mod guest;
mod keeping;
mod once;
mod own_account;
mod own_factors;
mod pace;
mod passkeys;
mod passwords;
mod session_store;
mod signing;
mod standing;
mod tries;
mod worker;

use std::net::IpAddr;
use std::sync::Arc;

use actix_session::SessionMiddleware;
use actix_session::storage::SessionStore;
use tokio::sync::Semaphore;

pub use actor::{Action, Actor, Permissions};
pub use claim::{Claimant, Leaver};
pub use device::give_devices;
pub use doors::{Access, Create, Delete, Export, Guest, Permitted, SignedIn, Update, View};
pub use keeping::{Kept, keep_submissions};
pub use own_factors::OwnFactors;
pub use passkeys::{Added, Asked, Asking};
pub use session_store::keep_connection;
pub use standing::{Slot, Standing};
pub use worker::{Turn, Worker};

use crate::crud::sessions::Lifetime;
pub use crate::crud::users::FirstAdministrator;
use crate::db::{Db, migrations};
use crate::error::Result;
use crate::passkey::Site;
use crate::password::Hasher;
use crate::secret::Vault;
use crate::settings::Web;

/// What the doors lead to. In the application's data, but closed: only this module sees inside.
#[derive(Clone)]
pub struct Desk {
    db: Db,
    hasher: Hasher,
    vault: Vault,
    seal: signing::Seal,
    bell: worker::Bell,
    site: Site,
    pace: pace::Pace,
    long_answers: Arc<Semaphore>,
    lifetime: Lifetime,
    secure: bool,
    trusted_proxies: Vec<IpAddr>,
    base_url: String,
}

/// Whether the database answers and is up to date. It tells that and nothing else, so it needs no door.
#[derive(Clone)]
pub struct Readiness(Db);

impl Readiness {
    #[must_use]
    pub fn of(db: Db) -> Self {
        Readiness(db)
    }

    /// True when no migration is pending.
    ///
    /// Fails when the database does not answer.
    pub async fn is_ready(&self) -> Result<bool> {
        self.0.read(|conn| Ok(migrations::pending(conn)?.is_empty())).await
    }
}

impl Desk {
    /// The desk over a database, with the sessions that the settings ask for; `base_url` is where browsers find it.
    #[must_use]
    pub fn new(db: Db, hasher: Hasher, vault: Vault, site: Site, web: &Web, base_url: String) -> Self {
        let lifetime = Lifetime { idle: web.session_idle, max: web.session_max };
        let trusted_proxies = web.trusted_proxies.clone();
        let pace = pace::Pace::default();
        let (seal, bell) = Default::default();
        let long_answers = Arc::new(Semaphore::new(standing::LONG_ANSWERS));
        Desk {
            db,
            hasher,
            vault,
            seal,
            bell,
            site,
            pace,
            long_answers,
            lifetime,
            secure: web.is_secure(),
            trusted_proxies,
            base_url,
        }
    }

    /// The middleware that brings sessions to requests.
    #[must_use]
    pub fn sessions(&self) -> SessionMiddleware<impl SessionStore + use<>> {
        let store = session_store::Store { db: self.db.clone(), lifetime: self.lifetime };
        session_store::middleware(store, self.secure)
    }
}
