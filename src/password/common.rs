//! Passwords that everybody tries first.

use std::collections::HashSet;
use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use zxcvbn::feedback::Warning;
use zxcvbn::zxcvbn;

/// Django's list of the 20,000 commonest; `static/vendor/README.md` says where it is from.
static LIST: &[u8] = include_bytes!("../../static/vendor/common-passwords-django-5.2.19.txt.gz");

/// Each in lower case, without spaces around it.
static COMMON: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut text = String::new();
    GzDecoder::new(LIST).read_to_string(&mut text).expect("the list, which a test reads");
    text.lines().map(|line| line.trim().to_lowercase()).collect()
});

/// The longest words that zxcvbn knows have 23 characters.
const LONGEST_WORD: usize = 23;

/// True when a password is on the list, however its letters are written (OWASP ASVS 5.0, 6.2.4).
pub(super) fn is_common(password: &str) -> bool {
    COMMON.contains(&password.trim().to_lowercase())
}

/// True when a password is nothing but one of the passwords, the English words and the names that zxcvbn knows, also when it
/// is written backwards or with digits for letters (NIST SP 800-63B, 3.1.1.2: dictionary words).
pub(super) fn is_one_word(password: &str) -> bool {
    let password = password.trim();
    if password.chars().count() > LONGEST_WORD {
        return false;
    }
    let entropy = zxcvbn(password, &[]);
    // It does not say which pattern it found, only what to think of it; of some lists not even that.
    let is_of_no_list = |warning| {
        matches!(
            warning,
            Warning::StraightRowsOfKeysAreEasyToGuess
                | Warning::ShortKeyboardPatternsAreEasyToGuess
                | Warning::RepeatsLikeAaaAreEasyToGuess
                | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess
                | Warning::SequencesLikeAbcAreEasyToGuess
                | Warning::RecentYearsAreEasyToGuess
                | Warning::DatesAreOftenEasyToGuess
        )
    };
    let is_weak = entropy.feedback().is_some_and(|feedback| !feedback.warning().is_some_and(is_of_no_list));
    is_weak && entropy.sequence().len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_all_there() {
        assert_eq!(COMMON.len(), 19_640, "19,640 of 20,000 differ in more than capitals");
        for common in ["123456", "password", "1q2w3e4r5t6y", "QWERTY123456", "  justinbieber ", "password    "] {
            assert!(is_common(common), "{common:?}");
        }
        assert!(!is_common("correct horse battery"));
    }

    #[test]
    fn one_word_is_one_word_however_it_is_decorated() {
        for word in ["extraordinarily", "Administrator", "rotartsinimda", "1nt3rn4t10nal", "ADMINISTRATOR  "] {
            assert!(is_one_word(word), "{word:?}");
        }
        for more in ["an extraordinary horse", "aaaaaaaaaaaa", "p@ssw0rd1234", "éééééééééééé", ""] {
            assert!(!is_one_word(more), "{more:?}");
        }
    }
}
