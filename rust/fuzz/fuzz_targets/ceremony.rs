//! Any bytes as what one member of a threshold group sends: certificate, polynomial, outcome, and a proof of holding.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selectorate_kernel::pedersen::face;

const GROUP: &str = "Ed25519";
const KEY: &str = "5866666666666666666666666666666666666666666666666666666666666666";

fuzz_target!(|bytes: &[u8]| {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let certificates = [bytes, first, second];
    let _ = face::certificate_faults(GROUP, 3, 2, 1, bytes);
    let _ = face::polynomial_faults(GROUP, 2, &certificates, 1, bytes);
    let _ = face::group_key(GROUP, bytes);
    let _ = face::check_held(GROUP, KEY, "uuid|1|root", bytes);
});
