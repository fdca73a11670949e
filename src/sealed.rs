//! Text that only the holder of a key can read, bound to what it is about: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha),
//! whose nonce is long enough to be drawn at random for every message.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

const NONCE: usize = 24;

/// What text is sealed under.
pub type Key = [u8; 32];

/// A key made of a token of [`crate::token::new`] that only a browser has: it is another hash of it than the one that is
/// stored, so the database alone opens nothing. A token is random, so a plain hash will do.
#[must_use]
pub fn key_of(token: &str) -> Key {
    Sha256::digest(format!("quarterdeck sealed {token}")).into()
}

/// Seals bytes for a purpose that is to be named again when they are opened.
///
/// Fails only when the system has no random numbers.
pub fn seal(key: &Key, purpose: &str, plain: &[u8]) -> Result<String> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|cause| Error::internal(cause.to_string()))?;
    let payload = Payload { msg: plain, aad: purpose.as_bytes() };
    let sealed = XChaCha20Poly1305::new(key.into()).encrypt(&XNonce::from(nonce), payload);
    let sealed = sealed.map_err(|cause| Error::internal(cause.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
}

/// The bytes that were sealed; none under another key, for another purpose, or when they were changed.
#[must_use]
pub fn open(key: &Key, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
    XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(*nonce), payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_and_purpose_open_what_is_as_it_was_sealed() {
        let (key, other) = (key_of("token"), key_of("another"));
        let sealed = seal(&key, "user 7", b"typed").expect("it is sealed");
        assert_eq!(open(&key, "user 7", &sealed).as_deref(), Some(&b"typed"[..]));
        assert_eq!(open(&other, "user 7", &sealed), None);
        assert_eq!(open(&key, "user 8", &sealed), None);
        let first = if sealed.starts_with('A') { "B" } else { "A" };
        for broken in
            [&format!("{first}{}", &sealed[1..]), &sealed[1..], &sealed[..sealed.len() - 2], "", "AAAA", "no base64!"]
        {
            assert_eq!(open(&key, "user 7", broken), None, "{broken:?}");
        }
        assert_ne!(seal(&key, "user 7", b"typed").expect("it is sealed"), sealed, "each time with another nonce");
    }
}
