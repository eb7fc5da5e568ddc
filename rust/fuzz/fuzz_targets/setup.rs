//! Any bytes as the three set-up objects, one on each line: faults or a reason, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
    let mut next = || lines.next().unwrap_or_default();
    if let Ok(poll) = selectorate_kernel::open(next(), next(), next()) {
        let _ = poll.check_setup();
    }
});
