//! The items.

use super::people::People;
use super::plan::{Plan, Stream};
use super::random::{Random, shuffled_below};
use super::{names, words};
use crate::db::load::ItemRow;

/// The shortest title, in characters.
const SHORTEST: usize = 10;

/// Makes the items of a plan.
pub struct Things<'a> {
    plan: &'a Plan,
    people: &'a People<'a>,
    verbs: Vec<&'static str>,
    adjectives: Vec<&'static str>,
    nouns: Vec<&'static str>,
    rare: Vec<&'static str>,
    places: Vec<&'static str>,
    first: Vec<&'static str>,
}

impl<'a> Things<'a> {
    pub fn new(plan: &'a Plan, people: &'a People<'a>) -> Self {
        let words = |text: &'static str| text.split_whitespace().collect();
        Things {
            plan,
            people,
            verbs: words(words::VERBS),
            adjectives: words(words::ADJECTIVES),
            nouns: words(words::NOUNS),
            rare: words(words::RARE),
            places: words(words::PLACES),
            first: words(names::FIRST),
        }
    }

    /// The item at a position, counted from 0.
    pub fn item(&self, position: u64) -> ItemRow {
        let owner = self.owner(position);
        let mut random = self.plan.random(Stream::Items, position);
        let created_at = self.plan.between(self.people.created_at(owner), &mut random);
        let updated_at = if random.is(400) { self.plan.between(created_at, &mut random) } else { created_at };
        let title = self.title(&mut random);
        let description = if random.is(800) { String::new() } else { self.description(&mut random) };
        let (id, owner_id) = (self.plan.first_item + position as i64, self.plan.first_user + owner as i64);
        ItemRow { id, owner_id, title, description, created_at, updated_at }
    }

    /// The position of an item's owner. One user has every tenth item; of the others a few have many, most few, and many none.
    fn owner(&self, position: u64) -> u64 {
        let others = (self.plan.users - 1) * 6 / 10;
        let is_firsts = position % 10 == 3 || others == 0;
        let rank = if is_firsts { 0 } else { 1 + self.plan.random(Stream::Owners, position).low(others) };
        shuffled_below(self.plan.seed, self.plan.users, rank)
    }

    /// From 10 to 60 characters.
    fn title(&self, random: &mut Random) -> String {
        let pattern = random.below(100);
        // Its last digits are those of thousands of others too.
        let number = 1 + random.below(9_999);
        let (verb, adjective) = (random.of_list(&self.verbs), random.of_list(&self.adjectives));
        let nouns = if random.below(10_000) == 0 { &self.rare } else { &self.nouns };
        let noun = random.of_list(nouns);
        let place = random.of_list(&self.places);
        let mut title = match pattern {
            0..25 => format!("{adjective} {noun}"),
            25..40 => format!("{verb} the {noun}"),
            40..55 => format!("{noun} for {place}"),
            55..70 => format!("{adjective} {noun} {number}"),
            70..80 => format!("{noun} and {}", random.of_list(&self.nouns)),
            80..90 => format!("{verb} the {adjective} {noun}"),
            _ => format!("{verb} the {adjective} {noun} in {place}"),
        };
        if title.chars().count() < SHORTEST {
            title = format!("{title} No. {number}");
        }
        capitalized(title)
    }

    /// From 20 to 120 characters.
    fn description(&self, random: &mut Random) -> String {
        let mut description = self.sentence(random);
        while description.chars().count() < 20 || (description.chars().count() < 50 && random.is(150)) {
            description.push(' ');
            description.push_str(&self.sentence(random));
        }
        description
    }

    fn sentence(&self, random: &mut Random) -> String {
        let mut sentence = String::new();
        let mut rest = random.of_list(&words::SENTENCES);
        while let Some((before, word, after)) = next_blank(rest) {
            sentence.push_str(before);
            match word {
                "place" => sentence.push_str(random.of_list(&self.places)),
                "first" => sentence.push_str(&capitalized(random.of_list(&self.first).to_owned())),
                _ => sentence.push_str(&(2 + random.below(998)).to_string()),
            }
            rest = after;
        }
        sentence + rest
    }
}

/// What stands before the next `{word}`, the word, and what stands after it.
fn next_blank(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (word, after) = rest.split_once('}')?;
    Some((before, word, after))
}

fn capitalized(text: String) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(chars).collect(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::cli::demo::plan::tests::plan;

    #[test]
    fn titles_and_descriptions_have_their_lengths_and_are_varied() {
        let plan = plan(10_000);
        let people = People::new(&plan);
        let things = Things::new(&plan, &people);
        let items: Vec<_> = (0..plan.items).map(|position| things.item(position)).collect();
        for item in &items {
            let (title, description) = (item.title.chars().count(), item.description.chars().count());
            assert!((10..=60).contains(&title), "{title}: {}", item.title);
            assert!(description == 0 || (20..=120).contains(&description), "{description}: {}", item.description);
            assert!(!format!("{}{}", item.title, item.description).contains(['{', '}']), "{item:?}");
        }
        let titles: std::collections::HashSet<_> = items.iter().map(|item| &item.title).collect();
        assert!(titles.len() > 14_000, "few are the same: {}", titles.len());
        let empty = items.iter().filter(|item| item.description.is_empty()).count();
        assert!((15_500..16_500).contains(&empty), "{empty}");
        assert!(
            items.iter().any(|item| !item.title.is_ascii()) && items.iter().any(|item| !item.description.is_ascii())
        );
    }

    #[test]
    fn most_own_few_and_one_owns_a_tenth() {
        let plan = plan(10_000);
        let people = People::new(&plan);
        let things = Things::new(&plan, &people);
        let mut owned = HashMap::<u64, u64>::new();
        (0..plan.items).for_each(|position| *owned.entry(things.owner(position)).or_default() += 1);
        let mut counts: Vec<_> = owned.values().copied().collect();
        counts.sort_unstable_by(|one, other| other.cmp(one));
        assert_eq!(counts[0], 2_000, "one owns a tenth");
        assert!(counts[1] < 500, "and nobody else so many: {}", counts[1]);
        assert!((4_000..8_000).contains(&owned.len()), "many own none: {}", owned.len());
        let few = counts.iter().filter(|count| **count <= 3).count();
        assert!(few * 2 > counts.len(), "most of the owners own at most three: {few} of {}", counts.len());
    }
}
