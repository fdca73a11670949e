//! A cell: shown, being edited, or refused.

use std::fmt;
use std::sync::Arc;

use askama::Template;

use super::input::ControlView;
use super::{Entity, InputView, Typed, WayBack, with_back};
use crate::access::Actor;
use crate::admin::Field;
use crate::admin::difference::Part;
use crate::admin::look::Look;
use crate::admin::resource::Resource;
use crate::admin::shown::Shown;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::html::{Plain, Shell, number, plain};

/// A cell of a list. There are hundreds on a page, so it holds what its texts are made of and not the texts.
#[derive(Clone, Debug)]
pub struct CellView {
    pub id: CellId,
    pub label: &'static str,
    /// The label in a sentence.
    pub in_words: &'static str,
    pub shown: Shown,
    /// The record's page, where this cell leads there.
    pub opens: Option<Way>,
    /// The way to change it, for those who may.
    pub edit: Option<Way>,
    /// The record's label.
    pub of: Arc<str>,
    pub editing: Option<Editing>,
}

/// A cell's id on a page, `users-7-email`: names and a number.
#[derive(Clone, Copy, Debug)]
pub struct CellId {
    pub entity: &'static str,
    pub record: i64,
    pub field: &'static str,
}

/// An address of a record: its page, or where a field of it is changed.
#[derive(Clone, Debug)]
pub struct Way {
    entity: &'static str,
    record: i64,
    edits: Option<&'static str>,
    back: WayBack,
}

/// What a cell holds while it is edited.
#[derive(Clone, Debug)]
pub struct Editing {
    pub input: InputView,
    pub save: String,
    /// The cell as it was.
    pub cancel: String,
    /// Without scripts: where the form goes, and where one gets by leaving it.
    pub form: String,
    pub leave: String,
    pub back: String,
    pub version: i64,
}

/// A cell on a page of its own, for browsers without scripts.
#[derive(Template)]
#[template(path = "admin/cell_page.html", blocks = ["alone"])]
pub struct CellPage {
    pub shell: Shell,
    pub entity: Entity,
    pub cell: CellView,
    pub record_url: String,
}

impl Plain for CellId {
    fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        to.write_str(self.entity)?;
        to.write_char('-')?;
        number(to, self.record)?;
        to.write_char('-')?;
        to.write_str(self.field)
    }
}

impl Plain for Way {
    fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        to.write_char('/')?;
        to.write_str(self.entity)?;
        to.write_char('/')?;
        number(to, self.record)?;
        if let Some(field) = self.edits {
            to.write_char('/')?;
            to.write_str(field)?;
            to.write_str("/edit")?;
        }
        self.back.write(to)
    }
}

// Names of entities and fields have small letters and `_`, and what is added to an address is percent-encoded.
plain!(CellId, Way);

impl CellView {
    /// A cell that is shown, of the record with this label; what it leads to has `back` at the end of its address.
    pub fn shown<R: Resource>(
        field: &'static Field<R>,
        (record, of): (i64, &Arc<str>),
        shown: Shown,
        may_edit: bool,
        back: &WayBack,
    ) -> Self {
        let is_first = R::fields().first().is_some_and(|first| std::ptr::eq(first, field));
        let way = |edits| Way { entity: R::NAME, record, edits, back: back.clone() };
        CellView {
            id: CellId { entity: R::NAME, record, field: field.name },
            label: field.label,
            in_words: &field.in_words,
            shown,
            opens: is_first.then(|| way(None)),
            edit: (may_edit && field.is_inline).then(|| way(Some(field.name))),
            of: Arc::clone(of),
            editing: None,
        }
    }

    /// A cell that is being edited, as typed if something was.
    pub fn editing<R: Resource>(
        conn: &mut AnyConnection,
        actor: &Actor,
        field: &'static Field<R>,
        look: &Look<R>,
        typed: Option<Typed>,
        back: Option<&str>,
    ) -> Result<Self> {
        // Only the input is shown.
        let record = &look.record;
        let of = (record.id(), &Arc::from(record.label()));
        let mut cell = CellView::shown(field, of, Shown::Text(String::new()), true, &WayBack::to(back));
        let input = field.input.as_ref().ok_or(Error::NotFound)?;
        let mut input = InputView::of(conn, actor, field, input, Some(look), typed)?;
        input.id = format!("{}-input", cell.id);
        input.has_focus = true;
        let save = format!("/{}/{}/{}", R::NAME, record.id(), field.name);
        let cancel = with_back(&save, back);
        let version = typed.and_then(|typed| typed.version).unwrap_or_else(|| record.version());
        let form = format!("/{}/{}", R::NAME, record.id());
        let leave = back.unwrap_or(&form).to_owned();
        let back = back.unwrap_or_default().to_owned();
        cell.editing = Some(Editing { input, save, cancel, form, leave, back, version });
        Ok(cell)
    }
}
