//! Any bytes as a ballot of three elections that differ in their questions and groups.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use selectorate_kernel::{Poll, open};

static POLLS: LazyLock<Vec<Arc<dyn Poll>>> = LazyLock::new(|| {
    ["mixed", "lists", "blank"].iter().filter_map(|name| poll(name)).collect()
});

/// A set-up that `python -m tests.fuzz.seeds` has written.
fn poll(name: &str) -> Option<Arc<dyn Poll>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/fixed");
    let read = |part: &str| std::fs::read(format!("{folder}/{name}-{part}")).expect("seeds are written first");
    open(&read("election"), &read("trustees"), &read("credentials")).ok()
}

fuzz_target!(|bytes: &[u8]| {
    for poll in POLLS.iter() {
        let _ = poll.check_ballots(&[bytes]);
    }
});
