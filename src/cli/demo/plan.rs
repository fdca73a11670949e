//! What is to be made, and where it begins.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::random::Random;

/// All that the data depends on: the same plan gives the same rows, each of which can be told without the others.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    /// At least one.
    pub users: u64,
    pub items: u64,
    pub roles: u64,
    /// The day before which all of it happened.
    pub until: NaiveDate,
    pub first_user: i64,
    pub first_item: i64,
    pub first_role: i64,
    /// What is stored instead of a hash: nobody can log in.
    pub hash: String,
}

/// The seconds of the three years in which all of it happened.
pub const SPAN: i64 = 3 * 365 * 86_400;

/// Each thing that is drawn has its own numbers.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    Users,
    Activity,
    Arrivals,
    Items,
    Owners,
    Roles,
    Grants,
}

impl Plan {
    /// The numbers for a row.
    pub fn random(&self, stream: Stream, row: u64) -> Random {
        Random::of(self.seed, stream as u64, row)
    }

    /// When the first of it happened: three years before the end.
    pub fn begin(&self) -> NaiveDateTime {
        self.end() - TimeDelta::seconds(SPAN)
    }

    /// A moment from `begin` on, before the end.
    pub fn between(&self, begin: NaiveDateTime, random: &mut Random) -> NaiveDateTime {
        let seconds = (self.end() - begin).num_seconds().max(1);
        begin + TimeDelta::seconds(random.below(seconds as u64) as i64)
    }

    fn end(&self) -> NaiveDateTime {
        self.until.and_time(NaiveTime::MIN)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A plan for tests.
    pub fn plan(users: u64) -> Plan {
        let until = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        let hash = "$argon2id$".into();
        Plan { seed: 1, users, items: 2 * users, roles: 8, until, first_user: 1, first_item: 1, first_role: 2, hash }
    }

    #[test]
    fn everybody_comes_within_three_years() {
        let plan = plan(1000);
        let people = super::super::people::People::new(&plan);
        for position in 0..plan.users {
            let created_at = people.created_at(position);
            assert!((plan.begin()..plan.end()).contains(&created_at), "{created_at}");
        }
    }
}
