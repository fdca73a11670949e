//! The machine that a run is on.

use std::fs::read_to_string;
use std::thread::available_parallelism;

/// Its cores and its system, in a line.
pub fn described() -> String {
    let cores = available_parallelism().map_or(1, std::num::NonZero::get);
    let model = value("/proc/cpuinfo", "model name", ':');
    let system = value("/etc/os-release", "PRETTY_NAME", '=');
    let memory = value("/proc/meminfo", "MemTotal", ':');
    let memory = memory.trim_end_matches(" kB").parse::<u64>().unwrap_or_default() / (1024 * 1024);
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cores} cores ({model}), {memory} GiB, {system}, Linux {}", kernel.trim())
}

/// The first value of a name in a file; nothing where there is none.
fn value(file: &str, name: &str, between: char) -> String {
    let text = read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_prefix(between));
    line.unwrap_or_default().trim().trim_matches('"').to_owned()
}
