//! The pages of a bulk action before it starts.

use askama::Template;

use super::filters::{Pill, filters, pills};
use super::{ChoicesView, Entity, grouped};
use crate::access::{Action, Actor};
use crate::admin::bulk::{BulkAction, Chosen, Moved, Order, Preview, Reason, written};
use crate::admin::counted_exactly;
use crate::admin::form::Form;
use crate::admin::query::{Query, check_search};
use crate::admin::resource::Resource;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::html::Shell;

/// Examples of what is refused.
const EXAMPLES: usize = 3;

#[derive(Template)]
#[template(path = "admin/bulk.html")]
pub struct BulkPage {
    pub shell: Shell,
    pub entity: Entity,
    pub heading: String,
    /// The list that one came from.
    pub back: String,
    pub fault: Option<String>,
    pub asking: Option<Asking>,
    pub telling: Option<Telling>,
}

/// The choice of a value.
pub struct Asking {
    pub label: &'static str,
    pub choices: ChoicesView,
    /// What the form was sent with, to be sent again.
    pub carried: Vec<(&'static str, String)>,
}

/// What would come of it.
pub struct Telling {
    pub selection: String,
    /// Which records: what the list is narrowed by, and the first of them.
    pub narrowed: Vec<Pill>,
    pub named: String,
    pub lines: Vec<String>,
    pub refused: Vec<Refused>,
    pub goes_with: Vec<String>,
    /// How many were looked at, where that is not all.
    pub sample: Option<String>,
    pub is_deletion: bool,
    pub is_idle: bool,
    /// What came and went since the last preview, in words.
    pub moved: Option<String>,
    /// The selection without what came.
    pub without: Option<String>,
}

pub struct Refused {
    pub why: String,
    pub count: String,
    pub examples: Vec<(i64, String)>,
    pub is_more: bool,
}

impl Refused {
    pub fn of<R: Resource>(reason: Reason) -> Self {
        let Reason { why, count, mut examples } = reason;
        examples.truncate(EXAMPLES);
        let is_more = count > examples.len() as i64;
        Refused { why, count: counted_exactly::<R>(count), examples, is_more }
    }
}

impl BulkPage {
    fn of<R: Resource>(shell: Shell, actor: &Actor, heading: String, back: Option<&str>) -> Self {
        let back = back.map_or_else(|| format!("/{}", R::NAME), ToOwned::to_owned);
        BulkPage { shell, entity: Entity::of::<R>(actor), heading, back, fault: None, asking: None, telling: None }
    }

    /// Something is missing.
    pub fn refused<R: Resource>(shell: Shell, actor: &Actor, back: Option<&str>, why: &str) -> Self {
        let page = BulkPage::of::<R>(shell, actor, "Nothing is chosen".into(), back);
        BulkPage { fault: Some(why.to_owned()), ..page }
    }

    /// A value is to be chosen.
    pub fn asking<R: Resource>(
        conn: &mut AnyConnection,
        shell: Shell,
        actor: &Actor,
        action: &'static BulkAction,
        form: &Form,
        chosen: &Chosen,
        fault: Option<String>,
    ) -> Result<Self> {
        let (field, input) = written::<R>(action)?;
        let sought = form.sought("value").filter(|sought| check_search(sought).is_ok());
        let value: Vec<_> = Some(form.text("value").to_owned()).filter(|value| !value.is_empty()).into_iter().collect();
        let offered = input.offer.as_ref().map(|offer| offer(conn, actor, sought, &value)).transpose()?;
        let offered = offered.unwrap_or_default();
        let search = input.control.entity().filter(|_| offered.is_partial);
        let mut carried = vec![("action", action.name.to_owned())];
        match chosen {
            Chosen::All(_) => carried.push(("all", "true".into())),
            Chosen::Rows(ids) => carried.extend(ids.iter().map(|id| ("row", id.to_string()))),
        }
        let choices = ChoicesView::new("value", false, offered.choices, &value, search, sought);
        let page = BulkPage::of::<R>(shell, actor, action.label.to_owned(), form.back::<R>());
        Ok(BulkPage { fault, asking: Some(Asking { label: field.label, choices, carried }), ..page })
    }

    /// What would come of it.
    pub fn telling<R: Resource>(
        shell: Shell,
        actor: &Actor,
        order: &Order,
        selection: String,
        (preview, narrowed): (Preview, Vec<Pill>),
        moved: Option<(Moved, Option<String>)>,
        back: Option<&str>,
    ) -> Self {
        let heading = format!("{}?", order.title(&counted_exactly::<R>(preview.total)));
        let is_deletion = order.action.needs() == Action::Delete;
        let (moved, without) = moved.map_or((None, None), |(moved, without)| (Some(moved_words::<R>(moved)), without));
        let mut goes_with = preview.goes_with.clone();
        if is_deletion && preview.leaves_out_going() {
            goes_with.push(format!("and what goes with other {}, which is not counted", R::MANY));
        }
        let telling = Telling {
            selection,
            narrowed,
            named: named(&preview),
            lines: lines::<R>(&preview, is_deletion),
            sample: (!preview.is_exact()).then(|| counted_exactly::<R>(preview.examined)),
            is_idle: preview.is_idle(),
            refused: preview.refused.0.into_iter().map(Refused::of::<R>).collect(),
            goes_with,
            is_deletion,
            moved,
            without,
        };
        BulkPage { telling: Some(telling), ..BulkPage::of::<R>(shell, actor, heading, back) }
    }
}

/// What a selection's list is narrowed by.
pub fn narrowed<R: Resource>(conn: &mut AnyConnection, actor: &Actor, chosen: &Chosen) -> Result<Vec<Pill>> {
    let Chosen::All(query) = chosen else { return Ok(Vec::new()) };
    let query = Query::read::<R>(query)?;
    let mut narrowed = pills::<R>(&query, &filters::<R>(conn, actor, &query)?);
    if !query.q.is_empty() {
        narrowed.insert(0, Pill { label: "Search", value: query.q.clone(), without: String::new() });
    }
    Ok(narrowed)
}

/// The first of them, and how many more there are.
fn named(preview: &Preview) -> String {
    let more = preview.total - preview.first.len() as i64;
    let named = preview.first.join(", ");
    if more > 0 { format!("{named} and {} more", grouped(more)) } else { named }
}

fn lines<R: Resource>(preview: &Preview, is_deletion: bool) -> Vec<String> {
    let (will, is_already) = if is_deletion { ("will be deleted", "gone") } else { ("will be changed", "so already") };
    let is = |count: i64| if count == 1 { "is" } else { "are" };
    let mut lines = vec![format!("{} {will}", counted_exactly::<R>(preview.changed))];
    if preview.unchanged > 0 {
        lines.push(format!("{} {} {is_already}", counted_exactly::<R>(preview.unchanged), is(preview.unchanged)));
    }
    let refused = preview.refused.count();
    if refused > 0 {
        lines.push(format!("{} {} refused", counted_exactly::<R>(refused), is(refused)));
    }
    if let Some(count) = preview.unchanged_of_all {
        lines.push(format!(
            "Of all {}, {} {} {is_already}",
            counted_exactly::<R>(preview.total),
            counted_exactly::<R>(count),
            is(count)
        ));
    }
    lines
}

fn moved_words<R: Resource>(moved: Moved) -> String {
    let part = |count: i64, verb: &str| (count > 0).then(|| format!("{} {verb}", counted_exactly::<R>(count)));
    let parts = [part(moved.came, "came"), part(moved.went, "went"), part(moved.changed, "changed")];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    format!("{}{}", if moved.is_least { "At least " } else { "" }, parts.join(", "))
}
