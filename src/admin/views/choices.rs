//! What there is to choose from, as inputs.

use askama::Template;

use crate::admin::control::Choice;

/// Choices, and the search for more of them.
#[derive(Clone, Debug)]
pub struct ChoicesView {
    pub name: String,
    pub is_several: bool,
    pub groups: Vec<(String, Vec<ChoiceView>)>,
    /// The entity to search, when not all of it is shown.
    pub search: Option<&'static str>,
    pub sought: String,
}

#[derive(Clone, Debug)]
pub struct ChoiceView {
    pub choice: Choice,
    pub is_chosen: bool,
}

/// The choices alone: what a search in a picker answers.
#[derive(Template)]
#[template(path = "admin/options.html")]
pub struct OptionsBlock {
    pub choices: ChoicesView,
}

impl ChoicesView {
    pub fn new(
        name: impl Into<String>,
        is_several: bool,
        choices: Vec<Choice>,
        chosen: &[String],
        search: Option<&'static str>,
        sought: Option<&str>,
    ) -> Self {
        let mut groups: Vec<(String, Vec<ChoiceView>)> = Vec::new();
        for choice in choices {
            let is_chosen = chosen.contains(&choice.value);
            let view = ChoiceView { choice, is_chosen };
            match groups.iter_mut().find(|(group, _)| *group == view.choice.group) {
                Some((_, choices)) => choices.push(view),
                None => groups.push((view.choice.group.clone(), vec![view])),
            }
        }
        ChoicesView { name: name.into(), is_several, groups, search, sought: sought.unwrap_or_default().to_owned() }
    }
}
