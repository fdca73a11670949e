//! How hard a password is to guess, for who is choosing one.

use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;
use zxcvbn::{Entropy, Score, zxcvbn};

use super::policy::{MAX_LENGTH, normalized, refusal};
use crate::error::{Error, Result};

/// What an estimate looks at. zxcvbn tries the more spellings the longer a text of digits and signs is: 128 characters took
/// it 800 ms, 32 at most 70. More characters only make a password stronger.
const LOOKED_AT: usize = 32;

/// One estimate at a time: anybody may ask for one.
static TURN: Semaphore = Semaphore::const_new(1);
/// Who waits longer for a turn has typed on.
const PATIENCE: Duration = Duration::from_secs(1);

/// How strong a password is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strength {
    /// From 0 to 4, as zxcvbn counts.
    pub score: u8,
    /// What could be better: why it would be refused, or else what zxcvbn advises.
    pub advice: String,
    pub is_refused: bool,
}

impl Strength {
    /// The score in words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.score {
            _ if self.is_refused => "Not accepted",
            0 => "Very weak",
            1 => "Weak",
            2 => "Fair",
            3 => "Good",
            _ => "Strong",
        }
    }

    /// The strength of a password of the account with this address; none for no password.
    ///
    /// Fails with [`Error::Unavailable`] when too many ask at once.
    pub async fn measure(password: String, address: String) -> Result<Option<Self>> {
        if password.is_empty() {
            return Ok(None);
        }
        let busy = |_| Error::Unavailable("Too many ask for the strength of a password. Try again in a moment.".into());
        let turn = timeout(PATIENCE, TURN.acquire()).await.map_err(busy)?.map_err(Error::internal)?;
        // The work keeps its turn when whoever asked for it is gone.
        let work = move || {
            let _turn = turn;
            Self::of(&password, &address)
        };
        tokio::task::spawn_blocking(work).await.map(Some).map_err(Error::internal)
    }

    fn of(password: &str, address: &str) -> Self {
        let refusal = refusal(password, address);
        let is_refused = refusal.is_some();
        let normalized = normalized(password);
        // What is too long is not looked at, not even its beginning.
        if is_refused && normalized.chars().count() > MAX_LENGTH {
            return Strength { score: 0, advice: refusal.unwrap_or_default(), is_refused };
        }
        let start: String = normalized.chars().take(LOOKED_AT).collect();
        let address: String = address.chars().take(LOOKED_AT).collect();
        let entropy = zxcvbn(&start, &[&address]);
        let score = match entropy.score() {
            Score::Zero => 0,
            Score::One => 1,
            Score::Two => 2,
            Score::Three => 3,
            _ => 4,
        };
        // A full meter beside a refusal would contradict it.
        let score = if is_refused { score.min(1) } else { score };
        Strength { score, advice: refusal.unwrap_or_else(|| advice(&entropy)), is_refused }
    }
}

/// What zxcvbn says is wrong, and the first thing that it would do about it.
fn advice(entropy: &Entropy) -> String {
    let Some(feedback) = entropy.feedback() else { return String::new() };
    let warning = feedback.warning().map(|warning| warning.to_string());
    let suggestion = feedback.suggestions().first().map(ToString::to_string);
    warning.into_iter().chain(suggestion).collect::<Vec<_>>().join(" ")
}
