"""Say in one sentence what to install when there is no Rust, or one that is too old.

    python rust_at_least.py 1.85

Exits 0 when `cargo` and `rustc` are there and new enough, else 1. Used by `make setup`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys


def main(minimum: str) -> int:
    remedy = f"install Rust {minimum} or later (rustup, or your system's packages), then run this again."
    if not shutil.which("cargo") or not shutil.which("rustc"):
        sys.stderr.write(f"The kernel is built from source and Rust is not installed: {remedy}\n")
        return 1
    answer = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)\.(\d+)", answer)
    wanted = tuple(int(part) for part in minimum.split("."))
    if not found or (int(found[1]), int(found[2])) < wanted:
        sys.stderr.write(f"Rust is too old for the kernel ({answer.strip() or 'no version'}): {remedy}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
