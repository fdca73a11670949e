//! What a page carries for its form to bring back, signed, so that nobody makes or changes it.

use std::sync::{Arc, OnceLock};

use super::SignedIn;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::token;

/// What pages are signed with where the installation has no secret: a random one, which lasts as long as the process. A
/// page from before then has to be asked for again; nothing else depends on it.
#[derive(Clone, Default)]
pub(super) struct Seal(Arc<OnceLock<Secret>>);

impl Seal {
    fn secret(&self) -> Result<&Secret> {
        if let Some(secret) = self.0.get() {
            return Ok(secret);
        }
        let secret = Secret::parse(&token::new()?).map_err(Error::internal)?;
        Ok(self.0.get_or_init(|| secret))
    }
}

impl SignedIn {
    /// A text, signed for one purpose and for nobody but this person.
    ///
    /// Fails only when the system has no random numbers.
    pub fn sign(&self, purpose: &str, text: &str) -> Result<String> {
        let desk = &self.desk;
        let secret = desk.vault.secret().map_or_else(|_| desk.seal.secret(), Ok)?;
        Ok(secret.sign(&self.own(purpose), text))
    }

    /// The text that was signed for this purpose and this person.
    ///
    /// Fails with [`Error::BadRequest`] when it was not.
    pub fn signed(&self, purpose: &str, signed: &str) -> Result<String> {
        let desk = &self.desk;
        let secret = desk.vault.secret().map_or_else(|_| desk.seal.secret(), Ok)?;
        let refused = || {
            Error::BadRequest("This does not come from a page that was made for you here. Open the page again.".into())
        };
        secret.signed(&self.own(purpose), signed).ok_or_else(refused)
    }

    fn own(&self, purpose: &str) -> String {
        format!("{purpose} of user {}", self.actor.user_id)
    }
}
