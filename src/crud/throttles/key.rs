//! What tries are counted for.

use std::net::IpAddr;

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

use crate::email::normalized;
use crate::token;

/// An address has so many tries at once: an office behind one address may well mistype that often in a few minutes.
pub const BURST: i32 = 20;
/// And one more each so many seconds: ten a minute, of all accounts together.
pub const STEP: TimeDelta = TimeDelta::seconds(6);

/// What tries are counted for, and by which rule the next one waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub(super) name: String,
    pub(super) user_id: Option<i64>,
    pub(super) pace: Pace,
}

/// How long the next try waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Longer with each failure, of strangers.
    Tiers,
    /// The same, but without the first second: somebody who has given the password before mistypes it rather than guesses.
    Known,
    /// Until there is a try in supply.
    Supply,
}

impl Key {
    /// The account of an address, and of a user if there is one: it is counted in the same way if not, so that nobody learns
    /// from it who has an account. What was typed is not kept.
    #[must_use]
    pub fn account(email: &str, user_id: Option<i64>) -> Self {
        Key { name: format!("account:{}", token::hash(&normalized(email))), user_id, pace: Pace::Tiers }
    }

    /// A browser in which this user has logged in before, by the key in its cookie.
    #[must_use]
    pub fn device(token: &str, user_id: i64) -> Self {
        Key { name: format!("device:{}", token::hash(token)), user_id: Some(user_id), pace: Pace::Known }
    }

    /// The own password of somebody logged in, asked for again: no stranger's failures count there.
    #[must_use]
    pub fn own_password(user_id: i64) -> Self {
        Key { name: format!("own_password:{user_id}"), user_id: Some(user_id), pace: Pace::Known }
    }

    /// The second factor of a user whose password was right.
    #[must_use]
    pub fn second_factor(user_id: i64) -> Self {
        Key { name: format!("second_factor:{user_id}"), user_id: Some(user_id), pace: Pace::Tiers }
    }

    /// Where tries come from. Of IPv6 the first half: whoever has one such address has all of that network.
    #[must_use]
    pub fn address(text: &str) -> Self {
        let name = match text.parse() {
            Ok(IpAddr::V6(address)) => {
                let network = u128::from(address) >> 64 << 64;
                format!("{ADDRESS}{}/64", std::net::Ipv6Addr::from(network))
            }
            _ => format!("{ADDRESS}{text}"),
        };
        Key { name, user_id: None, pace: Pace::Supply }
    }

    /// The address as it was counted, from [`Key::address`]'s own words.
    pub(super) fn counted_address(text: &str) -> String {
        format!("{ADDRESS}{text}")
    }
}

/// What the name of an address's key begins with.
pub(super) const ADDRESS: &str = "address:";

impl Pace {
    /// Until when the next try waits after so many failures, one of them just now: Kanidm's soft lock. With 100 a day nobody
    /// guesses what is not among the commonest passwords (NIST SP 800-63B, 3.2.2).
    pub(super) fn held_until(self, failures: i64, held_until: NaiveDateTime, at: NaiveDateTime) -> NaiveDateTime {
        match (self, failures) {
            (Pace::Supply, _) => held_until.max(at - STEP * (BURST - 1)) + STEP,
            (Pace::Known, ..3) => held_until,
            (Pace::Tiers, ..3) => at + TimeDelta::seconds(1),
            (_, ..9) => at + TimeDelta::seconds(3),
            (_, ..25) => at + TimeDelta::seconds(5),
            (_, ..100) => at + TimeDelta::seconds(10),
            // At midnight the count begins anew, but not sooner than after any other failure.
            _ => day_after(at).max(at + TimeDelta::seconds(10)),
        }
    }
}

/// The end of a day, in UTC.
fn day_after(at: NaiveDateTime) -> NaiveDateTime {
    at.date().succ_opt().unwrap_or(at.date()).and_time(NaiveTime::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_ipv6_is_counted_by_its_network() {
        let name = |text| Key::address(text).name;
        assert_eq!(name("2001:db8:1:2:3:4:5:6"), "address:2001:db8:1:2::/64");
        assert_eq!(name("2001:db8:1:2::1"), name("2001:db8:1:2:ffff::"));
        assert_ne!(name("2001:db8:1:2::1"), name("2001:db8:1:3::1"));
        assert_eq!(name("203.0.113.9"), "address:203.0.113.9");
    }
}
