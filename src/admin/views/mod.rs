//! What the templates of every entity are filled with.

mod bulk;
mod bulk_bar;
mod cell;
mod choices;
mod delete;
mod filters;
mod history;
mod input;
mod list;
mod record;

pub use bulk::{BulkPage, narrowed};
pub use cell::{CellPage, CellView};
pub use choices::{ChoicesView, OptionsBlock};
pub use delete::DeletePage;
pub use input::{InputView, Typed};
pub use list::{ListPage, grouped};
pub use record::RecordPage;

use std::fmt;
use std::sync::Arc;

use url::form_urlencoded;

use super::resource::Resource;
use crate::access::{Action, Actor};
use crate::html::{Plain, plain};

/// What a template needs to know of an entity.
#[derive(Clone, Debug)]
pub struct Entity {
    pub name: &'static str,
    pub heading: String,
    pub one: &'static str,
    pub many: &'static str,
    pub may_create: bool,
    pub may_update: bool,
    pub may_delete: bool,
}

impl Entity {
    pub fn of<R: Resource>(actor: &Actor) -> Self {
        let may = |action| R::ACTIONS.contains(&action) && actor.may(action, R::NAME);
        Entity {
            name: R::NAME,
            heading: R::heading(),
            one: R::ONE,
            many: R::MANY,
            may_create: may(Action::Create),
            may_update: may(Action::Update),
            may_delete: may(Action::Delete),
        }
    }
}

/// A page of a record, from which the way back leads to the list that one came from.
fn with_back(path: &str, back: Option<&str>) -> String {
    format!("{path}{}", WayBack::to(back))
}

/// What the address of such a page ends with: percent-encoded, and cheap to clone.
#[derive(Clone, Debug)]
pub struct WayBack(Arc<str>);

impl WayBack {
    pub fn to(back: Option<&str>) -> Self {
        let Some(back) = back.filter(|back| back.contains('?')) else { return WayBack("".into()) };
        let parts = ["?back="].into_iter().chain(form_urlencoded::byte_serialize(back.as_bytes()));
        WayBack(parts.collect::<String>().into())
    }
}

impl Plain for WayBack {
    fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        to.write_str(&self.0)
    }
}

plain!(WayBack);

/// The page of a record.
pub fn record_url<R: Resource>(id: i64, back: Option<&str>) -> String {
    with_back(&format!("/{}/{id}", R::NAME), back)
}
