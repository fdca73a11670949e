//! A list's address: what is not understood is refused, and never another list shown.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use proptest::sample::select;
use url::form_urlencoded::Serializer;

use super::{Held, holds_of, text};
use crate::support::{TestApp, Visitor};

/// What a list can be asked for.
const KNOWN: [(&str, &[&str]); 3] = [
    (
        "users",
        &["q", "sort", "limit", "after", "before", "is_active", "role", "find.role", "created_from", "created_to"],
    ),
    ("items", &["q", "sort", "limit", "after", "before", "owner", "find.owner", "created_from", "created_to"]),
    ("roles", &["q", "sort", "limit", "after", "before", "created_from", "created_to"]),
];

async fn scene() -> (TestApp, Visitor) {
    let app = TestApp::start().await;
    for number in 0..28 {
        let user = app.db_user(&format!("user{number}@example.com"), &[]).await.id;
        app.db_item(user, &format!("Item {number}")).await;
    }
    let admin = app.admin().await;
    (app, admin)
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let names: Vec<_> = KNOWN.iter().flat_map(|(_, names)| *names).map(|name| (*name).to_owned()).collect();
    let name = prop_oneof![8 => select(names), 1 => text()];
    let meant = select(vec![
        "",
        "a",
        "user",
        "email",
        "-email",
        "title",
        "name",
        "-created_at",
        "25",
        "50",
        "100",
        "1",
        "true",
        "end",
        "2026-11-01",
    ]);
    let value = prop_oneof![3 => meant.prop_map(ToOwned::to_owned), 1 => text()];
    prop::collection::vec((name, value), 0..5)
}

#[test]
fn a_list_is_the_one_that_was_asked_for_or_refused() {
    let system = actix_web::rt::System::new();
    let (_app, admin) = system.block_on(scene());
    holds_of(
        &system,
        100,
        &(select(KNOWN.to_vec()), pairs(), any::<bool>()),
        async |((entity, known), pairs, is_htmx)| {
            let query = Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let path = format!("/{entity}?{query}");
            let page =
                if is_htmx { admin.htmx(reqwest::Method::GET, &path, &[]).await } else { admin.get(&path).await };
            prop_assert!(matches!(page.status, 200 | 400), "{}: {}", path, page.status);
            if page.status == 400 {
                return Ok(());
            }
            let mut names: Vec<_> = pairs.iter().map(|(name, _)| name.as_str()).collect();
            prop_assert!(names.iter().all(|name| known.contains(name)), "{} knows {:?}", entity, names);
            names.sort_unstable();
            prop_assert!(names.windows(2).all(|two| two[0] != two[1]), "{:?} are said once", names);
            let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            let is_set = |name: &&str| {
                !matches!(*name, "q" | "sort" | "limit" | "after" | "before")
                    && !name.starts_with("find.")
                    && value(name) != Some("")
            };
            prop_assert_eq!(
                page.all(".pill").len(),
                names.iter().filter(|name| is_set(name)).count(),
                "each filter is named: {}",
                path
            );
            if let (Some(q), false) = (value("q"), is_htmx) {
                prop_assert_eq!(page.attribute("#search [name=q]", "value"), q, "{}", path);
            }
            let limit = value("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
            prop_assert!(page.ids().len() <= limit, "{} rows of {}", page.ids().len(), path);
            Ok(())
        },
    );
}

#[test]
fn a_cursor_from_anywhere_is_a_place_in_this_order_or_refused() {
    let system = actix_web::rt::System::new();
    let (_app, admin) = system.block_on(scene());
    let page = system.block_on(admin.get("/users?limit=25&sort=-email"));
    let next = page.attribute("#page-next", "href");
    let (start, own) = next.split_once("after=").expect("a cursor");
    let (start, own) = (start.to_owned(), own.to_owned());
    let bytes = URL_SAFE_NO_PAD.decode(&own).expect("base64");
    let near = (any::<prop::sample::Index>(), any::<u8>()).prop_map(move |(place, byte)| {
        let mut bytes = bytes.clone();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        URL_SAFE_NO_PAD.encode(bytes)
    });
    let number = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        select(vec!["null", "1.5", "1e99", "\"1\"", "99999999999999999999"]).prop_map(ToOwned::to_owned)
    ];
    let key = prop_oneof![
        text().prop_map(|text| serde_json::json!(text).to_string()),
        select(vec!["null", "true", "[]", "{}", "1", "1e999"]).prop_map(ToOwned::to_owned)
    ];
    let made = (key, number.clone(), number).prop_map(|(key, id, number)| {
        URL_SAFE_NO_PAD.encode(format!(r#"{{"s":"-email","k":{key},"i":{id},"n":{number}}}"#))
    });
    let cursor = prop_oneof![2 => near, 2 => made, 1 => text(), 1 => prop::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| URL_SAFE_NO_PAD.encode(bytes))];
    holds_of(&system, 250, &(cursor, select(vec!["after", "before"])), async |(cursor, place)| -> Held {
        let query = Serializer::new(String::new()).append_pair(place, &cursor).finish();
        let page = admin.get(&format!("{start}{query}")).await;
        prop_assert!(matches!(page.status, 200 | 400), "{}: {}", query, page.status);
        let emails = page.all("td[data-label=Email] .opens");
        prop_assert!(emails.windows(2).all(|two| two[0] > two[1]), "{}: in this order: {:?}", query, emails);
        Ok(())
    });
}
