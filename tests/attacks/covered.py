"""Prints, after a run, which duties of which verifier were shown to be the only one that rejects something."""

from __future__ import annotations

import pytest
from tests.attacks import judges


def report(terminalreporter: pytest.TerminalReporter) -> None:
    """The table, if any test of this run judged anything."""
    if judges.COVERED:
        terminalreporter.section("duties with something that only they reject")
        duties = sorted(judges.duties_of_ours() | judges.duties_of_auditor(), key=_order)
        for name, covers in (("ours", "ours"), ("auditor", "auditor")):
            there = [duty for duty in duties if covers in judges.COVERED.get(duty, ())]
            missing = [duty for duty in duties if duty not in there]
            terminalreporter.write_line(f"{name}: {len(there)} of {len(duties)}; not in this run: "
                                        f"{', '.join(missing) or 'none'}")  # fmt: skip
        terminalreporter.write_line("duty     " + " ".join(f"{duty:>2}" for duty in duties))
        for name in ("ours", "auditor"):
            marks = ("*" if name in judges.COVERED.get(duty, ()) else "-" for duty in duties)
            terminalreporter.write_line(f"{name:<8} " + " ".join(f"{mark:>2}" for mark in marks))


def _order(duty: str) -> tuple[int, str]:
    return "AEBTSDRLPQCK".index(duty[0]), duty
