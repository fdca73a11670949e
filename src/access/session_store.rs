//! Sessions as rows, behind actix-session's own trait: several processes share them, and nothing is to be configured.

use std::collections::HashMap;

use actix_session::SessionMiddleware;
use actix_session::config::CookieContentSecurity;
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::body::MessageBody;
use actix_web::cookie::{Key, SameSite, time};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use serde_json::json;

use super::actor::Actor;
use super::claim::Claim;
use crate::crud::sessions::{self, Found, Lifetime, Opening};
use crate::crud::{devices, logins, second_factors, session_holders};
use crate::db::{self, AnyConnection, Author, Db, Write};
use crate::error::Error;
use crate::token;

/// What a loaded session holds: the [`Actor`], read from the database in this request.
pub(super) const ACTOR: &str = "actor";
/// What a session holds instead that owes the second factor: the [`Claim`].
pub(super) const CLAIM: &str = "claim";
/// What a session holds instead when the database could not be asked: what to say of it, or nothing when it is our fault.
pub(super) const FAILED: &str = "failed";
/// What a session holds that has ended: whose it was.
pub(super) const FORMER: &str = "former";
/// What a new session is made of: the [`Login`] that began it.
pub(super) const LOGIN: &str = "login";

/// Set in a session that is to have another key: its number.
pub(super) const RENEWED: &str = "renewed";

/// A login that succeeded, on its way into a new session.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Login {
    pub user_id: i64,
    pub email: String,
    /// The hash that the password was verified with.
    pub hashed_password: String,
    pub address: String,
    pub request_id: String,
    pub user_agent: String,
    pub proof: Proof,
    /// The key by which the browser will be known, and the one by which it was.
    pub device: Option<String>,
    pub former_device: Option<String>,
}

/// How somebody showed who they are.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) enum Proof {
    /// By the password; whoever has a second factor owes it then.
    Password,
    /// By all that is asked for, in these words.
    Complete(String),
}

pub(super) struct Store {
    pub db: Db,
    pub lifetime: Lifetime,
}

/// The middleware that brings the session to a request and takes changes of it back.
pub(super) fn middleware(store: Store, secure: bool) -> SessionMiddleware<Store> {
    // The cookie holds 256 random bits of which only a hash is stored. A signature could not make that harder to guess,
    // so its key need not be secret, and every process has the same.
    SessionMiddleware::builder(store, Key::from(&[0; 64]))
        .cookie_content_security(CookieContentSecurity::Signed)
        .cookie_name(if secure { "__Host-quarterdeck" } else { "quarterdeck" }.into())
        .cookie_secure(secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".into())
        .build()
}

/// Has the connection that a session is read with serve what the request does next.
pub async fn keep_connection(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    db::keeping(next.call(request)).await
}

impl SessionStore for Store {
    /// Session, user and permissions in one query: the state of a session is who asks, as of now.
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let (key, now, lifetime) = (key.as_ref().to_owned(), self.db.clock().now(), self.lifetime);
        let find = move |conn: &mut AnyConnection| {
            let found = sessions::find(conn, token::hash(&key), now, lifetime)?;
            let former = if found.is_none() { session_holders::find(conn, &key)? } else { None };
            Ok::<_, Error>(found.ok_or(former))
        };
        let found = match self.db.read_first(find).await {
            Ok(Ok(found)) => found,
            Ok(Err(former)) => {
                return Ok(former.map(|user_id| HashMap::from([(FORMER.to_owned(), json!(user_id).to_string())])));
            }
            // Told to the door that needs the session: an error here would lose what kind it is of, and the headers.
            Err(cause) => {
                let busy = if let Error::Unavailable(why) = &cause { Some(why) } else { None };
                if busy.is_none() {
                    tracing::error!(%cause, "a session can't be read");
                }
                return Ok(Some(HashMap::from([(FAILED.to_owned(), json!(busy).to_string())])));
            }
        };
        let (name, state) = if found.session.owes_factor {
            let Found { user, .. } = found;
            let claim = Claim { user_id: user.id, email: user.email, hashed_password: user.hashed_password };
            (CLAIM, serde_json::to_string(&claim))
        } else {
            (ACTOR, serde_json::to_string(&Actor::of(found)))
        };
        let state = state.map_err(|cause| LoadError::Deserialization(cause.into()))?;
        Ok(Some(HashMap::from([(name.to_owned(), state)])))
    }

    async fn save(&self, state: HashMap<String, String>, _: &time::Duration) -> Result<SessionKey, SaveError> {
        let other = |cause: Error| SaveError::Other(cause.into());
        let login: Login = state
            .get(LOGIN)
            .and_then(|login| serde_json::from_str(login).ok())
            .ok_or_else(|| other(Error::internal("a session is made by a login only")))?;
        let key = token::new().map_err(other)?;
        let Login { user_id, email, address, request_id, .. } = login;
        let by = Author { user_id: Some(user_id), name: email, session_id: None, address, request_id };
        let (stored, lifetime) = (key.clone(), self.lifetime);
        let saving = self.db.write(by, move |w| {
            let way = match &login.proof {
                Proof::Password => (!second_factors::has(w.conn, user_id)?).then_some("password"),
                Proof::Complete(way) => Some(way.as_str()),
            };
            if !logins::confirm(w, user_id, &login.hashed_password, way.is_some())? {
                return Err(Error::Unauthenticated);
            }
            let opening = Opening { user_id, user_agent: &login.user_agent, way };
            sessions::create(w, &stored, opening, lifetime)?;
            if let (Some(_), Some(device)) = (way, &login.device) {
                devices::remember(w, user_id, device, login.former_device.as_deref())?;
            }
            Ok::<_, Error>(())
        });
        saving.await.map_err(other)?;
        SessionKey::try_from(key).map_err(|cause| SaveError::Other(cause.into()))
    }

    /// Nothing of a session changes but its key: who holds it makes a new one.
    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        _: &time::Duration,
    ) -> Result<SessionKey, UpdateError> {
        let Some(id) = state.get(RENEWED).and_then(|id| id.parse().ok()) else { return Ok(key) };
        let other = |cause: Error| UpdateError::Other(cause.into());
        let new = token::new().map_err(other)?;
        let (stored, lifetime) = (new.clone(), self.lifetime);
        let renewing = move |w: &mut Write| Ok::<_, Error>(sessions::renew_key(w, id, &stored, lifetime)?);
        let renewing = self.db.write(Author::default(), renewing).await;
        match renewing {
            Ok(()) => SessionKey::try_from(new).map_err(|cause| UpdateError::Other(cause.into())),
            // What was confirmed is done by now; its answer must not say otherwise.
            Err(cause) => {
                tracing::error!(%cause, "a session could not be given another key");
                Ok(key)
            }
        }
    }

    /// The end of a session is decided when it is loaded.
    async fn update_ttl(&self, _: &SessionKey, _: &time::Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let key = key.as_ref().to_owned();
        let by = Author { name: "the session's holder".into(), ..Author::default() };
        Ok(self.db.write(by, move |w| Ok::<_, Error>(sessions::delete(w, &key)?)).await?)
    }
}
