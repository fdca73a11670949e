//! Addresses for mail: one spelling, one check.

use email_address::{EmailAddress, Options};

/// Longest address, in characters (RFC 5321, errata 1690).
pub const MAX_LENGTH: usize = 254;

/// An address as it is stored: trimmed, lower case.
#[must_use]
pub fn normalized(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Why this is not an address that can be stored, or none (RFC 5321, RFC 5322; a name and no host in brackets, and a
/// domain with a dot, since without one it is more often a slip than meant).
#[must_use]
pub fn refusal(email: &str) -> Option<&'static str> {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    let is_address = EmailAddress::parse_with_options(email, options).is_ok() && email.chars().count() <= MAX_LENGTH;
    (!is_address).then_some("Enter a whole address, like ann@example.com.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_name_and_a_domain_and_nothing_else() {
        for good in ["ann@example.com", "o'hara+desk@mail.example.org", "jörg@example.com"] {
            assert_eq!(refusal(good), None, "{good}");
        }
        for bad in [
            "",
            "ann",
            "ann@",
            "@example.com",
            "ann@example",
            "Ann <ann@example.com>",
            "a b@example.com",
            "ann@[127.0.0.1]",
            "ann@example.com,bob@example.com",
        ] {
            assert!(refusal(bad).is_some(), "{bad}");
        }
    }
}
