use crate::support::{Page, TestApp};

/// A cell that can be edited: where, what it is called, what is put in, what is then stored (`SELECT .. FROM entity`).
pub struct Cell {
    pub entity: &'static str,
    pub id: i64,
    pub field: &'static str,
    pub label: &'static str,
    pub put_in: String,
    pub stored: &'static str,
    pub kept: String,
    /// Something that is refused, and what is said then.
    pub refused: &'static str,
    pub said: &'static str,
}

/// The cells of a user, an item and a role that are stored now.
pub async fn cells(app: &TestApp) -> Vec<Cell> {
    let user = app.db_user("ann@example.com", &[]).await.id;
    let owner = app.db_user("owner@example.com", &[]).await.id.to_string();
    let item = app.db_item(user, "Anchor").await.id;
    let role = app.db_role("Crew", &[]).await.id;
    let cell = |entity, id, field, label, put_in: &str, stored, kept: &str, refused, said| {
        let (put_in, kept) = (put_in.to_owned(), kept.to_owned());
        Cell { entity, id, field, label, put_in, stored, kept, refused, said }
    };
    vec![
        cell(
            "users",
            user,
            "email",
            "email",
            " Bea@Example.com ",
            "email",
            "bea@example.com",
            "bea",
            "Enter a whole address",
        ),
        cell("users", user, "is_active", "active", "false", "CASE WHEN is_active THEN 't' ELSE 'f' END", "f", "", ""),
        cell("items", item, "title", "title", "  Bell ", "title", "Bell", " ", "needed"),
        cell(
            "items",
            item,
            "owner",
            "owner",
            &owner,
            "CAST(owner_id AS TEXT)",
            &owner,
            "987654321",
            "not there any more",
        ),
        cell(
            "items",
            item,
            "description",
            "description",
            "Two\r\nlines",
            "description",
            "Two\nlines",
            "\u{7}",
            "can't be shown",
        ),
        cell("roles", role, "name", "name", "Mates", "name", "Mates", "", "needed"),
        cell(
            "roles",
            role,
            "description",
            "description",
            "All hands",
            "description",
            "All hands",
            "a\nb",
            "can't be shown",
        ),
    ]
}

impl Cell {
    pub fn url(&self) -> String {
        format!("/{}/{}/{}", self.entity, self.id, self.field)
    }

    pub fn td(&self) -> String {
        format!("<td id=\"{}-{}-{}\"", self.entity, self.id, self.field)
    }

    pub fn is_it(&self, page: &Page) -> bool {
        !page.is_whole() && page.body.trim_start().starts_with(&self.td())
    }

    pub fn text(&self, app: &TestApp) -> String {
        let texts = app.database.texts(&format!("SELECT {} FROM {} WHERE id = {}", self.stored, self.entity, self.id));
        texts.into_iter().next().expect("a row")
    }

    pub fn version(&self, app: &TestApp) -> i64 {
        app.database.number(&format!("SELECT version FROM {} WHERE id = {}", self.entity, self.id))
    }
}
