use askama::Template;

/// The login over a page whose session has ended, for htmx. What was asked for goes on after it.
#[derive(Template)]
#[template(path = "login_dialog.html")]
pub struct LoginDialog<'a> {
    /// The way to log in without it.
    pub login: String,
    /// Why nobody was logged in, if that is so.
    pub refusal: Option<&'a str>,
    pub request_id: &'a str,
    /// The word that htmx obeys.
    pub nonce: &'a str,
}
