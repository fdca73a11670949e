//! What a form sent: the pairs as they came. An absent field is untouched; an empty one is empty.

use std::collections::BTreeMap;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::control::{Control, Input};
use super::resource::Resource;
use crate::access::SignedIn;
use crate::error::{Error, Result};
use crate::html::local_path;
use crate::submission::{CONFIRM_PASSWORD, Submission, twice};

/// What a form sent.
#[derive(Clone, Debug, Default)]
pub struct Form {
    submission: Submission,
    /// What is to be stored of each password, or why it is refused.
    passwords: BTreeMap<&'static str, Result<String, String>>,
}

impl Deref for Form {
    type Target = Submission;

    fn deref(&self) -> &Submission {
        &self.submission
    }
}

impl Form {
    /// What a form with these pairs would send.
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        Form { submission: Submission { pairs }, passwords: BTreeMap::new() }
    }

    /// The version that was shown.
    ///
    /// Fails when none was sent: without it nobody can tell whether a change is lost.
    pub fn version(&self) -> Result<i64> {
        let version = self.text("version").parse();
        version.map_err(|_| {
            Error::BadRequest("The version of the record is missing. Open the record and try again.".into())
        })
    }

    /// The list that the person came from.
    pub fn back<R: Resource>(&self) -> Option<&str> {
        back_to::<R>(self.text("back"))
    }

    /// The field for which a search is asked instead of a save.
    pub fn finding(&self) -> Option<&str> {
        Some(self.text("find")).filter(|name| !name.is_empty())
    }

    /// What was looked for among the choices of a field.
    pub fn sought(&self, name: &str) -> Option<&str> {
        Some(self.text(&format!("find.{name}"))).filter(|text| !text.is_empty())
    }

    /// True when the stored value of a field is to stay, after somebody else changed it.
    pub fn keeps_theirs(&self, name: &str) -> bool {
        self.text(&format!("choose.{name}")) == "theirs"
    }

    /// True when the form put a choice between somebody else's values and these.
    pub fn is_deciding(&self) -> bool {
        self.pairs.iter().any(|(name, _)| name.starts_with("choose."))
    }

    /// True when a choice between the stored value of a field and this one was put, and none was made.
    pub fn is_undecided(&self, name: &str) -> bool {
        self.values(&format!("choose.{name}")).is_some_and(|choices| choices.iter().all(String::is_empty))
    }

    /// Refuses a name that no field of a stored record has, and a second value where only one could count: it was meant to
    /// do something, and would not.
    pub fn check_names<R: Resource>(&self) -> Result<()> {
        self.check_names_among::<R>(|input| !input.is_only_new)
    }

    /// As [`Form::check_names`], for a new record.
    pub fn check_new_names<R: Resource>(&self) -> Result<()> {
        self.check_names_among::<R>(|_| true)
    }

    fn check_names_among<R: Resource>(&self, is_open: impl Fn(&Input<R>) -> bool) -> Result<()> {
        self.check_own_words()?;
        let is_field = |name: &str| {
            R::fields().iter().any(|field| field.name == name && field.input.as_ref().is_some_and(&is_open))
        };
        let names = self.pairs.iter().map(|(name, _)| name.as_str());
        let unknown = names.filter_map(field_of).find(|name| !is_field(name));
        if let Some(name) = unknown {
            return Err(Error::BadRequest(format!("{} have no field {name:?} to be set.", R::NAME)));
        }
        let fields = R::fields().iter().filter_map(|field| Some((field.name, field.input.as_ref()?.control)));
        let mut counts = fields.map(|(name, control)| (name, control, self.values(name).unwrap_or_default()));
        counts.find(|(_, control, sent)| !control.takes(sent)).map_or(Ok(()), |(name, ..)| twice(name))
    }

    /// Refuses the form's own words, a search or a choice sent twice: only one of them could count.
    pub fn check_own_words(&self) -> Result<()> {
        let is_own = |name: &str| is_own_word(name) || name.starts_with("find.") || name.starts_with("choose.");
        let names = self.pairs.iter().map(|(name, _)| name.as_str());
        names.filter(|name| is_own(name)).find(|name| !self.is_single(name)).map_or(Ok(()), twice)
    }

    /// True when a name has one value at most, beside the empty one that stands for none chosen.
    fn is_single(&self, name: &str) -> bool {
        match &self.values(name).unwrap_or_default()[..] {
            [] | [_] => true,
            [none, _] => none.is_empty() && name.starts_with("choose."),
            _ => false,
        }
    }

    /// Refuses values of other fields than this one.
    pub fn only(&self, name: &str) -> Result<()> {
        let other = self.pairs.iter().filter_map(|(sent, _)| field_of(sent)).find(|sent| *sent != name);
        other.map_or(Ok(()), |other| Err(Error::BadRequest(format!("A cell saves {name:?} alone, not {other:?}."))))
    }

    /// Judges and hashes the passwords of a new record, before anything is locked: it takes its time. None may be like the
    /// address in the same form.
    pub async fn hash_passwords<R: Resource>(&mut self, person: &SignedIn) -> Result<()> {
        let of_kind = |control| {
            let is_of_kind = move |input: &Input<R>| input.control == control;
            R::fields().iter().filter(move |field| field.input.as_ref().is_some_and(is_of_kind))
        };
        let address = of_kind(Control::Email).next().map_or("", |field| self.text(field.name)).to_owned();
        for field in of_kind(Control::Password) {
            let sent = self.text(field.name).to_owned();
            self.passwords.insert(field.name, person.new_password(sent, &address).await?);
        }
        Ok(())
    }

    /// What is to be stored of a password, or why it is refused.
    pub fn password(&self, name: &str) -> Option<Result<String, String>> {
        self.passwords.get(name).cloned()
    }
}

/// The field that a name in a form is about; none for the form's own words.
fn field_of(name: &str) -> Option<&str> {
    let field = name.strip_prefix("find.").or_else(|| name.strip_prefix("choose.")).unwrap_or(name);
    (!is_own_word(name)).then_some(field)
}

/// True for what a form says of itself.
fn is_own_word(name: &str) -> bool {
    matches!(name, "version" | "back" | "leave" | "find" | "once" | "person" | "kept" | CONFIRM_PASSWORD)
}

/// A list of this entity, if that is what a text leads to.
pub fn back_to<R: Resource>(path: &str) -> Option<&str> {
    let list = format!("/{}", R::NAME);
    let is_list = path == list || path.starts_with(&format!("{list}?"));
    Some(path).filter(|path| is_list && local_path(path, "") == *path)
}

impl FromRequest for Form {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let submission = Submission::from_request(request, payload);
        Box::pin(async move { Ok(Form { submission: submission.await?, passwords: BTreeMap::new() }) })
    }
}
