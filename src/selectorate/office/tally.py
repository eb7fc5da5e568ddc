"""The tally: take in shuffles and decryptions that others made, and compute the result.

What mixers and trustees send is two lines: Belenios' owned record (who, and the hash of the object) and the
object. A faulty one is refused with its owner named and never enters the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.log import order
from selectorate.office.poll import event_entry
from selectorate.office.store import Addition
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


def take_decryption(workspace: Workspace, sent: bytes) -> tuple[int, int]:
    """Take in a trustee's partial decryption. Returns (trustee, how many are still to come). What was taken in
    before gets the same answer again."""
    from selectorate.ballot import make
    from selectorate.ballot.closing import judge_decryption

    closing = _closing(workspace, "Taking in a decryption", "tallied", "mixed", "decrypting")
    owner, content = read_sent(sent)
    left = len(closing.trustees) - len(closing.decryptions)
    if (owner, content) in closing.decryptions:
        return owner, left
    _demand_sound("decryption", owner, judge_decryption(closing, owner, content))
    event = make.decryption_event(workspace.head(), owner, content)
    workspace.append(Addition(event_entry(event), archive=event.added))
    return owner, left - 1


def result(workspace: Workspace) -> int:
    """Compute the result from all trustees' decryptions. Returns the number of counted ballots.

    Raises Refusal `tally.missing` naming the trustees that have not decrypted.
    """
    from selectorate.ballot import make, papers

    closing = _closing(workspace, "Computing the result", "decrypting")
    there = {owner for owner, _ in closing.decryptions}
    missing = [number for number in range(1, len(closing.trustees) + 1) if number not in there]
    if missing or closing.ciphertexts is None:
        raise refuse("tally.missing", trustees=", ".join(map(str, missing)))
    content = make.result(closing.setup, closing.ciphertexts, [one for _, one in closing.decryptions])
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
