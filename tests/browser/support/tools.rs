//! What Chromium offers beyond a person's hands and eyes.

use super::Browser;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use url::{ParseError, Url};

impl Browser {
    /// Makes the page exactly so large, also smaller than a window can be.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools(&format!("resize to {width} by {height}"), "Emulation.setDeviceMetricsOverride", &size).await;
    }

    /// What the person's system prefers: `light` or `dark`.
    pub async fn color_scheme(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools(&format!("prefer {scheme}"), "Emulation.setEmulatedMedia", &features).await;
    }

    /// Cuts the connection, or mends it.
    pub async fn offline(&self, is_cut: bool) {
        let conditions = json!({ "offline": is_cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("begin to watch the network", "Network.enable", &json!({})).await;
        self.devtools(&format!("be offline: {is_cut}"), "Network.emulateNetworkConditions", &conditions).await;
    }

    /// The errors on the console since the last call, the answers with an error status among them.
    pub async fn console_errors(&self) -> Vec<String> {
        let log = Tool::post("se/log", &json!({ "type": "browser" }));
        let entries = self.until("read the console", async || self.client.issue_cmd(log.clone()).await.map(Some)).await;
        let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
        let errors = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        errors.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Runs a script in the page, as its console would, and gives the text that it returns.
    pub async fn run(&self, script: &str) -> String {
        let returned = self.until("run a script", async || self.client.execute(script, vec![]).await.map(Some)).await;
        returned.as_str().unwrap_or_default().to_owned()
    }

    /// Writes what the window shows to a PNG file.
    pub async fn screenshot(&self, file: impl AsRef<Path>) {
        let png = self.until("take a screenshot", async || self.client.screenshot().await.map(Some)).await;
        std::fs::write(file, png).expect("the screenshot is written");
    }

    /// Gives the browser a device that keeps passkeys, and whose owner is there and verified.
    pub async fn add_passkey_device(&self) {
        let device = json!({
            "protocol": "ctap2", "transport": "internal",
            "hasResidentKey": true, "hasUserVerification": true, "isUserVerified": true,
        });
        let tool = Tool::post("webauthn/authenticator", &device);
        self.until("add a device with passkeys", async || self.client.issue_cmd(tool.clone()).await.map(Some)).await;
    }

    async fn devtools(&self, step: &str, command: &str, parameters: &Value) {
        let tool = Tool::post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }));
        self.until(step, async || self.client.issue_cmd(tool.clone()).await.map(Some)).await;
    }
}

/// A command that fantoccini has no name for.
#[derive(Clone, Debug)]
pub struct Tool {
    method: Method,
    path: String,
    body: Option<String>,
}

impl Tool {
    fn post(path: &str, body: &Value) -> Self {
        Self { method: Method::POST, path: path.to_owned(), body: Some(body.to_string()) }
    }

    /// What a screen reader calls it.
    pub fn accessible_name(element: &Element) -> Self {
        let path = format!("element/{}/computedlabel", element.element_id());
        Self { method: Method::GET, path, body: None }
    }
}

impl WebDriverCompatibleCommand for Tool {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (self.method.clone(), self.body.clone())
    }
}
