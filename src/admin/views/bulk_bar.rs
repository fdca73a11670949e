use crate::access::{Action, Actor};
use crate::admin::bulk::BulkAction;
use crate::admin::resource::Resource;

/// What can be done to many records of a list.
pub struct BulkBar {
    /// The address of the list, at its place.
    pub list: String,
    /// How many match, as far as they were counted.
    pub total: String,
    /// The ids on the page.
    pub page: String,
    /// Each action's name and label.
    pub actions: Vec<(&'static str, &'static str)>,
}

impl BulkBar {
    /// For those who may do any of it to records that they see.
    pub fn of<R: Resource>(actor: &Actor, list: String, total: String, rows: &[R]) -> Option<Self> {
        let may = |action: &&BulkAction| actor.may(action.needs(), R::NAME);
        let actions: Vec<_> = R::bulk().iter().filter(may).map(|action| (action.name, action.label)).collect();
        let is_offered = !actions.is_empty() && !rows.is_empty() && actor.may(Action::View, R::NAME);
        let page = rows.iter().map(|row| row.id().to_string()).collect::<Vec<_>>().join(" ");
        is_offered.then_some(BulkBar { list, total, page, actions })
    }
}
