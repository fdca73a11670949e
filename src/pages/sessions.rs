//! Where somebody is logged in, as the own account and another's show it.

use crate::admin::Moment;
use crate::browser;
use crate::models::Session;

/// The sessions of an account.
pub struct SessionsView {
    /// The address below which they are ended.
    pub base: String,
    pub sessions: Vec<SessionView>,
    pub may_end: bool,
}

/// A session that has not ended.
pub struct SessionView {
    pub id: i64,
    pub address: String,
    /// What the browser is, and what it called itself.
    pub browser: String,
    pub user_agent: String,
    pub started: Moment,
    pub seen: Moment,
    /// The one that asks.
    pub is_this: bool,
}

impl SessionsView {
    pub fn of(base: String, sessions: Vec<Session>, this: i64, may_end: bool) -> Self {
        let view = |session: Session| SessionView {
            is_this: session.id == this,
            id: session.id,
            address: session.address,
            browser: browser::name(&session.user_agent),
            user_agent: session.user_agent,
            started: Moment(session.created_at),
            seen: Moment(session.last_seen_at),
        };
        SessionsView { base, sessions: sessions.into_iter().map(view).collect(), may_end }
    }
}
