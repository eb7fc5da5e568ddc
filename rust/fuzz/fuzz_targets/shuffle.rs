//! Any bytes as a shuffle of one ranked question.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use selectorate_kernel::{Poll, open};

fn seed(part: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/fixed");
    std::fs::read(format!("{folder}/ranked-{part}")).expect("seeds are written first")
}

static POLL: LazyLock<Option<Arc<dyn Poll>>> =
    LazyLock::new(|| open(&seed("election"), &seed("trustees"), &seed("credentials")).ok());
static TALLY: LazyLock<Vec<u8>> = LazyLock::new(|| seed("tally"));

fuzz_target!(|bytes: &[u8]| {
    if let Some(poll) = POLL.as_ref() {
        let _ = poll.check_shuffle(&TALLY, bytes);
    }
});
