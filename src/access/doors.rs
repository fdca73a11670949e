use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;

use actix_session::{Session, SessionExt as _};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::NaiveDateTime;

use super::once::Once;
use super::session_store::{ACTOR, CLAIM, FAILED};
use super::{Action, Actor, Desk, address, device};
use crate::crud::Entity;
use crate::crud::sessions::Lifetime;
use crate::db::{AnyConnection, Author, Write};
use crate::error::{Error, Result};
use crate::html::Shell;
use crate::request_log::RequestId;
use crate::tally;

/// Anybody: may log in, and set up while there is nobody.
pub struct Guest {
    pub shell: Shell,
    pub(super) desk: web::Data<Desk>,
    pub(super) session: Session,
    pub(super) author: Author,
    pub(super) user_agent: String,
    /// The key by which the browser is known, if it is.
    pub(super) device: Option<String>,
    pub(super) request: HttpRequest,
}

/// Someone logged in: may see and change the own account.
pub struct SignedIn {
    pub actor: Actor,
    pub shell: Shell,
    pub(super) desk: web::Data<Desk>,
    pub(super) session: Session,
    pub(super) author: Author,
    pub(super) once: Option<Once>,
}

/// Someone who may do `A` to the records of `R`.
pub struct Access<R, A> {
    signed_in: SignedIn,
    proof: PhantomData<(R, A)>,
}

/// An action as a type, for the signature of a handler.
pub trait Permitted: 'static {
    const ACTION: Action;

    /// The permission to do this to an entity that somebody lacks.
    #[must_use]
    fn missing(actor: &Actor, entity: &str) -> Option<String> {
        let missing = |action| (!actor.may(action, entity)).then(|| Action::permission(action, entity));
        // A file shows what the list does.
        let beside = if Self::ACTION == Action::Export { missing(Action::View) } else { None };
        missing(Self::ACTION).or(beside)
    }
}

macro_rules! permitted {
    ($($action:ident),*) => {$(
        /// See [`Action`].
        pub struct $action;

        impl Permitted for $action {
            const ACTION: Action = Action::$action;
        }
    )*};
}
permitted!(View, Create, Update, Delete, Export);

impl SignedIn {
    /// Lends a connection for reading.
    pub async fn read<T, E>(
        &self,
        read: impl FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.desk.db.read(read).await
    }

    /// Lends a connection for writing, in one transaction, as this person.
    pub async fn write<T, E>(&self, write: impl FnOnce(&mut Write) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + From<diesel::result::Error> + Send + 'static,
    {
        self.desk.db.write(self.author.clone(), write).await
    }

    /// Refuses who may not do this to an entity, where only the form tells what is to be done.
    ///
    /// Fails with [`Error::Forbidden`].
    pub fn require(&self, action: Action, entity: &str) -> Result<()> {
        if self.actor.may(action, entity) { Ok(()) } else { Err(self.refusal(&action.permission(entity))) }
    }

    fn refusal(&self, permission: &str) -> Error {
        tracing::warn!(user = self.actor.user_id, permission, "not permitted");
        Error::Forbidden(format!("This needs the permission {permission}. An administrator can give it to you."))
    }

    /// Now, as all of the program has it.
    #[must_use]
    pub fn now(&self) -> NaiveDateTime {
        self.desk.db.clock().now()
    }

    /// How long sessions live.
    #[must_use]
    pub fn lifetime(&self) -> Lifetime {
        self.desk.lifetime
    }
}

impl<R, A> Deref for Access<R, A> {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.signed_in
    }
}

impl FromRequest for Guest {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(guest(request))
    }
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).and_then(|signed_in| signed_in.on_own_page(request)))
    }
}

impl<R: Entity, A: Permitted> FromRequest for Access<R, A> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).and_then(|signed_in| match A::missing(&signed_in.actor, R::NAME) {
            None => Ok(Access { signed_in: signed_in.on_own_page(request)?, proof: PhantomData }),
            Some(permission) => Err(signed_in.refusal(&permission)),
        }))
    }
}

pub(super) fn guest(request: &HttpRequest) -> Result<Guest> {
    let desk = desk(request)?;
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Ok(Guest {
        shell: Shell::new(request, None, |_| false),
        session: request.get_session(),
        author: somebody(request, &desk),
        device: device::of(request, &desk),
        request: request.clone(),
        desk,
        user_agent: user_agent.unwrap_or_default().to_owned(),
    })
}

/// Someone logged in who has all that the roles require.
fn signed_in(request: &HttpRequest) -> Result<SignedIn> {
    let signed_in = holder(request)?;
    if signed_in.actor.lacks_factor { Err(Error::FactorMissing) } else { Ok(signed_in) }
}

/// Someone logged in.
pub(super) fn holder(request: &HttpRequest) -> Result<SignedIn> {
    let session = loaded(request)?;
    let actor: Option<Actor> = session.get(ACTOR).map_err(|cause| Error::internal(cause.to_string()))?;
    let none = if session.contains_key(CLAIM) { Error::FactorOwed } else { Error::Unauthenticated };
    let actor = actor.ok_or(none)?;
    tally::reveal();
    let may = |permission: &str| !actor.lacks_factor && actor.permissions.contain(permission);
    let mut shell = Shell::new(request, Some(&actor.email), may);
    shell.person = Some(actor.user_id);
    let desk = desk(request)?;
    let author = actor.author(somebody(request, &desk));
    let once = Once::of(request, actor.user_id);
    Ok(SignedIn { actor, shell, desk, session, author, once })
}

/// Whoever asks, as the author of what is written before anybody is logged in.
fn somebody(request: &HttpRequest, desk: &Desk) -> Author {
    let address = address::of(request, &desk.trusted_proxies);
    Author { name: "somebody".into(), address, request_id: RequestId::of(request), ..Author::default() }
}

/// The session of a request, when it could be read.
pub(super) fn loaded(request: &HttpRequest) -> Result<Session> {
    let session = request.get_session();
    if let Ok(Some(busy)) = session.get::<Option<String>>(FAILED) {
        return Err(busy.map_or_else(|| Error::internal("the session can't be read"), Error::Unavailable));
    }
    Ok(session)
}

fn desk(request: &HttpRequest) -> Result<web::Data<Desk>> {
    let desk = request.app_data::<web::Data<Desk>>();
    desk.cloned().ok_or_else(|| Error::internal("the application was built without its desk"))
}
