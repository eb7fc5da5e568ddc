"""The duties over sheet and certificate (docs/formats/entries.md): Q4 here, Q5, C1 and C2 by the count's own checks,
on the papers as the archive's result has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from selectorate import canon
from selectorate.canon import Check
from selectorate.errors import Refusal
from selectorate.verify.objects import CLAIMS, Folder, NotThereError, verified_of, without

if TYPE_CHECKING:
    from selectorate.count.objects import Profile


def papers(folder: Folder) -> tuple[str, list[str]] | None:
    """Q4."""
    document = folder.document("sheet.json")
    if document is None:
        return None if folder.data("sheet.declared") is None else ("", ["sheet.json is missing"])
    sheet = canon.decode(document, what="sheet.json")
    verified = verified_of(folder)
    rows = verified.result[0] if verified.result is not None else ()
    seen = {"blank": 0, "invalid": 0, "valid": 0}
    for row in rows:
        seen[paper_kind(row)] += 1  # type: ignore[arg-type]
    faults = [
        f"{n} {kind} papers, the sheet says {sheet[kind]}" for kind, n in seen.items() if sheet[kind] != n
    ]
    if sum(seen.values()) != len(verified.counted):
        faults.append(f"{sum(seen.values())} papers for {len(verified.counted)} counted ballots")
    return f"{seen['valid']:,} valid, {seen['blank']} blank, {seen['invalid']} invalid", faults


def paper_kind(row: Sequence[int]) -> str:
    """docs/formats/sheet.md, Reading a paper. row: one rank per answer, 0 for none."""
    ranks = sorted(rank for rank in row if rank)
    if not ranks:
        return "blank"
    return "valid" if ranks == list(range(1, len(ranks) + 1)) else "invalid"


def counted(folder: Folder) -> tuple[Check, ...]:
    """Q5 and C1, through the count's own check, on the papers as the archive's result has them."""
    document, declared = folder.document("sheet.json"), folder.data("sheet.declared")
    if document is None or declared is None:
        return tuple(without("sheet.json", duty, declared) for duty in ("Q5", "C1"))
    try:
        from selectorate.count.check import check_sheet
        from selectorate.count.objects import Sheet

        sheet = Sheet.from_json(document)
        sums, figures = check_sheet(sheet, _profile(folder), declared["tie_seed"])
    except NotThereError as reason:
        return tuple(Check(duty, CLAIMS[duty], "not checked", str(reason)) for duty in ("Q5", "C1"))
    except Refusal as reason:
        return tuple(Check(duty, CLAIMS[duty], "failed", f"unreadable: {reason}") for duty in ("Q5", "C1"))
    if figures.verdict == "passed" and list(sheet.elected) != declared["elected"]:
        figures = Check("C1", figures.claim, "failed", "the record names others as elected")
    return sums, figures


def certified(folder: Folder) -> Check:
    """C2, through the count's own check; the word is that of the record."""
    document, issued = folder.document("certificate.json"), folder.data("certificate.issued")
    if document is None or issued is None:
        return without("certificate.json", "C2", issued)
    try:
        from selectorate.count.certificate import Certificate
        from selectorate.count.check import check_certificate
        from selectorate.count.objects import Sheet

        certificate = Certificate.from_json(document)
        sheet = Sheet.from_json(folder.document("sheet.json") or b"")
        seed = (folder.data("sheet.declared") or {}).get("tie_seed")
        (found,) = check_certificate(certificate, _profile(folder), sheet, seed)
    except NotThereError as reason:
        return Check("C2", CLAIMS["C2"], "not checked", str(reason))
    except Refusal as reason:
        return Check("C2", CLAIMS["C2"], "failed", f"unreadable: {reason}")
    if found.verdict == "passed" and issued["word"] != certificate.word:
        return Check("C2", found.claim, "failed", "the record has another word than the certificate")
    return found


def _profile(folder: Folder) -> Profile:
    """The papers of the result. Built here and not by the count's reader, which made the sheet."""
    from selectorate.count.objects import Profile

    verified = verified_of(folder)
    if verified.result is None:
        raise NotThereError("there is no result")
    counts: dict[tuple[int, ...], int] = {}
    kinds = {"blank": 0, "invalid": 0, "valid": 0}
    for row in verified.result[0]:
        kind = paper_kind(row)  # type: ignore[arg-type]
        kinds[kind] += 1
        if kind == "valid":
            ranked = sorted((rank, place) for place, rank in enumerate(row) if rank)  # type: ignore[arg-type]
            ranking = tuple(place for _, place in ranked)
            counts[ranking] = counts.get(ranking, 0) + 1
    names = verified.parameters.questions[0].answers
    return Profile.gather(names, counts, blank=kinds["blank"], invalid=kinds["invalid"])
