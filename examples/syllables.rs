//! For `scripts/fillers/exceptions.py`: words in, a line each; their syllables out.

use std::io::BufRead;

fn main() -> std::io::Result<()> {
    for line in std::io::stdin().lock().lines() {
        anstream::println!("{}", viva_voce::measure::syllable::count(&line?));
    }
    Ok(())
}
