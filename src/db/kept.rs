//! The connection with which a request's session was read, kept for what the request reads or writes next: it answered a
//! moment ago, so it need not be asked whether it lives.

use std::cell::RefCell;

use super::pool::Lent;

tokio::task_local! {
    static KEPT: RefCell<Option<Lent>>;
}

/// Runs a request; what is kept in it goes back to the pool with its end.
pub async fn keeping<T>(request: impl Future<Output = T>) -> T {
    KEPT.scope(RefCell::new(None), request).await
}

/// Keeps a connection for what this request does next. Outside of one it goes back to the pool.
pub(super) fn keep(conn: Lent) {
    let _ = KEPT.try_with(|kept| kept.replace(Some(conn)));
}

/// Gives back what this request has kept, before it waits for something else than the database.
pub fn let_go() {
    drop(take());
}

/// What this request has kept.
pub(super) fn take() -> Option<Lent> {
    KEPT.try_with(RefCell::take).ok().flatten()
}
