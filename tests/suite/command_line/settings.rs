//! The settings: refused when wrong, told by every help.

use super::super::support::Program;
use super::SECRET;

/// Each setting: variable, flag, the default that the help shows, what is wrong with it, and what its refusal says.
const SETTINGS: [(&str, &str, &str, &[&str], &str); 15] = [
    (
        "DATABASE_URL",
        "--database-url",
        "[default: sqlite://data/quarterdeck.db]",
        &["", "quarterdeck.db", "mysql://root@localhost/x", "sqlite://", "sqlite://:memory:", "postgres://[x/y"],
        "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME",
    ),
    (
        "DATABASE_POOL_SIZE",
        "--database-pool-size",
        "[default: 8]",
        &["0", "-1", "x", "", "1001", "1.5"],
        "from 1 to 1000",
    ),
    ("DATABASE_MAX_OVERFLOW", "--database-max-overflow", "[default: 8]", &["-1", "1001", "x", ""], "from 0 to 1000"),
    ("DATABASE_PRE_PING", "--database-pre-ping", "[default: true]", &["maybe", "", "2"], "true or false"),
    (
        "DATABASE_TIMEOUT",
        "--database-timeout",
        "[default: 5s]",
        &["5", "five", "-1s", "", "1.5s", "s", "5 s"],
        "ms, s, m, h or d",
    ),
    (
        "QUARTERDECK_BIND",
        "--bind",
        "[default: 127.0.0.1:8080]",
        &["8080", ":8080", "127.0.0.1", "127.0.0.1:65536", "localhost:http"],
        "ADDRESS:PORT",
    ),
    (
        "QUARTERDECK_PUBLIC_URL",
        "--public-url",
        "[default: http:// and the bind address]",
        &["desk.example.com", "ftp://desk.example.com", "https://", "https://x/path", "https://x/?q", ""],
        "http://HOST or https://HOST",
    ),
    (
        "QUARTERDECK_TRUSTED_PROXIES",
        "--trusted-proxies",
        "[default: none]",
        &["10.0.0", "proxy.example.com", "10.0.0.1;10.0.0.2", "10.0.0.1,x"],
        "IP addresses separated by commas",
    ),
    (
        "QUARTERDECK_SECRET",
        "--secret",
        "[default: with SQLite a file beside the database]",
        &["", "hunter2", "31 characters are not enough..."],
        "at least 32 characters",
    ),
    (
        "QUARTERDECK_SESSION_IDLE",
        "--session-idle",
        "[default: 12h]",
        &["12", "0h", "h", "3651d", "99999999999999999999d"],
        "is allowed",
    ),
    ("QUARTERDECK_SERVER_TIMING", "--server-timing", "[default: true]", &["perhaps", "", "2"], "true or false"),
    ("QUARTERDECK_SESSION_MAX", "--session-max", "[default: 7d]", &["7", "0d", "1w"], "is allowed"),
    (
        "QUARTERDECK_LOG",
        "--log",
        "[default: info]",
        &["quarterdeck=loud", "[", "a=b=c"],
        "error, warn, info, debug, trace",
    ),
    ("QUARTERDECK_LOG_FORMAT", "--log-format", "[default: pretty]", &["xml", "", "Pretty"], "pretty, json"),
    (
        "QUARTERDECK_ARGON2_MEMORY_KIB",
        "--argon2-memory-kib",
        "[default: 19456]",
        &["7", "x", "4294967296", ""],
        "from 8 to 4194304",
    ),
];

#[test]
fn a_wrong_setting_is_refused_with_its_name_and_what_is_allowed() {
    let iterations: (_, _, _, &[_], _) =
        ("QUARTERDECK_ARGON2_ITERATIONS", "--argon2-iterations", "[default: 2]", &["0", "101", "-2"], "from 1 to 100");
    for (variable, flag, _, values, allowed) in SETTINGS.into_iter().chain([iterations]) {
        for value in values {
            for outcome in [
                Program::new().with(variable, value).run(&["check"]),
                Program::new().run(&["check", &format!("{flag}={value}")]),
                Program::new().run(&[&format!("{flag}={value}")]),
            ] {
                let line = outcome.refusal();
                assert!(line.contains(variable), "{variable}={value:?} is refused by its name: {line}");
                assert!(!line.contains("hunter2"), "a secret is not repeated: {line}");
                assert!(line.contains(allowed), "{variable}={value:?} is told what is allowed, {allowed:?}: {line}");
            }
        }
    }
}

#[test]
fn every_help_has_an_example_and_every_setting_with_variable_and_default() {
    let program = Program::new().with("DATABASE_URL", &format!("postgres://u:{SECRET}@localhost/x"));
    let commands: [&[&str]; 9] = [
        &[],
        &["serve"],
        &["check"],
        &["migrate", "up"],
        &["migrate", "down"],
        &["migrate", "history"],
        &["migrate", "new"],
        &["user", "create"],
        &["user", "set-password"],
    ];
    for command in commands {
        let outcome = program.run(&[command, &["--help"]].concat());
        let help = outcome.success();
        assert_eq!(outcome.stderr, "", "help is no error");
        let example = help.split_once("Example").map(|(_, rest)| rest);
        let named =
            example.is_some_and(|text| text.contains("quarterdeck") && command.iter().all(|word| text.contains(word)));
        assert!(named, "an example of {command:?}: {help}");
        assert!(!help.contains(SECRET), "the password is not shown: {help}");
        let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for (variable, flag, default, ..) in SETTINGS {
            assert!(words.contains(flag), "{flag} in the help of {command:?}");
            assert!(words.contains(&format!("[env: {variable}")), "{variable} in the help of {command:?}: {help}");
            assert!(words.contains(default), "{variable} with {default} in the help of {command:?}: {help}");
        }
    }
    let version = program.run(&["--version"]);
    assert_eq!(version.success().trim(), format!("quarterdeck {}", env!("CARGO_PKG_VERSION")));
}
