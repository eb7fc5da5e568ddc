"""How far a verification has come, in a file of its own, so that a later run does not repeat its proofs.

The file belongs to whoever verifies and is believed as far as that: it says that the proofs of so many ballots
were valid, and the hash of the archive up to the last of them. Everything else is checked anew in every run.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from selectorate import __version__
from selectorate.errors import refuse
from selectorate.verify import source

BEGINNING = b"selectorate verification progress"
BYTES_MAX = 4096
_FORM = re.compile(
    rb"selectorate verification progress 1\nprogram (\S{1,40})\nballots (0|[1-9][0-9]{0,11})\n"
    rb"archive ([0-9a-f]{64})\nthis ([0-9a-f]{64})\n"
)


class Progress:
    """The progress file of one run.

    ballots, prefix: how far an earlier run has come, 0 and "" where there was none; note: a sentence where the
    file could not be used, else "". Raises Refusal `verify.resume` for a file of another kind.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ballots, self.prefix, self.note = 0, "", ""
        found = source.read_if_there(path, BYTES_MAX)
        if not found:
            return
        if not found.startswith(BEGINNING):
            raise refuse("verify.resume", file=path)
        match = _FORM.fullmatch(found)
        if match is None or match[4].decode() != _digest(found[: match.start(4)]):
            self.note = f"{path} is damaged; all ballots are checked from the beginning."
        elif match[1].decode() != __version__:
            self.note = f"{path} is by another version of this program; all ballots are checked again."
        else:
            self.ballots, self.prefix = int(match[2]), match[3].decode()

    def keep(self, ballots: int, prefix: str) -> None:
        """So many ballots have been checked, up to this place of the archive. Raises Refusal `file.full`."""
        lines = f"{BEGINNING.decode()} 1\nprogram {__version__}\nballots {ballots}\narchive {prefix}\nthis "
        content = lines.encode()
        source.replace(self.path, content + f"{_digest(content)}\n".encode())

    def used(self, resumed: int) -> None:
        """After the run: how many ballots were not checked again."""
        if self.ballots and not resumed:
            self.note = (
                f"{self.path} is about another archive, or this one has changed; all ballots were checked."
            )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
