//! A real browser, used as a person uses it: things are found by what is written on them, and a step waits until
//! the page allows it. All of it works with JavaScript off as well, because nothing here is done by a page's scripts.

mod driver;
mod eyes;
mod find;
mod hands;
mod keyboard;
mod tabs;
mod tools;

use driver::Driver;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::cell::RefCell;
use std::time::Duration;
use tokio::time::{sleep, timeout};

pub use fantoccini::key::Key;

/// How long a person would wait.
const PATIENCE: Duration = Duration::from_secs(10);
const A_MOMENT: Duration = Duration::from_millis(25);

const FLAGS: &[&str] = &[
    "--headless=new",
    // Chromium refuses to run as root with its sandbox, and the pages are our own.
    "--no-sandbox",
    // Containers often have 64 MB of /dev/shm, too little for a page.
    "--disable-dev-shm-usage",
    "--disable-gpu",
    // Nothing leaves this machine.
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-device-scale-factor=1",
    "--lang=en-US",
];

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JavaScript {
    On,
    Off,
}

/// One window of one Chromium with an empty profile. Both end when this is dropped, or when the test is killed.
pub struct Browser {
    client: Client,
    base: String,
    /// What was done so far: the story a failure tells.
    steps: RefCell<Vec<String>>,
    _driver: Driver,
}

impl Browser {
    /// Opens an empty window of 1280 by 900; paths are taken from `base`.
    pub async fn open(base: &str, javascript: JavaScript) -> Self {
        let driver = Driver::start();
        let content_setting = match javascript {
            JavaScript::On => 1,
            JavaScript::Off => 2,
        };
        let capabilities = json!({
            "browserName": "chrome",
            "timeouts": { "pageLoad": 9_000 },
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "args": FLAGS,
                "prefs": { "profile.managed_default_content_settings.javascript": content_setting },
            },
        });
        let capabilities = capabilities.as_object().expect("an object, just above");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.clone())
            .connect(&driver.url)
            .await
            .unwrap_or_else(|error| panic!("Chromium did not start: {error}"));
        let base = base.trim_end_matches('/').to_owned();
        let browser = Self { client, base, steps: RefCell::default(), _driver: driver };
        browser.resize(1280, 900).await;
        browser
    }

    /// Repeats `attempt` until it gives something; when patience ends, tells what was done and what the page shows.
    async fn until<T>(&self, step: &str, attempt: impl AsyncFn() -> Result<Option<T>, CmdError>) -> T {
        self.steps.borrow_mut().push(step.to_owned());
        let mut reason = "not there".to_owned();
        let attempts = async {
            loop {
                match attempt().await {
                    Ok(Some(found)) => return Some(found),
                    Ok(None) => {}
                    Err(error) => {
                        reason = error.to_string();
                        if !nothing_happened(&error) {
                            return None;
                        }
                    }
                }
                sleep(A_MOMENT).await;
            }
        };
        match timeout(PATIENCE, attempts).await {
            Ok(Some(found)) => found,
            Ok(None) | Err(_) => self.fail(&reason).await,
        }
    }

    async fn fail(&self, reason: &str) -> ! {
        let steps = self.steps.borrow().join("\n  ");
        let page = async { (self.client.current_url().await, self.body().await) };
        let Ok((Ok(url), Ok(text))) = timeout(PATIENCE, page).await else {
            panic!("the last of these steps failed ({reason}):\n  {steps}\nand the browser does not answer");
        };
        panic!("the last of these steps failed ({reason}):\n  {steps}\nat {url}, which shows:\n{text}\n");
    }
}

/// The page changed under our hands, and the step may be tried again without being done twice.
fn nothing_happened(error: &CmdError) -> bool {
    let CmdError::Standard(refusal) = error else {
        return false;
    };
    match refusal.error {
        ErrorStatus::NoSuchElement
        | ErrorStatus::StaleElementReference
        | ErrorStatus::ElementNotInteractable
        | ErrorStatus::ElementClickIntercepted => true,
        // Chromium refused a part of the step: its element or frame went while it was looked at.
        ErrorStatus::UnknownError => refusal.message.contains("unhandled inspector error"),
        _ => false,
    }
}
