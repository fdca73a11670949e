//! The secrets of apps are encrypted with a key that is not in the database.

use crate::support::{PASSWORD, Page, Phone, Program, TestApp, settings};
use quarterdeck::db::Clock;
use quarterdeck::secret::Secret;

const ANN: &str = "ann@example.com";
const STEP: &str = "/login/second-factor";

/// The same database, served with another secret.
fn with_secret(app: &TestApp, secret: Option<&str>) -> TestApp {
    let mut settings = settings(&app.database, &[]);
    settings.secret = secret.map(|text| Secret::parse(text).expect("a secret"));
    TestApp::start_as(app.database.shared(), settings, Clock::default())
}

fn says_unreadable(page: &Page) -> bool {
    page.status == 401 && page.text().contains("the secret of this server has changed")
}

#[actix_web::test]
async fn a_secret_that_is_moved_to_another_user_does_not_open_there() {
    let app = TestApp::start().await;
    let (_, phone, _) = app.with_phone(ANN).await;
    app.with_phone("bob@example.com").await;
    app.database.execute(
        "UPDATE totp_secrets SET ciphertext = (SELECT ciphertext FROM totp_secrets AS other WHERE other.user_id = 1)",
    );
    let half = app.half_in("bob@example.com").await;
    assert!(
        says_unreadable(&half.post(STEP, &[("code", &phone.code(1))]).await),
        "Ann's code does not open Bob's account"
    );
    assert_eq!(app.half_in(ANN).await.post(STEP, &[("code", &phone.code(1))]).await.status, 303, "it still opens hers");
}

#[actix_web::test]
async fn with_another_secret_codes_are_told_to_be_unreadable_and_recovery_codes_work() {
    let app = TestApp::start().await;
    let (_, phone, codes) = app.with_phone(ANN).await;
    let other = with_secret(&app, Some("another secret of thirty-two letters"));
    let half = other.half_in(ANN).await;
    let refused = half.post(STEP, &[("code", &phone.code(1))]).await;
    assert!(says_unreadable(&refused), "{} {}", refused.status, refused.text());
    assert_eq!(half.post(STEP, &[("code", &codes[0])]).await.status, 303);
    let program = Program::on(&app.database).with("QUARTERDECK_SECRET", "another secret of thirty-two letters");
    app.admin().await;
    let checked = program.run(&["check"]);
    assert!(checked.stdout.contains("quarterdeck user reset-second-factor EMAIL"), "{}", checked.printed());
}

#[actix_web::test]
async fn without_a_secret_sqlite_gets_a_file_and_postgresql_a_clear_word() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    app.admin().await;
    let bare = with_secret(&app, None);
    let ann = bare.logged_in(ANN).await;
    let checked = Program::on(&app.database).run(&["check"]).stdout;
    if app.database.is_postgres() {
        let page = ann.get("/account/second-factor").await;
        assert!(
            page.status == 200 && page.text().contains("export QUARTERDECK_SECRET=$(openssl rand -base64 32)"),
            "{}",
            page.text()
        );
        let refused = ann.post("/account/second-factor/app", &[]).await;
        assert!(refused.status == 403 && refused.text().contains("QUARTERDECK_SECRET"), "{}", refused.text());
        assert!(checked.contains("mend: export QUARTERDECK_SECRET="), "{checked}");
        return;
    }
    assert!(!checked.contains("secret"), "it is made when it is needed: {checked}");
    let file = format!("{}.secret", app.database.url.trim_start_matches("sqlite://"));
    assert!(!std::path::Path::new(&file).exists());
    let (phone, _) = Phone::set_up(&ann).await;
    let secret = std::fs::read_to_string(&file).expect("the file");
    assert!(secret.len() >= 43, "256 random bits");
    let again = with_secret(&app, None);
    assert_eq!(
        again.half_in(ANN).await.post(STEP, &[("code", &phone.code(1))]).await.status,
        303,
        "the next start reads it"
    );
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), secret, "and does not write it over");
}

#[actix_web::test]
async fn nothing_that_opens_an_account_stands_in_the_database_in_clear() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let ann = app.logged_in(ANN).await;
    ann.post("/account/second-factor/app", &[]).await;
    let page = ann.get("/account/second-factor/app").await;
    let key = page.all("code").concat().replace(' ', "");
    let phone = Phone::reading(&page);
    let done = ann.post("/account/second-factor/app/confirm", &[("code", &phone.code(0))]).await;
    let codes = crate::support::recovery_codes(&done);
    let half = app.half_in(ANN).await;
    half.post(STEP, &[("code", &codes[0])]).await;
    let dump = [
        "SELECT ciphertext FROM totp_secrets",
        "SELECT code_hash FROM recovery_codes",
        "SELECT changes || whole || reason || record FROM audit_entries",
    ];
    let dump = dump.map(|query| app.database.texts(query).concat()).concat().to_lowercase();
    for secret in
        codes.iter().map(|code| code.replace(' ', "")).chain([key.to_lowercase(), phone.code(0), PASSWORD.into()])
    {
        assert!(!dump.contains(&secret) && !secret.is_empty(), "{secret} in {dump}");
    }
}
