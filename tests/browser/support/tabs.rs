//! Another tab of the same window, and what only a script can do.

use super::Browser;
use serde_json::json;

impl Browser {
    /// Opens a path in a tab of its own, and looks at it.
    pub async fn open_tab(&self, path: &str) {
        self.until("open a tab", async || {
            let tab = self.client.new_window(true).await?;
            self.client.switch_to_window(tab.handle).await.map(Some)
        })
        .await;
        self.goto(path).await;
    }

    /// Closes the tab and looks at the first one.
    pub async fn close_tab(&self) {
        self.until("close the tab", async || {
            self.client.close_window().await?;
            let first = self.client.windows().await?.into_iter().next();
            let Some(first) = first else { return Ok(None) };
            self.client.switch_to_window(first).await.map(Some)
        })
        .await;
    }

    /// Whether the page would have the browser ask before it is left. (The driver answers that question itself, at once.)
    pub async fn asks_before_leaving(&self) -> bool {
        let script = "return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))";
        let ask = async || Ok(self.client.execute(script, vec![]).await?.as_bool());
        self.until("see whether leaving is asked about", ask).await
    }

    /// Notes from now on, for [`Browser::was_asked`], whether leaving this page is asked about when it is really left.
    pub async fn note_questions(&self) {
        let script = "addEventListener('beforeunload', (event) => { localStorage.asked = event.defaultPrevented; })";
        let note = async || self.client.execute(script, vec![]).await.map(Some);
        self.until("note questions", note).await;
    }

    /// Whether the page before was left with a question.
    pub async fn was_asked(&self) -> bool {
        let read = async || Ok(self.client.execute("return localStorage.asked === 'true'", vec![]).await?.as_bool());
        self.until("see whether leaving was asked about", read).await
    }

    /// What the field holds that a CSS selector finds.
    pub async fn value_of(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.value ?? null";
        let read = async || {
            let value = self.client.execute(script, vec![json!(selector)]).await?;
            Ok(value.as_str().map(ToOwned::to_owned))
        };
        self.until(&format!("read {selector}"), read).await
    }

    /// Puts a value into a field that does not let a person.
    pub async fn set_value(&self, selector: &str, value: &str) {
        let script = "document.querySelector(arguments[0]).value = arguments[1]";
        let write = async || self.client.execute(script, vec![json!(selector), json!(value)]).await.map(Some);
        self.until(&format!("set {selector}"), write).await;
    }
}
