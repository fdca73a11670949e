use actix_web::{HttpRequest, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::NOTICE;
use crate::cookie;
use crate::front::Nonce;
use crate::same_origin::PublicOrigin;
use crate::submission::FormWords;

/// A way to a page, for those who hold the permission, if it takes one.
#[derive(Clone, Debug)]
pub struct MenuEntry {
    pub label: String,
    pub href: String,
    pub permission: Option<String>,
}

/// The navigation of the whole application, from its registry.
#[derive(Clone, Debug, Default)]
pub struct Menu(pub Vec<MenuEntry>);

/// A link of the navigation.
#[derive(Clone, Debug)]
pub struct MenuLink {
    pub label: String,
    pub href: String,
    pub is_current: bool,
}

/// Whether a whole page is wanted or the block that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Page,
    Block,
}

/// What stands around the content of every page.
#[derive(Clone, Debug)]
pub struct Shell {
    pub wants: Wants,
    /// True when browsers reach us over https.
    pub is_secure: bool,
    /// Who is logged in, by address.
    pub who: Option<String>,
    /// The same by id: what this page sends is taken from nobody else.
    pub person: Option<i64>,
    pub form: FormWords,
    pub menu: Vec<MenuLink>,
    /// What the request before this one wants said on the next page.
    pub notice: Option<String>,
    /// The word that htmx obeys on this page: each element with an attribute of htmx says it as `hx-nonce`.
    pub nonce: String,
}

impl Shell {
    /// The shell for a request of somebody; `may` tells which entries of the menu they may use.
    #[must_use]
    pub fn new(request: &HttpRequest, who: Option<&str>, may: impl Fn(&str) -> bool) -> Self {
        let is_here =
            |href: &str| request.path() == href || (href != "/" && request.path().starts_with(&format!("{href}/")));
        let menu = request.app_data::<Menu>().map_or(&[][..], |menu| menu.0.as_slice());
        let menu = menu.iter().filter(|entry| who.is_some() && entry.permission.as_deref().is_none_or(&may));
        let public = request.app_data::<web::Data<PublicOrigin>>();
        let is_secure = public.and_then(|public| public.0.as_ref()).is_some_and(|url| url.scheme() == "https");
        let wants = wants(request);
        // No block shows it. One that is fetched while the browser goes on to the next page would take it from there.
        let notice = (wants == Wants::Page)
            .then(|| request.cookie(&cookie::name(NOTICE, is_secure)))
            .flatten()
            .and_then(|cookie| URL_SAFE_NO_PAD.decode(cookie.value()).ok());
        Shell {
            wants,
            is_secure,
            who: who.map(ToOwned::to_owned),
            person: None,
            form: FormWords::of(request),
            menu: menu
                .map(|entry| MenuLink {
                    label: entry.label.clone(),
                    href: entry.href.clone(),
                    is_current: is_here(&entry.href),
                })
                .collect(),
            notice: notice.and_then(|text| String::from_utf8(text).ok()).filter(|text| !text.is_empty()),
            nonce: Nonce::of(request),
        }
    }
}

/// What htmx says it will do with the answer. A page that the browser restores is wanted whole.
pub(super) fn wants(request: &HttpRequest) -> Wants {
    let says = |name: &str, value: &str| request.headers().get(name).is_some_and(|header| header == value);
    if says("HX-Request", "true") && says("HX-Request-Type", "partial") && !says("HX-History-Restore-Request", "true") {
        Wants::Block
    } else {
        Wants::Page
    }
}

/// True when htmx asks, whatever for.
pub(super) fn is_htmx(request: &HttpRequest) -> bool {
    request.headers().contains_key("HX-Request")
}
