//! What an address asks for: exactly that list, or 400.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::support::{TestApp, Visitor};

async fn refused(visitor: &Visitor, path: &str) {
    let page = visitor.get(path).await;
    assert_eq!(page.status, 400, "{path}: {}", page.text());
    assert!(page.text().contains("This request makes no sense"), "{path} is refused by a page: {}", page.text());
}

#[actix_web::test]
async fn a_list_that_can_not_be_meant_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for query in [
        "sort=",
        "sort=-",
        "sort=nothing",
        "sort=--email",
        "sort=password",
        "sort=hashed_password",
        "sort=id",
        "sort=last_login_at",
        "sort=roles",
        "sort=email%20desc",
        "sort=EMAIL",
        "limit=",
        "limit=0",
        "limit=-25",
        "limit=24",
        "limit=1000",
        "limit=all",
        "limit=99999999999999999999",
        "is_active=maybe",
        "is_active=1",
        "is_active=TRUE",
        "role=Administrator",
        "role=1.5",
        "role=99999999999999999999",
        "created_from=yesterday",
        "created_from=2026-02-30",
        "created_from=2026-1-1",
        "created_to=2026-01-01T00:00:00",
        "created_to=12026-01-01",
        "email=ann@example.com",
        "owner=1",
        "page=2",
        "offset=50",
        "Q=x",
        "hashed_password=x",
        "find.email=x",
        "find.is_active=x",
        "find.nothing=x",
        "q=%00",
        "q=a+b+c+d+e+f+g+h+i+j+k",
        "after=",
        "before=",
        "after=x",
        "before=%00",
        "after=end",
    ] {
        refused(&admin, &format!("/users?{query}")).await;
    }
    for query in ["sort=owner", "sort=description", "owner=ann", "is_active=true", "role=1"] {
        refused(&admin, &format!("/items?{query}")).await;
    }
    for query in ["sort=description", "sort=users", "is_builtin=true", "name=x"] {
        refused(&admin, &format!("/roles?{query}")).await;
    }
    refused(&admin, &format!("/users?q={}", "x".repeat(201))).await;
    refused(&admin, &format!("/options/users?q={}", "x".repeat(201))).await;
    refused(&admin, "/options/users?q=%00").await;
    refused(&admin, "/options/users?sort=email").await;
}

#[actix_web::test]
async fn an_empty_filter_is_no_filter() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let page = admin.get("/users?q=&is_active=&role=&created_from=&created_to=&find.role=").await;
    assert_eq!((page.status, page.ids().len()), (200, 1), "what a form sends that was not filled: {}", page.text());
    let long = admin.get(&format!("/users?q={}", "é".repeat(200))).await;
    assert_eq!(long.status, 200, "200 characters are a search, whatever they are");
}

#[actix_web::test]
async fn a_cursor_is_taken_by_its_own_order_alone() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for number in 0..30 {
        app.db_user(&format!("user{number}@example.com"), &[]).await;
    }
    let page = admin.get("/users?limit=25").await;
    let next = page.link("Next").expect("a next page");
    assert_eq!(admin.get(&next).await.status, 200);
    let cursor = next.split("after=").nth(1).expect("a cursor");
    for query in ["sort=-email", "sort=is_active", "sort=created_at"] {
        refused(&admin, &format!("/users?{query}&after={cursor}")).await;
        refused(&admin, &format!("/users?{query}&before={cursor}")).await;
    }
    refused(&admin, &format!("/users?after={cursor}&before={cursor}")).await;
    refused(&admin, &format!("/users?after={cursor}&before=end")).await;
    refused(&admin, &format!("/items?sort=created_at&after={cursor}")).await;
    refused(&admin, &format!("/users?after={}", &cursor[..cursor.len() - 3])).await;
}

#[actix_web::test]
async fn a_made_up_cursor_is_refused_and_never_an_error_of_ours() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let sorts = ["email", "is_active", "created_at"];
    let keys = [
        "null",
        "true",
        "5",
        "-1.5e300",
        "[]",
        "{}",
        "\"\"",
        "\"x\"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"💥\"",
        "\"2026-01-01T00:00:00\"",
        "\"2026-13-01T00:00:00\"",
        "\"+262142-12-31T23:59:59.999999999\"",
        "\"-262143-01-01T00:00:00\"",
        "\"0000-00-00\"",
        "\"' OR 1=1 --\"",
    ];
    let numbers =
        ["1", "0", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1.5", "\"1\"", "null"];
    let mut made: Vec<String> = [
        "",
        "null",
        "[]",
        "{}",
        "5",
        "\"email\"",
        "not json",
        "{\"s\":\"email\"}",
        "{\"s\":\"email\",\"k\":\"a\"}",
        "{\"s\":\"email\",\"i\":1}",
        "{\"s\":5,\"k\":\"a\",\"i\":1}",
        "[\"email\",\"a\",1]",
        "{\"s\":\"email\",\"k\":\"a\",\"i\":1,\"n\":\"x\"}",
    ]
    .map(ToOwned::to_owned)
    .into();
    made.push(format!("{}{}", "[".repeat(500), "]".repeat(500)));
    for sort in sorts {
        made.extend(keys.map(|key| format!("{{\"s\":\"{sort}\",\"k\":{key},\"i\":1}}")));
        for number in numbers {
            made.push(format!("{{\"s\":\"{sort}\",\"k\":\"x\",\"i\":{number}}}"));
            made.push(format!("{{\"s\":\"{sort}\",\"k\":\"x\",\"i\":1,\"n\":{number}}}"));
            made.push(format!("{{\"s\":\"{sort}\",\"k\":\"2026-01-01T00:00:00\",\"i\":1,\"n\":{number}}}"));
        }
    }
    let mut raw: Vec<String> = made.iter().map(|text| URL_SAFE_NO_PAD.encode(text)).collect();
    raw.extend([URL_SAFE_NO_PAD.encode([0xff, 0xfe, 0x00]), "%FF%FE".into(), "====".into(), "%2e%2e%2f".into()]);
    let mut faults = Vec::new();
    for sort in sorts {
        for (number, cursor) in raw.iter().enumerate() {
            for place in ["after", "before"] {
                let page = admin.get(&format!("/users?sort={sort}&{place}={cursor}")).await;
                if !matches!(page.status, 200 | 400) {
                    faults.push(format!("{} {place} {sort} {:?}", page.status, made.get(number)));
                }
            }
        }
    }
    assert!(faults.is_empty(), "made-up cursors ended in errors of ours:\n{}", faults.join("\n"));
    let wrong =
        ["{\"s\":\"email\",\"k\":5,\"i\":1}", "{\"s\":\"email\",\"k\":null,\"i\":1}", "{\"s\":\"email\",\"k\":\"a\"}"];
    for cursor in wrong {
        refused(&admin, &format!("/users?after={}", URL_SAFE_NO_PAD.encode(cursor))).await;
    }
    refused(
        &admin,
        &format!(
            "/users?sort=created_at&after={}",
            URL_SAFE_NO_PAD.encode("{\"s\":\"created_at\",\"k\":\"x\",\"i\":1}")
        ),
    )
    .await;
}

#[actix_web::test]
async fn the_last_day_that_can_be_written_is_a_day() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for query in ["created_to=9999-12-31", "created_from=0001-01-01", "created_from=0001-01-01&created_to=9999-12-31"] {
        let page = admin.get(&format!("/users?{query}")).await;
        assert_eq!((page.status, page.ids()), (200, vec![1]), "{query}: {}", page.text());
    }
}
