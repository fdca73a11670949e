//! A search finds what it says: each database's list is held against a few lines that know no index.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use url::form_urlencoded::Serializer;

use super::{holds_of, runner};
use crate::support::TestApp;

/// Without regard to case, and to the one letter that has two small forms.
fn fold(text: &str) -> String {
    text.to_lowercase().replace('ς', "σ")
}

/// What is looked for: words, each with whether it stands in quotes.
type Words = Vec<(String, bool)>;

/// True of a word in which an index of either database finds something: three letters in a row, two before another
/// character, or one after it.
fn is_known(word: &str) -> bool {
    let are_letters: Vec<_> = word.chars().map(char::is_alphanumeric).collect();
    are_letters.windows(3).any(|three| three[0] && three[1])
        || (are_letters.len() >= 3 && are_letters.windows(2).any(|two| !two[0] && two[1]))
}

/// True of a row that a search finds.
fn is_found(words: &Words, title: &str, description: &str) -> bool {
    let anywhere = |word: &str| fold(title).contains(&fold(word)) || fold(description).contains(&fold(word));
    let start = if words.iter().any(|(word, _)| is_known(word)) {
        None
    } else {
        words.iter().position(|(word, _)| word.contains(char::is_alphanumeric))
    };
    let found = |(place, (word, _)): (usize, &(String, bool))| {
        if Some(place) == start { fold(title).starts_with(&fold(word)) } else { anywhere(word) }
    };
    words.iter().enumerate().all(found)
}

/// Texts of letters in either case, with and without a counterpart, and of what means something somewhere.
fn text() -> impl Strategy<Value = String> {
    let letter =
        select("aabbcdiIsSKßİıΣσςΩωάΆაბᲐᎠꭰꭱйЙéÉñ東京한ſ0127%_*\"\\'-.,@#😀\u{307}\u{301}".chars().collect::<Vec<_>>());
    let word = prop_oneof![
        3 => prop::collection::vec(letter, 1..7).prop_map(String::from_iter),
        2 => select(vec!["Anchor", "rope", "Straße", "ΟΔΟΣ", "οδός", "İzmir", "ისტანბული", "ᎠᎡᎢ", "100%", "a_b", "ab", "%%", "\"x\""])
            .prop_map(ToOwned::to_owned),
    ];
    prop::collection::vec(word, 1..4).prop_map(|words| words.join(" "))
}

/// A piece of a row's own text, in a case of its own; or another text.
fn words(rows: &[(String, String)]) -> impl Strategy<Value = Words> {
    let rows = rows.to_vec();
    let piece =
        (any::<Index>(), any::<bool>(), any::<Index>(), 1..7_usize).prop_map(move |(row, which, start, length)| {
            let (title, description) = &rows[row.index(rows.len())];
            let text = if which && !description.is_empty() { description } else { title };
            let chars: Vec<_> = text.chars().collect();
            let start = start.index(chars.len());
            chars.iter().skip(start).take(length).collect()
        });
    let case = |(text, case): (String, u8)| match case {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        _ => text,
    };
    let word = (prop_oneof![9 => piece, 1 => text()], 0..4_u8).prop_map(case).prop_map(|text| {
        // A quote that begins a word may have another one after it; what is between blanks is a word unless it is quoted.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_phrase = text.contains(' ');
        let text = if is_phrase { text.replace('"', "") } else { text.trim_start_matches('"').to_owned() };
        (text.trim().to_owned(), is_phrase)
    });
    prop::collection::vec(word, 1..4)
        .prop_map(|words: Words| words.into_iter().filter(|(word, _)| !word.is_empty()).collect())
}

#[test]
fn a_search_finds_the_rows_that_have_its_words_and_no_other() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(TestApp::start());
    let mut random = runner(1);
    let row = (text(), prop_oneof![text(), Just(String::new())]);
    let rows = prop::collection::vec(row, 80).new_tree(&mut random).expect("rows").current();
    let owner = system.block_on(app.db_user("ann@example.com", &[])).id;
    let mut stored = Vec::new();
    for (title, description) in &rows {
        let item = system.block_on(app.db_item(owner, title));
        let quoted = description.replace('\'', "''");
        app.database.execute(&format!("UPDATE items SET description = '{quoted}' WHERE id = {}", item.id));
        stored.push((item.id, title, description));
    }
    let admin = system.block_on(app.admin());
    let matches = std::cell::Cell::new(0);
    holds_of(&system, 400, &words(&rows), async |words| {
        let shown: Vec<_> = words
            .iter()
            .map(|(word, is_quoted)| if *is_quoted { format!("\"{word}\"") } else { word.clone() })
            .collect();
        let q = shown.join(" ");
        let query = Serializer::new(String::new()).append_pair("q", &q).append_pair("limit", "100").finish();
        let page = admin.get(&format!("/items?{query}")).await;
        prop_assert_eq!(page.status, 200, "{}", q);
        let found = stored.iter().filter(|(_, title, description)| is_found(&words, title, description));
        let mut expected: Vec<_> = found.map(|(id, ..)| *id).collect();
        let mut ids = page.ids();
        expected.sort_unstable();
        ids.sort_unstable();
        matches.set(matches.get() + usize::from(!expected.is_empty()));
        prop_assert_eq!(ids, expected, "{}", q);
        Ok(())
    });
    assert!(matches.get() > 100, "{} searches find something", matches.get());
}
