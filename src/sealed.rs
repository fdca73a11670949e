//! What only a browser can open: text under a key that is made of the browser's own token and stored nowhere.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), whose nonce is long enough to be drawn at random.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

const NONCE: usize = 24;

/// Seals a text under a token of [`crate::token::new`], for a purpose that is to be named again when it is opened.
///
/// Fails only when the system has no random numbers.
pub fn seal(token: &str, purpose: &str, text: &str) -> Result<String> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|cause| Error::internal(cause.to_string()))?;
    let payload = Payload { msg: text.as_bytes(), aad: purpose.as_bytes() };
    let ciphertext = cipher(token).encrypt(&XNonce::from(nonce), payload);
    let ciphertext = ciphertext.map_err(|cause| Error::internal(cause.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &ciphertext].concat()))
}

/// The text that was sealed; none under another token, for another purpose, or when it was changed.
#[must_use]
pub fn open(token: &str, purpose: &str, sealed: &str) -> Option<String> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: ciphertext, aad: purpose.as_bytes() };
    String::from_utf8(cipher(token).decrypt(&XNonce::from(*nonce), payload).ok()?).ok()
}

/// The key is another hash of the token than the one that is stored. A token is random, so a plain hash will do.
fn cipher(token: &str) -> XChaCha20Poly1305 {
    let key: [u8; 32] = Sha256::digest(format!("quarterdeck sealed {token}")).into();
    XChaCha20Poly1305::new(&key.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_token_and_purpose_open_what_is_as_it_was_sealed() {
        let sealed = seal("token", "user 7", "typed").expect("it is sealed");
        assert_eq!(open("token", "user 7", &sealed).as_deref(), Some("typed"));
        assert_eq!(open("another", "user 7", &sealed), None);
        assert_eq!(open("token", "user 8", &sealed), None);
        let other = if sealed.ends_with('A') { "B" } else { "A" };
        assert_eq!(open("token", "user 7", &format!("{other}{}", &sealed[1..])), None);
        assert_eq!(open("token", "user 7", "short"), None);
        assert_ne!(seal("token", "user 7", "typed").expect("it is sealed"), sealed, "each time with another nonce");
    }
}
