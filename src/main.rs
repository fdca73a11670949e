//! Parses the command line and calls.

fn main() -> std::process::ExitCode {
    quarterdeck::cli::run()
}
