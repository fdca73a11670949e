//! The filters of a list, and which of them are set.

use super::choices::ChoicesView;
use crate::access::{Action, Actor};
use crate::admin::filter::{Filter, FilterControl};
use crate::admin::query::Query;
use crate::admin::resource::Resource;
use crate::db::AnyConnection;
use crate::error::Result;

/// A filter that is set, and the list without it.
pub struct Pill {
    pub label: &'static str,
    pub value: String,
    pub without: String,
}

pub struct FilterView {
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
    pub control: FilterControlView,
}

pub enum FilterControlView {
    YesNo,
    /// A line, of a kind that HTML knows.
    Line {
        kind: &'static str,
    },
    Among {
        choices: Vec<(&'static str, String)>,
    },
    Choices(ChoicesView),
}

pub fn filters<R: Resource>(conn: &mut AnyConnection, actor: &Actor, query: &Query) -> Result<Vec<FilterView>> {
    let mut views = Vec::new();
    for filter in R::fields().iter().flat_map(|field| &field.filters) {
        let set = query.filters.iter().find(|(name, _)| *name == filter.name);
        let mut value = set.map(|(_, value)| value.clone()).unwrap_or_default();
        let control = match filter.control {
            FilterControl::YesNo => FilterControlView::YesNo,
            FilterControl::Date => FilterControlView::Line { kind: "date" },
            FilterControl::Moment { of_day } => {
                if !value.is_empty() && !value.contains('T') {
                    value.push_str(of_day);
                }
                FilterControlView::Line { kind: "datetime-local" }
            }
            FilterControl::Text => FilterControlView::Line { kind: "text" },
            FilterControl::Number => FilterControlView::Line { kind: "number" },
            FilterControl::Among(choices) => FilterControlView::Among { choices: choices() },
            // Nothing to choose from for who may not see them; a filter that is set already is still shown.
            FilterControl::One { entity } if value.is_empty() && !actor.may(Action::View, entity) => continue,
            FilterControl::One { entity } => {
                FilterControlView::Choices(filter_choices(conn, actor, query, filter, entity, &value)?)
            }
        };
        views.push(FilterView { name: filter.name, label: filter.label, value, control });
    }
    Ok(views)
}

fn filter_choices<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    query: &Query,
    filter: &Filter<R>,
    entity: &'static str,
    value: &str,
) -> Result<ChoicesView> {
    let sought = query.finds.iter().find(|(name, _)| *name == filter.name).map(|(_, text)| text.as_str());
    let chosen: Vec<_> = Some(value.to_owned()).filter(|value| !value.is_empty()).into_iter().collect();
    let offered =
        filter.offer.as_ref().map(|offer| offer(conn, actor, sought, &chosen)).transpose()?.unwrap_or_default();
    let search = offered.is_partial.then_some(entity);
    Ok(ChoicesView::new(filter.name, false, offered.choices, &chosen, search, sought))
}

pub fn pills<R: Resource>(query: &Query, filters: &[FilterView]) -> Vec<Pill> {
    let set = filters.iter().filter(|filter| !filter.value.is_empty());
    set.map(|filter| {
        let mut without = query.clone();
        without.filters.retain(|(name, _)| *name != filter.name);
        let value = match &filter.control {
            FilterControlView::YesNo => if filter.value == "true" { "Yes" } else { "No" }.to_owned(),
            FilterControlView::Line { .. } => filter.value.clone(),
            FilterControlView::Among { choices } => {
                let chosen = choices.iter().find(|(choice, _)| *choice == filter.value);
                chosen.map_or_else(|| filter.value.clone(), |(_, label)| label.clone())
            }
            FilterControlView::Choices(choices) => {
                let chosen = choices.groups.iter().flat_map(|(_, choices)| choices).find(|view| view.is_chosen);
                chosen.map_or_else(|| filter.value.clone(), |view| view.choice.label.clone())
            }
        };
        Pill { label: filter.label, value, without: without.url::<R>() }
    })
    .collect()
}
