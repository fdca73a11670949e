use super::Entity;
use super::entity::MOMENT;
use crate::support::{Page, Visitor};

/// The query of a list, encoded.
fn list(entity: &Entity, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("/{}?{query}", entity.name)
}

/// The list for a search, best read as the records that it shows.
async fn search(visitor: &Visitor, entity: &Entity, q: &str) -> Vec<i64> {
    let page = visitor.get(&list(entity, &[("q", q)])).await;
    assert_eq!(page.status, 200, "a search for {q:?}: {}", page.text());
    page.ids()
}

pub async fn the_list_shows_each_record_with_the_way_to_it(entity: &Entity) {
    let app = entity.app().await;
    let id = entity.row(&app.database, "ann", "", MOMENT);
    let admin = app.admin().await;
    let page = admin.get(&format!("/{}", entity.name)).await;
    let (name, one, label) = (entity.name, entity.one, entity.call("ann"));
    assert_eq!(page.status, 200);
    assert_eq!(
        page.all("h1"),
        [page.all(".nav [aria-current=page]")[0].clone()],
        "the heading is the navigation's word"
    );
    let row = format!("tr[id={name}-{id}]");
    assert!(page.all(&format!("{row} td.cell"))[0].contains(&label), "{label} stands in its row");
    assert_eq!(page.attribute(&format!("{row} td a"), "href"), format!("/{name}/{id}"));
    assert_eq!(page.all("thead th"), entity.headings, "the columns");
    assert_eq!(page.link(&format!("New {one}")).as_deref(), Some(format!("/{name}/new").as_str()));
    assert_eq!(page.attribute("input[type=search][name=q]", "aria-label"), format!("Search {name}"));
    let edit = format!("a[aria-label='Edit {} of {label}']", entity.label.to_lowercase());
    let href = page.attribute(&edit, "href");
    assert!(href.starts_with(&format!("/{name}/{id}/{}/edit", entity.field)), "the edit control leads to {href}");
    let shown = page.ids();
    let stored = app.database.number(&format!("SELECT count(*) FROM {name}"));
    assert_eq!(shown.len() as i64, stored, "every record is shown: {shown:?}");
}

pub async fn a_search_wants_each_word_in_some_field(entity: &Entity) {
    let app = entity.app().await;
    let row = |own, second| entity.row(&app.database, own, second, MOMENT);
    let (beta, gamma) = (row("alpha-beta", ""), row("alpha-gamma", ""));
    let admin = app.admin().await;
    assert_eq!(search(&admin, entity, "alpha").await, [beta, gamma]);
    assert_eq!(search(&admin, entity, "beta alpha").await, [beta], "each word must be found");
    assert_eq!(search(&admin, entity, "  beta\t alpha  ").await, [beta], "the space between them does not matter");
    assert_eq!(search(&admin, entity, "pha-be").await, [beta], "a part of a word is found");
    assert_eq!(search(&admin, entity, "beta gamma").await, [0; 0], "one row must have them all");
    let all = search(&admin, entity, " ").await;
    assert_eq!(all.len() as i64, entity.count(&app.database), "no word leaves every row");
    if entity.second.is_some() {
        let delta = row("delta", "in the other field: epsilon");
        assert_eq!(search(&admin, entity, "epsilon").await, [delta]);
        assert_eq!(search(&admin, entity, "epsilon delta").await, [delta], "the words may be in different fields");
        assert_eq!(search(&admin, entity, "epsilon alpha").await, [0; 0]);
    }
}

pub async fn a_search_takes_every_character_as_it_is(entity: &Entity) {
    let app = entity.app().await;
    let admin = app.admin().await;
    for special in ["%", "_", "\\", "'", "\"", "*", "?", "[a]", "\\%", "--", ";", "&", "<b>", "$1$", "%%", "😀"] {
        let (with, without) = (format!("x{special}y"), "xzzy");
        let found = entity.row(&app.database, &with, "", MOMENT);
        let other = entity.row(&app.database, &format!("{without}{found}"), "", MOMENT);
        let shown = search(&admin, entity, &with).await;
        assert_eq!(shown, [found], "{with:?} finds itself and not {other}");
        let shown = search(&admin, entity, special).await;
        assert!(
            shown.contains(&found) && !shown.contains(&other),
            "{special:?} alone finds {found}, not {other}: {shown:?}"
        );
        let page = admin.get(&list(entity, &[("q", &with)])).await;
        assert_eq!(page.attribute("input[name=q]", "value"), with, "the box shows what was searched");
    }
}

pub async fn a_search_ignores_case_in_every_language(entity: &Entity) {
    let app = entity.app().await;
    let admin = app.admin().await;
    for (stored, searched) in
        [("école", "ÉCOLE"), ("Élan", "éLAN"), ("straße", "STRAßE"), ("жук", "ЖУК"), ("plain", "PLAIN")]
    {
        // PostgreSQL and SQLite hold an address to small ASCII letters.
        let stored = if entity.name == "users" { stored.replace('E', "e") } else { stored.to_owned() };
        let id = entity.row(&app.database, &stored, "", MOMENT);
        for q in [searched, &searched.to_lowercase(), &stored] {
            assert_eq!(search(&admin, entity, q).await, [id], "{q} finds {stored}");
        }
    }
}

pub async fn the_list_is_sorted_by_each_column_both_ways(entity: &Entity) {
    let app = entity.app().await;
    entity.seed(&app.database, 1, 12);
    for (own, created) in
        [("Zoë", "2025-12-31 00:00:00"), ("aaron", "2026-03-01 12:00:00.500"), ("Émile", "2026-01-01 00:00:00")]
    {
        let own = if entity.name == "users" { own.to_lowercase() } else { own.to_owned() };
        entity.row(&app.database, &own, "", created);
    }
    let admin = app.admin().await;
    let name = entity.name;
    let usual = admin.get(&format!("/{name}")).await.ids();
    let first = admin.get(&list(entity, &[("sort", entity.sorts[0].0)])).await.ids();
    assert_eq!(usual, first, "the first sorted column orders the list until another is chosen");
    let mut offered = admin.get(&format!("/{name}")).await.attributes("thead a", "href");
    for (sort, column) in entity.sorts {
        for (word, way, aria) in [("", "ASC", "ascending"), ("-", "DESC", "descending")] {
            let page = admin.get(&list(entity, &[("sort", &format!("{word}{sort}"))])).await;
            let expected = app.database.numbers(&format!("SELECT id FROM {name} ORDER BY {column} {way}, id {way}"));
            assert_eq!(page.ids(), expected, "{name} by {word}{sort}");
            assert_eq!(page.attributes("th[aria-sort]", "aria-sort"), [aria], "the heading says how it is sorted");
        }
        offered.retain(|href| !href.ends_with(&format!("sort={sort}")) && !href.ends_with(&format!("sort=-{sort}")));
    }
    assert_eq!(offered, [""; 0], "the contract knows every column that can be sorted");
}

pub async fn pages_lead_to_the_end_and_back_without_losing_or_repeating_a_row(entity: &Entity) {
    let app = entity.app().await;
    let admin = app.admin().await;
    let more = 130 - u32::try_from(entity.count(&app.database)).expect("a small number");
    entity.seed(&app.database, 1, more);
    for (sort, column) in entity.sorts {
        for (word, way) in [("", "ASC"), ("-", "DESC")] {
            let order = format!("{word}{sort}");
            let expected =
                app.database.numbers(&format!("SELECT id FROM {} ORDER BY {column} {way}, id {way}", entity.name));
            walk(&admin, entity, &order, &expected).await;
        }
    }
}

async fn walk(admin: &Visitor, entity: &Entity, order: &str, expected: &[i64]) {
    let first = admin.get(&list(entity, &[("sort", order), ("limit", "25")])).await;
    let ranges = ["1–25 of 130", "26–50 of 130", "51–75 of 130", "76–100 of 130", "101–125 of 130", "126–130 of 130"];
    assert_eq!((first.link("First"), first.link("Previous")), (None, None), "nothing is before the first page");
    let (mut page, mut seen) = (first, Vec::new());
    for (number, range) in ranges.iter().enumerate() {
        assert!(page.text().contains(range), "page {number} by {order} says {range}: {}", page.text());
        seen.extend(page.ids());
        page = follow(admin, page, "Next").await;
    }
    assert_eq!(seen, expected, "every row once, in order, by {order}");
    assert_eq!((page.link("Next"), page.link("Last")), (None, None), "nothing is after the last page");
    let mut back = Vec::new();
    for range in ranges.iter().rev() {
        assert!(page.text().contains(range), "back by {order} says {range}: {}", page.text());
        back.splice(0..0, page.ids());
        page = follow(admin, page, "Previous").await;
    }
    assert_eq!(back, expected, "every row once on the way back, by {order}");
    let last = follow(admin, page, "Last").await;
    assert_eq!(last.ids(), expected[105..], "the last page has the last rows, by {order}");
    assert!(last.text().contains("106–130 of 130"), "{}", last.text());
    let before = follow(admin, last, "Previous").await;
    assert_eq!(before.ids(), expected[80..105], "and before it are the rows before, by {order}");
    let first = follow(admin, before, "First").await;
    assert_eq!(first.ids(), expected[..25], "the first page again, by {order}");
}

/// The page that a link leads to, or this one where there is no such link.
async fn follow(admin: &Visitor, page: Page, link: &str) -> Page {
    let Some(href) = page.link(link) else { return page };
    let next = admin.get(&href).await;
    assert_eq!(next.status, 200, "{link} leads to {href}: {}", next.text());
    next
}

pub async fn each_filter_leaves_what_it_says(entity: &Entity) {
    let app = entity.app().await;
    app.db_user("another@elsewhere.test", &[]).await;
    entity.seed(&app.database, 1, 6);
    let days =
        ["2026-01-01 23:59:59.999999", "2026-01-02 00:00:00", "2026-01-02 23:59:59.999999", "2026-01-03 00:00:00"];
    for (number, created) in days.into_iter().enumerate() {
        entity.row(&app.database, &format!("day{number}"), "", created);
    }
    if entity.name == "items" {
        app.db_item(2, "Another's").await;
    }
    let admin = app.admin().await;
    let (column, name) = (entity.sorts[0].1, entity.name);
    for (filter, condition) in entity.filters {
        let expected = app.database.numbers(&format!("SELECT id FROM {name} WHERE {condition} ORDER BY {column}, id"));
        let page = admin.get(&format!("/{name}?{filter}")).await;
        assert_eq!(page.ids(), expected, "{name} by {filter}");
        let everything = entity.count(&app.database);
        assert!(!expected.is_empty() && (expected.len() as i64) < everything, "{filter} leaves some rows and not all");
        for (filter, _) in url::form_urlencoded::parse(filter.as_bytes()) {
            assert!(page.has(&format!("form [name='{filter}']")), "the page has an input for {filter}");
        }
    }
    let together = admin.get(&format!("/{name}?q=day1&created_from=2026-01-02&created_to=2026-01-02")).await;
    assert_eq!(together.ids().len(), 1, "a search among the filtered: {}", together.text());
}
