#!/usr/bin/env bash
# The kernel's fuzz targets, one after the other: tests/fuzz/kernel.sh SECONDS. A target fails on a panic, on an
# input that takes more than 2 s, or beyond 512 MB. cargo-fuzz is built into .tools/ where it is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/rust/target/fuzz}"
# Without sanitizers: the kernel forbids unsafe code, and so the stable compiler is enough.
export RUSTUP_TOOLCHAIN="${RUSTUP_TOOLCHAIN:-stable}"
if ! command -v cargo-fuzz >/dev/null && [ ! -x .tools/cargo-fuzz/bin/cargo-fuzz ]; then
  echo "setup: cargo-fuzz (some minutes the first time)"
  cargo install --quiet --locked --root .tools/cargo-fuzz cargo-fuzz
fi
PATH="$PWD/.tools/cargo-fuzz/bin:$PATH"
echo "building the targets (some minutes the first time)"
(cd rust/fuzz && cargo fuzz build --sanitizer none) >rust/fuzz/build.log 2>&1 || { tail -40 rust/fuzz/build.log; exit 1; }
failed=0
for target in $(cd rust/fuzz && cargo fuzz list); do
  mkdir -p "rust/fuzz/corpus/$target"
  if (cd rust/fuzz && cargo fuzz run --sanitizer none "$target" "corpus/$target" "seeds/$target" -- \
    -max_total_time="$seconds" -timeout=2 -rss_limit_mb=512 -max_len=65536 -print_final_stats=1 -verbosity=0) \
    >"rust/fuzz/$target.log" 2>&1; then
    printf '%-12s %9s inputs  held\n' "$target" "$(sed -n 's/.*number_of_executed_units: *//p' "rust/fuzz/$target.log")"
  else
    printf '%-12s FOUND SOMETHING\n' "$target"
    tail -40 "rust/fuzz/$target.log"
    failed=1
  fi
done
exit $failed
