//! The settings' values: taken as they are, or refused with a sentence.

use clap::Parser as _;
use proptest::prelude::*;
use proptest::sample::select;
use quarterdeck::settings::Settings;

use super::{holds, text};

#[derive(clap::Parser)]
struct Only {
    #[command(flatten)]
    settings: Settings,
}

fn read(flag: &str, value: &str) -> Result<Settings, String> {
    let read = Only::try_parse_from(["test".to_owned(), format!("{flag}={value}")]);
    read.map(|only| only.settings).map_err(|error| error.to_string())
}

#[test]
fn a_value_of_any_text_is_allowed_or_refused_with_a_sentence() {
    let flags = vec![
        "--database-url",
        "--database-pool-size",
        "--database-max-overflow",
        "--database-pre-ping",
        "--database-timeout",
        "--bind",
        "--public-url",
        "--trusted-proxies",
        "--log",
        "--log-format",
        "--session-idle",
        "--session-max",
        "--argon2-memory-kib",
        "--argon2-iterations",
    ];
    let near = select(vec![
        "5s",
        "1d",
        "0s",
        "3651d",
        "18446744073709551615d",
        "5 s",
        "5é",
        "sqlite://x.db",
        "sqlite://é",
        "postgres://u:p@h/d",
        "postgres://%",
        "postgres://%zz@h",
        "https://desk.example.com",
        "https://",
        "http://[::1]:80",
        "127.0.0.1:8080",
        "[::1]:0",
        ":1",
        "a:99999",
        "10.0.0.1,::1",
        "quarterdeck=debug",
        "a=b=c",
        "=",
        "[x]=",
    ]);
    let value = prop_oneof![1 => near.prop_map(ToOwned::to_owned), 2 => text()];
    holds(2000, &(select(flags), value), |(flag, value)| {
        if let Err(why) = read(flag, &value) {
            prop_assert!(
                why.contains(flag) || why.contains("required") || why.contains("unexpected"),
                "{}={:?}: {}",
                flag,
                value,
                why
            );
        }
        Ok(())
    });
}

#[test]
fn a_time_is_read_as_it_is_written() {
    let units = [("ms", 1_u64), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
    holds(
        1000,
        &(any::<u64>(), 0..4000_u64, any::<bool>(), select(units.to_vec())),
        |(large, small, is_small, (unit, millis))| {
            let number = if is_small { small } else { large };
            let most = 3650 * 86_400_000;
            let expected = number.checked_mul(millis).filter(|time| (1..=most).contains(time));
            let taken = read("--session-idle", &format!("{number}{unit}"))
                .ok()
                .map(|settings| settings.web.session_idle.as_millis());
            prop_assert_eq!(taken, expected.map(u128::from), "{}{}", number, unit);
            Ok(())
        },
    );
}

#[test]
fn a_public_address_is_a_scheme_and_a_host() {
    let piece = select(vec![
        "http",
        "https",
        "ftp",
        "://",
        ":",
        "/",
        "desk.example.com",
        "[::1]",
        "127.0.0.1",
        "user@",
        "?q",
        "#f",
        "8443",
        " ",
        "é",
        "%",
        "\\",
    ]);
    holds(1500, &prop::collection::vec(piece, 0..7), |pieces| {
        let value = pieces.concat();
        if let Ok(settings) = read("--public-url", &value) {
            let url = settings.web.public_url.expect("an address");
            prop_assert!(matches!(url.scheme(), "http" | "https") && url.has_host(), "{:?}: {}", value, url);
            prop_assert_eq!(
                (url.path(), url.query(), url.fragment(), url.username()),
                ("/", None, None, ""),
                "{:?}",
                value
            );
        }
        Ok(())
    });
}
