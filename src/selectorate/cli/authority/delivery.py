"""One batch at a time: open it for delivery, and destroy it afterwards."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from selectorate.cli import speak
from selectorate.cli.authority.folder import REPLACEMENT, Batch, Folder, Plan, State

FORMS = ("csv", "html")
FORMULA = "=+-@\t\r"
"""A spreadsheet takes a cell that begins with one of these for a formula."""
DELETION = (
    "Deleting is a best effort: the bytes were overwritten where they stood, and a modern disk, a file system "
    "that keeps copies, or a backup can still hold older ones. The letters were sealed, so what is left of a "
    "batch opens only with your passphrase: destroy that too after the last batch. What was printed or mailed is "
    "not sealed."
)


class _BatchName(click.ParamType[str]):
    """A batch as `status` names it; 1 is 001."""

    name = "batch"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        head, _, number = value.rpartition("-")
        digits = number if number.isascii() and number.isdigit() else ""
        if (head not in ("", "replacement") or not digits) or len(digits) > 9:
            self.fail(f"{value} is not a batch; `selectorate credentials status OUT` lists them.", param, ctx)
        return f"{REPLACEMENT if head else ''}{int(digits):03}"


BATCH = _BatchName()


@click.command(
    epilog="""\b
Examples:
  selectorate credentials letters letters --batch 001 --to merge
  selectorate credentials letters letters --batch 001 --to print --form html --ask letters@orchard.example"""
)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--batch", "name", required=True, type=BATCH, help="The batch, as `status` names it.")
@click.option(
    "--to", "to", required=True, type=click.Path(path_type=Path), help="The folder for the clear letters."
)
@click.option(
    "--form",
    type=click.Choice(FORMS),
    default="csv",
    show_default=True,
    help="A table for mail merge, or a page with one letter per sheet.",
)
@click.option(
    "--ask", default="", help="Whom to ask when a letter is lost: an address or a telephone number."
)
@click.option("--where", default="", help="Where electors find the public folder and the program.")
@speak.with_passphrase
@speak.as_json
def letters(
    out: Path,
    name: str,
    to: Path,
    form: str,
    ask: str,
    where: str,
    passphrase_file: Path | None,
    json_: bool,
) -> None:
    """Open one sealed batch of OUT into the folder given with --to: the only act that writes credentials in clear.

    Letters that were replaced since are left out. Deliver what was written, to each elector their own, then
    destroy it with `credentials destroy`.
    """
    from selectorate.errors import refuse
    from selectorate.office import files
    from selectorate.pages.html import several

    folder = Folder(out)
    plan = _known(folder, name)
    listed = folder.public()
    _demand_there(folder, name, plan)
    path = to / f"batch-{name}.{form}"
    if path.exists():
        raise refuse("file.exists", file=path)
    sealed = folder.unseal(name, plan, speak.passphrase(passphrase_file, f"batch {name} in {out}"))
    current = tuple(one for one in sealed.letters if listed.of.get(one.member) == one.public)
    batch, void = replace(sealed, letters=current), len(sealed.letters) - len(current)
    content = _csv(batch) if form == "csv" else _html(batch, ask, where)
    with folder.alone():
        plan = folder.plan()
        _demand_there(folder, name, plan)
        state = plan.batches[name]
        # The place is noted first: no clear copy is ever without a note of where it is.
        clear = tuple(dict.fromkeys((*state.clear, str(path.resolve()))))
        folder.save(plan.with_state(name, replace(state, opened=True, clear=clear)))
        files.write(path, content, private=True)
    left_out = [f"{void} letters of this batch were replaced and are left out."] if void else []
    speak.tell(
        json_,
        {"batch": name, "letters": len(current), "void": void, "file": str(path)},
        f"{several(len(current), 'letter', 'letters')} written in clear to {path}; only you may read it.",
        *left_out,
        "Deliver each letter to its elector and to nobody else.",
        following=f"selectorate credentials destroy {out} --batch {name}   (after delivery)",
    )


@click.command(
    epilog="""\b
Examples:
  selectorate credentials destroy letters --batch 001
  selectorate credentials destroy letters --batch 001 --to merge --to print --yes"""
)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--batch", "name", required=True, type=BATCH, help="The batch, as `status` names it.")
@click.option(
    "--to",
    "to",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder with clear copies of it, beside those that `letters` wrote. May be repeated.",
)
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.option("--unopened", is_flag=True, help="Destroy a batch that was never opened for delivery.")
@speak.as_json
def destroy(out: Path, name: str, to: tuple[Path, ...], yes: bool, unopened: bool, json_: bool) -> None:
    """After delivery: overwrite and remove the sealed batch and its clear copies, and write the note for the officer.

    OUT/for-the-officer/destroyed-N.json goes to the officer, who puts it on the record.
    """
    from selectorate.errors import refuse
    from selectorate.pages.html import several

    folder = Folder(out)
    state = _known(folder, name).batches[name]
    folder.public()
    done = folder.report(name).exists()
    copies = _copies(name, state, to)
    if done and not copies and not folder.sealed(name).exists():
        raise refuse("authority.destroyed", batch=name, directory=out)
    if not (state.opened or state.destroying or done or unopened):
        raise refuse("authority.unopened", batch=name, directory=out)
    if not yes:
        for path in (folder.sealed(name), *copies):
            click.echo(f"  {path}", err=True)
        question = f"Destroy these for ever, {state.letters:,} letters of batch {name}?"
        click.confirm(question, abort=True, err=True)
    _destroyed(folder, name, copies)
    gone = [path for path in state.clear if Path(path) not in copies] if not done else []
    speak.tell(
        json_,
        {
            "batch": name,
            "destroyed": [str(path) for path in copies],
            "not_found": gone,
            "for_the_officer": str(folder.report(name)),
        },
        f"Batch {name} is destroyed"
        + (f", with {several(len(copies), 'clear copy', 'clear copies')}." if copies else "."),
        *(f"Not found, so not destroyed: {path}. If you moved it, destroy it there." for path in gone),
        DELETION,
        f"Give {folder.report(name)} to the returning officer.",
    )


def _known(folder: Folder, name: str) -> Plan:
    """Raises Refusal `authority.no_batch`."""
    from selectorate.errors import refuse

    plan = folder.plan()
    if name not in plan.batches:
        raise refuse("authority.no_batch", batch=name, directory=folder.place)
    return plan


def _demand_there(folder: Folder, name: str, plan: Plan) -> None:
    """Raises Refusal `authority.destroyed` where its destruction has at least begun."""
    from selectorate.errors import refuse

    if folder.report(name).exists() or plan.batches[name].destroying:
        raise refuse("authority.destroyed", batch=name, directory=folder.place)


def _copies(name: str, state: State, to: Sequence[Path]) -> tuple[Path, ...]:
    """The clear copies that are there: where `letters` wrote them, and under the same names in the folders named."""
    names = [f"batch-{name}.{form}" for form in FORMS]
    # batches.json can be written by whoever gets at it: nothing but a letter file is ever overwritten for it.
    noted = [path for path in map(Path, state.clear) if path.name in names]
    named = [folder.resolve() / file for folder in to for file in names]
    return tuple(path for path in dict.fromkeys((*noted, *named)) if path.exists() or path.is_symlink())


def _destroyed(folder: Folder, name: str, copies: Sequence[Path]) -> None:
    """In an order that may stop anywhere: the same command goes on, and the report comes last."""
    from selectorate import canon
    from selectorate.log.objects import cell
    from selectorate.office import files

    with folder.alone():
        plan = folder.plan()
        state = plan.batches[name]
        folder.save(plan.with_state(name, replace(state, destroying=True)))
        for path in (*copies, folder.sealed(name)):
            _overwrite(path)
        value = {"batch": name, "letters": cell(state.letters), "uuid": plan.uuid}
        files.write(folder.report(name), canon.encode(value))


def _overwrite(path: Path) -> None:
    """Write over the bytes where they stand, then remove the name. A link is removed and not followed."""
    from selectorate.office import files

    try:
        if path.is_symlink():
            path.unlink()
            return
        with contextlib.suppress(FileNotFoundError):
            handle = os.open(path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
            with os.fdopen(
                handle, "wb"
            ) as file:  # opened without truncating: the old blocks are the ones written over
                left = os.fstat(file.fileno()).st_size
                while left > 0:
                    piece = min(left, 1 << 20)
                    file.write(secrets.token_bytes(piece))
                    left -= piece
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
    except OSError as reason:
        raise files.unwritable(path, reason) from None


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what could begin one."""
    return f"'{text}" if text.lstrip(" \n")[:1] in tuple(FORMULA) else text


def _csv(batch: Batch) -> bytes:
    out = io.StringIO()
    # The line end of RFC 4180: a cell with either half of it is then quoted.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(column) for column in ("member", *batch.columns, "credential")])
    for one in batch.letters:
        writer.writerow([guarded(text) for text in (one.member, *one.cells, one.credential)])
    return out.getvalue().encode()


def _html(batch: Batch, ask: str, where: str) -> bytes:
    from selectorate.pages import letters as pages

    about = batch.about
    poll = pages.Poll(
        organisation=about.organisation,
        question=about.question,
        ranked=about.kind == "ranked",
        opens=about.opens,
        closes=about.closes,
        election=batch.uuid,
        ask=ask,
        where=where,
    )
    return pages.letters_html(
        poll,
        [
            pages.VotingLetter(
                one.member, one.credential, pages.address(zip(batch.columns, one.cells, strict=True))
            )
            for one in batch.letters
        ],
    )
