//! An input of a form or of a cell.

use actix_web::http::StatusCode;

use super::choices::ChoicesView;
use crate::access::Actor;
use crate::admin::Field;
use crate::admin::control::{Control, Input};
use crate::admin::form::Form;
use crate::admin::look::Look;
use crate::admin::query::check_search;
use crate::admin::resource::Resource;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::password;

/// What is in an input besides what is stored.
#[derive(Clone, Copy)]
pub struct Typed<'a> {
    pub form: &'a Form,
    /// Each with the field it is at.
    pub faults: &'a [(&'static str, String)],
    /// True when somebody changed the record meanwhile, and each difference is to be decided.
    pub is_stale: bool,
    /// The version that what was typed is of; none for the one that is stored now.
    pub version: Option<i64>,
}

impl<'a> Typed<'a> {
    /// What was typed, shown again with this status. Only after a conflict, which shows what is stored now, what is typed
    /// is of the version that is stored now.
    pub fn again(form: &'a Form, faults: &'a [(&'static str, String)], status: StatusCode) -> Self {
        let is_conflict = status == StatusCode::CONFLICT;
        let version = form.version().ok().filter(|_| !is_conflict);
        Typed { form, faults, is_stale: is_conflict || form.is_deciding(), version }
    }
}

/// An input, filled.
#[derive(Clone, Debug)]
pub struct InputView {
    pub name: &'static str,
    pub id: String,
    pub label: &'static str,
    pub help: String,
    pub control: ControlView,
    pub is_required: bool,
    /// Longest text in characters; 0 where the browser should not cut it.
    pub max: usize,
    pub fault: Option<String>,
    /// What somebody else stored meanwhile, in words.
    pub theirs: Option<String>,
    pub has_focus: bool,
}

/// The kind of an input, with what is in it.
#[derive(Clone, Debug)]
pub enum ControlView {
    Line { kind: &'static str, autocomplete: &'static str, value: String },
    Area { value: String },
    YesNo { is_on: bool },
    Choices(ChoicesView),
}

impl InputView {
    /// The input of a field: as typed, or else as stored, or else as a new record has it.
    pub fn of<R: Resource>(
        conn: &mut AnyConnection,
        actor: &Actor,
        field: &'static Field<R>,
        input: &'static Input<R>,
        look: Option<&Look<R>>,
        typed: Option<Typed>,
    ) -> Result<Self> {
        let stored = look.map(|look| look.stored(conn, field, input)).transpose()?;
        let sent = typed.and_then(|typed| typed.form.values(field.name));
        let proposed = match (&sent, &stored) {
            (Some(sent), stored) => Some(input.proposed(conn, actor, stored.as_deref().unwrap_or_default(), sent)?),
            (None, _) => None,
        };
        let value = match (&sent, &proposed, &stored) {
            (Some(sent), Some(proposed), _) => as_typed(input, sent, proposed),
            (_, _, Some(stored)) => stored.clone(),
            _ => first_value(input, typed.is_some()),
        };
        let sought = typed.and_then(|typed| typed.form.sought(field.name));
        let fault = typed.and_then(|typed| fault(field, input, typed)).or_else(|| refused_search(sought));
        let sought = sought.filter(|sought| check_search(sought).is_ok());
        let differs = proposed.is_some() && proposed != stored.as_ref().map(|stored| input.normalized(stored));
        let is_contested = typed.is_some_and(|typed| typed.is_stale) && differs && input.control != Control::Password;
        let theirs = match &stored {
            Some(stored) if is_contested => Some(in_words(conn, actor, input, stored)?),
            _ => None,
        };
        Ok(InputView {
            name: field.name,
            id: format!("field-{}", field.name),
            label: field.label,
            help: help(field, input),
            control: ControlView::of(conn, actor, field, input, &value, sought)?,
            is_required: input.is_required,
            max: if input.control == Control::Password { 0 } else { input.max },
            has_focus: typed.is_some_and(|typed| typed.faults.first().is_some_and(|(name, _)| *name == field.name)),
            fault,
            theirs,
        })
    }
}

impl InputView {
    /// The attributes that tie an input to what is said of it.
    pub fn described(&self) -> String {
        let is_password = matches!(self.control, ControlView::Line { kind: "password", .. });
        let parts = [("help", !self.help.is_empty()), ("strength", is_password), ("fault", self.fault.is_some())];
        let ids: Vec<_> =
            parts.iter().filter(|(_, is_there)| *is_there).map(|(part, _)| format!("{}-{part}", self.id)).collect();
        let invalid = if self.fault.is_some() { r#" aria-invalid="true""# } else { "" };
        if ids.is_empty() { invalid.to_owned() } else { format!(r#"{invalid} aria-describedby="{}""#, ids.join(" ")) }
    }
}

impl ControlView {
    fn of<R: Resource>(
        conn: &mut AnyConnection,
        actor: &Actor,
        field: &Field<R>,
        input: &Input<R>,
        value: &[String],
        sought: Option<&str>,
    ) -> Result<Self> {
        let text = || value.first().cloned().unwrap_or_default();
        Ok(match input.control {
            Control::Line => ControlView::Line { kind: "text", autocomplete: "off", value: text() },
            Control::Email => ControlView::Line { kind: "email", autocomplete: "off", value: text() },
            Control::Password => {
                ControlView::Line { kind: "password", autocomplete: "new-password", value: String::new() }
            }
            Control::Area => ControlView::Area { value: text() },
            Control::YesNo => ControlView::YesNo { is_on: text() == "true" },
            Control::One { entity } => {
                ControlView::Choices(choices(conn, actor, field.name, false, Some(entity), input, value, sought)?)
            }
            Control::Several { entity } => {
                ControlView::Choices(choices(conn, actor, field.name, true, entity, input, value, sought)?)
            }
        })
    }
}

#[expect(clippy::too_many_arguments, reason = "one caller above; a struct for it would be read once")]
fn choices<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    name: &'static str,
    is_several: bool,
    entity: Option<&'static str>,
    input: &Input<R>,
    value: &[String],
    sought: Option<&str>,
) -> Result<ChoicesView> {
    let offered = input.offer.as_ref().map(|offer| offer(conn, actor, sought, value)).transpose()?.unwrap_or_default();
    let search = entity.filter(|_| offered.is_partial);
    Ok(ChoicesView::new(name, is_several, offered.choices, value, search, sought))
}

/// What was typed, kept as it is, even where it is wrong.
fn as_typed<R: Resource>(input: &Input<R>, sent: &[String], proposed: &[String]) -> Vec<String> {
    match input.control {
        Control::Line | Control::Email | Control::Area => sent.last().cloned().into_iter().collect(),
        _ => proposed.to_vec(),
    }
}

/// What is wrong at a field. A password is not sent back, and must not be missed without a word.
fn fault<R: Resource>(field: &Field<R>, input: &Input<R>, typed: Typed) -> Option<String> {
    let found = typed.faults.iter().find(|(name, _)| *name == field.name).map(|(_, message)| message.clone());
    let is_lost = input.control == Control::Password && !typed.form.text(field.name).is_empty();
    found.or_else(|| is_lost.then(|| "Type the password again: it was not saved, and is never sent back.".to_owned()))
}

fn refused_search(sought: Option<&str>) -> Option<String> {
    sought.and_then(|sought| check_search(sought).err()).map(|error| error.message().to_owned())
}

fn first_value<R: Resource>(input: &Input<R>, was_sent: bool) -> Vec<String> {
    match input.control {
        Control::YesNo if !was_sent => vec![input.starts.to_string()],
        _ => Vec::new(),
    }
}

fn in_words<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    input: &Input<R>,
    value: &[String],
) -> Result<String> {
    Ok(match (&input.offer, input.control) {
        (Some(offer), _) => {
            let choices = offer(conn, actor, None, value)?.choices;
            let labels = choices.into_iter().filter(|choice| value.contains(&choice.value)).map(|choice| choice.label);
            let labels: Vec<_> = labels.collect();
            if labels.is_empty() { "none".to_owned() } else { labels.join(", ") }
        }
        (None, Control::YesNo) => {
            if value.first().is_some_and(|value| value == "true") { "Yes" } else { "No" }.to_owned()
        }
        _ => value.first().cloned().unwrap_or_else(|| "empty".to_owned()),
    })
}

fn help<R: Resource>(field: &Field<R>, input: &Input<R>) -> String {
    match input.control {
        Control::Password => [password::HELP, field.help].join(" "),
        _ => field.help.to_owned(),
    }
}
