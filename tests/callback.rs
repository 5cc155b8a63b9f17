//! The audio callback may neither allocate, nor lock, nor ask the system for anything: whatever keeps it waiting costs sound.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)] // a test says what it expects by unwrapping it, and where it is by printing it

use std::process::Command;
use std::sync::atomic::Ordering;

use assert_no_alloc::{AllocDisabler, assert_no_alloc};
use cpal::{FromSample, I24, Sample};
use viva_voce::capture::Counters;
use viva_voce::capture::microphone::deliver;

/// Ends the process at an allocation where none is allowed.
#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

const CHANNELS: usize = 2;
/// Set where this test is run by itself under the eyes of strace.
const TRACED: &str = "VIVA_CALLBACK_TRACED";

/// A thousand callbacks of 20 ms at 48 kHz, into a ring that is read now and then, so that it is empty, half full and too full in turn.
fn callbacks<T>()
where
    T: Sample,
    f32: FromSample<T>,
{
    let (mut ring, mut reader) = rtrb::RingBuffer::new(10_000);
    let (counters, data, mut read) = (Counters::default(), vec![T::EQUILIBRIUM; 960 * CHANNELS], vec![0.0; 7_000]);
    assert_no_alloc(|| {
        for round in 0..1_000 {
            deliver(&data, CHANNELS, &mut ring, &counters);
            if round % 7 == 0 {
                let _ = reader.pop_partial_slice(&mut read);
            }
        }
    });
    assert!(counters.frames_lost.load(Ordering::Relaxed) > 0, "the ring was never full");
}

#[test]
fn it_allocates_nothing_whatever_the_device_delivers() {
    callbacks::<f32>();
    callbacks::<f64>();
    callbacks::<i8>();
    callbacks::<i16>();
    callbacks::<I24>();
    callbacks::<i32>();
    callbacks::<i64>();
    callbacks::<u8>();
    callbacks::<u16>();
    callbacks::<u32>();
    callbacks::<u64>();
}

/// Says on stderr where the callbacks begin and end, which are system calls to be seen in the trace.
#[test]
fn between_two_marks() {
    if std::env::var_os(TRACED).is_some() {
        eprintln!("the callbacks begin");
        callbacks::<i16>();
        callbacks::<f32>();
        eprintln!("the callbacks end");
    }
}

#[test]
fn it_asks_the_system_for_nothing() {
    let trace = tempfile::NamedTempFile::new().unwrap();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o"]).arg(trace.path()).arg(std::env::current_exe().unwrap());
    strace.args(["--exact", "between_two_marks", "--nocapture"]).env(TRACED, "1");
    assert!(strace.output().expect("strace is missing: run scripts/setup test").status.success());
    let trace = std::fs::read_to_string(trace.path()).unwrap();
    let begin = trace.lines().position(|l| l.contains("the callbacks begin")).expect("the mark is in the trace");
    let thread = trace.lines().nth(begin).unwrap().split(' ').next().unwrap();
    let after: Vec<&str> = trace.lines().skip(begin + 1).filter(|l| l.starts_with(thread)).collect();
    let end = after.iter().position(|l| l.contains("the callbacks end")).expect("the mark is in the trace");
    // the ring itself is made, and dropped, between the marks: memory may be asked for there
    let asked: Vec<&&str> = after[..end].iter().filter(|l| !["mmap(", "munmap(", "brk("].iter().any(|call| l.contains(call))).collect();
    assert!(asked.is_empty(), "{asked:#?}");
}
