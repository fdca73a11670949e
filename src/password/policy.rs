//! What may be set as a password: length, and nothing that is guessed first. No rules of composition, and none runs out
//! (NIST SP 800-63B, 3.1.1.2; OWASP ASVS 5.0, 6.2).

use unicode_normalization::UnicodeNormalization as _;

use super::{common, similar};
use crate::error::{Error, Result};

/// Shortest password that may be set, in characters.
pub const MIN_LENGTH: usize = 12;
/// Longest password that may be set, in characters.
pub const MAX_LENGTH: usize = 128;

/// What one should know before choosing one.
pub const HELP: &str = "12 to 128 characters of any kind; a few words are best.";

/// The one spelling of a password: a letter and its accent are one character, whatever a keyboard makes of them
/// (NIST SP 800-63B, 3.1.1.2; Unicode Standard Annex 15, NFC).
#[must_use]
pub fn normalized(password: &str) -> String {
    password.nfc().collect()
}

/// Why a new password of the account with this address is refused, or none when it may be set.
///
/// Takes some milliseconds: where requests are answered, ask [`check`].
#[must_use]
pub fn refusal(password: &str, address: &str) -> Option<String> {
    let password = normalized(password);
    let why = match password.chars().count() {
        n if n < MIN_LENGTH => return Some(format!("Use at least {MIN_LENGTH} characters.")),
        n if n > MAX_LENGTH => return Some(format!("Use at most {MAX_LENGTH} characters.")),
        _ if common::is_common(&password) => "This is one of the most common passwords. Choose another.",
        _ if similar::is_like(&password, address) => "This is too much like the email address. Choose another.",
        _ if common::is_one_word(&password) => "This is a single word or a well-known password. Add other words.",
        _ => return None,
    };
    Some(why.to_owned())
}

/// As [`refusal`], on a thread that answers no requests.
pub async fn check(password: String, address: String) -> Result<Option<String>> {
    tokio::task::spawn_blocking(move || refusal(&password, &address)).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_characters_from_twelve_to_128_are_a_password() {
        let good = ["éééééééééééé", "            ", "correct horse battery", "\u{0}\u{1}\u{2} and = & % \" '"];
        for good in good.into_iter().map(ToOwned::to_owned).chain(["漢".repeat(128), "x".repeat(128)]) {
            assert_eq!(refusal(&good, "ann@example.com"), None, "{good:?}");
        }
    }

    #[test]
    fn characters_are_counted_in_their_one_spelling() {
        let twelve = "e\u{301}".repeat(12);
        assert_eq!(normalized(&twelve), "é".repeat(12));
        assert_eq!(refusal(&twelve, ""), None);
        assert_eq!(refusal(&"e\u{301}".repeat(11), ""), Some("Use at least 12 characters.".into()));
        assert_eq!(refusal(&"e\u{301}".repeat(129), ""), Some("Use at most 128 characters.".into()));
    }
}
