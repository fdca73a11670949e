//! Unguessable keys for cookies and one-time links. They are given out once; only their hash is stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// The characters of a key.
pub const LENGTH: usize = 43;

/// A new key of 256 random bits, as 43 characters that need no escaping anywhere.
///
/// Fails only when the system has no random numbers.
pub fn new() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|cause| Error::internal(cause.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// A number of 64 random bits, as 16 hexadecimal digits: to tell things apart, not to be secret.
#[must_use]
pub fn number() -> String {
    let mut bytes = [0; 8];
    // Without random numbers it is a poor one; that is no reason to refuse the work.
    let _ = getrandom::fill(&mut bytes);
    format!("{:016x}", u64::from_be_bytes(bytes))
}

/// What is stored of a key. A plain SHA-256: a random key needs no salt and no slow hash.
#[must_use]
pub fn hash(key: &str) -> String {
    hash_of_bytes(key.as_bytes())
}

/// SHA-256 in base64url.
#[must_use]
pub fn hash_of_bytes(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}
