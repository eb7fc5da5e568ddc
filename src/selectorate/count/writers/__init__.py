"""Papers and sheets as other programs read them: values in, bytes out.

Papers: `write_blt`, `write_preflib`, `write_csv`, `write_xlsx`. A sheet: `write_rctab` (the summary that RCTab
writes), `sheet_csv`, `sheet_xlsx`. What a format has no sign for is refused (`count.write`), never left out: BLT
and PrefLib know no overvote without names, PrefLib no gap and no candidate twice. Read back with
`readers.read_ballots`, what was written is the same papers.
"""

from __future__ import annotations

from selectorate.count.writers.blt import write_blt
from selectorate.count.writers.marked import ballots_of
from selectorate.count.writers.preflib import write_preflib
from selectorate.count.writers.rctab import write_rctab
from selectorate.count.writers.tables import sheet_csv, sheet_xlsx, write_csv, write_xlsx

__all__ = [
    "ballots_of", "sheet_csv", "sheet_xlsx", "write_blt", "write_csv", "write_preflib", "write_rctab",
    "write_xlsx",
]  # fmt: skip
