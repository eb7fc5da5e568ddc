"""For each duty about a public folder, folders that only this duty rejects, signed anew with the record's own key.

The honest folder is made by tests/auditor/making.py from the pages; what is broken here is broken by somebody who
holds the record's key and the trustees': hashes, checkpoints and proofs are made right again after each change.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from tests.auditor import making, published
from tests.auditor.published import Folder, Signer

from auditor import count

Maker = Callable[[], Folder]
Edit = Callable[[Folder], None]
ARTEFACTS: list[tuple[str, str, Maker]] = []
TREES = published.paper_order(["Alder", "Ash", "Beech", "Oak"])
VOTES = [(1, 2, 0, 0)] * 4 + [(0, 1, 2, 0), (0, 0, 0, 0), (1, 1, 0, 0)]
FLOOR = 10


def only(duty: str, wrong: str, *, seal: bool = True) -> Callable[[Edit], Edit]:
    """Register a change of the honest folder under its duty. seal: whether all is signed anew afterwards."""

    def take(edit: Edit) -> Edit:
        def make() -> Folder:
            folder = honest().copy()
            if seal:
                edit(folder)
                return folder.seal()
            folder.seal()
            edit(folder)
            return folder

        ARTEFACTS.append((duty, wrong, make))
        return edit

    return take


@lru_cache(maxsize=1)
def honest() -> Folder:
    """Twelve electors, seven ballots counted, one replaced; a refused decryption; a small tally that was agreed to."""
    signer = Signer()
    maker = making.Maker(TREES, 12, description=f"The record: {signer.text}")
    maker.set_up()
    maker.vote(3, (0, 0, 0, 1))
    for elector, ranks in enumerate(VOTES):
        maker.vote(elector, ranks)
    poll = maker.finish()
    result = poll.of_type("Result")[0][1][0]
    papers, blank, invalid = count.sort_papers(result["result"][0])
    digest = making.sha(making.compact(result))
    counted = count.scottish(tuple(TREES), 2, papers, published.TIE_SEED)
    sheet = count.sheet_of(counted, papers, blank, invalid, digest)
    certificate = {
        "certified_to": count.same_path_bound(counted, papers),
        "changed_from": None,
        "doubtful": 10,
        "example": None,
        "left_out": 0,
        "papers": digest,
        "ruleset": "scottish-stv",
        "seats": 2,
        "word": "not certified",
    }
    folder = published.folder(signer, maker, poll, sheet, certificate)
    small, refused = _of_trustees(folder, maker)
    events = [entry["data"].get("type") for entry in folder.entries]
    at = events.index("PartialDecryption")
    folder.entries[at:at] = [*small, refused]
    return folder.seal()


def _of_trustees(folder: Folder, maker: making.Maker) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Each trustee's agreement to a small tally, and a decryption of trustee 2 that was refused, for good reason."""
    by = {owner: [{"name": f"Trustee {owner}", "role": "trustee"}] for owner in (1, 2, 3)}
    small = [
        {
            "act": "decryption.small",
            "by": by[owner],
            "data": {"uuid": making.UUID, "trustee": owner, "counted": len(VOTES), "floor": FLOOR},
        }
        for owner in (1, 2, 3)
    ]
    bad = copy.deepcopy(maker.poll.of_type("PartialDecryption")[1][1][0])
    first = bad["decryption_proofs"][0][0]
    first["response"] = str((int(first["response"]) + 1) % making.Q)
    return small, _refused(folder, 2, bad)


def _refused(folder: Folder, owner: int, decryption: dict[str, Any]) -> dict[str, Any]:
    name, body = f"refused-{owner}.json", making.compact(decryption)
    folder.documents[name] = body
    return {
        "act": "decryption.refused",
        "by": published.ONE,
        "data": {
            "uuid": making.UUID,
            "trustee": owner,
            "duty": "D3",
            "object": making.sha(body),
            "document": {"name": name, "sha256": making.sha(body)},
        },
    }


# ---------------------------------------------------------------- the record


@only("L1", "an entry with a field that its act does not have")
def _l1(folder: Folder) -> None:
    folder.data("roll.inspected")["note"] = "x"


@only("L1", "a member's number beside the resolution of a duplicate")
def _l1_resolved(folder: Folder) -> None:
    folder.data("roll.resolved")["left"] = "M-00017"


@only("L2", "the times of the checkpoints go back", seal=False)
def _l2(folder: Folder) -> None:
    folder.seal(times=("2027-03-16T09:00:00Z", "2027-03-01T09:00:00Z"))


@only("L2", "a checkpoint signed with another key under the same name", seal=False)
def _l2_signature(folder: Folder) -> None:
    lines = folder.files["log/entries.jsonl"].splitlines()
    note = Signer(folder.signer.name)
    note.identity = folder.signer.identity
    forged = note.note(lines, "2027-03-16T09:00:00Z")
    folder.files[f"log/checkpoints/{len(lines)}"] = folder.files["log/checkpoint"] = forged


@only("L3", "the findings are inspected after the roll was frozen")
def _l3(folder: Folder) -> None:
    entry = folder.entry("roll.inspected")
    folder.entries.remove(entry)
    folder.entries.insert(folder.entries.index(folder.entry("roll.final")), entry)


@only("L3", "possible duplicates are resolved on the final roll")
def _l3_resolved(folder: Folder) -> None:
    entry = folder.entry("roll.resolved")
    folder.entries.remove(entry)
    folder.entries.insert(folder.entries.index(folder.entry("roll.final")) + 1, entry)


@only("L4", "the record of another key")
def _l4(folder: Folder) -> None:
    folder.signer = Signer()
    folder.data("log.opened")["key"] = folder.signer.text


@only("L5", "an entry that gives another hash for a ballot")
def _l5(folder: Folder) -> None:
    ballots = [entry for entry in folder.entries if entry["data"].get("type") == "Ballot"]
    ballots[0]["data"]["event"] = ballots[1]["data"]["event"]


@only("L6", "a file that no page knows", seal=False)
def _l6(folder: Folder) -> None:
    folder.files["notes.txt"] = b"x"


@only("L6", "a document that is not the one of its entry", seal=False)
def _l6_document(folder: Folder) -> None:
    folder.files["documents/rulebook.toml"] += b"\n# one more line\n"


@only("L7", "one officer alone where two must act")
def _l7(folder: Folder) -> None:
    folder.entry("poll.closed")["by"] = [published.ONE[0], published.ONE[0]]


@only("L8", "a number of members that points at persons")
def _l8(folder: Folder) -> None:
    folder.data("roll.frozen")["clauses"][0]["not_met"] = 3


@only("L8", "one possible duplicate, told exactly")
def _l8_resolved(folder: Folder) -> None:
    folder.data("roll.resolved")["two_persons"] = 1


# ---------------------------------------------------------------- the conduct


@only("P1", "a rulebook of another version than the one adopted")
def _p1(folder: Folder) -> None:
    folder.data("rulebook.adopted")["version"] = "2020-01-01"


@only("P2", "another number of seats on the paper than in the rulebook")
def _p2(folder: Folder) -> None:
    folder.documents["candidates.json"]["seats"] = 3


@only("P3", "an order on the paper that the seed does not give")
def _p3(folder: Folder) -> None:
    folder.data("poll.opened")["order_seed"] = "01" * 32


@only("P4", "another tie seed than the one committed to")
def _p4(folder: Folder) -> None:
    folder.data("poll.opened")["tie_commitment"] = "00" * 32


@only("P5", "a wrong number of possible papers")
def _p5(folder: Folder) -> None:
    folder.data("poll.opened")["patterns"] = "65"


@only("P6", "fewer mixers than the record demands")
def _p6(folder: Folder) -> None:
    folder.data("poll.opened")["mixers_at_least"] = 3


@only("P7", "no proof that one trustee's key was still held")
def _p7(folder: Folder) -> None:
    held = [entry for entry in folder.entries if entry["act"] == "trustee.held"]
    folder.entries.remove(held[-1])


@only("P7", "a proof of holding made for another record", seal=False)
def _p7_replayed(folder: Folder) -> None:
    held = [entry["data"] for entry in folder.entries if entry["act"] == "trustee.held"]
    published.hold(held[0], folder.keys[0], held[0]["size"], "00" * 32)
    folder.seal(prove=False)


@only("P8", "a sound decryption that was refused")
def _p8(folder: Folder) -> None:
    place = next(n for n, entry in enumerate(folder.entries) if entry["act"] == "decryption.refused")
    del folder.documents["refused-2.json"]
    folder.entries[place] = _refused(folder, 1, sound_decryption())


@lru_cache(maxsize=1)
def sound_decryption() -> dict[str, Any]:
    """That of trustee 1, as it stands in the archive."""
    poll_bytes = honest().archive
    start = poll_bytes.index(b'{"decryption_factors"')
    value: dict[str, Any] = making.json.loads(poll_bytes[start : poll_bytes.index(b"\0", start)])
    return value


@only("P9", "a trustee who did not agree to a small tally")
def _p9(folder: Folder) -> None:
    small = [entry for entry in folder.entries if entry["act"] == "decryption.small"]
    folder.entries.remove(small[1])


# ---------------------------------------------------------------- the account


@only("Q1", "commitments that are not sorted")
def _q1(folder: Folder) -> None:
    commitments = folder.documents["commitments.json"]["commitments"]
    commitments.reverse()
    folder.data("roll.final")["root"] = published.merkle([bytes.fromhex(one) for one in commitments]).hex()


@only("Q2", "an elector without a credential")
def _q2(folder: Folder) -> None:
    document = folder.documents["commitments.json"]
    document["commitments"].append("ff" * 32)
    document["weight"] += 1
    final = folder.data("roll.final")
    final |= {"electors": final["electors"] + 1, "weight": final["weight"] + 1}
    final["root"] = published.merkle([bytes.fromhex(one) for one in document["commitments"]]).hex()


@only("Q3", "a number of accepted ballots that is not that of the archive")
def _q3(folder: Folder) -> None:
    folder.data("poll.closed")["accepted"] += 1


@only("Q4", "a blank paper too many in the sheet")
def _q4(folder: Folder) -> None:
    folder.documents["sheet.json"]["blank"] += 1


@only("Q5", "a stage that does not add up")
def _q5(folder: Folder) -> None:
    stage = folder.documents["sheet.json"]["stages"][-1]
    whole, _, places = stage["non_transferable"].partition(".")
    stage["non_transferable"] = f"{int(whole) + 1}.{places}"


@only("C1", "two candidates' first preferences exchanged")
def _c1(folder: Folder) -> None:
    tallies = folder.documents["sheet.json"]["stages"][0]["tallies"]
    first, second = TREES[:2]
    tallies[first], tallies[second] = tallies[second], tallies[first]


@only("C2", "a bound that is too high")
def _c2(folder: Folder) -> None:
    folder.documents["certificate.json"]["certified_to"] = 5


@only("K1", "a case with an outcome that the rulebook does not know")
def _k1(folder: Folder) -> None:
    folder.data("case.decided")["outcome"] = "maybe"
