//! Password hashes: Argon2id in standard PHC strings, never on a thread that answers requests, and behind those that do. What may
//! be set as a password, and how strong it is, in the files beside.

mod common;
mod policy;
mod similar;
mod strength;
mod workers;

pub use policy::{HELP, MAX_LENGTH, MIN_LENGTH, check, normalized, refusal};
pub use strength::Strength;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::workers::Workers;
use crate::error::{Error, Result};
use crate::settings::Passwords;

/// The salt and the hash of a stored string that is of no password.
const NO_PASSWORD: &str = "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// True for what [`Hasher::no_password`] made.
#[must_use]
pub fn is_no_password(hash: &str) -> bool {
    hash.ends_with(NO_PASSWORD)
}

/// The address of the page on which a user chooses a password by a one-time link.
#[must_use]
pub fn link(base_url: &str, token: &str) -> String {
    format!("{base_url}/password?token={token}")
}

/// So many strangers wait for a core, each core; with hashes of 30 ms half a second, while no page wants the core. Whoever comes
/// then is sent away.
const WAITING: usize = 16;

/// Makes and verifies hashes. Cheap to clone; all clones share one limit.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

/// See [`Hasher::place`].
pub struct Place(#[expect(dead_code, reason = "held until it is dropped")] OwnedSemaphorePermit);

struct Inner {
    argon2: Argon2<'static>,
    params: Params,
    workers: Workers,
    cores: Arc<Semaphore>,
    places: Arc<Semaphore>,
    decoy: String,
    verifications: AtomicUsize,
}

impl Hasher {
    /// A hasher of the given cost.
    ///
    /// # Panics
    /// When the costs are outside Argon2's own limits; the settings allow none such.
    #[must_use]
    pub fn new(cost: Passwords) -> Self {
        let params = Params::new(cost.memory_kib, cost.iterations, 1, None).expect("costs within the settings' limits");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        // Of no password: a hash of the same cost, for the same work. Making a real one would delay the start.
        let decoy = format!("$argon2id$v=19$m={},t={},p=1{NO_PASSWORD}", cost.memory_kib, cost.iterations);
        let cores = Workers::count();
        Hasher(Arc::new(Inner {
            argon2,
            params,
            workers: Workers::new(cores),
            cores: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores * (1 + WAITING))),
            decoy,
            verifications: AtomicUsize::new(0),
        }))
    }

    /// A place in the queue of those who are not logged in, to be kept until the work is done. Who is logged in needs none, and
    /// waits at most for that queue.
    ///
    /// Fails at once, with [`Error::Unavailable`], when the queue is full: a flood of logins is sent away, not piled up.
    pub fn place(&self) -> Result<Place> {
        let place = Arc::clone(&self.0.places).try_acquire_owned();
        place.map(Place).map_err(|_| Error::Unavailable("Too many are logging in. Try again in a moment.".into()))
    }

    /// The hash of a password in its one spelling, with a salt of its own.
    ///
    /// Fails only when the system has no random numbers or no memory.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.on_a_free_core(move |inner| hash_now(&inner.argon2, &normalized(&password))).await?
    }

    /// What is stored for an account that nobody has chosen a password for: a PHC string that any Argon2 library reads, and
    /// that no password is known to verify.
    #[must_use]
    pub fn no_password(&self) -> String {
        self.0.decoy.clone()
    }

    /// True when `hash` is of `password`. Without a hash the same work is done for nothing, so that the time taken
    /// does not tell whether an account exists, or has a password (OWASP Authentication Cheat Sheet). Only the one spelling
    /// of a password is tried: a second try would be a second cost.
    ///
    /// Fails only when the work can't be done at all; a hash that can't be read verifies no password.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.on_a_free_core(move |inner| {
            inner.verifications.fetch_add(1, Ordering::Relaxed);
            let hash = hash.filter(|hash| !is_no_password(hash));
            let parsed = hash.as_deref().and_then(|hash| PasswordHash::new(hash).ok());
            let is_real = parsed.is_some();
            let parsed = parsed.or_else(|| PasswordHash::new(&inner.decoy).ok());
            let password = normalized(&password);
            let verified = parsed.is_some_and(|hash| inner.argon2.verify_password(password.as_bytes(), &hash).is_ok());
            is_real && verified
        })
        .await
    }

    /// True when a hash was made at a lower cost than today's.
    #[must_use]
    pub fn is_outdated(&self, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else { return false };
        let params = Params::try_from(&hash).ok();
        let now = &self.0.params;
        params.is_none_or(|then| then.m_cost() < now.m_cost() || then.t_cost() < now.t_cost())
    }

    /// How many verifications have been done, decoys included.
    #[must_use]
    pub fn verifications(&self) -> usize {
        self.0.verifications.load(Ordering::Relaxed)
    }

    async fn on_a_free_core<T: Send + 'static>(&self, work: impl FnOnce(&Inner) -> T + Send + 'static) -> Result<T> {
        let inner = Arc::clone(&self.0);
        // The queue is here and not with the threads: whoever leaves it before its turn costs nothing.
        let core = Arc::clone(&self.0.cores).acquire_owned().await.map_err(Error::internal)?;
        // The work goes on when whoever asked for it is gone, and holds its core until it is done.
        let work = move || {
            let _core = core;
            work(&inner)
        };
        self.0.workers.spawn(work).await.map_err(Error::internal)
    }
}

fn hash_now(argon2: &Argon2, password: &str) -> Result<String> {
    let hash: PasswordHash =
        argon2.hash_password(password.as_bytes()).map_err(|cause| Error::internal(cause.to_string()))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decoy_is_a_hash_that_can_be_verified() {
        let hasher = Hasher::new(Passwords { memory_kib: 8, iterations: 1 });
        let decoy = PasswordHash::new(&hasher.0.decoy).expect("a PHC string");
        let params = Params::try_from(&decoy).expect("its costs");
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (8, 1, 1));
        assert_eq!(decoy.hash.expect("a hash").len(), 32);
    }

    #[tokio::test]
    async fn work_holds_its_core_until_it_is_done_though_nobody_waits_for_it() {
        let hasher = Hasher::new(Passwords { memory_kib: 8, iterations: 1 });
        let cores = hasher.0.cores.available_permits();
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (end, may_end) = std::sync::mpsc::channel::<()>();
        let other = hasher.clone();
        let asked = tokio::spawn(async move {
            let work = move |_: &Inner| {
                begun.send(()).expect("the test waits");
                may_end.recv().expect("the test says when");
            };
            other.on_a_free_core(work).await
        });
        while has_begun.try_recv().is_err() {
            tokio::task::yield_now().await;
        }
        asked.abort();
        assert!(asked.await.is_err_and(|error| error.is_cancelled()), "whoever asked is gone");
        assert_eq!(hasher.0.cores.available_permits(), cores - 1, "the work is not");
        end.send(()).expect("it waits");
        let all = u32::try_from(cores).expect("so many cores");
        let _all = hasher.0.cores.acquire_many(all).await.expect("then all cores are free");
    }
}
