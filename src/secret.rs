//! The secret of this installation, which encrypts what the database must not give away, and where it is kept: never in the
//! database that it protects (OWASP ASVS 5.0, 11.4 and 13.3).

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::error::Result;
use crate::sealed::{self, Key};
use crate::token;

/// What makes a secret, for a shell.
pub const MAKE_ONE: &str = "export QUARTERDECK_SECRET=$(openssl rand -base64 32)";

/// Fewest characters of a secret; 32 random bytes in base64 have 44.
const MIN_LENGTH: usize = 32;

/// The secret itself. It is never shown.
#[derive(Clone)]
pub struct Secret(String);

/// What a ciphertext belongs to. One that is copied to another place does not open there.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The table and the column, like `totp_secrets.ciphertext`.
    pub column: &'static str,
    pub user_id: i64,
}

/// Where the secret is had: as it was set, or from a file beside the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Vault(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    file: Option<PathBuf>,
    secret: OnceLock<Secret>,
}

impl Secret {
    /// A secret from what was set.
    ///
    /// Fails when it is too short to be one, in words that do not show it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let length = text.chars().count();
        if length < MIN_LENGTH {
            return Err(format!(
                "at least {MIN_LENGTH} characters are allowed, and these are {length}; 32 random bytes in base64 are best: {MAKE_ONE}"
            ));
        }
        Ok(Secret(text.to_owned()))
    }

    /// Encrypts something for one place.
    ///
    /// Fails only when the system has no random numbers.
    pub fn seal(&self, place: Place, plain: &[u8]) -> Result<String> {
        sealed::seal(&self.key(place.column), &place.name(), plain)
    }

    /// What was encrypted for this place with this secret, or none.
    #[must_use]
    pub fn open(&self, place: Place, sealed: &str) -> Option<Vec<u8>> {
        sealed::open(&self.key(place.column), &place.name(), sealed)
    }

    /// A text with a signature (HMAC-SHA256), for one purpose, in characters that need no escaping in a form.
    #[must_use]
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        let signature = authenticate(&self.key(purpose), text.as_bytes());
        format!("{}.{}", URL_SAFE_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(signature))
    }

    /// The text that was signed for this purpose with this secret, or none.
    #[must_use]
    pub fn signed(&self, purpose: &str, signed: &str) -> Option<String> {
        let (text, signature) = signed.split_once('.')?;
        let (text, signature) = (URL_SAFE_NO_PAD.decode(text).ok()?, URL_SAFE_NO_PAD.decode(signature).ok()?);
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.key(purpose)).ok()?;
        mac.update(&text);
        // Compared in the same time whatever is wrong.
        mac.verify_slice(&signature).ok()?;
        String::from_utf8(text).ok()
    }

    /// A key for one purpose: HKDF-SHA256 (RFC 5869), whose first block is all that is needed.
    fn key(&self, purpose: &str) -> Key {
        let extracted = authenticate(b"quarterdeck", self.0.as_bytes());
        authenticate(&extracted, &[purpose.as_bytes(), &[1]].concat())
    }
}

/// HMAC-SHA256, which takes keys of any length.
fn authenticate(key: &[u8], message: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else { unreachable!("any length is a key") };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

impl Place {
    fn name(self) -> String {
        format!("{} {}", self.column, self.user_id)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Vault {
    /// The secret that was given, or else the one in a file beside this database file.
    #[must_use]
    pub fn new(given: Option<Secret>, database: Option<PathBuf>) -> Self {
        let beside = |mut file: PathBuf| {
            file.as_mut_os_string().push(".secret");
            file
        };
        Vault(Arc::new(Inner { file: database.map(beside), secret: given.map(OnceLock::from).unwrap_or_default() }))
    }

    /// The file beside the database, if that is a file.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    /// The secret. The file beside the database is made when there is none yet, and never written over.
    ///
    /// Fails in words for whoever runs the program.
    pub fn secret(&self) -> Result<&Secret, String> {
        if let Some(secret) = self.0.secret.get() {
            return Ok(secret);
        }
        let Some(file) = &self.0.file else { return Err(format!("QUARTERDECK_SECRET is not set; mend: {MAKE_ONE}")) };
        let text = read_or_make(file).map_err(|cause| {
            format!("the secret can't be kept in {}: {cause}; mend that, or set one: {MAKE_ONE}", file.display())
        })?;
        let secret = Secret::parse(&text).map_err(|why| format!("{} holds no secret: {why}", file.display()))?;
        Ok(self.0.secret.get_or_init(|| secret))
    }
}

fn read_or_make(file: &Path) -> std::io::Result<String> {
    match fs::read_to_string(file) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => {
            make(file)?;
            fs::read_to_string(file)
        }
        read => read,
    }
}

/// Writes a new secret beside, whole, and gives it its name: of two that do so at once one wins, and nobody reads a half.
fn make(file: &Path) -> std::io::Result<()> {
    let text = token::new().map_err(|cause| std::io::Error::other(cause.to_string()))?;
    let mut draft = file.to_owned();
    draft.as_mut_os_string().push(format!(".{}", &token::hash(&text)[..8]));
    let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let linked =
        new.write_all(text.as_bytes()).and_then(|()| new.sync_all()).and_then(|()| fs::hard_link(&draft, file));
    fs::remove_file(&draft)?;
    match linked {
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const PLACE: Place = Place { column: "totp_secrets.ciphertext", user_id: 7 };

    fn secret(letter: &str) -> Secret {
        Secret::parse(&letter.repeat(32)).expect("long enough")
    }

    #[test]
    fn a_ciphertext_opens_in_its_own_place_with_its_own_secret_only() {
        let sealed = secret("a").seal(PLACE, b"anchor").expect("a ciphertext");
        assert_eq!(secret("a").open(PLACE, &sealed).as_deref(), Some(&b"anchor"[..]));
        assert_eq!(secret("a").open(Place { user_id: 8, ..PLACE }, &sealed), None, "in another user's row");
        assert_eq!(
            secret("a").open(Place { column: "passkeys.credential", ..PLACE }, &sealed),
            None,
            "in another column"
        );
        assert_eq!(secret("b").open(PLACE, &sealed), None, "with another secret");
    }

    #[test]
    fn what_is_signed_is_known_again_for_its_own_purpose_only_and_as_it_was() {
        let signed = secret("a").sign("selection", "42 users");
        assert_eq!(secret("a").signed("selection", &signed).as_deref(), Some("42 users"));
        assert_eq!(secret("b").signed("selection", &signed), None, "with another secret");
        assert_eq!(secret("a").signed("other", &signed), None, "for another purpose");
        let (_, signature) = signed.split_once('.').expect("two parts");
        let forged = format!("{}.{signature}", URL_SAFE_NO_PAD.encode("43 users"));
        for broken in [forged.as_str(), "", ".", "AAAA.AAAA", &signed[..signed.len() - 2], "no base64!.x"] {
            assert_eq!(secret("a").signed("selection", broken), None, "{broken:?}");
        }
    }

    #[test]
    fn a_secret_is_long_and_never_shown() {
        let why = Secret::parse(&"x".repeat(31)).expect_err("too short");
        assert!(why.contains("32") && !why.contains("xxx"), "{why}");
        assert_eq!(format!("{:?}", secret("a")), "Secret(***)");
    }

    #[test]
    fn a_file_beside_the_database_is_made_once_however_many_ask_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("desk.db");
        let ask = || Vault::new(None, Some(database.clone())).secret().expect("a secret").0.clone();
        let all: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        });
        assert!(all.iter().all(|secret| *secret == all[0]), "all have the same one");
        let names: Vec<_> =
            fs::read_dir(folder.path()).expect("the folder").flatten().map(|it| it.file_name()).collect();
        assert_eq!(names, ["desk.db.secret"], "nothing else is left");
        let mode = fs::metadata(folder.path().join("desk.db.secret")).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else reads it");
        assert!(Vault::new(None, None).secret().expect_err("nowhere to keep it").contains("QUARTERDECK_SECRET"));
    }
}
