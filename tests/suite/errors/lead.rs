//! Where an answer leads, and in what form it comes.

use reqwest::Method;

use crate::support::TestApp;

#[actix_web::test]
async fn a_guest_who_sends_a_form_comes_back_to_the_page_that_it_stood_on() {
    let app = TestApp::start().await;
    let guest = app.guest();
    let deep = format!("{}/users?q=a&sort=-email", app.url);
    let root = format!("{}/", app.url);
    for path in ["/logout", "/account/password", "/users/1", "/users/1/delete", "/account/sessions/end"] {
        for (referer, next) in [
            (None, "%2F"),
            (Some(deep.as_str()), "%2Fusers%3Fq%3Da%26sort%3D-email"),
            (Some(root.as_str()), "%2F"),
            (Some("nonsense"), "%2F"),
            (Some("http://evil.example/items"), "%2Fitems"),
        ] {
            let request = guest.with_form(Method::POST, path, &[]);
            let request = if let Some(referer) = referer { request.header("Referer", referer) } else { request };
            let page = guest.send(request).await;
            let expected = format!("/login?next={next}");
            assert_eq!((page.status, page.location()), (303, expected.as_str()), "{path} from {referer:?}");
        }
    }
}

#[actix_web::test]
async fn head_is_answered_as_get_is_but_for_the_body() {
    let app = TestApp::start().await;
    let (admin, guest) = (app.admin().await, app.guest());
    let css = quarterdeck::assets::url("app.css");
    for (visitor, path) in [
        (&admin, "/users"),
        (&admin, "/users/1"),
        (&admin, "/nothing"),
        (&guest, "/users"),
        (&guest, "/login"),
        (&guest, "/healthz"),
        (&guest, css),
    ] {
        let get = visitor.get(path).await;
        let head = visitor.send(visitor.request(Method::HEAD, path)).await;
        assert_eq!(head.body, "", "{path} has no body");
        assert_eq!((head.status, head.location()), (get.status, get.location()), "{path}");
        for name in ["content-type", "content-length", "cache-control", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
        assert_eq!(head.policy(), get.policy(), "the policy of {path}");
    }
}

#[actix_web::test]
async fn an_answer_is_compressed_for_whoever_can_read_it() {
    let app = TestApp::start().await;
    let (admin, guest) = (app.admin().await, app.guest());
    for (visitor, path) in
        [(&admin, "/users"), (&admin, "/nothing"), (&guest, "/login"), (&guest, quarterdeck::assets::url("app.css"))]
    {
        let plain = visitor.get(path).await;
        assert_eq!(plain.header("content-encoding"), "", "{path}, when nothing is asked for");
        for accepted in ["gzip", "gzip, deflate, br, zstd"] {
            let asked = visitor.request(Method::GET, path).header("Accept-Encoding", accepted);
            let answer = asked.send().await.expect("an answer");
            let header = |name: &str| {
                let values = answer.headers().get_all(name).iter();
                values.map(|value| value.to_str().expect("a text").to_lowercase()).collect::<Vec<_>>().join(", ")
            };
            assert_eq!(header("content-encoding"), "gzip", "{path} for {accepted}");
            assert!(header("vary").contains("accept-encoding"), "{path} tells caches so: {:?}", header("vary"));
            let body = answer.bytes().await.expect("a body");
            assert_eq!(body[..2], [0x1f, 0x8b], "{path} is gzip");
            assert!(body.len() < plain.body.len(), "{path} is smaller: {} of {}", body.len(), plain.body.len());
        }
    }
}
