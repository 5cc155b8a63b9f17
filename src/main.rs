//! `viva`: all it does is in the library, where it can be tested.

use std::process::ExitCode;

fn main() -> ExitCode {
    viva_voce::cli::main()
}
