//! A cell: shown, being edited, or refused.

use askama::Template;

use super::input::ControlView;
use super::{Entity, InputView, Typed, way_back, with_back};
use crate::access::Actor;
use crate::admin::Field;
use crate::admin::difference::Part;
use crate::admin::look::Look;
use crate::admin::resource::Resource;
use crate::admin::shown::Shown;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::html::Shell;

/// A cell of a list.
#[derive(Clone, Debug)]
pub struct CellView {
    pub id: String,
    pub label: &'static str,
    pub shown: Shown,
    /// The record's page, where this cell leads there.
    pub opens: Option<String>,
    /// The way to change it, for those who may.
    pub edit: Option<String>,
    /// The record's label.
    pub of: String,
    pub editing: Option<Editing>,
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

impl CellView {
    /// A cell that is shown; what it leads to has `back` at the end of its address (see [`way_back`]).
    pub fn shown<R: Resource>(field: &Field<R>, record: &R, shown: Shown, may_edit: bool, back: &str) -> Self {
        let id = record.id().to_string();
        let is_first = R::fields().first().is_some_and(|first| first.name == field.name);
        CellView {
            id: [R::NAME, "-", &id, "-", field.name].concat(),
            label: field.label,
            shown,
            opens: is_first.then(|| ["/", R::NAME, "/", &id, back].concat()),
            edit: (may_edit && field.is_inline)
                .then(|| ["/", R::NAME, "/", &id, "/", field.name, "/edit", back].concat()),
            of: record.label(),
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
        let mut cell = CellView::shown(field, record, Shown::Text(String::new()), true, &way_back(back));
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
