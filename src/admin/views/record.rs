//! The page of one record: its form, and what belongs to it.

use askama::Template;

use super::history::HistoryView;
use super::input::ControlView;
use super::{Entity, InputView, Typed, record_url};
use crate::access::{Action, Actor};
use crate::admin::difference::Part;
use crate::admin::form::back_to;
use crate::admin::look::Look;
use crate::admin::resource::{Related, Resource};
use crate::admin::shown::Shown;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::html::Shell;

#[derive(Template)]
#[template(path = "admin/record.html")]
pub struct RecordPage {
    pub shell: Shell,
    pub entity: Entity,
    pub heading: String,
    /// Where the form goes.
    pub action: String,
    /// None for a new record.
    pub version: Option<i64>,
    pub inputs: Vec<InputView>,
    /// What is wrong, each with the label and id of the field it is at; both empty for the whole.
    pub faults: Vec<(String, String, String)>,
    pub is_stale: bool,
    /// Values that can't be put in here.
    pub values: Vec<(&'static str, Shown)>,
    /// Why this person can't change the record, if so.
    pub note: Option<&'static str>,
    pub may_save: bool,
    /// The page that asks before it is deleted, for those who may.
    pub delete: Option<String>,
    pub related: Vec<Related>,
    /// What happened to it, for those who may see that.
    pub history: Option<HistoryView>,
    /// The list that one came from.
    pub back: String,
}

impl RecordPage {
    /// The page for a new record.
    pub fn new<R: Resource>(
        conn: &mut AnyConnection,
        shell: Shell,
        actor: &Actor,
        typed: Option<Typed>,
        back: Option<&str>,
    ) -> Result<Self> {
        let mut inputs = Vec::new();
        for field in R::fields() {
            if let Some(input) = &field.input {
                inputs.push(InputView::of(conn, actor, field, input, None, typed)?);
            }
        }
        if let Some(first) = inputs.first_mut().filter(|_| typed.is_none()) {
            first.has_focus = true;
        }
        Ok(RecordPage {
            shell,
            entity: Entity::of::<R>(actor),
            heading: format!("New {}", R::ONE),
            action: format!("/{}", R::NAME),
            version: None,
            faults: faults(&inputs, typed),
            inputs,
            is_stale: false,
            values: Vec::new(),
            note: None,
            may_save: true,
            delete: None,
            related: Vec::new(),
            history: None,
            back: list_url::<R>(back),
        })
    }

    /// The page of a stored record.
    pub fn of<R: Resource>(
        conn: &mut AnyConnection,
        shell: Shell,
        actor: &Actor,
        look: &Look<R>,
        typed: Option<Typed>,
        back: Option<&str>,
    ) -> Result<Self> {
        let (record, entity) = (&look.record, Entity::of::<R>(actor));
        let note = if entity.may_update { look.refusal(conn, actor, Action::Update)? } else { None };
        let may_save = entity.may_update && note.is_none();
        let may_delete = entity.may_delete && look.refusal(conn, actor, Action::Delete)?.is_none();
        let (mut inputs, mut values) = (Vec::new(), Vec::new());
        for field in R::fields() {
            match &field.input {
                Some(input) if input.is_only_new => {}
                Some(input) if may_save => inputs.push(InputView::of(conn, actor, field, input, Some(look), typed)?),
                _ => values.push((field.label, look.shown(conn, actor, field)?)),
            }
        }
        // Of what can only be read, nothing is not worth a line.
        values.retain(|(_, shown)| !matches!(shown, Shown::Text(text) if text.is_empty()));
        let url = record_url::<R>(record.id(), back);
        let delete = with_delete(&url);
        Ok(RecordPage {
            shell,
            entity,
            heading: record.label(),
            action: format!("/{}/{}", R::NAME, record.id()),
            version: Some(typed.and_then(|typed| typed.version).unwrap_or_else(|| record.version())),
            faults: faults(&inputs, typed),
            inputs,
            is_stale: typed.is_some_and(|typed| typed.is_stale),
            values,
            note,
            may_save,
            delete: may_delete.then_some(delete),
            related: R::related(conn, actor, record)?,
            history: HistoryView::of(conn, actor, record)?,
            back: list_url::<R>(back),
        })
    }
}

/// The address of the question before a deletion, from that of the record.
fn with_delete(url: &str) -> String {
    match url.split_once('?') {
        Some((path, query)) => format!("{path}/delete?{query}"),
        None => format!("{url}/delete"),
    }
}

fn list_url<R: Resource>(back: Option<&str>) -> String {
    back.and_then(back_to::<R>).map_or_else(|| format!("/{}", R::NAME), ToOwned::to_owned)
}

/// What is said on top: what is wrong with the whole, then what is wrong with each field.
fn faults(inputs: &[InputView], typed: Option<Typed>) -> Vec<(String, String, String)> {
    let Some(typed) = typed.filter(|typed| !typed.faults.is_empty() || typed.is_stale) else { return Vec::new() };
    let whole = typed.faults.iter().filter(|(name, _)| !inputs.iter().any(|input| input.name == *name));
    let whole = whole.map(|(_, message)| (String::new(), String::new(), message.clone()));
    let fields = inputs.iter().filter_map(|input| {
        let fault = input.fault.clone()?;
        Some((input.label.to_owned(), input.id.clone(), fault))
    });
    whole.chain(fields).collect()
}
