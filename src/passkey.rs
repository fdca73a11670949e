//! Passkeys (W3C WebAuthn), over webauthn-rs: what a browser is asked, and whether its answer is right. Challenges, origins,
//! signatures, user verification and counters are checked there. Questions, answers and keys are texts in JSON here.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::{Host, Url};
use webauthn_rs::prelude::*;

use crate::error::{Error, Result};

/// The site that passkeys are made for. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Result<(Webauthn, Url), String>>);

/// What a browser is asked, and what is kept here until it answers: the browser never sees that.
#[derive(Clone)]
pub struct Question {
    pub options: String,
    pub ceremony: String,
}

/// A key that was just made, or used.
#[derive(Clone)]
pub struct Key {
    pub credential_id: String,
    pub credential: String,
}

/// What was asked. An answer to one question is none to another.
#[derive(Serialize, Deserialize)]
enum Ceremony {
    Make(PasskeyRegistration),
    Give(PasskeyAuthentication),
    Enter(DiscoverableAuthentication),
}

impl Site {
    /// The site that browsers reach at this address; or, without one, at the port that is listened on, on this machine alone.
    #[must_use]
    pub fn new(public_url: Option<&Url>, bound: SocketAddr) -> Self {
        Site(Arc::new(origin(public_url, bound).and_then(|origin| Ok((webauthn(&origin)?, origin)))))
    }

    /// The only address at which passkeys work.
    ///
    /// Fails in words for whoever runs the program.
    pub fn origin(&self) -> Result<String, String> {
        let (_, origin) = self.0.as_ref().as_ref().map_err(Clone::clone)?;
        Ok(origin.origin().ascii_serialization())
    }

    /// Asks a browser to make a key for a user; those of `present` are there already.
    pub fn ask_to_make(&self, user_id: i64, email: &str, present: &[String]) -> Result<Question> {
        let ids = present.iter().filter_map(|credential| stored(credential)).map(|key| key.cred_id().clone()).collect();
        let asked = self.webauthn()?.start_passkey_registration(handle(user_id), email, email, Some(ids));
        let (options, state) = asked.map_err(Error::internal)?;
        let mut options = serde_json::to_value(options).map_err(Error::internal)?;
        // The key is found without the address, so that it can stand for the password.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
        options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = json!(true);
        question(&options, &Ceremony::Make(state))
    }

    /// The key that a browser made, if it did what it was asked.
    #[must_use]
    pub fn made(&self, ceremony: &str, answer: &str) -> Option<Key> {
        let Ceremony::Make(state) = serde_json::from_str(ceremony).ok()? else { return None };
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).ok()?;
        let made = self.webauthn().ok()?.finish_passkey_registration(&answer, &state);
        key(&made.inspect_err(|why| tracing::info!(%why, "a passkey was not taken")).ok()?)
    }

    /// Asks a browser to use one of a user's keys.
    pub fn ask_to_give(&self, present: &[String]) -> Result<Question> {
        let keys: Vec<_> = present.iter().filter_map(|credential| stored(credential)).collect();
        let (options, state) = self.webauthn()?.start_passkey_authentication(&keys).map_err(Error::internal)?;
        question(&serde_json::to_value(options).map_err(Error::internal)?, &Ceremony::Give(state))
    }

    /// Asks a browser to use any key it has for this site.
    pub fn ask_to_enter(&self) -> Result<Question> {
        let (options, state) = self.webauthn()?.start_discoverable_authentication().map_err(Error::internal)?;
        let mut options = serde_json::to_value(options).map_err(Error::internal)?;
        // It is asked for by a button, not beside the field of the address.
        options["mediation"].take();
        question(&options, &Ceremony::Enter(state))
    }

    /// Who says to answer, by number, and with which key: not proven yet. Only an answer to [`Site::ask_to_enter`] names a user.
    #[must_use]
    pub fn named(&self, answer: &str) -> Option<(Option<i64>, String)> {
        let answer: PublicKeyCredential = serde_json::from_str(answer).ok()?;
        let user = answer.get_user_unique_id().and_then(|bytes| Uuid::from_slice(bytes).ok());
        let user = user.and_then(|handle| i64::try_from(handle.as_u128()).ok());
        Some((user, URL_SAFE_NO_PAD.encode(answer.get_credential_id())))
    }

    /// The key as it is after its use, if the browser did with it what it was asked.
    #[must_use]
    pub fn used(&self, ceremony: &str, answer: &str, credential: &str) -> Option<Key> {
        let answer: PublicKeyCredential = serde_json::from_str(answer).ok()?;
        let mut stored = stored(credential)?;
        let webauthn = self.webauthn().ok()?;
        let done = match serde_json::from_str(ceremony).ok()? {
            Ceremony::Give(state) => webauthn.finish_passkey_authentication(&answer, &state),
            Ceremony::Enter(state) => {
                webauthn.finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&stored))
            }
            Ceremony::Make(_) => return None,
        };
        let done = done.inspect_err(|why| tracing::info!(%why, "a passkey was refused")).ok()?;
        // Another key than the stored one is nobody's.
        stored.update_credential(&done).filter(|_| done.user_verified())?;
        key(&stored)
    }

    fn webauthn(&self) -> Result<&Webauthn> {
        self.0.as_ref().as_ref().map(|(webauthn, _)| webauthn).map_err(|why| Error::Forbidden(why.clone()))
    }
}

/// Where browsers find this site. Passkeys need a name for it, and a secure way or this very machine (WebAuthn, 5.1.3, 13.4.9).
fn origin(public_url: Option<&Url>, bound: SocketAddr) -> Result<Url, String> {
    let url = match public_url {
        Some(url) => url.clone(),
        None if bound.ip().is_loopback() => {
            Url::parse(&format!("http://localhost:{}", bound.port())).map_err(|why| why.to_string())?
        }
        None => {
            return Err("Passkeys need to know this site's name; set it: QUARTERDECK_PUBLIC_URL=https://HOST".into());
        }
    };
    match url.host() {
        Some(Host::Domain(name)) if url.scheme() == "https" || name == "localhost" => Ok(url),
        Some(Host::Domain(_)) => {
            Err("Passkeys need https; set it up, and then: QUARTERDECK_PUBLIC_URL=https://HOST".into())
        }
        _ => Err("Passkeys need a name instead of an IP address; set it: QUARTERDECK_PUBLIC_URL=https://HOST".into()),
    }
}

fn webauthn(origin: &Url) -> Result<Webauthn, String> {
    let name = origin.host_str().unwrap_or_default();
    let built = WebauthnBuilder::new(name, origin).and_then(|builder| builder.rp_name("Quarterdeck").build());
    built.map_err(|why| format!("Passkeys can't be used at {origin}: {why}"))
}

fn question(options: &Value, ceremony: &Ceremony) -> Result<Question> {
    Ok(Question { options: options.to_string(), ceremony: serde_json::to_string(ceremony).map_err(Error::internal)? })
}

fn stored(credential: &str) -> Option<Passkey> {
    serde_json::from_str(credential).ok()
}

fn key(passkey: &Passkey) -> Option<Key> {
    let credential_id = URL_SAFE_NO_PAD.encode(passkey.cred_id());
    Some(Key { credential_id, credential: serde_json::to_string(passkey).ok()? })
}

/// What a device keeps of a user: the number, which says nothing of the person (WebAuthn, 14.6.1).
fn handle(user_id: i64) -> Uuid {
    Uuid::from_u128(u128::from(user_id.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_a_secure_way() {
        let site = |public: Option<&str>, bound: &str| {
            let public = public.map(|url| Url::parse(url).expect("an address"));
            Site::new(public.as_ref(), bound.parse().expect("an address")).origin()
        };
        assert_eq!(site(None, "127.0.0.1:8080").as_deref(), Ok("http://localhost:8080"));
        assert_eq!(site(Some("https://desk.example.com/"), "0.0.0.0:1").as_deref(), Ok("https://desk.example.com"));
        assert_eq!(site(Some("http://localhost:3000"), "0.0.0.0:1").as_deref(), Ok("http://localhost:3000"));
        for (public, bound) in [
            (None, "0.0.0.0:8080"),
            (Some("https://192.0.2.1"), "127.0.0.1:8080"),
            (Some("http://desk.example.com"), "127.0.0.1:8080"),
        ] {
            assert!(site(public, bound).expect_err("no passkeys").contains("QUARTERDECK_PUBLIC_URL"));
        }
    }
}
