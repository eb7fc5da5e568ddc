"""Checks of the count. Nothing here counts the way the sheet was counted: see `recount` and `rewalk`.

Duties done here (numbers as on docs/formats/entries.md):

Q5  the papers in the stages are the valid ones of the result: stage 1 adds up to them, and so does every stage,
    with what is not transferable;
C1  the stages are what the rule set gives for these papers: every tally, every tie, who is elected;
C2  the bound, the example and the word of the certificate are what papers and rule set give.

The caller's: that the profile is what the result of the archive says (`readers.from_ranks`), that blank,
invalid and valid add up to the ballots counted (Q4), that the tie seed is the one committed to (P4), that
sheet and certificate are of the contest on the record (P2), and that `papers` is the hash of the result.
"""

from __future__ import annotations

from collections.abc import Iterator

from selectorate.canon import Check
from selectorate.count import rewalk, rulesets
from selectorate.count.certificate import Certificate, Example, choose_word
from selectorate.count.objects import Profile, Ranking, Sheet
from selectorate.count.recount import Found, Recount
from selectorate.errors import Refusal

Q5 = "The papers in the sheet are the valid ones: stage 1 adds up to them, and so does every stage."
C1 = "The stages are what the rule set gives for the papers of the result: every tally, who is elected."
C2 = (
    "The certificate's bound is what the papers and the rule set give, its example really changes the "
    "winners, and its word follows from its numbers."
)


def check_sheet(sheet: Sheet, profile: Profile, tie_seed: str | None) -> tuple[Check, ...]:
    """Duties Q5 and C1 for a sheet and the papers it is said to be of.

    C1 is "not checked" only when a lot is needed and there is no seed to draw it again.
    """
    return _check_sums(sheet, profile), _check_figures(sheet, profile, tie_seed)


def check_certificate(
    certificate: Certificate, profile: Profile, sheet: Sheet, tie_seed: str | None
) -> tuple[Check, ...]:
    """Duty C2. The sheet should have passed C1; its winners are worked out again here all the same."""
    try:
        ruleset = rulesets.load(certificate.ruleset)
    except Refusal as reason:
        return (Check("C2", C2, "failed", str(reason)),)
    recount = Recount(profile, ruleset, certificate.seats, tie_seed).run()
    if not profile.papers:
        return (Check("C2", C2, "failed", "there is no valid paper, so nothing to certify"),)
    if recount.lot_missing:
        return (Check("C2", C2, "not checked", "a lot is needed and there is no seed to draw it again"),)
    fault = next(_certificate_faults(certificate, sheet, recount), None)
    if fault:
        return (Check("C2", C2, "failed", fault),)
    example = f"an example with {certificate.changed_from}" if certificate.example else "no example"
    return (Check("C2", C2, "passed", f"bound {certificate.certified_to}, {example}: {certificate.word}"),)


def _check_sums(sheet: Sheet, profile: Profile) -> Check:
    whole = profile.valid * 10**sheet.places
    for stage in sheet.stages:
        if sum(stage.tallies) + stage.non_transferable != whole:
            because = (
                f"stage {stage.number} does not add up to the {profile.valid} valid papers of the result"
            )
            return Check("Q5", Q5, "failed", because)
    return Check("Q5", Q5, "passed", f"{profile.valid} papers at each of {len(sheet.stages)} stages")


def _check_figures(sheet: Sheet, profile: Profile, tie_seed: str | None) -> Check:
    try:
        ruleset = rulesets.load(sheet.ruleset)
    except Refusal as reason:
        return Check("C1", C1, "failed", str(reason))
    fault = next(_head_faults(sheet, profile, ruleset), None)
    if fault:
        return Check("C1", C1, "failed", fault)
    recount = Recount(profile, ruleset, sheet.seats, tie_seed).run()
    fault = next(_stage_faults(sheet, recount), None)
    if fault:
        return Check("C1", C1, "failed", fault)
    if recount.lot_missing:
        return Check("C1", C1, "not checked", "a lot is needed and there is no seed to draw it again")
    fault = next(_end_faults(sheet, recount), None)
    if fault:
        return Check("C1", C1, "failed", fault)
    return Check("C1", C1, "passed", f"{len(sheet.stages)} stages, every figure")


def _head_faults(sheet: Sheet, profile: Profile, ruleset: rulesets.Ruleset) -> Iterator[str]:
    if sheet.candidates != profile.candidates:
        yield "the candidates are not those of the papers, in their order"
    if not profile.papers:
        yield "there is no valid paper, so nothing to count"
    if sheet.places != ruleset.places:
        yield f"the rule set wants {ruleset.places} decimal places"
    if sheet.quota != ruleset.quota(profile.valid, sheet.seats):
        yield f"the quota is {ruleset.quota(profile.valid, sheet.seats)}, not {sheet.quota}"


def _stage_faults(sheet: Sheet, recount: Recount) -> Iterator[str]:
    """Differences in the stages that both have; where a lot is missing there is no order to compare.

    What is not transferable is the rest of the papers: Q5's, so that a wrong one fails Q5 and not both."""
    unit = 10**sheet.places
    for number, (found, stage) in enumerate(zip(recount.stages, sheet.stages, strict=False), 1):
        if stage.number != number:
            yield f"stage {number} is numbered {stage.number}"
        if stage.act != found.act:
            yield f"stage {number} is “{stage.act}”; the rule set gives “{found.act}”"
        for name, votes, said in zip(sheet.candidates, found.votes, stage.tallies, strict=True):
            if votes * unit != said:
                yield f"stage {number}: {name} has another tally by the rule set"
        last = recount.lot_missing and number == len(recount.stages)
        if not last and stage.elected != _named(found, recount):
            names = ", ".join(_named(found, recount)) or "nobody"
            yield f"stage {number}: by the rule set the elected are {names}"


def _end_faults(sheet: Sheet, recount: Recount) -> Iterator[str]:
    if len(sheet.stages) != len(recount.stages):
        yield f"the sheet has {len(sheet.stages)} stages; the rule set gives {len(recount.stages)}"
    if sheet.elected != recount.elected:
        yield f"elected are, in order, {', '.join(recount.elected)}"
    if sheet.ties != tuple(recount.ties):
        yield f"{len(recount.ties)} ties had to be resolved, and not as the sheet says"


def _named(found: Found, recount: Recount) -> tuple[str, ...]:
    return tuple(recount.profile.candidates[one] for one in found.elected)


def _certificate_faults(certificate: Certificate, sheet: Sheet, recount: Recount) -> Iterator[str]:
    if (certificate.ruleset, certificate.seats, certificate.papers) != (
        sheet.ruleset,
        sheet.seats,
        sheet.papers,
    ):
        yield "rule set, seats and papers are not those of the sheet"
    bound, valid = certificate.certified_to, recount.profile.valid
    if bound and (bound >= valid or not rewalk.holds(recount, bound)):
        yield f"the bound is said to be {bound}, but not every decision is certain for so many papers"
    if bound + 1 < valid and rewalk.holds(recount, bound + 1):
        yield f"the bound is said to be {bound}, but it holds for {bound + 1} too"
    example = certificate.example
    if example is not None:
        yield from _example_faults(example, certificate, recount)
    word = choose_word(certificate.doubtful, certificate.left_out, bound, example)
    if certificate.word != word:
        yield f"the word is “{certificate.word}”; from the numbers follows “{word}”"


def _example_faults(example: Example, certificate: Certificate, recount: Recount) -> Iterator[str]:
    if example.size != certificate.changed_from:
        yield f"the example has {example.size} papers, not {certificate.changed_from}"
        return
    positions = {name: index for index, name in enumerate(recount.profile.candidates)}
    counts = recount.profile.counts()
    for papers, sign in ((example.remove, -1), (example.add, 1)):
        for ranking, number in papers:
            if not set(ranking) <= set(positions):
                yield "the example names somebody who does not stand"
                return
            key: Ranking = tuple(positions[name] for name in ranking)
            counts[key] = counts.get(key, 0) + sign * number
            if counts[key] < 0:
                yield f"the example removes more papers than there are with {', '.join(ranking)}"
                return
    try:
        changed = Profile.gather(recount.profile.candidates, counts)
    except Refusal as reason:
        yield str(reason)
        return
    again = Recount(changed, recount.ruleset, recount.seats, None).run()
    if again.lot_missing:
        yield "the example's count needs a lot"
    elif again.elected != example.elected or not changed.papers:
        yield f"the example elects {', '.join(again.elected)}"
    elif set(again.elected) == set(recount.elected):
        yield "the example elects the same candidates"
