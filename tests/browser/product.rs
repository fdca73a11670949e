//! The program as it is delivered, on a port and a database of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::{Browser, JavaScript};

#[path = "../suite/support/database.rs"]
#[expect(dead_code, reason = "the suite uses the rest of it")]
mod database;

use database::TestDatabase;

pub const ADMIN: &str = "ada@example.com";
pub const PASSWORD: &str = "correct horse battery";

/// A running program. It and its database are gone when this is dropped.
pub struct Product {
    pub url: String,
    pub setup_path: String,
    pub database: TestDatabase,
    process: Child,
}

impl Product {
    pub fn start() -> Self {
        let database = TestDatabase::migrated();
        let mut process = Command::new(env!("CARGO_BIN_EXE_quarterdeck"))
            .args(["--bind", "127.0.0.1:0", "--log", "warn"])
            .args(["--argon2-memory-kib", "8", "--argon2-iterations", "1"])
            .env("DATABASE_URL", &database.url)
            .env("QUARTERDECK_SECRET", "a secret of thirty-two characters")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut output = BufReader::new(process.stdout.take().expect("its output")).lines();
        let mut next_line = || output.next().expect("a line of its output").expect("a text");
        let url = next_line().rsplit_once(' ').expect("an address").1.to_owned();
        let link = next_line();
        let link = link.split(' ').find(|word| word.contains("/setup?token=")).expect("the link to set up").to_owned();
        let setup_path = link.strip_prefix(&url).expect("a link to itself").to_owned();
        Product { url, setup_path, database, process }
    }

    /// The one address at which passkeys work.
    pub fn named_url(&self) -> String {
        self.url.replace("127.0.0.1", "localhost")
    }

    /// A browser in which the first administrator has been made and is logged in.
    pub async fn as_admin(&self, javascript: JavaScript) -> Browser {
        self.as_admin_at(&self.url, javascript).await
    }

    /// The same, by another name of the program.
    pub async fn as_admin_at(&self, url: &str, javascript: JavaScript) -> Browser {
        let browser = Browser::open(url, javascript).await;
        browser.goto(&self.setup_path).await;
        browser.fill("Email", ADMIN).await;
        browser.fill("Password", PASSWORD).await;
        browser.click_button("Create administrator").await;
        browser.see("Dashboard").await;
        browser
    }

    /// Users by plain SQL: `user000@example.com` and so on.
    pub fn add_users(&self, count: usize) {
        let rows: Vec<_> = (0..count).map(|n| format!("('user{n:03}@example.com', 'x')")).collect();
        self.database.execute(&format!("INSERT INTO users (email, hashed_password) VALUES {}", rows.join(", ")));
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        // It may have ended by itself, which a test that cares has seen.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
