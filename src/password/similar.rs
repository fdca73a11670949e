//! Whether a password gives itself away by the address that it belongs to.

/// From here on a password is like a part of the address, as in Django's UserAttributeSimilarityValidator.
const TOO_LIKE: f64 = 0.7;
/// A name or a domain shorter than this stands in many a sentence.
const TELLING: usize = 6;
/// No address is longer; what is sent as one may be.
const LONGEST: usize = 254;

/// True when a password contains the address, its name or its domain, or is like one of them or a part of them
/// (OWASP ASVS 5.0, 6.2.11: words that go with the context).
pub(super) fn is_like(password: &str, address: &str) -> bool {
    let password = password.to_lowercase();
    let address: String = address.trim().to_lowercase().chars().take(LONGEST).collect();
    let (name, domain) = address.split_once('@').unwrap_or((&address, ""));
    let contains = |part: &&str| part.chars().count() >= TELLING && password.contains(*part);
    if [name, domain, &address].iter().any(contains) {
        return true;
    }
    let parts = address.split(|c: char| !c.is_alphanumeric() && c != '_');
    parts.chain([name, domain, &address]).any(|part| is_too_like(&password, part))
}

fn is_too_like(password: &str, part: &str) -> bool {
    let (password, part): (Vec<_>, Vec<_>) = (password.chars().collect(), part.chars().collect());
    if part.is_empty() || password.len() >= 10 * part.len() {
        return false;
    }
    let shared = f64::from(u32::try_from(shared(&password, &part)).unwrap_or(u32::MAX));
    let all = f64::from(u32::try_from(password.len() + part.len()).unwrap_or(u32::MAX));
    2.0 * shared / all >= TOO_LIKE
}

/// How many characters two texts share in the same order: those of their longest common piece, then of what stands before
/// and after it in both (Ratcliff and Obershelp).
fn shared(a: &[char], b: &[char]) -> usize {
    let (mut longest, mut ends) = (0, (0, 0));
    let mut above = vec![0; b.len() + 1];
    for (i, x) in a.iter().enumerate() {
        let mut here = vec![0; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            if x == y {
                here[j + 1] = above[j] + 1;
                if here[j + 1] > longest {
                    (longest, ends) = (here[j + 1], (i + 1, j + 1));
                }
            }
        }
        above = here;
    }
    if longest == 0 {
        return 0;
    }
    let before = shared(&a[..ends.0 - longest], &b[..ends.1 - longest]);
    longest + before + shared(&a[ends.0..], &b[ends.1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_like_the_address_is_found_however_it_is_written() {
        for like in [
            "annabella@example.com",
            "Annabella@Example.com!",
            "AnnaBella1234",
            "my annabella is mine",
            "anna-bella.example",
            "example.com12",
            "allebanna@example.com",
        ] {
            assert!(is_like(like, " Annabella@example.com"), "{like}");
        }
        assert!(is_like("hornblower77", "horatio.hornblower@sea.example.org"), "a part of it");
        assert!(is_like("horatio horn", "horatio.horn@sea.example.org"));
    }

    #[test]
    fn another_password_is_not_like_it() {
        for other in ["correct horse battery", "planned voyage home", "ann and bob sail away"] {
            assert!(!is_like(other, "ann@example.com"), "{other}");
        }
        assert!(!is_like("twelve or more", ""));
        assert!(!is_like("twelve or more", "@"));
        assert!(!is_like(&"x".repeat(128), &"y".repeat(200_000)), "what is sent as an address is cut");
    }
}
