"""Cases: decided by the rulebook's published criteria, the same for everybody."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.log.objects import Entry, Holder
from selectorate.office import files
from selectorate.office.store import Addition
from selectorate.office.workspace import Workspace

if TYPE_CHECKING:
    from selectorate.register.objects import Decided


def decide(workspace: Workspace, data: bytes, name: str, by: tuple[Holder, ...]) -> Decided:
    """Decide a case file; rule, outcome and fingerprint go on the record, everything else into the vault.

    Raises Refusal `register.*` for the first step of the procedure that is missing, `office.case_twice` for a
    file that was decided already (an interrupted command that had come to its end).
    """
    from selectorate.register.procedure import decide as by_rules
    from selectorate.register.read import read_case
    from selectorate.register.reasons import statement

    book = workspace.rulebook
    decided = by_rules(read_case(data, name), book, workspace.now.date())
    number = sum(one.act == "case.decided" for one in workspace.record.entries) + 1
    for earlier in range(1, number):
        if files.read(workspace.vault.path(f"cases/{earlier:04}.toml")) == data:
            raise refuse("office.case_twice", file=name, number=earlier)
    salt = secrets.token_bytes(32)
    entry = Entry("case.decided", by, decided.public(salt))
    workspace.vault.save_bytes(f"cases/{number:04}.toml", data)
    workspace.vault.save(f"cases/{number:04}-salt", salt.hex())
    workspace.vault.save_bytes(f"letters/cases/{number:04}.txt", statement(decided, book).encode())
    workspace.append(Addition(entry))
    return decided
