//! Stems by the share of lines that hold them, in thousandths, for `scripts/scoring/commons.sh`: lines in, the most common stems out.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)] // a tool for one who fits, not for users

use std::collections::{BTreeMap, BTreeSet};

use viva_voce::words::stems;

fn main() {
    let text = std::io::read_to_string(std::io::stdin()).unwrap();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for stem in text.lines().flat_map(|line| stems(line).into_iter().collect::<BTreeSet<_>>()) {
        *count.entry(stem).or_default() += 1;
    }
    let mut all: Vec<(String, usize)> = count.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    for (stem, lines) in all.iter().take(3_000) {
        println!("{stem} {:.1}", *lines as f64 * 1_000.0 / text.lines().count() as f64);
    }
}
