//! More logins at once than can be verified.

use super::{ANN, NOBODY, RIGHT, WRONG, log_in, with_ann};

#[actix_web::test]
async fn when_too_many_log_in_at_once_the_rest_is_sent_away_and_nothing_is_counted() {
    let app = with_ann().await;
    let (ann, known) = (app.logged_in(ANN).await, app.logged_in(ANN).await);
    let mut places = Vec::new();
    while let Ok(place) = app.hasher.place() {
        places.push(place);
        assert!(places.len() < 10_000, "the queue has an end");
    }
    let before = app.hasher.verifications();
    for (email, password) in [(ANN, RIGHT), (NOBODY, WRONG)] {
        let sent_away = log_in(&app.guest(), email, password).await;
        assert_eq!((sent_away.status, sent_away.header("retry-after")), (503, "1"), "{email}: {}", sent_away.text());
    }
    assert_eq!(app.hasher.verifications(), before, "nothing is verified");
    assert_eq!(app.database.number("SELECT count(*) FROM login_throttles"), 0, "nothing is counted");
    assert_eq!(ann.get("/account").await.status, 200, "who is logged in goes on");
    let change = [("current_password", RIGHT), ("password", "another horse battery")];
    assert_eq!(ann.post("/account/password", &change).await.status, 303, "and is not sent away with the strangers");
    assert_eq!(log_in(&known, ANN, "another horse battery").await.status, 303, "nor is her other browser");
    places.pop();
    assert_eq!(log_in(&app.guest(), NOBODY, WRONG).await.status, 401, "with a place free it goes on");
}
