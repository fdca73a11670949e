//! What changed, made readable.

use similar::{ChangeTag, TextDiff};

use crate::crud::audit::{Change, Value};

/// Longer texts are not compared word by word: it would take long, and nobody would read it.
const COMPARED: usize = 20_000;

/// What changed of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub label: String,
    pub parts: Vec<Part>,
    /// True where the parts are values that stand beside each other, and not one text.
    pub is_list: bool,
}

/// A part of a value: taken away, added, or as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Gone(String),
    New(String),
    Kept(String),
    /// What nobody may read has changed.
    Secret,
}

/// The differences of a list of changes in JSON; `label` tells what a field is called.
pub fn differences(changes: &str, label: impl Fn(&str) -> Option<&'static str>) -> Vec<Difference> {
    let changes: Vec<Change> = serde_json::from_str(changes).unwrap_or_default();
    let difference = |change: Change| {
        let label = label(&change.field).map_or_else(|| words(&change.field), ToOwned::to_owned);
        let (is_list, parts) = parts(&change);
        Difference { label, parts, is_list }
    };
    changes.into_iter().map(difference).collect()
}

/// A name that no field has, as words: `last_login_at` is `Last login at`.
fn words(name: &str) -> String {
    super::resource::heading(&name.replace('_', " "))
}

fn parts(change: &Change) -> (bool, Vec<Part>) {
    let text = |value: &Value| said(value.text());
    match (change.old.as_slice(), change.new.as_slice()) {
        _ if change.secret => (false, vec![Part::Secret]),
        ([old], [new]) if is_prose(old.text()) && is_prose(new.text()) => (false, compared(old.text(), new.text())),
        ([old], [new]) => (true, vec![Part::Gone(text(old)), Part::New(text(new))]),
        (old, new) => {
            let gone = old.iter().filter(|value| !new.contains(value)).map(|value| Part::Gone(text(value)));
            let come = new.iter().filter(|value| !old.contains(value)).map(|value| Part::New(text(value)));
            let kept = new.iter().filter(|value| old.contains(value)).map(|value| Part::Kept(text(value)));
            (true, gone.chain(come).chain(kept).collect())
        }
    }
}

fn said(text: &str) -> String {
    match text {
        "true" => "Yes".into(),
        "false" => "No".into(),
        text => text.to_owned(),
    }
}

/// True for a text of several words, which is compared word by word.
fn is_prose(text: &str) -> bool {
    text.len() <= COMPARED && text.split_whitespace().nth(2).is_some()
}

fn compared(old: &str, new: &str) -> Vec<Part> {
    let difference = TextDiff::from_words(old, new);
    let mut parts: Vec<(ChangeTag, String)> = Vec::new();
    for change in difference.iter_all_changes() {
        match parts.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => parts.push((change.tag(), change.value().to_owned())),
        }
    }
    let part = |(tag, text)| match tag {
        ChangeTag::Delete => Part::Gone(text),
        ChangeTag::Insert => Part::New(text),
        ChangeTag::Equal => Part::Kept(text),
    };
    parts.into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(change: &Change) -> Vec<Part> {
        parts(change).1
    }

    #[test]
    fn a_text_is_compared_word_by_word_and_a_value_whole() {
        assert_eq!(
            of(&Change::text("description", "A coil of rope", "A coil of old rope")),
            [Part::Kept("A coil of ".into()), Part::New("old ".into()), Part::Kept("rope".into())]
        );
        assert_eq!(of(&Change::text("is_active", "true", "false")), [Part::Gone("Yes".into()), Part::New("No".into())]);
        assert_eq!(of(&Change::secret("password")), [Part::Secret]);
    }

    #[test]
    fn of_several_things_each_is_gone_new_or_kept() {
        let named = |id: i64, name| Value::named(&id, name);
        let change =
            Change::new("roles", vec![named(1, "Cook"), named(2, "Mate")], vec![named(2, "Mate"), named(3, "Crew")]);
        assert_eq!(of(&change), [Part::Gone("Cook".into()), Part::New("Crew".into()), Part::Kept("Mate".into())]);
    }
}
