//! What a person sees.

use super::Browser;
use super::tools::Tool;
use fantoccini::Locator;
use fantoccini::error::CmdError;

impl Browser {
    /// The visible text of the page, as the style sheet shows it; what fields hold is not part of it.
    pub async fn text(&self) -> String {
        self.until("read the page", async || self.body().await.map(Some)).await
    }

    /// Waits until the page shows `text`, wherever lines break.
    pub async fn see(&self, text: &str) {
        self.until(&format!("see {text:?}"), async || Ok(self.shows(text).await?.then_some(()))).await;
    }

    /// Waits until the page does not show `text`. Before a change it may be true too early: see what comes first.
    pub async fn see_no(&self, text: &str) {
        self.until(&format!("see no {text:?}"), async || Ok((!self.shows(text).await?).then_some(()))).await;
    }

    /// Path and query of the address.
    pub async fn path(&self) -> String {
        self.until("read the address", async || self.address().await.map(Some)).await
    }

    /// Waits until path and query of the address are these.
    pub async fn see_path(&self, path: &str) {
        self.until(&format!("be at {path}"), async || Ok((self.address().await? == path).then_some(()))).await;
    }

    /// Waits until path and query of the address begin like this.
    pub async fn see_path_beginning(&self, start: &str) {
        let is_there = async || Ok(self.address().await?.starts_with(start).then_some(()));
        self.until(&format!("be at {start}.."), is_there).await;
    }

    /// What has the focus: tag, id and accessible name, as in `input#email "Email"`.
    pub async fn focused(&self) -> String {
        self.until("look for the focus", async || self.focus().await.map(Some)).await
    }

    /// Waits until what has the focus is described so (see `focused`).
    pub async fn see_focused(&self, what: &str) {
        self.until(&format!("see {what} focused"), async || Ok((self.focus().await? == what).then_some(()))).await;
    }

    pub(super) async fn body(&self) -> Result<String, CmdError> {
        self.client.find(Locator::Css("body")).await?.text().await
    }

    async fn shows(&self, text: &str) -> Result<bool, CmdError> {
        Ok(one_line(&self.body().await?).contains(&one_line(text)))
    }

    async fn address(&self) -> Result<String, CmdError> {
        let url = self.client.current_url().await?;
        Ok(url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
    }

    async fn focus(&self) -> Result<String, CmdError> {
        let element = self.client.active_element().await?;
        let tag = element.tag_name().await?;
        let id = element.attr("id").await?.map_or_else(String::new, |id| format!("#{id}"));
        let name = self.client.issue_cmd(Tool::accessible_name(&element)).await?;
        // Nobody hears the blanks at its ends, which one version of Chromium gives and another does not.
        Ok(format!("{tag}{id} {:?}", one_line(name.as_str().unwrap_or_default())))
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
