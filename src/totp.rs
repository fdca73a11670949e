//! One-time codes of authenticator apps (RFC 6238: SHA-1, six digits, thirty seconds) and recovery codes.

use chrono::NaiveDateTime;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use crate::error::{Error, Result};

/// How long a code is shown, in seconds.
const STEP: i64 = 30;
const DIGITS: usize = 6;
/// What RFC 4226 recommends (section 4, R6): 160 bits.
const SECRET_BYTES: usize = 20;
/// A recovery code has 16 letters of 5 bits each (OWASP ASVS 5.0, 6.5.3 asks for 20 bits).
const RECOVERY_BYTES: usize = 10;
/// RFC 4648, section 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret to share with an app.
///
/// Fails only when the system has no random numbers.
pub fn new_secret() -> Result<Vec<u8>> {
    random(SECRET_BYTES)
}

/// A new recovery code, in groups for reading.
///
/// Fails only when the system has no random numbers.
pub fn new_recovery_code() -> Result<String> {
    Ok(grouped(&random(RECOVERY_BYTES)?).to_lowercase())
}

/// A secret as a person types it: base32, in groups of four.
#[must_use]
pub fn grouped(secret: &[u8]) -> String {
    let letters = base32(secret);
    letters.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

/// What an app reads from a QR code (the `otpauth` form that all of them know).
#[must_use]
pub fn link(secret: &[u8], account: &str) -> String {
    let account: String = url::form_urlencoded::byte_serialize(account.as_bytes()).collect();
    let account = account.replace('+', "%20");
    format!("otpauth://totp/Quarterdeck:{account}?secret={}&issuer=Quarterdeck", base32(secret))
}

/// The step of a moment.
#[must_use]
pub fn step(at: NaiveDateTime) -> i64 {
    at.and_utc().timestamp().div_euclid(STEP)
}

/// The step whose code this is, if it is one of these: the one of `now`, one before or one after (RFC 6238, 5.2), and later
/// than `last`, so that each is taken once. All three are compared, whichever it is.
#[must_use]
pub fn matching_step(secret: &[u8], typed: &str, now: NaiveDateTime, last: i64) -> Option<i64> {
    let this = step(now);
    let equal = [this - 1, this, this + 1].map(|step| (step, is_equal(&code(secret, step), typed)));
    equal.into_iter().filter(|(step, is_equal)| *is_equal && *step > last).map(|(step, _)| step).next_back()
}

/// What a person typed, without what is only there to be read more easily.
#[must_use]
pub fn normalized(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).take(64).collect()
}

/// True when this has the form of an app's code; a recovery code has letters.
#[must_use]
pub fn is_code(typed: &str) -> bool {
    typed.len() == DIGITS && typed.bytes().all(|byte| byte.is_ascii_digit())
}

/// The code of a step (RFC 4226, section 5.3).
fn code(secret: &[u8], step: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { unreachable!("any length is a key") };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[19] & 0xf);
    let four = hash[offset..offset + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:0DIGITS$}", (four & 0x7fff_ffff) % 10_u32.pow(DIGITS as u32))
}

/// Compares without telling by the time it takes where two differ.
fn is_equal(left: &str, right: &str) -> bool {
    left.len() == right.len() && left.bytes().zip(right.bytes()).fold(0, |all, (left, right)| all | (left ^ right)) == 0
}

fn random(length: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).map_err(|cause| Error::internal(cause.to_string()))?;
    Ok(bytes)
}

fn base32(bytes: &[u8]) -> String {
    let bit = |place: usize| bytes.get(place / 8).map_or(0, |byte| byte >> (7 - place % 8) & 1);
    let letter = |start: usize| (start..start + 5).fold(0, |letter, place| letter << 1 | bit(place));
    (0..bytes.len() * 8).step_by(5).map(|start| char::from(BASE32[usize::from(letter(start))])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> NaiveDateTime {
        chrono::DateTime::from_timestamp(seconds, 0).expect("a time").naive_utc()
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // The table has eight digits; six are its last ones.
        let table = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, expected) in table {
            assert_eq!(code(SECRET, step(at(seconds))), expected, "at {seconds}");
            assert_eq!(matching_step(SECRET, expected, at(seconds), 0), Some(step(at(seconds))));
        }
    }

    #[test]
    fn one_step_of_drift_is_taken_each_way_and_each_step_once() {
        let code = code(SECRET, 1000);
        let now = |step: i64| at(step * STEP + 7);
        for (step, taken) in [(998, false), (999, true), (1000, true), (1001, true), (1002, false)] {
            assert_eq!(matching_step(SECRET, &code, now(step), 0).is_some(), taken, "at step {step}");
        }
        assert_eq!(matching_step(SECRET, &code, now(1000), 1000), None, "taken already");
        assert_eq!(matching_step(SECRET, &code, now(1000), 999), Some(1000));
    }

    #[test]
    fn base32_is_that_of_the_rfc() {
        // RFC 4648, section 10, without the padding.
        for (bytes, expected) in
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(bytes.as_bytes()), expected);
        }
        assert_eq!(grouped(b"foobar"), "MZXW 6YTB OI");
        assert_eq!(
            link(b"foobar", "a b@c"),
            "otpauth://totp/Quarterdeck:a%20b%40c?secret=MZXW6YTBOI&issuer=Quarterdeck"
        );
    }

    #[test]
    fn a_recovery_code_has_eighty_bits_and_is_read_in_any_spelling() {
        let code = new_recovery_code().expect("a code");
        assert_eq!((code.len(), normalized(&code).len()), (19, 16), "{code}");
        assert_eq!(normalized(&code.to_uppercase().replace(' ', "-")), normalized(&code));
        assert!(
            is_code(&normalized("123 456")) && !is_code(&normalized(&code)) && !is_code("12345") && !is_code("12345x")
        );
    }
}
