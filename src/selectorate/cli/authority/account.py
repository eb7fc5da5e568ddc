"""Where the credential authority stands, and who voted."""

from __future__ import annotations

import csv
import io
from itertools import groupby
from pathlib import Path

import click

from selectorate.cli import speak
from selectorate.cli.authority import electorate as reading
from selectorate.cli.authority.delivery import guarded
from selectorate.cli.authority.folder import REPLACEMENT, Folder, Plan, PublicList

PRIVACY = (
    "This says of each elector whether they voted, never how. It is for complaints and for reminders that the "
    "rules allow: show it to nobody else, and destroy it when the time for complaints is over."
)


@click.command(epilog="\b\nExample:\n  selectorate credentials status letters")
@click.argument("out", type=click.Path(path_type=Path))
@speak.as_json
def status(out: Path, json_: bool) -> None:
    """Say which batches are made, opened and destroyed, and what comes next. Needs no passphrase, writes nothing."""
    from selectorate.pages.html import several

    folder = Folder(out)
    plan = folder.plan()
    states = {name: _state(folder, plan, name) for name in plan.batches}
    made = folder.list.exists()
    following = _following(folder, states, made=made)
    rows = [
        {"batch": name, "letters": plan.batches[name].letters, "state": state, "clear": _clear(plan, name)}
        for name, state in states.items()
    ]
    lines = [f"Election {plan.uuid}: {plan.electors:,} electors, {len(plan.batches):,} batches."]
    for (state, _), run in groupby(states, key=lambda name: (states[name], name.startswith(REPLACEMENT))):
        names = list(run)
        which = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
        letters = sum(plan.batches[name].letters for name in names)
        lines.append(f"  {which}: {state}, {several(letters, 'letter', 'letters')}")
    lines += [f"In clear: {path}" for name in plan.batches for path in _clear(plan, name)]
    if made:
        lines.append(f"For the officer: {folder.list}")
    speak.tell(
        json_,
        {
            "uuid": plan.uuid,
            "electors": plan.electors,
            "made": made,
            "batches": rows,
            "next": following,
        },
        *lines,
        following=following,
    )


def _state(folder: Folder, plan: Plan, name: str) -> str:
    state = plan.batches[name]
    if folder.report(name).exists():
        return "destroyed"
    if state.destroying:
        return "being destroyed"
    if not folder.sealed(name).exists():
        return "missing" if folder.list.exists() else "not made"
    return "opened" if state.opened else "sealed"


def _clear(plan: Plan, name: str) -> list[str]:
    return [path for path in plan.batches[name].clear if Path(path).exists()]


def _following(folder: Folder, states: dict[str, str], *, made: bool) -> str:
    """The command that comes next; the first that applies."""
    if not made:
        return f"selectorate credentials make PUBLIC ELECTORATE {folder.place}   (the same as before)"
    for state, words in (
        ("being destroyed", "destroy"),
        ("sealed", "letters"),
        ("opened", "destroy"),
    ):
        for name, found in states.items():
            if found == state:
                to = " --to DIR" if words == "letters" else ""
                after = "   (after delivery)" if state == "opened" else ""
                return f"selectorate credentials {words} {folder.place} --batch {name}{to}{after}"
    return f"give {folder.place / 'for-the-officer'} to the returning officer"


@click.command(epilog="\b\nExample:\n  selectorate credentials voted public letters voted.csv")
@click.argument("public", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("voted", metavar="VOTED.csv", type=click.Path(path_type=Path))
@speak.as_json
def voted(public: Path, out: Path, voted: Path, json_: bool) -> None:
    """After the close: list who voted, from your public list in OUT and the archive in PUBLIC, into VOTED.csv.

    One row per elector: member, public_credential, voted (yes or no), ballots. Check PUBLIC with
    `selectorate verify` first: this command reads the ballots and does not judge their proofs.
    """
    from selectorate.errors import refuse
    from selectorate.office import files

    folder = Folder(out)
    speak.demand_other(voted, folder.list, folder.plan_file)
    listed = folder.public()
    cast = reading.cast(public)
    _demand_own(public, listed, cast)
    if not cast.closed:
        raise refuse("authority.not_closed", directory=public)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["member", "public_credential", "voted", "ballots"])
    for member, credential in sorted(listed.of.items()):
        ballots = cast.ballots[credential]
        writer.writerow([guarded(member), credential, "yes" if ballots else "no", ballots])
    files.write(voted, text.getvalue().encode(), private=True)
    voters = len(cast.ballots)
    speak.tell(
        json_,
        {"uuid": cast.uuid, "electors": len(listed.of), "voted": voters, "file": str(voted)},
        f"{voters:,} of {len(listed.of):,} electors voted: {voted}.",
        PRIVACY,
    )


def _demand_own(public: Path, listed: PublicList, cast: reading.Cast) -> None:
    """Raises Refusal `authority.foreign`."""
    from selectorate.errors import refuse

    if listed.uuid != cast.uuid:
        because = f"the list is of election {listed.uuid}, the poll is {cast.uuid}"
    elif set(listed.of.values()) != cast.credentials:
        because = "the credentials on the list are not those of the poll"
    elif not cast.ballots.keys() <= cast.credentials:
        because = "a ballot has a credential that is not on the list"
    else:
        return
    raise refuse("authority.foreign", directory=public, because=because)
