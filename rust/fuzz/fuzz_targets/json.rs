//! Any bytes as a JSON object of the wire: a value or a reason, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selectorate_kernel::text::Json;

fuzz_target!(|bytes: &[u8]| {
    let _ = Json::read(bytes);
});
