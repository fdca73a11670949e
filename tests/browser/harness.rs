//! The browser the other tests rely on: it finds, does and sees what it says, with scripts and without.

use crate::support::{Browser, JavaScript, Key};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

#[actix_web::test]
async fn with_scripts_off_a_page_runs_none_and_everything_else_works() {
    let browser = Browser::open(&desk(), JavaScript::Off).await;
    browser.goto("/").await;
    browser.see("Scripts are off").await;
    a_person_can_use_the_desk(&browser).await;
    browser.back().await;
    browser.see("Scripts are off").await;
    assert_eq!(browser.console_errors().await, [""; 0]);
}

#[actix_web::test]
async fn with_scripts_on_they_run_and_steps_wait_for_what_they_change() {
    let browser = Browser::open(&desk(), JavaScript::On).await;
    browser.goto("/").await;
    browser.see("Scripts are on").await;
    browser.click_button("Later").await;
    browser.see("Clicked").await;
    browser.see_focused(r#"input#email "Email""#).await;
    let errors = browser.console_errors().await;
    assert!(errors.len() == 1 && errors[0].contains("a warning sign"), "{errors:?}");
    assert_eq!(browser.console_errors().await, [""; 0], "each is told once");
    a_person_can_use_the_desk(&browser).await;
}

async fn a_person_can_use_the_desk(browser: &Browser) {
    browser.fill("Email", "zoë@example.com").await;
    browser.press(Key::Tab).await;
    assert_eq!(browser.focused().await, r#"textarea "Description""#);
    browser.type_text("Brand ").await;
    browser.press_with(Key::Shift, Key::Tab).await;
    browser.see_focused(r#"input#email "Email""#).await;
    browser.fill("Search 'users' \"here\"", "a").await;
    browser.fill("Search 'users' \"here\"", "").await;
    browser.tick("Active").await;
    browser.tick("Active").await;
    browser.untick("Built in").await;
    browser.choose("bob@example.com").await;
    browser.select("Rows", "50").await;
    assert_eq!(browser.value("Email").await, "zoë@example.com");

    browser.see_no("It is dark").await;
    browser.color_scheme("dark").await;
    browser.see("It is dark").await;
    browser.see_no("It is narrow").await;
    browser.resize(320, 640).await;
    browser.see("It is narrow").await;
    let shot = tempfile::Builder::new().suffix(".png").tempfile().expect("a file for the screenshot");
    browser.screenshot(shot.path()).await;
    let png = std::fs::read(shot.path()).expect("the screenshot");
    assert_eq!(png[16..24], [0, 0, 1, 64, 0, 0, 2, 128], "320 by 640, as its header says");

    browser.click_link("Edit email of ann@example.com").await;
    browser.see_path("/elsewhere?a=b").await;
    assert!(browser.text().await.contains("It is narrow"), "the size stays");
    browser.back().await;
    browser.click_button("Save").await;
    let saved = "/saved?email=zo%C3%AB%40example.com&description=Brand+old&q=&active=on&owner=2&limit=50&by=seen";
    browser.see_path(saved).await;
    assert_eq!(browser.path().await, saved);
}

/// Serves the desk under every path.
fn desk() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let head = BufReader::new(&stream).lines().map_while(Result::ok);
            head.take_while(|line| !line.is_empty()).for_each(drop);
            let page = include_str!("harness.html");
            let length = page.len();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}");
            let _ = write!(stream, "{head}\r\nConnection: close\r\n\r\n{page}");
        }
    });
    format!("http://{address}/")
}
