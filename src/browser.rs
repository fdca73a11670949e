//! What a browser calls itself, in words that a person knows.

/// What browsers say they are, the more special before what it also claims to be, and where its version stands.
const BROWSERS: [(&str, &str); 16] = [
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
];

/// What they run on, the more special first.
const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
    ("OpenBSD", "OpenBSD"),
];

/// A browser by name, major version and system, from its User-Agent header (RFC 9110, 10.1.5): `Firefox 140 on Linux`.
/// One that says nothing known is called by the first word of what it says; one that says nothing is nothing.
#[must_use]
pub fn name(user_agent: &str) -> String {
    let found = |(token, name): &(&str, &str)| {
        let (_, after) = user_agent.split_once(token)?;
        let version: String = after.chars().take_while(char::is_ascii_digit).take(6).collect();
        // Android's own browser of old says so too.
        let is_safari = *name != "Safari" || user_agent.contains("Safari/");
        is_safari.then(|| format!("{name} {version}").trim_end().to_owned())
    };
    let first = || {
        let word = user_agent.split(['/', ' ']).next().unwrap_or_default();
        word.chars().take(40).collect()
    };
    let browser: String = BROWSERS.iter().find_map(found).unwrap_or_else(first);
    let system = SYSTEMS.iter().find(|(token, _)| user_agent.contains(token)).map(|(_, name)| *name);
    system.map_or_else(|| browser.clone(), |system| format!("{browser} on {system}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_by_name_version_and_system() {
        const WEBKIT: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";
        const IOS: &str = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
        let told = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140 on Linux"),
            ("Mozilla/5.0 (Android 14; Mobile; rv:139.0) Gecko/139.0 Firefox/139.0", "Firefox 139 on Android"),
            (
                &format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36"),
                "Chrome 141 on Windows",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
                ),
                "Edge 141 on Windows",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0"
                ),
                "Opera 124 on Mac",
            ),
            (
                &format!("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/140.0.0.0 Safari/537.36"),
                "Chrome 140 on ChromeOS",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
                ),
                "Samsung Internet 28 on Android",
            ),
            (
                &format!("Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/141.0.0.0 Safari/537.36"),
                "Chrome 141 on Linux",
            ),
            (
                &format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {IOS} Version/18.5 Safari/605.1.15"),
                "Safari 18 on Mac",
            ),
            (
                &format!(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {IOS} Version/18.5 Mobile/15E148 Safari/604.1"
                ),
                "Safari 18 on iPhone",
            ),
            (
                &format!(
                    "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) {IOS} CriOS/141.0.1 Mobile/15E148 Safari/604.1"
                ),
                "Chrome 141 on iPad",
            ),
            (
                &format!(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {IOS} FxiOS/140.0 Mobile/15E148 Safari/605.1.15"
                ),
                "Firefox 140 on iPhone",
            ),
            ("curl/8.5.0", "curl 8"),
        ];
        for (said, name_of_it) in told {
            assert_eq!(name(said), name_of_it, "{said}");
        }
    }

    #[test]
    fn whatever_else_is_said_is_shown_in_short_and_breaks_nothing() {
        assert_eq!(name(""), "");
        assert_eq!(name("Lynx/2.9.0dev.12 libwww-FM/2.14"), "Lynx");
        assert_eq!(name("Firefox/"), "Firefox");
        assert_eq!(name("Firefox/beta"), "Firefox");
        assert_eq!(name(&"é".repeat(300)), "é".repeat(40));
        assert_eq!(name("Firefox/99999999999999999999"), "Firefox 999999");
        assert_eq!(name("/// "), "");
    }
}
