#![no_main]

#[path = "../entries.rs"]
#[allow(dead_code)] // the others' own
mod entries;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entries::session(bytes));
