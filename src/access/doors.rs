use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;

use actix_session::{Session, SessionExt as _};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};

use super::session_store::{ACTOR, FAILED, LOGIN, Login};
use super::{Action, Actor, Desk, address};
use crate::crud::sessions::{self, Lifetime};
use crate::crud::users::FirstAdministrator;
use crate::crud::{Crud, setup_tokens, users};
use crate::db::{AnyConnection, Author, Db, Write};
use crate::error::{Error, Result};
use crate::html::Shell;
use crate::models::{Session as SessionRow, User, UserChanges};

/// Anybody: may log in, and set up while there is nobody.
pub struct Guest {
    pub shell: Shell,
    desk: web::Data<Desk>,
    session: Session,
    address: String,
    user_agent: String,
}

/// Someone logged in: may see and change the own account.
pub struct SignedIn {
    pub actor: Actor,
    pub shell: Shell,
    desk: web::Data<Desk>,
    session: Session,
}

/// Someone who may do `A` to the records of `R`.
pub struct Access<R, A> {
    signed_in: SignedIn,
    proof: PhantomData<(R, A)>,
}

/// An action as a type, for the signature of a handler.
pub trait Permitted: 'static {
    const ACTION: Action;
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
permitted!(View, Create, Update, Delete);

impl Guest {
    /// The user with this address and password, if active.
    pub async fn authenticate(&self, email: &str, password: String) -> Result<Option<User>> {
        users::authenticate(&self.desk.db, &self.desk.hasher, email, password).await
    }

    /// Begins a session of this user, with a new key, whatever session there was before.
    pub fn log_in(&self, user: &User) -> Result<()> {
        let login = Login {
            user_id: user.id,
            email: user.email.clone(),
            hashed_password: user.hashed_password.clone(),
            address: self.address.clone(),
            user_agent: self.user_agent.clone(),
        };
        self.session.insert(LOGIN, login).map_err(|cause| Error::internal(cause.to_string()))?;
        self.session.renew();
        Ok(())
    }

    /// True while there is no active administrator and this token is one of those given out.
    pub async fn may_set_up(&self, token: &str) -> Result<bool> {
        let (token, now) = (token.to_owned(), self.desk.db.clock().now());
        let read = move |conn: &mut AnyConnection| {
            Ok(!users::has_active_administrator(conn)? && setup_tokens::is_valid(conn, &token, now)?)
        };
        self.desk.db.read(read).await
    }

    /// Makes the first administrator.
    pub async fn set_up(&self, email: &str, password: String) -> Result<FirstAdministrator> {
        users::create_first_administrator(&self.desk.db, &self.desk.hasher, email, password).await
    }

    /// True when this browser is logged in already.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.session.contains_key(ACTOR)
    }
}

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
        self.desk.db.write(self.author(), write).await
    }

    /// The hash of a password to be stored.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.desk.hasher.hash(password).await
    }

    /// True when this is the person's own password.
    pub async fn confirms(&self, password: String) -> Result<bool> {
        let id = self.actor.user_id;
        let user = self.read(move |conn| Ok::<_, Error>(User::get(conn, id)?)).await?;
        self.desk.hasher.verify(password, user.map(|user| user.hashed_password)).await
    }

    /// The person's own sessions.
    pub async fn sessions(&self) -> Result<Vec<SessionRow>> {
        let (id, now, lifetime) = (self.actor.user_id, self.db().clock().now(), self.lifetime());
        self.read(move |conn| Ok(sessions::of_user(conn, id, now, lifetime)?)).await
    }

    /// Sets the person's own password and ends all other sessions.
    pub async fn change_password(&self, password: String) -> Result<()> {
        let changes = UserChanges { hashed_password: Some(self.hash(password).await?), ..Default::default() };
        let (id, session) = (self.actor.user_id, self.actor.session_id);
        self.write(move |w| {
            User::update(w, id, &changes)?;
            Ok::<_, Error>(sessions::delete_all_of_user(w, id, Some(session))?)
        })
        .await
    }

    /// Ends one of the person's own sessions; false when it had ended.
    pub async fn end_session(&self, session: i64) -> Result<bool> {
        let id = self.actor.user_id;
        self.write(move |w| Ok::<_, Error>(sessions::delete_of_user(w, id, session)?)).await
    }

    /// Ends all the person's sessions but this.
    pub async fn end_other_sessions(&self) -> Result<()> {
        let (id, session) = (self.actor.user_id, self.actor.session_id);
        self.write(move |w| Ok::<_, Error>(sessions::delete_all_of_user(w, id, Some(session))?)).await
    }

    /// Ends this session.
    pub fn log_out(&self) {
        self.session.purge();
    }

    fn author(&self) -> Author {
        self.actor.author()
    }

    fn db(&self) -> &Db {
        &self.desk.db
    }

    fn lifetime(&self) -> Lifetime {
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
        ready(desk(request).map(|desk| {
            let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
            Guest {
                shell: Shell::new(request, None, |_| false),
                session: request.get_session(),
                address: address::of(request, &desk.trusted_proxies),
                desk,
                user_agent: header(header::USER_AGENT).unwrap_or_default().to_owned(),
            }
        }))
    }
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request))
    }
}

impl<R: Crud, A: Permitted> FromRequest for Access<R, A> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).and_then(|signed_in| {
            if signed_in.actor.may(A::ACTION, R::NAME) {
                return Ok(Access { signed_in, proof: PhantomData });
            }
            let permission = A::ACTION.permission(R::NAME);
            Err(Error::Forbidden(format!(
                "This needs the permission {permission}. An administrator can give it to you."
            )))
        }))
    }
}

fn signed_in(request: &HttpRequest) -> Result<SignedIn> {
    let session = request.get_session();
    if let Ok(Some(busy)) = session.get::<Option<String>>(FAILED) {
        return Err(busy.map_or_else(|| Error::internal("the session can't be read"), Error::Unavailable));
    }
    let actor: Option<Actor> = session.get(ACTOR).map_err(|cause| Error::internal(cause.to_string()))?;
    let actor = actor.ok_or(Error::Unauthenticated)?;
    let shell = Shell::new(request, Some(&actor.email), |permission| actor.permissions.contain(permission));
    Ok(SignedIn { actor, shell, desk: desk(request)?, session })
}

fn desk(request: &HttpRequest) -> Result<web::Data<Desk>> {
    let desk = request.app_data::<web::Data<Desk>>();
    desk.cloned().ok_or_else(|| Error::internal("the application was built without its desk"))
}
