"""What others make and send: proofs that keys are held, word that letters were destroyed, shuffles and
decryptions; and the result that follows from them.

What mixers and trustees send is two lines: Belenios' owned record (who, and the hash of the object) and the
object. A faulty one is refused with its owner named and never enters the archive. Before a decryption of fewer
ballots than the rulebook's floor stands a line {"small":{…}} in which the trustee says yes to that. A proof is
one line of canonical JSON with the fields of a `trustee.held` entry, the group and the trustee's name; the
trustee's number is its place in the list of trustees, which the office keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import Refusal, refuse
from selectorate.log import order
from selectorate.log.objects import Entry, Holder, cell
from selectorate.office.store import Addition, event_entry
from selectorate.office.workspace import Workspace

if TYPE_CHECKING:
    from selectorate.ballot.closing import Closing
    from selectorate.ballot.objects import Fault


def take_shuffle(workspace: Workspace, sent: bytes) -> tuple[int, int]:
    """Take in a mixer's shuffle; after the last one demanded, mixing ends. Returns (mixer, still to come).
    What was taken in before gets the same answer again.

    Raises Refusal `tally.sent`, `tally.faulty`, `log.order`.
    """
    from selectorate.ballot import make
    from selectorate.ballot.closing import judge_shuffle

    closing = _closing(workspace, "Taking in a shuffle", "tallied", "mixing", "mixed")
    owner, content = read_sent(sent)
    opened = workspace.record.find("poll.opened")
    left = (opened.data["mixers_at_least"] if opened else 2) - len(closing.shuffles)
    if (owner, content) in closing.shuffles:
        return owner, max(0, left)
    if workspace.record.phase == "mixed":
        raise refuse("log.order", act="Taking in a shuffle", phase=order.PHASES["mixed"])
    _demand_sound("shuffle", owner, judge_shuffle(closing, owner, content))
    event = make.shuffle_event(workspace.head(), owner, content)
    additions = [Addition(event_entry(event), archive=event.added)]
    if left <= 1:
        ended = make.end_shuffles_event(event.head)
        additions.append(Addition(event_entry(ended), archive=ended.added))
    workspace.append(*additions)
    return owner, max(0, left - 1)


def take_decryption(workspace: Workspace, sent: bytes) -> tuple[int, tuple[str, ...]]:
    """Take in a trustee's partial decryption. Returns the trustee and what is still needed for a result, as half
    sentences. What was taken in before gets the same answer again.

    A bad one goes on the record with its trustee named, and then Refusal `tally.faulty` is raised; the tally can
    go on with those of others. Raises Refusal `tally.sent`, `tally.small`, `log.order`.
    """
    from selectorate.ballot import make
    from selectorate.ballot.closing import judge_decryption

    closing = _closing(workspace, "Taking in a decryption", "tallied", "mixed", "decrypting")
    small, sent = _cut_small(sent)
    owner, content = read_sent(sent)
    if (owner, content) in closing.decryptions:
        return owner, closing.lacking
    faults = judge_decryption(closing, owner, content)
    if faults and closing.ciphertexts is not None:
        _note_refused(workspace, closing, owner, content, faults[0].duty)
    _demand_sound("decryption", owner, faults)
    event = make.decryption_event(workspace.head(), owner, content)
    additions = _said_small(workspace, closing, owner, small)
    workspace.append(*additions, Addition(event_entry(event), archive=event.added))
    return owner, _closing(workspace, "Taking in a decryption", "decrypting").lacking


def _note_refused(workspace: Workspace, closing: Closing, owner: int, content: bytes, duty: str) -> None:
    """Put a bad decryption on the record: whose, which duty, and the object where it is nothing but elements and
    numbers. Whoever is no trustee, or has sent a good one already, is only refused."""
    from selectorate.ballot.check.trustees import is_publishable

    digest = canon.sha256(content)
    known = [entry.data for entry in workspace.record.entries if entry.act == "decryption.refused"]
    if duty == "D1" or (owner, digest) in {(data["trustee"], data["object"]) for data in known}:
        return
    name = f"refused-{owner}.json"
    shown = not any(data["trustee"] == owner and data["document"] for data in known) and is_publishable(
        content
    )
    data = {
        "uuid": closing.parameters.uuid,
        "trustee": owner,
        "duty": duty,
        "object": digest,
        "document": {"name": name, "sha256": digest} if shown else None,
    }
    entry = Entry("decryption.refused", (Holder("trustee", name_of(workspace, owner)),), data)
    workspace.append(Addition(entry, documents=((name, content),) if shown else ()))


SMALL_FIELDS = {"counted", "floor", "name", "trustee", "uuid"}
SMALL_START = b'{"small":'


def _cut_small(sent: bytes) -> tuple[dict[str, Any] | None, bytes]:
    """The trustee's word on a small tally, where there is one, and the rest. Raises Refusal `tally.sent`."""

    if not sent.startswith(SMALL_START):
        return None, sent
    first, _, rest = sent.partition(b"\n")
    try:
        value = canon.decode(first, what="the word on a small tally", bytes_max=4096)["small"]
        name = value["name"]
        sound = set(value) == SMALL_FIELDS and bool(name.strip()) and name.isprintable() and len(name) <= 200
    except (Refusal, TypeError, KeyError, AttributeError):
        sound = False
    if not sound:
        raise refuse("tally.sent")
    return value, rest


def _said_small(
    workspace: Workspace, closing: Closing, owner: int, small: dict[str, Any] | None
) -> tuple[Addition, ...]:
    """The entry that a decryption of fewer ballots than the rulebook's floor needs before it.

    Raises Refusal `tally.small` where the trustee has not said so, or of other numbers."""
    counted, floor = counted_of(workspace), workspace.rulebook.smallest_tally
    if counted >= floor:
        return ()
    data = {"uuid": closing.parameters.uuid, "trustee": owner, "counted": counted, "floor": floor}
    if small is None or {name: small[name] for name in data} != data:
        raise refuse("tally.small", owner=owner, counted=counted, floor=floor)
    return (Addition(Entry("decryption.small", (Holder("trustee", small["name"]),), data)),)


def counted_of(workspace: Workspace) -> int:
    """Ballots that count, as the archive's sized record has them."""
    from selectorate.ballot import wire

    events = workspace.archive().events
    sized = events[next(events.places("EncryptedTally"))].data[1]
    return int(wire.decode(sized, what="the sized record")["num_tallied"])


def result(workspace: Workspace) -> int:
    """Compute the result as soon as the decryptions suffice: each single trustee's, and of a threshold group as
    many as its threshold. Returns the number of counted ballots.

    Raises Refusal `tally.missing` naming those that are still needed.
    """
    from selectorate.ballot import make, papers

    closing = _closing(workspace, "Computing the result", "decrypting")
    missing = closing.lacking
    if missing or closing.ciphertexts is None:
        raise refuse("tally.missing", trustees=", ".join(missing))
    content = make.result(closing.setup, closing.ciphertexts, closing.decryptions)
    event = make.result_event(workspace.head(), content)
    workspace.append(Addition(event_entry(event), archive=event.added))
    answer = papers.read_result(content, closing.parameters)[0]
    return len(answer)


def read_sent(sent: bytes) -> tuple[int, bytes]:
    """(owner, object) of what a mixer or trustee sent. Raises Refusal `tally.sent`."""
    from selectorate.ballot.check.tally import owner_of
    from selectorate.ballot.wire import sha256_hex

    first, _, content = sent.partition(b"\n")
    content = content.removesuffix(b"\n")
    owned = owner_of(first)
    if owned is None or owned[1] != sha256_hex(content):
        raise refuse("tally.sent")
    return owned[0], content


def _closing(workspace: Workspace, act: str, *phases: str) -> Closing:
    from selectorate.ballot.closing import closing_of

    if workspace.record.phase not in phases:
        raise refuse("log.order", act=act, phase=order.PHASES[workspace.record.phase])
    found = closing_of(workspace.archive())
    if found is None:
        raise refuse("log.order", act=act, phase=order.PHASES[workspace.record.phase])
    return found


def _demand_sound(what: str, owner: int, faults: Sequence[Fault]) -> None:
    if faults:
        because = "; ".join(f"{fault.duty}: {fault.reason}" for fault in faults[:3])
        raise refuse("tally.faulty", what=what, owner=owner, because=because)


PROOF_FIELDS = {"by", "challenge", "group", "public_key", "response", "root", "size", "uuid"}
PROOF_MAX = 64 * 1024
TRUSTEES_MAX = 999


@dataclass(frozen=True, slots=True)
class Held:
    """One proof on the record: the trustee's number, name and key."""

    trustee: int
    name: str
    public_key: str


def hold(workspace: Workspace, sent: bytes, number: int | None = None) -> Held:
    """Take a trustee's proof onto the record. number: the trustee's place in the list; by default the place of
    this key's earlier proof, else the first free one. The same proof again changes nothing.

    Raises Refusal `log.order`, `held.form`, `held.record`, `held.proof`.
    """
    from selectorate.ballot.check.trustees import held_reason

    if workspace.record.phase != "final":
        raise refuse("log.order", act="Taking in a proof", phase=order.PHASES[workspace.record.phase])
    value = _proof(sent)
    _demand_this_record(workspace, value)
    reason = held_reason(value["group"], value)
    if reason:
        raise refuse("held.proof", name=value["by"], because=reason)
    there = held(workspace)
    place = number or _place(there, value["public_key"])
    found = Held(place, value["by"], value["public_key"])
    if there.get(place) == found:
        return found
    data = {name: value[name] for name in PROOF_FIELDS - {"by", "group"}} | {"trustee": place}
    by = (Holder("trustee", found.name),)
    workspace.append(Addition(Entry("trustee.held", by, data)))
    return found


def held(workspace: Workspace) -> dict[int, Held]:
    """The newest proof of each trustee on the record, by number."""
    return {
        number: Held(number, entry.by[0].name, entry.data["public_key"])
        for number, entry in _newest(workspace).items()
    }


def _newest(workspace: Workspace) -> dict[int, Entry]:
    return {entry.data["trustee"]: entry for entry in workspace.record.entries if entry.act == "trustee.held"}


def demand_held(workspace: Workspace, group: str, keys: Sequence[str]) -> None:
    """Raise Refusal `held.missing`, naming them, unless each trustee of the list (public keys in order) proved
    to hold its key in this group."""
    from selectorate.ballot.check.trustees import held_reason

    there = _newest(workspace)
    missing = []
    for number, key in enumerate(keys, 1):
        found = there.get(number)
        if found is None:
            missing.append(f"trustee {number}")
        elif found.data["public_key"] != key or held_reason(group, found.data):
            missing.append(f"trustee {number} ({found.by[0].name} proved another key)")
    if missing:
        raise refuse("held.missing", trustees=", ".join(missing))


def name_of(workspace: Workspace, trustee: int) -> str:
    """The name under which a trustee proved to hold the key."""
    found = held(workspace).get(trustee)
    return found.name if found else f"Trustee {trustee}"


def letters_destroyed(workspace: Workspace, sent: bytes, by: tuple[Holder, ...]) -> tuple[str, int | str]:
    """Put on the record that a batch of letters was destroyed. Returns the batch and the number as published.
    A batch that is on the record already changes nothing.

    Raises Refusal `log.order`, `letters.form`, `letters.election`.
    """
    final = workspace.record.find("roll.final")
    if final is None:
        phase = order.PHASES[workspace.record.phase]
        raise refuse("log.order", act="Noting that letters were destroyed", phase=phase)
    value = canon.decode(sent.strip(), what="the word on destroyed letters", bytes_max=PROOF_MAX)
    if not _is_word(value):
        raise refuse("letters.form")
    if value["uuid"] not in {one["uuid"] for one in final.data["elections"]}:
        raise refuse("letters.election", uuid=value["uuid"])
    shown = value["letters"] if isinstance(value["letters"], str) else cell(value["letters"])
    data = {"uuid": value["uuid"], "batch": value["batch"], "letters": shown}
    known = {
        (entry.data["uuid"], entry.data["batch"])
        for entry in workspace.record.entries
        if entry.act == "letters.destroyed"
    }
    if (data["uuid"], data["batch"]) not in known:
        workspace.append(Addition(Entry("letters.destroyed", by, data)))
    return data["batch"], shown


def _is_word(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"batch", "letters", "uuid"}:
        return False
    letters, batch = value["letters"], value["batch"]
    number = isinstance(letters, int) and not isinstance(letters, bool) and letters >= 0
    named = isinstance(batch, str) and 0 < len(batch) <= 100 and batch.isprintable()
    return named and isinstance(value["uuid"], str) and (number or letters == "fewer than 10")


def _proof(sent: bytes) -> dict[str, Any]:
    value = canon.decode(sent.strip(), what="the proof", bytes_max=PROOF_MAX)
    if not isinstance(value, dict) or set(value) != PROOF_FIELDS:
        raise refuse("held.form")
    texts = all(isinstance(value[name], str) for name in PROOF_FIELDS - {"size"})
    name = " ".join(value["by"].split()) if texts else ""
    if not name or name != value["by"] or not name.isprintable() or len(name) > 200:
        raise refuse("held.form")
    try:
        order.fields(
            Entry("trustee.held", (), {n: value[n] for n in PROOF_FIELDS - {"by", "group"}} | {"trustee": 1})
        )
    except Refusal:
        raise refuse("held.form") from None
    return value


def _demand_this_record(workspace: Workspace, value: dict[str, Any]) -> None:
    """Raise Refusal `held.record` unless the proof is of an election of this record, over a checkpoint of it
    that covers the final roll."""
    entries, tree = workspace.record.entries, workspace.record.tree
    final = next((n for n, entry in enumerate(entries) if entry.act == "roll.final"), None)
    size = value["size"]
    sound = (
        final is not None
        and value["uuid"] in {one["uuid"] for one in entries[final].data["elections"]}
        and final < size <= len(tree)
        and tree.root(size).hex() == value["root"]
    )
    if not sound:
        raise refuse("held.record", name=value["by"])


def _place(there: dict[int, Held], key: str) -> int:
    for number, found in sorted(there.items()):
        if found.public_key == key:
            return number
    return next(number for number in range(1, TRUSTEES_MAX + 2) if number not in there)
