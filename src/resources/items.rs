use std::sync::LazyLock;

use crate::admin::{BulkAction, Field, Resource};
use crate::db::schema::items;
use crate::models::{Item, User};

type ItemField = Field<Item>;

static FIELDS: LazyLock<Vec<Field<Item>>> = LazyLock::new(|| {
    vec![
        ItemField::text("title", "Title", |item| &item.title, |changes| &mut changes.title)
            .required()
            .max(200)
            .inline()
            .sort(items::title_key, |item| item.title_key.clone())
            .search(items::title)
            .search_start(items::title_key),
        ItemField::one::<User, _>(
            "owner",
            "Owner",
            items::owner_id,
            |item| item.owner_id,
            |changes| &mut changes.owner_id,
        )
        .required()
        .inline()
        .filter_by::<User, _>("owner", "Owner", items::owner_id),
        ItemField::area("description", "Description", |item| &item.description, |changes| &mut changes.description)
            .max(10_000)
            .inline()
            .unlisted()
            .search(items::description),
        ItemField::time("created_at", "Created", |item| Some(item.created_at))
            .sort(items::created_at, |item| item.created_at)
            .range(["created_from", "created_to"], ["Created from", "Created to"], items::created_at),
        ItemField::time("updated_at", "Updated", |item| Some(item.updated_at))
            .sort(items::updated_at, |item| item.updated_at),
    ]
});

impl Resource for Item {
    const ONE: &'static str = "item";

    fn label(&self) -> String {
        self.title.clone()
    }

    fn fields() -> &'static [Field<Self>] {
        &FIELDS
    }

    fn bulk() -> &'static [BulkAction] {
        const ACTIONS: &[BulkAction] = &[
            BulkAction::choose("hand_over", "Hand to another owner", "Hand {rows} to {value}", "owner")
                .counted_by("owner"),
            BulkAction::delete(),
        ];
        ACTIONS
    }
}
