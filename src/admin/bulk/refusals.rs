use serde::{Deserialize, Serialize};

/// So many reasons are kept apart, and so many records with each.
const REASONS: usize = 20;
const EXAMPLES: usize = 5;

/// What was refused, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals(pub Vec<Reason>);

/// A reason, and the records that it holds for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub why: String,
    pub count: i64,
    /// The first of them: id and label.
    pub examples: Vec<(i64, String)>,
}

impl Refusals {
    /// Those that were kept in JSON.
    #[must_use]
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    #[must_use]
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn add(&mut self, why: String, id: i64, label: String) {
        let is_full = self.0.len() >= REASONS;
        let known = self.0.iter_mut().position(|reason| reason.why == why);
        let place = known.unwrap_or_else(|| {
            if is_full {
                return self.0.len() - 1;
            }
            let why = if self.0.len() + 1 == REASONS { "For other reasons.".to_owned() } else { why };
            self.0.push(Reason { why, count: 0, examples: Vec::new() });
            self.0.len() - 1
        });
        let reason = &mut self.0[place];
        reason.count += 1;
        if reason.examples.len() < EXAMPLES {
            reason.examples.push((id, label));
        }
    }

    #[must_use]
    pub fn count(&self) -> i64 {
        self.0.iter().map(|reason| reason.count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_and_only_the_first_of_all_are_kept() {
        let mut refusals = Refusals::default();
        for id in 0..1000 {
            refusals.add(format!("Reason {}.", id % 100), id, format!("record {id}"));
        }
        assert_eq!((refusals.count(), refusals.0.len()), (1000, REASONS));
        assert!(refusals.0.iter().all(|reason| reason.examples.len() <= EXAMPLES));
        assert_eq!(refusals.0[REASONS - 1].why, "For other reasons.");
        assert_eq!(Refusals::read(&refusals.write()), refusals);
        assert_eq!(Refusals::read("nonsense"), Refusals::default());
    }
}
