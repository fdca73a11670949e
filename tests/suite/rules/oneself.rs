use crate::support::TestApp;

#[actix_web::test]
async fn nobody_deletes_themselves() {
    let app = TestApp::start().await;
    app.admin().await;
    let clerk = app.user_with(&["users.view", "users.update", "users.delete"]).await;
    for (visitor, id) in [(app.admin().await, 1), (clerk, 2)] {
        let page = visitor.get(&format!("/users/{id}")).await;
        assert_eq!(page.link("Delete"), None, "no button on the own page");
        assert_eq!(visitor.get(&format!("/users/{id}/delete")).await.status, 403);
        for refused in [
            visitor.post(&format!("/users/{id}/delete"), &[("version", "1")]).await,
            visitor.post(&format!("/users/{id}/delete"), &[]).await,
            visitor.delete(&format!("/users/{id}")).await,
        ] {
            assert_eq!(refused.status, 403);
            assert!(refused.text().contains("You can't delete yourself"), "{}", refused.text());
        }
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 2);
}

#[actix_web::test]
async fn nobody_deactivates_themselves() {
    let app = TestApp::start().await;
    app.admin().await;
    let clerk = app.user_with(&["users.view", "users.update"]).await;
    for (visitor, id) in [(app.admin().await, 1), (clerk, 2)] {
        let form = [("version", "1"), ("is_active", "false")];
        for refused in [
            visitor.post(&format!("/users/{id}"), &form).await,
            visitor.patch(&format!("/users/{id}"), &form).await,
            visitor.patch(&format!("/users/{id}/is_active"), &form).await,
            visitor.post(&format!("/users/{id}"), &[("version", "1"), ("is_active", "")]).await,
            visitor.post(&format!("/users/{id}"), &[("version", "1"), ("is_active", "off")]).await,
        ] {
            assert_eq!(refused.status, 422, "{}", refused.text());
            assert!(refused.all(".fault")[0].contains("You can't deactivate yourself"), "{:?}", refused.all(".fault"));
        }
        let saved = visitor.post(&format!("/users/{id}"), &[("version", "1"), ("is_active", "true")]).await;
        assert_eq!(saved.status, 303, "what is so already may be saved");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE is_active"), 2);
}
