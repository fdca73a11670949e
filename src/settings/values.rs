//! How the text of a setting is read, and what is said when it can't be.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use url::Url;

use super::DEFAULT_DATABASE_URL;

pub(super) fn whole<N: TryFrom<u64>>(text: &str, least: u64, most: u64) -> Result<N, String> {
    let number = text.parse::<u64>().ok().filter(|n| (least..=most).contains(n));
    number.and_then(|n| N::try_from(n).ok()).ok_or_else(|| format!("a whole number from {least} to {most} is allowed"))
}

pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err("true or false is allowed".into()),
    }
}

/// A length of time: a whole number and ms, s, m, h or d; at least 1 ms, at most 3650 days.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let allowed = || "a whole number with ms, s, m, h or d is allowed, like 500ms, 5s or 12h".to_owned();
    let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(allowed)?;
    let number: u64 = text[..digits].parse().map_err(|_| allowed())?;
    let unit: u64 = match &text[digits..] {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(allowed()),
    };
    let millis = number.checked_mul(unit).filter(|ms| (1..=3650 * 86_400_000).contains(ms));
    millis.map(Duration::from_millis).ok_or_else(|| "1ms to 3650d is allowed".into())
}

pub(super) fn database_url(text: &str) -> Result<String, String> {
    let allowed = "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME is allowed";
    match text.split_once("://") {
        // The server's library shows what it can't decode, and that may be a password.
        Some(("postgres" | "postgresql", rest)) if !is_decodable(rest) => {
            Err(format!("{allowed}; a % must stand before two hexadecimal digits, as in %25 for itself"))
        }
        Some(("postgres" | "postgresql", _)) => {
            Url::parse(text).map(|_| text.to_owned()).map_err(|why| format!("{allowed}; this one can't be read: {why}"))
        }
        Some(("sqlite", "" | ":memory:")) => Err(format!("{allowed}; the PATH must name a file")),
        Some(("sqlite", path)) => {
            let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
            match folder {
                Some(folder) if text != DEFAULT_DATABASE_URL && !folder.is_dir() => {
                    Err(format!("there is no folder {}; make it first", folder.display()))
                }
                _ => Ok(text.to_owned()),
            }
        }
        _ => Err(allowed.into()),
    }
}

fn is_decodable(text: &str) -> bool {
    let mut escapes = text.split('%').skip(1).map(|rest| rest.as_bytes().get(..2));
    escapes.all(|code| code.is_some_and(|code| code != b"00" && code.iter().all(u8::is_ascii_hexdigit)))
}

pub(super) fn bind(text: &str) -> Result<String, String> {
    let port =
        text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).and_then(|(_, port)| port.parse::<u16>().ok());
    port.map(|_| text.to_owned()).ok_or_else(|| "ADDRESS:PORT is allowed, like 127.0.0.1:8080".into())
}

pub(super) fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.filter(|url| url.path() == "/" && url.query().is_none())
        .ok_or_else(|| "http://HOST or https://HOST is allowed, with a port but without a path".into())
}

pub(super) fn address(text: &str) -> Result<IpAddr, String> {
    text.trim().parse().map_err(|_| "IP addresses separated by commas are allowed, like 10.0.0.1,10.0.0.2".into())
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    // A lone word is taken for the name of a module, of which there is none.
    let is_level = matches!(text.to_lowercase().as_str(), "off" | "error" | "warn" | "info" | "debug" | "trace");
    if !is_level && !text.contains('=') {
        return Err("error, warn, info, debug, trace or a filter like quarterdeck=debug is allowed".into());
    }
    let read = tracing_subscriber::EnvFilter::builder().parse(text);
    read.map(|_| text.to_owned())
        .map_err(|_| "error, warn, info, debug, trace or a filter like quarterdeck=debug is allowed".into())
}
