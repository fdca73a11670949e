//! The waits themselves, to the moment.

use chrono::TimeDelta;
use quarterdeck::crud::throttles::{BURST, Key, STEP};

use super::{ANN, moment, settle};
use crate::support::TestDatabase;

#[test]
fn strangers_wait_one_three_five_and_ten_seconds_and_then_until_the_day_ends() {
    let database = TestDatabase::migrated();
    let key = Key::account(ANN, None);
    let mut at = moment("2026-03-01T12:00:00");
    for failure in 1..100 {
        assert_eq!(settle(&database, at, &key, false), None, "the try number {failure} is let through");
        let wait = match failure {
            1..=2 => 1,
            3..=8 => 3,
            9..=24 => 5,
            _ => 10,
        };
        assert_eq!(settle(&database, at, &key, true), Some(wait), "after {failure} failures even a right one waits");
        let end = at + TimeDelta::seconds(wait.cast_signed());
        assert_eq!(settle(&database, end - TimeDelta::microseconds(1), &key, false), Some(1), "to its very end");
        at = end;
    }
    assert_eq!(settle(&database, at, &key, false), None, "the hundredth");
    let midnight = moment("2026-03-02T00:00:00");
    let rest = u64::try_from((midnight - at).num_seconds()).expect("a while");
    assert_eq!(settle(&database, at, &key, false), Some(rest));
    assert_eq!(settle(&database, midnight - TimeDelta::seconds(1), &key, false), Some(1));
    assert_eq!(settle(&database, midnight, &key, false), None, "the next day");
    assert_eq!(settle(&database, midnight, &key, false), Some(1), "begins anew");
}

#[test]
fn a_hundredth_failure_just_before_midnight_waits_ten_seconds_all_the_same() {
    let database = TestDatabase::migrated();
    let key = Key::account(ANN, None);
    let at = moment("2026-03-01T23:59:58");
    assert_eq!(settle(&database, at - TimeDelta::hours(1), &key, false), None);
    database.execute("UPDATE login_throttles SET failures = 99");
    assert_eq!(settle(&database, at, &key, false), None);
    assert_eq!(settle(&database, at, &key, false), Some(10));
}

#[test]
fn a_right_try_clears_what_was_counted() {
    let database = TestDatabase::migrated();
    let key = Key::account(ANN, None);
    let at = moment("2026-03-01T12:00:00");
    for second in 0..2 {
        assert_eq!(settle(&database, at + TimeDelta::seconds(second), &key, false), None);
    }
    assert_eq!(settle(&database, at + TimeDelta::seconds(2), &key, true), None);
    assert_eq!(database.number("SELECT count(*) FROM login_throttles"), 0);
}

#[test]
fn whoever_is_known_may_mistype_twice_without_a_wait() {
    let database = TestDatabase::migrated();
    database.execute("INSERT INTO users (email, hashed_password) VALUES ('ann@example.com', 'x')");
    let at = moment("2026-03-01T12:00:00");
    for key in [Key::device("token", 1), Key::own_password(1)] {
        for _ in 0..3 {
            assert_eq!(settle(&database, at, &key, false), None, "{key:?}");
        }
        assert_eq!(settle(&database, at, &key, false), Some(3), "{key:?}: then as everybody");
    }
    let code = Key::second_factor(1);
    assert_eq!(settle(&database, at, &code, false), None);
    assert_eq!(settle(&database, at, &code, false), Some(1), "a code of six digits is guessed");
}

#[test]
fn an_address_has_twenty_tries_and_one_more_each_six_seconds() {
    let database = TestDatabase::migrated();
    let key = Key::address("203.0.113.9");
    let at = moment("2026-03-01T12:00:00");
    for number in 0..BURST {
        assert_eq!(settle(&database, at, &key, false), None, "the try number {number}");
    }
    assert_eq!(settle(&database, at, &key, false), Some(6));
    for number in 1..4 {
        let next = at + STEP * number;
        assert_eq!(settle(&database, next - TimeDelta::seconds(1), &key, false), Some(1), "not before");
        assert_eq!(settle(&database, next, &key, false), None, "one more after {number} times six seconds");
        assert_eq!(settle(&database, next, &key, false), Some(6), "and no other");
    }
    assert_eq!(settle(&database, at, &Key::address("203.0.113.10"), false), None, "other addresses have their own");
    let rested = at + STEP * (BURST + 3);
    for _ in 0..BURST {
        assert_eq!(settle(&database, rested, &key, false), None, "after two minutes of rest the supply is full");
    }
    assert_eq!(settle(&database, rested, &key, false), Some(6));
}

#[test]
fn a_right_try_is_given_back_to_the_address() {
    let database = TestDatabase::migrated();
    let key = Key::address("203.0.113.9");
    let at = moment("2026-03-01T12:00:00");
    for _ in 0..100 {
        assert_eq!(settle(&database, at, &key, true), None);
    }
    for _ in 0..BURST - 1 {
        assert_eq!(settle(&database, at, &key, false), None);
    }
    for _ in 0..100 {
        assert_eq!(settle(&database, at, &key, true), None, "the last of the supply, again and again");
    }
    assert_eq!(settle(&database, at, &key, false), None);
    assert_eq!(settle(&database, at, &key, true), Some(6));
}

#[test]
fn what_means_nothing_any_more_goes_with_later_tries() {
    let database = TestDatabase::migrated();
    let at = moment("2026-03-01T12:00:00");
    for number in 0..50 {
        settle(&database, at, &Key::account(&format!("nobody{number}@example.com"), None), false);
    }
    let count = || database.number("SELECT count(*) FROM login_throttles");
    settle(&database, at + TimeDelta::hours(11), &Key::account(ANN, None), false);
    assert_eq!(count(), 51, "of this day none");
    let next_day = at + TimeDelta::hours(12);
    settle(&database, next_day, &Key::account("bob@example.com", None), false);
    assert_eq!(count(), 32, "twenty at a time");
    for number in 0..3 {
        settle(&database, next_day, &Key::account(&format!("eve{number}@example.com"), None), false);
    }
    assert_eq!(count(), 4, "and then all of them");
}
