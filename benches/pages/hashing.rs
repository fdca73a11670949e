//! What the cores' hashing allows: passwords hashed at the product's default cost, and nothing else.

use std::thread::{available_parallelism, scope};
use std::time::Instant;

use anyhow::{Result, anyhow};
use argon2::{Algorithm, Argon2, Params, Version};

use super::load::{Measured, Times, Way, Window};
use super::sql::settings;

/// Hashes on every core.
pub fn measure(way: Way) -> Result<Measured> {
    let cost = settings("sqlite://unused")?.passwords;
    let params = Params::new(cost.memory_kib, cost.iterations, 1, None).map_err(|cause| anyhow!("{cause}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let window = way.window();
    let all = scope(|scope| {
        let cores = available_parallelism().map_or(1, std::num::NonZero::get);
        let hashers: Vec<_> = (0..cores).map(|_| scope.spawn(|| hash(&argon2, window))).collect();
        let mut all = Vec::new();
        for hasher in hashers {
            all.push(hasher.join().map_err(|_| anyhow!("a thread has panicked"))??);
        }
        Ok::<_, anyhow::Error>(all)
    });
    Measured::of(all?)
}

fn hash(argon2: &Argon2, window: Window) -> Result<Times> {
    let mut times = Times::new(window);
    loop {
        let (from, mut hash) = (Instant::now(), [0; 32]);
        let hashed = argon2.hash_password_into(b"correct horse battery", b"a salt of sixteen", &mut hash);
        hashed.map_err(|cause| anyhow!("{cause}"))?;
        if !times.note(from) {
            return Ok(times);
        }
    }
}
