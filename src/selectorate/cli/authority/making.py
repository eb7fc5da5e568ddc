"""Make the credentials of all electors, batch by batch; make lost ones again before the poll opens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from selectorate.cli import speak
from selectorate.cli.authority import electorate as reading
from selectorate.cli.authority.folder import (
    BATCH_MAX,
    REPLACEMENT,
    About,
    Batch,
    Folder,
    Letter,
    Plan,
    PublicList,
    State,
    planned,
)

PER_BATCH = 1000
"""Letters in one sealed file: one batch is what one delivery takes."""
GROUPS = ("Ed25519", "BELENIOS-2048", "RFC-3526-2048")


@click.command(
    epilog="""\b
Example:
  selectorate credentials make public electorate.csv letters
Interrupted? The same command goes on: a batch that is there is kept, the others are made."""
)
@click.argument("public", type=click.Path(path_type=Path))
@click.argument("electorate", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--group",
    type=click.Choice(GROUPS),
    default="Ed25519",
    show_default=True,
    help="The group of the election.",
)
@click.option(
    "--per-batch",
    type=click.IntRange(1, BATCH_MAX),
    default=PER_BATCH,
    show_default=True,
    help="Letters in one sealed file: what one delivery takes.",
)
@speak.with_passphrase
@speak.as_json
def make(
    public: Path,
    electorate: Path,
    out: Path,
    group: str,
    per_batch: int,
    passphrase_file: Path | None,
    json_: bool,
) -> None:
    """Make a credential for each elector of ELECTORATE (the officer's electorate.csv) in the folder OUT.

    OUT/for-the-officer/public-credentials.json goes to the officer. The letters lie in OUT/letters, one file a
    batch, sealed under your passphrase; `credentials letters` opens one batch for delivery.
    """
    from selectorate.errors import refuse
    from selectorate.office import files
    from selectorate.pages.html import several

    uuid, about = reading.promised(public)
    columns, electors = reading.electors(files.read(electorate))
    folder = Folder(out)
    if folder.list.exists():
        raise refuse("authority.made", directory=out)
    plan = planned(uuid, group, len(electors), per_batch)
    begun = _demand_same(folder, plan)
    ask = speak.passphrase if begun else speak.new_passphrase
    passphrase = ask(passphrase_file, f"the letters in {out}")
    with folder.alone():
        if not folder.plan_file.exists():
            folder.save(plan)
        of = _all_batches(folder, plan, about, columns, electors, passphrase)
        folder.publish(PublicList(uuid, group, of, ()))
    batches = several(len(plan.batches), "sealed batch", "sealed batches")
    speak.tell(
        json_,
        {
            "uuid": uuid,
            "electors": len(electors),
            "batches": len(plan.batches),
            "for_the_officer": str(folder.list),
        },
        f"{len(electors):,} credentials made for election {uuid}, in {batches}.",
        f"Give {folder.list} to the returning officer, and nothing else.",
        "Keep the passphrase apart from the files: without it nobody can open the letters.",
        following=f"selectorate credentials letters {out} --batch 001 --to DIR",
    )


def _demand_same(folder: Folder, plan: Plan) -> bool:
    """Whether sealed batches are there already; Refusal `authority.other` where they were planned differently."""
    from selectorate.errors import refuse

    if not folder.plan_file.exists():
        return False
    found = folder.plan()
    words = {
        "uuid": "election",
        "group": "group",
        "electors": "number of electors",
        "per_batch": "batch size",
    }
    for name, word in words.items():
        old, new = getattr(found, name), getattr(plan, name)
        if old != new:
            raise refuse(
                "authority.other", directory=folder.place, because=f"the {word} was {old}, now {new}"
            )
    return any(folder.sealed(name).exists() for name in plan.batches)


def _all_batches(
    folder: Folder,
    plan: Plan,
    about: About,
    columns: tuple[str, ...],
    electors: Sequence[reading.Elector],
    passphrase: str,
) -> dict[str, str]:
    """elector -> public credential. A batch that is there is opened, so that a wrong passphrase or another list
    is found before anything is made, and its credentials are kept."""
    of: dict[str, str] = {}
    parts = {
        name: electors[number * plan.per_batch : (number + 1) * plan.per_batch]
        for number, name in enumerate(plan.batches)
    }
    with speak.Progress("Making letters") as progress:
        # Those that are there first: nothing is added beside a batch that does not fit.
        for name in sorted(plan.batches, key=lambda name: not folder.sealed(name).exists()):
            if folder.sealed(name).exists():
                batch = folder.unseal(name, plan, passphrase)
                _demand_same_electors(folder, batch, columns, parts[name])
            else:
                batch = _new_batch(name, plan, about, columns, parts[name])
                folder.seal(batch, passphrase)
            of.update((one.member, one.public) for one in batch.letters)
            progress(len(of), len(electors))
    return of


def _demand_same_electors(
    folder: Folder, batch: Batch, columns: tuple[str, ...], electors: Sequence[reading.Elector]
) -> None:
    from selectorate.errors import refuse

    kept = [reading.Elector(one.member, one.cells) for one in batch.letters]
    if batch.columns != columns or kept != list(electors):
        because = f"the list of electors is not the one of batch {batch.name}"
        raise refuse("authority.other", directory=folder.place, because=because)


def _new_batch(
    name: str, plan: Plan, about: About, columns: tuple[str, ...], electors: Sequence[reading.Elector]
) -> Batch:
    from selectorate import _kernel

    pairs = _kernel.new_credentials(plan.group, plan.uuid, len(electors))
    letters = tuple(
        Letter(one.member, private, public, one.cells)
        for one, (private, public) in zip(electors, pairs, strict=True)
    )
    return Batch(name, plan.uuid, plan.group, about, columns, letters)


@click.command(
    epilog="""\b
Example:
  selectorate credentials replace letters M-00017 M-00324 --public public --electorate electorate.csv"""
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("members", nargs=-1, required=True)
@click.option(
    "--public",
    type=click.Path(path_type=Path),
    default=None,
    help="The public folder: the new letters then say what the election is.",
)
@click.option(
    "--electorate",
    type=click.Path(path_type=Path),
    default=None,
    help="The officer's electorate.csv: the new letters then have name and address.",
)
@speak.with_passphrase
@speak.as_json
def replace(
    out: Path,
    members: tuple[str, ...],
    public: Path | None,
    electorate: Path | None,
    passphrase_file: Path | None,
    json_: bool,
) -> None:
    """Replace lost letters before the poll opens: a new credential for each elector named, the old one is void.

    The new letters are a sealed batch of their own. The public list is rewritten and names each replacement; the
    officer puts them on the record at opening. Once the poll is open the list is fixed, and a lost letter can
    only be sent again.
    """
    from selectorate.pages.html import several

    folder = Folder(out)
    about = _about(public, folder.plan())
    members = tuple(dict.fromkeys(members))
    columns, electors = _replaced_electors(folder.public(), members, electorate)
    passphrase = speak.new_passphrase(passphrase_file, f"the new letters in {out}")
    with folder.alone():
        plan, listed = folder.plan(), folder.public()
        # Named after the list it belongs to: interrupted before the list is saved, the next run writes it again.
        name = f"{REPLACEMENT}{len(listed.replaced) + 1:03}"
        batch = _new_batch(name, plan, about, columns, electors)
        folder.save(plan.with_state(name, State(len(members))))
        folder.seal(batch, passphrase, replace=True)
        void = tuple((listed.of[one.member], one.public) for one in batch.letters)
        of = {**listed.of, **{one.member: one.public for one in batch.letters}}
        folder.publish(PublicList(listed.uuid, listed.group, of, (*listed.replaced, *void)))
    speak.tell(
        json_,
        {"replaced": len(members), "batch": name, "for_the_officer": str(folder.list)},
        f"{several(len(members), 'letter', 'letters')} replaced: what they held before is void.",
        f"Give {folder.list} to the returning officer again.",
        following=f"selectorate credentials letters {out} --batch {name} --to DIR",
    )


def _replaced_electors(
    listed: PublicList, members: tuple[str, ...], electorate: Path | None
) -> tuple[tuple[str, ...], Sequence[reading.Elector]]:
    """Raises Refusal `authority.elector` for a member who is not on the list."""
    from selectorate.errors import refuse
    from selectorate.office import files

    columns: tuple[str, ...] = ()
    known = {member: reading.Elector(member, ()) for member in members}
    if electorate is not None:
        columns, rows = reading.electors(files.read(electorate))
        known = {one.member: one for one in rows}
    unknown = [member for member in members if member not in listed.of or member not in known]
    if unknown:
        raise refuse("authority.elector", members=", ".join(unknown))
    return columns, [known[member] for member in members]


def _about(public: Path | None, plan: Plan) -> About:
    """Raises Refusal `authority.foreign` where the public folder is of another election."""
    from selectorate.errors import refuse

    if public is None:
        return About("", "", "", "", "")
    uuid, about = reading.promised(public)
    if uuid != plan.uuid:
        raise refuse("authority.foreign", directory=public, because=f"the list is of election {plan.uuid}")
    return about
