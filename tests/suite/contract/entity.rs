//! What the contract must know of each entity: all that differs.

use crate::support::{PASSWORD, TestApp, TestDatabase};

/// The day on which rows are made, unless another is said; all at one moment, so that they are equal in it.
pub const MOMENT: &str = "2026-01-02 03:04:05";

/// An entity under the contract.
pub struct Entity {
    pub name: &'static str,
    pub one: &'static str,
    /// The field that a record is called by, its label, and its column. Another program may write anything there.
    pub field: &'static str,
    pub label: &'static str,
    pub column: &'static str,
    /// The headings of the list.
    pub headings: &'static [&'static str],
    /// The second field that is searched.
    pub second: Option<&'static str>,
    /// A record is called by a text like this; `*` stands for something of its own.
    pub called: &'static str,
    /// Stores rows: `{label}`, `{second}` and `{created}` are SQL, `n` counts them.
    insert: &'static str,
    /// How the list is sorted: the name in the URL and the column.
    pub sorts: &'static [(&'static str, &'static str)],
    /// Filters and what must hold of the rows they leave.
    pub filters: &'static [(&'static str, &'static str)],
    /// A form for a new record that is refused, the fields at fault in their order, and a field that is kept as typed.
    pub invalid: &'static [(&'static str, &'static str)],
    pub faulty: &'static [&'static str],
    pub typed: (&'static str, &'static str),
    /// What must hold of a row in which only the field that it is called by was saved.
    pub untouched: &'static str,
    /// Stores as many things as `n` counts that go with the record `{id}`, and what is said of them.
    pub depends: Option<(&'static str, &'static str)>,
    /// True when two records can't be called the same.
    pub is_unique: bool,
}

pub const USERS: Entity = Entity {
    name: "users",
    one: "user",
    field: "email",
    label: "Email",
    column: "email",
    headings: &["Email", "Active", "Roles", "Items", "Last login", "Created"],
    second: None,
    called: "*@example.com",
    insert: "INSERT INTO users (email, hashed_password, is_active, created_at, updated_at) \
             SELECT {label}, 'x', n % 3 <> 0, {created}, {created} FROM numbers",
    sorts: &[("email", "email"), ("is_active", "is_active"), ("created_at", "created_at")],
    filters: &[
        ("is_active=false", "NOT is_active"),
        ("is_active=true", "is_active"),
        ("created_from=2026-01-02&created_to=2026-01-02", "created_at >= '2026-01-02' AND created_at < '2026-01-03'"),
        ("created_from=2026-01-03", "created_at >= '2026-01-03'"),
        ("created_to=2026-01-01&is_active=true", "created_at < '2026-01-02' AND is_active"),
    ],
    invalid: &[("email", "Not An Address"), ("is_active", "false")],
    faulty: &["email"],
    typed: ("email", "Not An Address"),
    untouched: "hashed_password = 'x' AND is_active",
    depends: Some(("INSERT INTO items (owner_id, title) SELECT {id}, 'Theirs' FROM numbers", "items")),
    is_unique: true,
};

pub const ITEMS: Entity = Entity {
    name: "items",
    one: "item",
    field: "title",
    label: "Title",
    column: "title",
    headings: &["Title", "Owner", "Created", "Updated"],
    second: Some("description"),
    called: "*",
    insert: "INSERT INTO items (owner_id, title, description, created_at, updated_at) \
             SELECT (SELECT min(id) FROM users), {label}, {second}, {created}, {created} FROM numbers",
    sorts: &[("title", "lower(title)"), ("created_at", "created_at"), ("updated_at", "updated_at")],
    filters: &[
        ("owner=1", "owner_id = 1"),
        ("owner=2", "owner_id = 2"),
        ("created_from=2026-01-02&created_to=2026-01-02", "created_at >= '2026-01-02' AND created_at < '2026-01-03'"),
        ("created_from=2026-01-03", "created_at >= '2026-01-03'"),
    ],
    invalid: &[("title", "   "), ("owner", ""), ("description", "Kept <as> typed & all")],
    faulty: &["title", "owner"],
    typed: ("description", "Kept <as> typed & all"),
    untouched: "description = 'second' AND owner_id = 1",
    depends: None,
    is_unique: false,
};

pub const ROLES: Entity = Entity {
    name: "roles",
    one: "role",
    field: "name",
    label: "Name",
    column: "name",
    headings: &["Name", "Description", "Users", "Permissions", "Created"],
    second: Some("description"),
    called: "*",
    insert: "INSERT INTO roles (name, description, created_at, updated_at) \
             SELECT {label}, {second}, {created}, {created} FROM numbers",
    sorts: &[("name", "lower(name)"), ("created_at", "created_at")],
    filters: &[
        ("created_from=2026-01-02&created_to=2026-01-02", "created_at >= '2026-01-02' AND created_at < '2026-01-03'"),
        ("created_to=2026-01-01", "created_at < '2026-01-02'"),
    ],
    invalid: &[("name", ""), ("description", "Kept"), ("permissions", "no.such"), ("permissions", "users.view")],
    faulty: &["name", "permissions"],
    typed: ("description", "Kept"),
    untouched: "description = 'second' AND NOT is_builtin",
    depends: Some((
        "INSERT INTO user_roles (user_id, role_id) SELECT users.id, {id} FROM users, numbers \
         WHERE users.email = 'row' || n || '@example.com'",
        "users",
    )),
    is_unique: true,
};

impl Entity {
    /// Stores the rows with these numbers, all equal in their times.
    pub fn seed(&self, database: &TestDatabase, first: u32, last: u32) {
        let label = match self.called.split_once('*') {
            Some(("", "")) => "'Row ' || n".to_owned(),
            Some((_, rest)) => format!("'row' || n || '{rest}'"),
            None => unreachable!("every label has its own part"),
        };
        self.insert(database, (first, last), &label, "''", MOMENT);
    }

    /// Stores one row; its id.
    pub fn row(&self, database: &TestDatabase, own: &str, second: &str, created: &str) -> i64 {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        self.insert(database, (1, 1), &quoted(&self.call(own)), &quoted(second), created);
        database.number(&format!("SELECT max(id) FROM {}", self.name))
    }

    fn insert(&self, database: &TestDatabase, (first, last): (u32, u32), label: &str, second: &str, created: &str) {
        let insert = self.insert.replace("{label}", label).replace("{second}", second);
        let insert = insert.replace("{created}", &format!("'{created}'"));
        database.execute(&counting(first, last, &insert));
    }

    /// Stores what goes with a record.
    pub fn depend(&self, database: &TestDatabase, id: i64, count: u32) {
        let (insert, _) = self.depends.expect("something goes with it");
        if self.name == "roles" {
            USERS.seed(database, 1, count);
        }
        database.execute(&counting(1, count, &insert.replace("{id}", &id.to_string())));
    }

    /// The label of the record that has this as its own.
    pub fn call(&self, own: &str) -> String {
        self.called.replace('*', own)
    }

    /// What stands there for a record with this id.
    pub fn stored(&self, database: &TestDatabase, id: i64) -> String {
        let column = self.column;
        let texts = database.texts(&format!("SELECT {column} FROM {} WHERE id = {id}", self.name));
        texts.into_iter().next().unwrap_or_else(|| panic!("{} {id} is stored", self.name))
    }

    pub fn count(&self, database: &TestDatabase) -> i64 {
        database.number(&format!("SELECT count(*) FROM {}", self.name))
    }

    /// A form for a new record that is taken.
    pub fn valid(&self, own: &str) -> Vec<(&'static str, String)> {
        let mut form = vec![(self.field, self.call(own))];
        match self.name {
            "users" => form.extend([("password", PASSWORD.to_owned()), ("is_active", "true".to_owned())]),
            "items" => form.extend([("owner", "1".to_owned()), ("description", "Whatever".to_owned())]),
            _ => form.extend([("description", "Whatever".to_owned()), ("permissions", "users.view".to_owned())]),
        }
        form
    }

    /// An application in which somebody with the id 1 owns things.
    pub async fn app(&self) -> TestApp {
        let app = TestApp::start().await;
        let owner = app.db_user("owner@elsewhere.test", &[]).await;
        assert_eq!(owner.id, 1, "the first user of a database");
        app
    }
}

fn counting(first: u32, last: u32, insert: &str) -> String {
    format!(
        "WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}) {insert}"
    )
}
