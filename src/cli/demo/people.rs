//! The users.

use std::collections::HashSet;

use chrono::{NaiveDateTime, TimeDelta};

use super::names;
use super::plan::{Plan, SPAN, Stream};
use super::random::shuffled;
use crate::db::load::UserRow;

/// So many bits of an id make an address: enough for a thousand million users of one seed.
const BITS: u32 = 30;

/// The ways to write a name without a number: three separators, two orders, a middle initial or none.
const PLAIN: u64 = 3 * 2 * 27;

/// How much earlier or later than the ids have it somebody came.
const JITTER: i64 = 30 * 86_400;

/// Makes the users of a plan.
pub struct People<'a> {
    plan: &'a Plan,
    first: Vec<&'static str>,
    last: Vec<&'static str>,
    domains: Vec<&'static str>,
}

impl<'a> People<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        let words = |text: &'static str| text.split_whitespace().collect();
        People { plan, first: words(names::FIRST), last: words(names::LAST), domains: words(names::DOMAINS) }
    }

    /// The user at a position, counted from 0, whose address is none of those that are taken.
    pub fn user(&self, position: u64, taken: &HashSet<String>) -> UserRow<'a> {
        let id = self.plan.first_user + position as i64;
        let mut random = self.plan.random(Stream::Users, position);
        let created_at = self.created_at(position);
        let last_login_at = random.is(700).then(|| self.plan.between(created_at, &mut random));
        let updated_at = if random.is(300) { self.plan.between(created_at, &mut random) } else { created_at };
        let mut email = self.email(position);
        if taken.contains(&email)
            && let Some((name, domain)) = email.split_once('@')
        {
            email = format!("{name}+{id}@{domain}");
        }
        let (hashed_password, is_active) = (&*self.plan.hash, self.is_active(position));
        UserRow { id, email, hashed_password, is_active, last_login_at, created_at, updated_at }
    }

    /// The address of the user at a position, if nobody else has it. The id is put in another order by the seed and read as a
    /// number whose digits are name, name, domain and spelling: no two ids have the same, and nothing needs to be remembered.
    pub fn email(&self, position: u64) -> String {
        let id = self.plan.first_user as u64 + position;
        let mut rest = shuffled(self.plan.seed, BITS, id);
        let mut word = |list: &[&'static str]| {
            let base = list.len() as u64;
            let word = list[(rest % base) as usize];
            rest /= base;
            word
        };
        let (first, last, domain) = (word(&self.first), word(&self.last), word(&self.domains));
        if rest < PLAIN {
            let separator = ['.', '_', '-'][(rest % 3) as usize];
            let (one, other) = if (rest / 3).is_multiple_of(2) { (first, last) } else { (last, first) };
            match ('a'..='z').nth((rest / 6) as usize) {
                Some(middle) => format!("{one}{separator}{middle}{separator}{other}@{domain}"),
                None => format!("{one}{separator}{other}@{domain}"),
            }
        } else {
            let (number, separator) = ((rest - PLAIN) / 2 + 1, ['.', '_'][(rest % 2) as usize]);
            format!("{first}{separator}{last}{number}@{domain}")
        }
    }

    /// One in twenty is not.
    fn is_active(&self, position: u64) -> bool {
        !self.plan.random(Stream::Activity, position).is(50)
    }

    /// Most came in the order of their ids, a month earlier or later.
    pub fn created_at(&self, position: u64) -> NaiveDateTime {
        let even = (i128::from(SPAN) * i128::from(position) / i128::from(self.plan.users)) as i64;
        let mut random = self.plan.random(Stream::Arrivals, position);
        // Whoever would come before the beginning comes as long after it.
        let seconds = (even - JITTER + random.below(2 * JITTER as u64) as i64).abs();
        let seconds = if seconds < SPAN { seconds } else { 2 * SPAN - 1 - seconds };
        self.plan.begin() + TimeDelta::seconds(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::plan::tests::plan;

    #[test]
    fn every_address_is_one_and_nobody_elses() {
        let plan = plan(100_000);
        let people = People::new(&plan);
        let emails: HashSet<_> = (0..plan.users).map(|position| people.email(position)).collect();
        assert_eq!(emails.len(), 100_000);
        for email in emails {
            assert_eq!(crate::email::refusal(&email), None, "{email}");
            assert!(email.is_ascii() && email == crate::email::normalized(&email), "{email}");
        }
    }

    #[test]
    fn no_name_is_twice_or_in_both_lists() {
        let all = names::FIRST.split_whitespace().chain(names::LAST.split_whitespace());
        let mut known = HashSet::new();
        for name in all {
            assert!(known.insert(name), "{name} is there already");
            assert!(name.bytes().all(|c| c.is_ascii_lowercase()), "{name} would end where a separator stands");
        }
    }

    #[test]
    fn an_address_that_is_taken_gets_the_id() {
        let plan = plan(10);
        let people = People::new(&plan);
        let taken = HashSet::from([people.email(7)]);
        assert_ne!(people.user(7, &taken).email, people.email(7));
        assert!(people.user(7, &taken).email.contains("+8@"), "{}", people.user(7, &taken).email);
        assert_eq!(people.user(6, &taken).email, people.email(6));
    }
}
