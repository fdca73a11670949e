//! How a value is put in, and what is checked of it whatever it means.

use super::resource::{Fault, Resource};
use crate::access::Actor;
use crate::crud::audit::Value;
use crate::db::{AnyConnection, Write};
use crate::error::Result;

/// The kind of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    Line,
    Email,
    Password,
    Area,
    YesNo,
    /// One record of another entity.
    One {
        entity: &'static str,
    },
    /// Several records of another entity, or several names of a list (`entity` is then none).
    Several {
        entity: Option<&'static str>,
    },
}

impl Control {
    /// The entity whose records are chosen.
    #[must_use]
    pub fn entity(self) -> Option<&'static str> {
        match self {
            Control::One { entity } => Some(entity),
            Control::Several { entity } => entity,
            _ => None,
        }
    }

    /// True when a form of ours can have sent these values: several where there are several, else one, and before it the
    /// hidden one that stands for none.
    #[must_use]
    pub fn takes(self, values: &[String]) -> bool {
        match (self, values) {
            (_, [] | [_]) | (Control::Several { .. }, _) => true,
            (Control::YesNo, [no, yes]) => no == "false" && yes == "true",
            (Control::One { .. }, [none, _]) => none.is_empty(),
            _ => false,
        }
    }
}

/// One of several values to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// Choices of one group stand together; empty for none.
    pub group: String,
    /// Why this person can't change this choice, if so.
    pub fixed: Option<&'static str>,
}

impl Choice {
    /// A choice that is called as it is.
    #[must_use]
    pub fn new(value: String) -> Self {
        Choice { label: value.clone(), value, group: String::new(), fixed: None }
    }
}

/// What there is to choose from.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    pub choices: Vec<Choice>,
    /// There are more; a search finds them.
    pub is_partial: bool,
}

/// What changes of a record: values, and what must happen with them in the same transaction.
pub struct Draft<R: Resource> {
    pub changes: R::Changes,
    pub effects: Vec<(&'static str, Effect)>,
    pub is_touched: bool,
}

/// Something that is done once the row is written; a fault undoes all of it.
pub type Effect = Box<dyn FnOnce(&mut Write, i64) -> Result<(), Fault>>;

impl<R: Resource> Draft<R> {
    pub fn new() -> Self {
        Draft { changes: R::Changes::default(), effects: Vec::new(), is_touched: false }
    }
}

/// What is at hand while a value is taken.
pub struct Accepting<'a, R: Resource> {
    pub conn: &'a mut AnyConnection,
    pub actor: &'a Actor,
    /// The record as it is stored; none for a new one.
    pub record: Option<&'a R>,
    pub draft: &'a mut Draft<R>,
}

/// What a field with an input knows of it. `stored` and `accept` speak the language of forms: a list of texts, empty for
/// nothing.
pub struct Input<R: Resource> {
    pub control: Control,
    pub is_required: bool,
    /// It can be put in for a new record only.
    pub is_only_new: bool,
    /// What a yes or no is in a new record until one chooses.
    pub starts: bool,
    /// Longest text in characters.
    pub max: usize,
    pub stored: Stored<R>,
    /// The same of several records in one query, for the audit, with the names of what is pointed to; none where the values
    /// say all.
    pub named: Option<Named<R>>,
    pub accept: Accept<R>,
    pub offer: Option<Offer>,
}

pub type Stored<R> = Box<dyn Fn(&mut AnyConnection, &R) -> Result<Vec<String>> + Send + Sync>;
pub type Named<R> = Box<dyn Fn(&mut AnyConnection, &[R]) -> Result<Vec<Vec<Value>>> + Send + Sync>;
pub type Accept<R> = Box<dyn Fn(&mut Accepting<'_, R>, &[String]) -> Result<(), Fault> + Send + Sync>;
/// The choices: all of them or what matches a query, and in any case those chosen already.
pub type Offer = Box<dyn Fn(&mut AnyConnection, &Actor, Option<&str>, &[String]) -> Result<Offered> + Send + Sync>;

impl<R: Resource> Input<R> {
    /// What was sent, as it would be stored.
    pub fn normalized(&self, sent: &[String]) -> Vec<String> {
        let last = || sent.last().map(String::as_str).unwrap_or_default();
        let one = |text: String| if text.is_empty() { Vec::new() } else { vec![text] };
        match self.control {
            Control::Line | Control::One { .. } => one(last().trim().to_owned()),
            Control::Email => one(crate::email::normalized(last())),
            Control::Password => one(last().to_owned()),
            // Browsers end a line with CR LF.
            Control::Area => one(last().replace("\r\n", "\n").trim_end().to_owned()),
            Control::YesNo => vec![
                match last() {
                    "true" | "on" | "1" => "true",
                    "false" | "off" | "0" | "" => "false",
                    other => other,
                }
                .to_owned(),
            ],
            Control::Several { .. } => {
                let mut values: Vec<_> = sent.iter().filter(|value| !value.is_empty()).cloned().collect();
                values.sort();
                values.dedup();
                values
            }
        }
    }

    /// What stands in a new record until one puts something in.
    pub fn initial(&self) -> Vec<String> {
        if self.control == Control::YesNo { vec![self.starts.to_string()] } else { Vec::new() }
    }

    /// What would be stored if this were saved: what was sent, and of several things those too that the form could not
    /// send, since this person may not change them.
    pub fn proposed(
        &self,
        conn: &mut AnyConnection,
        actor: &Actor,
        stored: &[String],
        sent: &[String],
    ) -> Result<Vec<String>> {
        let mut proposed = self.normalized(sent);
        if let (Control::Several { .. }, Some(offer)) = (self.control, &self.offer) {
            let choices = offer(conn, actor, None, stored)?.choices;
            let is_fixed =
                |value: &String| choices.iter().any(|choice| choice.value == *value && choice.fixed.is_some());
            proposed.extend(stored.iter().filter(|value| is_fixed(value)).cloned());
            proposed.sort();
            proposed.dedup();
        }
        Ok(proposed)
    }

    /// What is wrong with a text, whatever it means.
    pub fn refusal(&self, value: &[String]) -> Option<String> {
        let is_text = matches!(self.control, Control::Line | Control::Email | Control::Area);
        let Some(text) = value.first() else {
            return self.is_required.then(|| "This is needed.".to_owned());
        };
        if self.control == Control::YesNo && !matches!(text.as_str(), "true" | "false") {
            return Some("Choose yes or no.".to_owned());
        }
        let length = text.chars().count();
        if is_text && length > self.max {
            return Some(format!("Use at most {} characters; these are {length}.", self.max));
        }
        let is_layout = |c: char| self.control == Control::Area && matches!(c, '\n' | '\t');
        (is_text && text.chars().any(|c| c.is_control() && !is_layout(c)))
            .then(|| "There is a character in it that can't be shown. Remove it.".to_owned())
    }
}
