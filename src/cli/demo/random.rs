//! Random numbers that are the same for ever: SplitMix64 (Steele, Lea, Flood 2014). A library's next version may draw others,
//! and then the same seed would give other data.

/// What one step adds: 2^64 divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A sequence of numbers.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The sequence of one row: each has its own, so that a row can be told without those before it.
    pub fn of(seed: u64, what: u64, row: u64) -> Self {
        Random { state: mix(mix(seed ^ mix(what)) ^ mix(row.wrapping_add(STEP))) }
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number below `end`, which is not 0: the upper half of a product, so that no division is needed.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// True so many times of a thousand.
    pub fn is(&mut self, of_thousand: u64) -> bool {
        self.below(1000) < of_thousand
    }

    /// A number below `end` that is small more often than not: by the square of a fraction.
    pub fn low(&mut self, end: u64) -> u64 {
        let fraction = self.next() >> 32;
        ((u128::from(fraction * fraction) * u128::from(end)) >> 64) as u64
    }

    /// One of several.
    pub fn of_list<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }
}

/// Another order of the numbers below 2^`bits`, each of them once. `bits` is from 2 to 32.
pub fn shuffled(seed: u64, bits: u32, number: u64) -> u64 {
    let mask = (1 << bits) - 1;
    let mut number = number & mask;
    for round in 0..3 {
        // Each of these can be undone: to add, to multiply by an odd number, to mix the upper half into the lower.
        number = number.wrapping_add(mix(seed ^ round)) & mask;
        number = number.wrapping_mul(0x2545_F491_4F6C_DD1D) & mask;
        number ^= number >> bits.div_ceil(2);
    }
    number
}

/// Another order of the numbers below `end`, each of them once.
pub fn shuffled_below(seed: u64, end: u64, number: u64) -> u64 {
    let bits = (u64::BITS - end.leading_zeros()).max(2);
    let mut number = number;
    loop {
        number = shuffled(seed, bits, number);
        if number < end {
            return number;
        }
    }
}

fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_order_has_each_number_once() {
        for end in [1, 2, 7, 64, 1000] {
            let mut numbers: Vec<_> = (0..end).map(|number| shuffled_below(5, end, number)).collect();
            assert!(end < 10 || numbers.windows(2).any(|pair| pair[0] > pair[1]), "it is another: {numbers:?}");
            numbers.sort_unstable();
            assert_eq!(numbers, (0..end).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_numbers_are_those_of_the_paper() {
        let mut random = Random { state: 1_234_567 };
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn a_low_number_is_below_the_end_and_mostly_small() {
        let mut random = Random::of(1, 1, 1);
        let numbers: Vec<_> = (0..10_000).map(|_| random.low(1000)).collect();
        assert!(numbers.iter().all(|number| *number < 1000));
        let small = numbers.iter().filter(|number| **number < 250).count();
        assert!((4_800..5_200).contains(&small), "half of them are in the first quarter: {small}");
    }
}
