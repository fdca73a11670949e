//! An authenticator app: what it reads from a page, and the codes that it shows (RFC 6238), worked out here on its own.

use chrono::{TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use quarterdeck::db::Clock;
use sha1::Sha1;

use super::{PASSWORD, Page, TestApp, Visitor};

/// The app on somebody's phone.
pub struct Phone {
    secret: Vec<u8>,
}

impl Phone {
    /// The app, after it has read the key that a page shows.
    pub fn reading(page: &Page) -> Self {
        let link = page.attribute("a[href^=otpauth]", "href");
        let key = link.split_once("secret=").and_then(|(_, rest)| rest.split('&').next()).expect("a secret");
        assert!(page.text().replace(' ', "").contains(key), "the key can be typed too");
        assert!(page.has("svg.qr path"), "and read by a camera");
        Phone { secret: base32(key) }
    }

    /// Sets an app up for someone who is logged in; gives the recovery codes too.
    pub async fn set_up(visitor: &Visitor) -> (Self, Vec<String>) {
        let begun = visitor.post("/account/second-factor/app", &[]).await;
        assert_eq!((begun.status, begun.location()), (303, "/account/second-factor/app"), "{}", begun.text());
        let phone = Phone::reading(&visitor.get("/account/second-factor/app").await);
        let done = visitor.post("/account/second-factor/app/confirm", &[("code", &phone.code(0))]).await;
        assert_eq!(done.status, 200, "{}", done.text());
        (phone, recovery_codes(&done))
    }

    /// The code of now and so many steps of thirty seconds later.
    pub fn code(&self, later: i64) -> String {
        self.code_at(Clock::default().now().and_utc() + TimeDelta::seconds(30 * later))
    }

    fn code_at(&self, at: chrono::DateTime<Utc>) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.secret).expect("a key");
        mac.update(&(at.timestamp() / 30).to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let start = usize::from(hash[19] & 15);
        let number = u32::from_be_bytes(hash[start..start + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }
}

/// The codes that a page shows once.
pub fn recovery_codes(page: &Page) -> Vec<String> {
    let shown = page.all("textarea.codes").pop().expect("the codes");
    shown.split(' ').collect::<Vec<_>>().chunks(4).map(|groups| groups.join(" ")).collect()
}

impl TestApp {
    /// Someone with an app, logged in, and the recovery codes.
    pub async fn with_phone(&self, email: &str) -> (Visitor, Phone, Vec<String>) {
        self.db_user(email, &[]).await;
        let visitor = self.logged_in(email).await;
        let (phone, codes) = Phone::set_up(&visitor).await;
        (visitor, phone, codes)
    }

    /// Someone who has given the password and owes the second factor.
    pub async fn half_in(&self, email: &str) -> Visitor {
        let visitor = self.guest();
        let login = visitor.post("/login", &[("email", email), ("password", PASSWORD), ("next", "/account")]).await;
        assert_eq!((login.status, login.location()), (303, "/account"), "{}", login.text());
        visitor
    }
}

fn base32(text: &str) -> Vec<u8> {
    let value = |c: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).expect("base32");
    let bits: Vec<_> = text.chars().flat_map(|c| (0..5).rev().map(move |bit| value(c) >> bit & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | *bit as u8)).collect()
}
