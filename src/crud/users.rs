//! Users: found by address, made with a password, authenticated; and what they may do.

mod acting;
mod authentication;
pub use acting::{Acting, acting};
mod whole;
pub use authentication::{Verification, Verified, authenticate, note_login, refused_login, verify};
pub use whole::{Whole, whole};

use diesel::dsl::exists;
use diesel::prelude::*;

use super::audit::{self, Action, Change, Event, Value};
use super::entity::crud;
use super::{Crud as _, Entity as _};
use super::{password_links, roles, sessions};
use crate::db::schema::{role_permissions, roles as roles_table, user_roles, users};
use crate::db::{AnyConnection, Author, Db, Write, sql};
use crate::email::normalized;
use crate::error::{Error, Result};
use crate::models::{NewUser, Role, User, UserChanges};
use crate::password::{Hasher, is_no_password};

crud!(User, users, NewUser, UserChanges);

/// A permission that a role of a user has: `None` stands for all of them.
pub type Held = Option<String>;

/// The user with this address, or none.
pub fn get_by_email(conn: &mut AnyConnection, email: &str) -> QueryResult<Option<User>> {
    // PostgreSQL takes no text with this character, so nobody has such an address.
    if email.contains('\0') {
        return Ok(None);
    }
    users::table.filter(users::email.eq(normalized(email))).get_result(conn).optional()
}

/// Makes a user with a password, of which the hash is stored, and with roles.
///
/// Fails with the constraint's own error when the address is taken.
pub async fn create(
    db: &Db,
    hasher: &Hasher,
    by: Author,
    email: &str,
    password: String,
    role_ids: Vec<i64>,
) -> Result<User> {
    let new = NewUser { email: normalized(email), hashed_password: hasher.hash(password).await?, is_active: true };
    db.write(by, move |w| make(w, new, &role_ids)).await
}

/// As [`create`], but with no password: the user chooses one by a link, whose token comes with the user.
pub async fn create_without_password(
    db: &Db,
    hasher: &Hasher,
    by: Author,
    email: &str,
    role_ids: Vec<i64>,
) -> Result<(User, String)> {
    let new = NewUser { email: normalized(email), hashed_password: hasher.no_password(), is_active: true };
    db.write(by, move |w| {
        let user = make(w, new, &role_ids)?;
        let token = password_links::create(w, user.id)?.ok_or(Error::NotFound)?;
        Ok((user, token))
    })
    .await
}

fn make(w: &mut Write, new: NewUser, role_ids: &[i64]) -> Result<User> {
    let user = User::create(w, new)?;
    roles::give(w, user.id, role_ids)?;
    record_new(w, Event::new(Action::CREATE), &user)?;
    Ok(user)
}

/// Puts a user who was just made on record.
fn record_new(w: &mut Write, event: Event, user: &User) -> QueryResult<()> {
    let held = roles::of_users(w.conn, &[user.id])?;
    let held: Vec<_> = held.into_iter().map(|(_, role)| Value::named(&role.id, &role.name)).collect();
    let mut changes = vec![Change::text("email", "", &user.email)];
    changes.extend((!is_no_password(&user.hashed_password)).then(|| Change::secret("password")));
    changes.push(Change::text("is_active", "", &user.is_active.to_string()));
    changes.extend((!held.is_empty()).then(|| Change::new("roles", Vec::new(), held)));
    audit::record(w, event.on(User::NAME, user.id, &user.email).changes(changes))
}

/// Sets a user's password, ends the user's sessions and spoils the user's links; none when there is no such user.
pub async fn set_password(db: &Db, hasher: &Hasher, by: Author, email: &str, password: String) -> Result<Option<User>> {
    let email = email.to_owned();
    let hash = hasher.hash(password).await?;
    db.write(by, move |w| {
        let Some(user) = get_by_email(w.conn, &email)? else { return Ok(None) };
        Ok(replace_password(w, user.id, hash, None)?)
    })
    .await
}

/// Stores another hash for a user, ends the user's sessions, but for one if it is given, and spoils the links by which yet
/// another password could be chosen; none when there is no such user.
pub fn replace_password(w: &mut Write, id: i64, hash: String, but: Option<i64>) -> QueryResult<Option<User>> {
    let changes = UserChanges { hashed_password: Some(hash), ..Default::default() };
    let Some(user) = User::update(w, id, &changes)? else { return Ok(None) };
    let event = Event::new(Action::PASSWORD_CHANGE).on(User::NAME, id, &user.email);
    audit::record(w, event.changes(vec![Change::secret("password")]))?;
    sessions::delete_all_of_user(w, id, but)?;
    password_links::delete_all_of_user(w, id)?;
    Ok(Some(user))
}

/// Gives a user a role that the user does not hold yet; whoever has the account open is told that it changed.
pub async fn give_role(db: &Db, by: Author, id: i64, role_id: i64) -> Result<()> {
    db.write(by, move |w| {
        let named =
            |held: Vec<(i64, Role)>| held.into_iter().map(|(_, role)| Value::named(&role.id, &role.name)).collect();
        let before = roles::of_users(w.conn, &[id])?;
        password_links::delete_all_of_user(w, id)?;
        roles::give(w, id, &[role_id])?;
        let user = User::update(w, id, &UserChanges::default())?.ok_or(Error::NotFound)?;
        let change = Change::new("roles", named(before), named(roles::of_users(w.conn, &[id])?));
        audit::record(w, Event::new(Action::UPDATE).on(User::NAME, id, &user.email).changes(vec![change]))?;
        Ok::<_, Error>(())
    })
    .await
}

/// Locks the row of a user until the end of the transaction; none when there is no such user, or one who is not active.
pub fn lock_active(w: &mut Write, id: i64) -> QueryResult<Option<User>> {
    let (same, active) = (users::last_login_at.eq(users::last_login_at), users::id.eq(id).and(users::is_active));
    sql::updated(same, active).get_result(w.conn).optional()
}

/// Those of these users who hold the built-in role or a permission outside `permissions`, in one query.
pub fn holding_more(conn: &mut AnyConnection, ids: &[i64], permissions: &[String]) -> QueryResult<Vec<i64>> {
    let permission = role_permissions::permission.nullable();
    let outside = permission.is_not_null().and(permission.ne_all(permissions.to_vec()));
    user_roles::table
        .inner_join(roles_table::table)
        .left_join(role_permissions::table.on(role_permissions::role_id.eq(roles_table::id)))
        .filter(sql::among(conn.engine(), user_roles::user_id, ids))
        .filter(roles_table::is_builtin.nullable().or(outside))
        .select(user_roles::user_id)
        .distinct()
        .load(conn)
}

/// Whether someone active holds the built-in role.
pub fn has_active_administrator(conn: &mut AnyConnection) -> QueryResult<bool> {
    has_other_active_administrator(conn, 0)
}

/// Whether someone active but this user holds the built-in role.
pub fn has_other_active_administrator(conn: &mut AnyConnection, id: i64) -> QueryResult<bool> {
    // From the role to those who hold it: from the users on, all of them would be looked at where nobody holds it.
    let builtin = roles_table::table.filter(roles_table::is_builtin).select(roles_table::id);
    let active = users::table.filter(users::id.eq(user_roles::user_id)).filter(users::is_active);
    let administrators = user_roles::table
        .filter(user_roles::role_id.eq_any(builtin))
        .filter(user_roles::user_id.ne(id))
        .filter(exists(active));
    diesel::select(exists(administrators)).get_result(conn)
}

/// Waits for the turn to decide who is an administrator: what is read of that afterwards stays true to the end.
pub fn decide_administrators(w: &mut Write) -> QueryResult<()> {
    sql::take_turns(w.conn, sql::Turn::Administrators)
}

/// What became of the wish to make the first administrator.
pub enum FirstAdministrator {
    Made(User),
    /// There is one already.
    TooLate,
    /// Somebody else has the address.
    Taken,
}

/// The first administrator, made only while there is none.
pub async fn create_first_administrator(
    db: &Db,
    hasher: &Hasher,
    by: Author,
    email: &str,
    password: String,
) -> Result<FirstAdministrator> {
    let new = NewUser { email: normalized(email), hashed_password: hasher.hash(password).await?, is_active: true };
    db.write(by, move |w| {
        decide_administrators(w)?;
        if has_active_administrator(w.conn)? {
            return Ok(FirstAdministrator::TooLate);
        }
        if get_by_email(w.conn, &new.email)?.is_some() {
            return Ok(FirstAdministrator::Taken);
        }
        let Role { id, .. } = roles::administrator(w.conn)?;
        let user = User::create(w, new)?;
        roles::give(w, user.id, &[id])?;
        super::setup_tokens::delete_all(w)?;
        record_new(w, Event::new(Action::SETUP).by(Some(user.id), &user.email), &user)?;
        Ok::<_, Error>(FirstAdministrator::Made(user))
    })
    .await
}
