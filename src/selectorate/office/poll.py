"""The poll: open it, accept ballots, close it.

Every event of the archive is written with its entry in one transaction, so the record and `UUID.bel` never
disagree. A ballot is acknowledged only after its entry is durable.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import tomllib
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log import order
from selectorate.log.make import make_receipt
from selectorate.log.objects import Entry, Holder
from selectorate.log.receipt import Receipt
from selectorate.office.store import Addition, event_entry
from selectorate.office.workspace import Workspace

if TYPE_CHECKING:
    from selectorate.ballot.acceptance import Acceptance
    from selectorate.ballot.objects import Head, Setup
    from selectorate.rules.objects import Contest

BATCH = 256
"""Ballots made durable together: one sync for all of them."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the credential authority hands to the officer. of: elector (member number) -> public credential;
    replaced: (old, new) public credentials of letters that were lost before the poll opened."""

    uuid: str
    group: str
    of: dict[str, str]
    replaced: tuple[tuple[str, str], ...]

    @classmethod
    def from_json(cls, data: bytes) -> Credentials:
        """Raises Refusal `canon.form`, `poll.credentials`."""
        value = canon.decode(data.strip(), what="the credential authority's list")
        try:
            if set(value) != {"credentials", "group", "replaced", "uuid"}:
                raise TypeError
            replaced = tuple((_text(old), _text(new)) for old, new in value["replaced"])
            of = {member: _text(public) for member, public in value["credentials"].items()}
            return cls(_text(value["uuid"]), _text(value["group"]), of, replaced)
        except (TypeError, KeyError, ValueError, AttributeError):
            raise refuse(
                "poll.credentials", because="it has not exactly credentials, group, replaced and uuid"
            ) from None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


@dataclass(frozen=True, slots=True)
class Risk:
    """How recognisable a published ranking is: possible papers, and the share of them that nobody will use."""

    patterns: int
    electors: int
    unused_permille: int

    def sentence(self) -> str:
        """What the officers are told before they say yes."""
        share = "nearly all" if self.unused_permille >= 999 else f"about {self.unused_permille / 10:.1f} %"
        return (
            f"{self.patterns:,} rankings are possible, and there are {self.electors:,} electors: {share} of the "
            "possible rankings will be used by nobody. Somebody who buys or forces votes can hand out one of them "
            "as a mark and look for it among the published papers."
        )


def signature_risk(candidates: int, electors: int) -> Risk:
    """Expected share of possible papers unused when `electors` papers fall on them evenly, exp(-N/patterns).

    An upper bound on how well marks hide; real rankings crowd together, so real use is less even.
    """
    from selectorate.count.objects import patterns

    possible = patterns(candidates)
    return Risk(possible, electors, round(1000 * math.exp(-electors / possible)))


@dataclass(frozen=True, slots=True)
class Opening:
    """What the officer brings to opening. trustees: in order, a single trustee's public key file or a threshold
    group's finished parameters."""

    contest: str
    credentials: bytes
    trustees: tuple[bytes, ...]
    candidates: bytes
    rankings_public: bool
    mixers: int = 2


def open_poll(workspace: Workspace, opening: Opening, by: tuple[Holder, ...]) -> Risk:
    """Open the poll: candidates in the order of a fresh seed, tie seed committed to, election set up.

    Raises Refusal `poll.rankings` while the officer has not said yes to publishing rankings (with the risk in
    the sentence), `held.missing` while a trustee has not proved to hold the key, `poll.credentials`,
    `poll.candidates`, `poll.mixers`, `ballot.*`, `rules.*`.
    """
    from selectorate.ballot import make

    contest, given, consents, risk = _demand_ready(workspace, opening, by)
    seed, tie_seed = secrets.token_hex(32), secrets.token_hex(32)
    names = sorted(consents, key=lambda name: hashlib.sha256(f"{seed}|{name}".encode()).digest())
    paper = _paper(contest, names, consents)
    setup = make.make_election(
        uuid=given.uuid,
        name=f"{workspace.rulebook.organisation}: {contest.id}",
        description=f"{contest.question} Record: {workspace.verifier_key}",
        group=given.group,
        questions=(_question(contest, tuple(names)),),
        trustees=opening.trustees,
        credentials=_weighted(workspace, given),
    )
    _demand_trustees(workspace, opening, given.group, setup)
    data = {
        "contest": contest.id,
        "uuid": given.uuid,
        "election": canon.sha256(setup.election),
        "document": {"name": "candidates.json", "sha256": canon.sha256(paper)},
        "order_seed": seed,
        "tie_commitment": hashlib.sha256(bytes.fromhex(tie_seed)).hexdigest(),
        "rankings_public": opening.rankings_public,
        "patterns": str(risk.patterns),
        "unused_permille": risk.unused_permille,
        "mixers_at_least": opening.mixers,
    }
    begin, head = make.begin(int(workspace.now.timestamp()))
    event = make.setup_event(head, setup)
    workspace.vault.save("tie-seed", tie_seed)
    workspace.vault.save("credentials", given.of)
    replaced = ({"uuid": given.uuid, "old": old, "new": new} for old, new in given.replaced)
    workspace.append(
        *(Addition(Entry("credential.replaced", by, one)) for one in replaced),
        Addition(Entry("poll.opened", by, data), documents=(("candidates.json", paper),)),
        Addition(event_entry(event), archive=begin + event.added),
    )
    return risk


def _demand_ready(
    workspace: Workspace, opening: Opening, by: tuple[Holder, ...]
) -> tuple[Contest, Credentials, dict[str, str], Risk]:
    """Everything that can refuse an opening, before anything is written: a second opening must not replace the
    seeds of the first one in the vault."""
    final = workspace.record.find("roll.final")
    if final is None or workspace.record.phase != "final":
        raise refuse("log.order", act="Opening the poll", phase=order.PHASES[workspace.record.phase])
    workspace.demand_persons("poll.opened", "Opening the poll", by)
    contest = workspace.rulebook.contest(opening.contest)
    given = Credentials.from_json(opening.credentials)
    _demand_promised(final.data, contest.id, given)
    consents = _consents(opening.candidates)
    demand_countable(contest, len(consents), final.data)
    risk = signature_risk(len(consents), len(given.of))
    if contest.kind == "ranked" and not opening.rankings_public:
        raise refuse("poll.rankings", risk=risk.sentence())
    return contest, given, consents, risk


def _demand_trustees(workspace: Workspace, opening: Opening, group: str, setup: Setup) -> None:
    """Every trustee of the list proved to hold the key, and there are enough of them to mix."""
    from selectorate.ballot.objects import public_keys
    from selectorate.ballot.parameters import read_trustees
    from selectorate.office.tally import demand_held

    keys = public_keys(read_trustees(setup.trustees))
    if opening.mixers < 2 or opening.mixers > len(keys):
        raise refuse("poll.mixers", found=opening.mixers, trustees=len(keys))
    demand_held(workspace, group, keys)


def _paper(contest: Contest, names: Sequence[str], consents: dict[str, str]) -> bytes:
    """documents/candidates.json: who stands, in the order of the paper."""
    return canon.encode(
        {
            "candidates": [{"consent": consents[name], "name": name} for name in names],
            "contest": contest.id,
            "question": contest.question,
            "seats": contest.seats,
        }
    )


def _demand_promised(final: dict[str, Any], contest: str, given: Credentials) -> None:
    if {"contest": contest, "uuid": given.uuid} not in final["elections"]:
        raise refuse(
            "poll.credentials",
            because=f"it is for election {given.uuid}, not for the one promised with the final roll",
        )
    if len(given.of) != final["electors"]:
        raise refuse(
            "poll.credentials",
            because=f"it has {len(given.of)} credentials; there are {final['electors']} electors",
        )
    listed, gone = set(given.of.values()), {old for old, _ in given.replaced}
    if gone & listed or any(new not in listed | gone for _, new in given.replaced):
        raise refuse(
            "poll.credentials",
            because="a replaced credential still stands on it, or a new one does not",
        )


def _consents(candidates: bytes) -> dict[str, str]:
    """Name -> date of consent, from the candidates file ([[candidate]] with name and consent)."""
    try:
        value = tomllib.loads(candidates.decode("utf-8"))
        rows = value["candidate"]
        found: dict[str, str] = {}
        for number, row in enumerate(rows, 1):
            name, consent = row.get("name"), row.get("consent")
            if not isinstance(name, str) or not name or name != name.strip() or not name.isprintable():
                raise refuse("poll.candidates", number=number, because="there is no name in plain text")
            if name in found:
                raise refuse("poll.candidates", number=number, because=f"{name} occurs twice")
            if not isinstance(consent, date) or isinstance(consent, datetime):
                raise refuse("poll.candidates", number=number, because=f"{name} has no date of consent")
            found[name] = consent.isoformat()
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as reason:
        raise refuse("poll.candidates", number="?", because=f"the file cannot be read ({reason})") from None
    except (KeyError, AttributeError, TypeError):
        raise refuse("poll.candidates", number="?", because="there is no list of [[candidate]]") from None
    return found


def demand_countable(contest: Contest, candidates: int, final: dict[str, Any]) -> None:
    """Refuse a contest that could be voted in but not counted on the record. final: the act that fixed the roll."""
    from selectorate.count import rulesets
    from selectorate.rules.lint import lint_contest

    lint_contest(contest, candidates, final["weight"] != final["electors"])
    if contest.kind == "ranked":
        ruleset = rulesets.load(contest.method)
        if ruleset.name not in rulesets.RECORDED:
            raise refuse(
                "office.count_rules",
                contest=contest.id,
                found=ruleset.name,
                known=", ".join(rulesets.RECORDED),
            )


def _question(contest: Contest, names: tuple[str, ...]) -> Any:
    from selectorate.ballot.objects import Question

    if contest.kind == "ranked":
        return Question("ranked", contest.question, names)
    least, most = contest.choose or (0, contest.seats)
    return Question("homomorphic", contest.question, names, least, most)


def _weighted(workspace: Workspace, given: Credentials) -> tuple[Any, ...]:
    from selectorate.ballot.objects import Credential

    weights: dict[str, int] = workspace.vault.load("weights")
    if set(weights) != set(given.of):
        raise refuse("poll.credentials", because="its electors are not those of the final roll")
    return tuple(Credential(public, weights[elector]) for elector, public in given.of.items())


@dataclass(frozen=True, slots=True)
class Answer:
    """What the office says of one ballot: a receipt, or why not. `again`: it had been accepted before."""

    tracker: str
    receipt: Receipt | None
    duty: str = ""
    reason: str = ""
    again: bool = False


def accept(
    workspace: Workspace, batches: Iterable[Sequence[bytes]]
) -> Generator[Sequence[Answer], None, None]:
    """Judge ballots batch by batch, make the accepted ones durable, then answer; `public/` follows at the end.

    A ballot that was accepted before gets the same answer again (a lost reply does no harm). Close this
    generator: only then `public/` has followed.
    Raises Refusal `log.order` when the poll is not open.
    """
    if workspace.record.phase != "polling":
        raise refuse("log.order", act="Accepting ballots", phase=order.PHASES[workspace.record.phase])
    archive = workspace.archive()
    setup = archive.events[0].data
    from selectorate.ballot.acceptance import Acceptance

    stored = (archive.events.content(place) for place in archive.events.places("Ballot"))
    acceptance = Acceptance(setup[0], setup[1], setup[2], stored)
    head = workspace.head()
    try:
        for batch in batches:
            for start in range(0, len(batch), BATCH):
                answers, head = _accept(workspace, acceptance, head, batch[start : start + BATCH])
                yield answers
    finally:
        workspace.project()


def _accept(
    workspace: Workspace, acceptance: Acceptance, head: Head, ballots: Sequence[bytes]
) -> tuple[list[Answer], Head]:
    from selectorate.ballot import make

    record = workspace.record
    uuid = acceptance.parameters.uuid
    fresh = [ballot for ballot in dict.fromkeys(ballots) if record.ballot_entry(make.tracker(ballot)) is None]
    verdicts = {verdict.ballot: verdict for verdict in acceptance.judge(fresh)}
    additions: list[Addition] = []
    for verdict in verdicts.values():
        if verdict.accepted:
            event = make.ballot_event(head, verdict.ballot)
            head = event.head
            additions.append(
                Addition(event_entry(event), archive=event.added, ballot=(verdict.tracker, verdict.ballot))
            )
    if additions:
        workspace.append_only(additions)
        acceptance.admit(list(verdicts.values()))
    note, size = workspace.newest_checkpoint()
    answers = []
    for ballot in ballots:
        judged = verdicts.get(ballot)
        if judged is not None and not judged.accepted:
            answers.append(Answer(judged.tracker, None, judged.duty, judged.reason))
            continue
        tracker = make.tracker(ballot)
        entry = record.ballot_entry(tracker)
        if entry is None:
            raise refuse("record.changed", directory=workspace.place)
        receipt = make_receipt(record.tree, note, size, entry=entry, tracker=tracker, uuid=uuid)
        answers.append(Answer(tracker, receipt, again=judged is None))
    return answers, head


def close(workspace: Workspace, by: tuple[Holder, ...]) -> int:
    """Close the poll and make the encrypted tally, in one transaction. Returns the number of accepted ballots.

    The closing checkpoint covers all of it; trustees ask for it before they decrypt.
    """
    from selectorate.ballot import make
    from selectorate.ballot.closing import accepted_ballots
    from selectorate.ballot.objects import Setup

    if workspace.record.phase != "polling":
        raise refuse("log.order", act="Closing the poll", phase=order.PHASES[workspace.record.phase])
    workspace.demand_persons("poll.closed", "Closing the poll", by)
    archive = workspace.archive()
    setup = Setup(*archive.events[0].data)
    accepted = archive.events.number("Ballot")
    urn = accepted_ballots(archive)
    counted = urn.counted()
    tally = make.tally_of(setup, counted.chunks())
    ended = make.end_ballots_event(workspace.head())
    made = make.sized_event(ended.head, tally, len(counted), urn.weight())
    opened = workspace.record.find("poll.opened")
    data = {"uuid": opened.data["uuid"] if opened else "", "accepted": accepted}
    workspace.append(
        Addition(Entry("poll.closed", by, data)),
        Addition(event_entry(ended), archive=ended.added),
        Addition(event_entry(made), archive=made.added),
    )
    return accepted
