//! The sources of the pages: nothing in them that the content policy would have to permit.

use std::fs;
use std::path::Path;

/// All files under a folder of the repository with one of these endings, with their texts.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let is_wanted = path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted));
            if path.is_dir() && !path.ends_with("vendor") {
                folders.push(path);
            } else if is_wanted {
                found.push((path.display().to_string(), fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    found
}

/// The tags that a text opens, in the template's own words: a `>` within quotes or braces ends none.
fn tags(text: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let starts =
        text.match_indices('<').filter(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()));
    for (start, _) in starts {
        let (mut quote, mut braces) = (None, 0_usize);
        let end = text[start..].char_indices().find(|(_, c)| {
            match (quote, c) {
                (_, '{') => braces += 1,
                (_, '}') => braces -= 1,
                (None, '"' | '\'') if braces == 0 => quote = Some(*c),
                (Some(open), c) if braces == 0 && open == *c => quote = None,
                _ => {}
            }
            *c == '>' && quote.is_none() && braces == 0
        });
        tags.push(&text[start..start + end.expect("an end of the tag").0]);
    }
    tags
}

/// The names of a tag's attributes, roughly: words before a `=`.
fn attributes(tag: &str) -> impl Iterator<Item = &str> {
    let words = tag.split(|c: char| c.is_whitespace() || c == '}');
    words.filter_map(|word| word.split_once('=')).map(|(name, _)| name)
}

#[test]
fn no_template_and_no_picture_has_a_script_a_style_or_a_handler_in_it() {
    let all: Vec<_> = files("templates", &["html"]).into_iter().chain(files("static", &["svg"])).collect();
    assert!(all.len() > 15, "they were found: {}", all.len());
    for (path, text) in all {
        for word in
            ["<style", "javascript:", "data:text", "js:", "hx-on", "hx-vars", "srcdoc", "<base", "<iframe", "<object"]
        {
            assert!(!text.contains(word), "{path} has {word}");
        }
        assert_eq!(text.matches("<script").count(), text.matches("></script>").count(), "{path}: a script is a file");
        for tag in tags(&text) {
            assert!(!tag.starts_with("<script") || tag.contains(" src=\"{{ crate::assets::url("), "{path}: {tag}");
            for name in attributes(tag) {
                assert!(name != "style" && !name.starts_with("on"), "{path}: {name} in {tag}");
            }
        }
    }
}

#[test]
fn every_element_that_commands_htmx_says_the_word_of_the_page() {
    for (path, text) in files("templates", &["html"]) {
        for tag in tags(&text).into_iter().filter(|tag| attributes(tag).any(|name| name.starts_with("hx-"))) {
            let says = ["hx-nonce=\"{{ shell.nonce }}\"", "hx-nonce=\"{{ nonce }}\""];
            assert!(says.iter().any(|word| tag.contains(word)), "{path}: {tag}");
        }
    }
}

#[test]
fn values_are_escaped_everywhere_but_where_they_are_our_own() {
    for (path, text) in files("templates", &["html"]) {
        for safe in text.match_indices("|safe").map(|(at, _)| text[..at].rsplit(['{', ' ']).next().unwrap_or_default())
        {
            assert_eq!(safe, "described", "{path}: {safe}|safe; `described` is made of ids and nothing else");
        }
        assert!(!text.contains("{% raw") && !text.contains("escape none") && !text.contains("|escape("), "{path}");
    }
}

#[test]
fn our_own_script_makes_no_markup_of_text_and_runs_none() {
    for (path, text) in files("static", &["js"]) {
        for word in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "parseFromString",
            "createPolicy",
        ] {
            assert!(!text.contains(word), "{path} has {word}");
        }
    }
    for (path, text) in files("static", &["css"]) {
        for word in ["@import", "url(http", "url(//", "url(data:", "expression("] {
            assert!(!text.contains(word), "{path} has {word}");
        }
    }
}

#[test]
fn every_form_of_somebody_who_is_logged_in_says_whose_it_is() {
    // The last two hold the words that the form came with.
    let own = ["/login", "/logout", "/setup", "/password", "{{ action }}", "{{ submission.kept.path }}"];
    let mut count = 0;
    for (path, text) in files("templates", &["html"]) {
        for form in text.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()) {
            let is_free = own.iter().any(|start| form.contains(&format!("action=\"{start}")));
            if !form.contains("method=\"post\"") || is_free {
                continue;
            }
            count += 1;
            assert!(form.contains("form_words.html"), "{path}: {form}");
        }
    }
    assert!(count > 10, "they were found: {count}");
}
