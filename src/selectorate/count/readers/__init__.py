"""Files of papers: bytes in, `PaperFile` out. The format is recognised by the content, never by the name.

Reads scot-elex CSV and BLT, in UTF-8 or Windows-1252. Every refusal names the file and the line. A file is
read to its last line or not at all. Rows of a decrypted ranked result come in through `from_ranks`.
"""

from __future__ import annotations

import re

from selectorate.count.readers.blt import read_blt, write_blt
from selectorate.count.readers.lines import PaperFile, decoded
from selectorate.count.readers.ranks import from_ranks
from selectorate.count.readers.scot_elex import read_scot_elex
from selectorate.errors import refuse

__all__ = ["PaperFile", "from_ranks", "read", "read_blt", "read_scot_elex", "write_blt"]

_SCOT_ELEX = re.compile(r"\s*-?[0-9]+\s*,")
_BLT = re.compile(r"\s*-?[0-9]+\s+-?[0-9]+\s*(#.*)?$")


def read(data: bytes, name: str) -> PaperFile:
    """The papers of a file; `name` is for the sentences only.

    Raises Refusal `count.file` (with a line number), `count.file.kind` or `count.profile`.
    """
    for line in decoded(data, name).split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if _SCOT_ELEX.match(line):
            return read_scot_elex(data, name)
        if _BLT.match(line):
            return read_blt(data, name)
        break
    because = "its first line is neither “candidates,seats” (CSV) nor “candidates seats” (BLT)"
    raise refuse("count.file.kind", file=name, because=because)
