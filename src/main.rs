//! `viva`: parse, run, print the chain of causes of an error, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    viva_voce::cli::main()
}
