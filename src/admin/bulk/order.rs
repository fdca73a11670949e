use super::action::{BulkAction, Deed};
use crate::access::Actor;
use crate::admin::Field;
use crate::admin::control::Input;
use crate::admin::form::Form;
use crate::admin::resource::Resource;
use crate::admin::store::Refused;
use crate::db::AnyConnection;
use crate::error::{Error, Result};

/// An action with the value that was chosen for it.
pub struct Order {
    pub action: &'static BulkAction,
    pub value: String,
    /// What the value is called; empty where none is chosen.
    pub named: String,
}

/// What came of one record, or would come.
pub enum Verdict {
    Changed,
    SoAlready,
    Refused(String),
}

impl Order {
    /// The order to do an action with a value, or why this person can't give it.
    pub fn of<R: Resource>(
        conn: &mut AnyConnection,
        actor: &Actor,
        action: &'static BulkAction,
        value: &str,
    ) -> Result<Result<Self, String>> {
        if !action.takes_value() {
            return Ok(Ok(Order { action, value: String::new(), named: String::new() }));
        }
        let gone = || "Choose one of the list; this one is not there any more.".to_owned();
        let (_, input) = written::<R>(action)?;
        let Some(offer) = &input.offer else { return Err(Error::internal("a bulk action without choices")) };
        let choices = offer(conn, actor, None, &[value.to_owned()])?.choices;
        let choice = choices.into_iter().find(|choice| choice.value == value);
        Ok(match choice {
            None => Err(gone()),
            Some(choice) => match choice.fixed {
                Some(why) => Err(format!("{}: {why}", choice.label)),
                None => Ok(Order { action, value: value.to_owned(), named: choice.label }),
            },
        })
    }

    /// What it does to so many records, in words.
    pub fn title(&self, rows: &str) -> String {
        self.action.says.replace("{value}", &self.named).replace("{rows}", rows)
    }

    /// True when whoever gives it confirms with the own password that it is them.
    pub fn is_dangerous<R: Resource>(&self) -> Result<bool> {
        Ok(self.action.deed == Deed::Delete || written::<R>(self.action)?.0.is_sensitive)
    }

    /// The form that does it to one record.
    pub fn form<R: Resource>(&self, conn: &mut AnyConnection, record: &R, version: i64) -> Result<Form> {
        let mut pairs = vec![("version".to_owned(), version.to_string())];
        let mut pair = |name: &str, value: String| pairs.push((name.to_owned(), value));
        let held = |conn: &mut AnyConnection| (written::<R>(self.action)?.1.stored)(conn, record);
        match self.action.deed {
            Deed::Set { field, value } => pair(field, value.to_owned()),
            Deed::Choose { field } => pair(field, self.value.clone()),
            Deed::Add { field } => {
                held(conn)?.into_iter().chain([self.value.clone()]).for_each(|value| pair(field, value));
            }
            Deed::Remove { field } => {
                // The empty one stands for none.
                let left = held(conn)?.into_iter().filter(|value| *value != self.value);
                [String::new()].into_iter().chain(left).for_each(|value| pair(field, value));
            }
            Deed::Delete => {}
        }
        Ok(Form::of(pairs))
    }

    /// The filter by which the records are found that are so already, with its value.
    pub fn so_already(&self) -> Option<(&'static str, String)> {
        let filter = self.action.counted_by?;
        match self.action.deed {
            Deed::Set { value, .. } => Some((filter, value.to_owned())),
            Deed::Choose { .. } | Deed::Add { .. } | Deed::Remove { .. } => Some((filter, self.value.clone())),
            Deed::Delete => None,
        }
    }

    /// True when those that the filter finds are the ones to be changed.
    pub fn is_undone_by(&self) -> bool {
        matches!(self.action.deed, Deed::Remove { .. })
    }
}

/// The field that an action writes.
pub fn written<R: Resource>(action: &BulkAction) -> Result<(&'static Field<R>, &'static Input<R>)> {
    let field = R::fields().iter().find(|field| Some(field.name) == action.field());
    let written = field.and_then(|field| Some((field, field.input.as_ref()?)));
    written.ok_or_else(|| Error::internal("a bulk action that writes no field"))
}

/// What a refusal says of one record among many.
///
/// Fails when it is not about the record: then it may go another time.
pub fn why(refused: Refused) -> Result<String> {
    match refused {
        Refused::Invalid(faults) => Ok(faults.into_iter().map(|(_, message)| message).collect::<Vec<_>>().join(" ")),
        Refused::Stale => Ok("Somebody changed it meanwhile.".into()),
        Refused::Failed(Error::NotFound) => Ok("It is gone.".into()),
        Refused::Failed(error @ (Error::Forbidden(_) | Error::Unconfirmed(_) | Error::BadRequest(_))) => {
            Ok(error.message().to_owned())
        }
        Refused::Failed(error) => Err(error),
    }
}
