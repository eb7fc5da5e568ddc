"""For each duty about an archive, archives that only this duty rejects. `ARTEFACTS`: (duty, what is wrong, maker).

All outer layers are right: whoever made these holds every key that the fault needs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from tests.attacks.forge.ceremony import Ceremony, Single
from tests.attacks.forge.hand import Hand, compact
from tests.attacks.forge.mixing import Mixer
from tests.attacks.forge.poll import OTHER_UUID, Event, Poll, approval, of_ranks
from tests.attacks.judges import Forged

ED = "Ed25519"
FIELD = "BELENIOS-2048"
RANKED = {FIELD: "RFC-3526-2048"}  # the group for ranked questions beside it
WORKING: ContextVar[str] = ContextVar("the group that is worked in", default=ED)
Maker = Callable[..., Forged]
Artefact = tuple[str, str, Maker]
ARTEFACTS: list[Artefact] = []
IN_FIELD: list[Artefact] = []


def hand() -> Hand:
    """A forger in the group that is being worked in."""
    return Hand(WORKING.get())


def only(duty: str, wrong: str, *, field: bool = True) -> Callable[[Callable[[], Poll | Forged]], Maker]:
    """Register a maker under its duty; what it gives is made once in each group. field: also in a finite field."""

    def take(make: Callable[[], Poll | Forged]) -> Maker:
        @lru_cache(maxsize=2)
        def forged(group: str = ED) -> Forged:
            token = WORKING.set(group)
            try:
                made = make()
            finally:
                WORKING.reset(token)
            return made if isinstance(made, Forged) else Forged(made.write())

        ARTEFACTS.append((duty, wrong, forged))
        if field:
            IN_FIELD.append((duty, wrong, forged))
        return forged

    return take


# ---------------------------------------------------------------- honest ground to start from


@lru_cache(maxsize=2)
def _open(group: str) -> Poll:
    """Three electors, two answers of which any number may be marked; two have voted."""
    poll = Poll(Hand(group), [approval(2, 0, 2)], 3)
    poll.vote(0, [1, 0])
    poll.vote(1, [1, 1])
    return poll


def open_poll() -> Poll:
    return _open(WORKING.get()).again()


@lru_cache(maxsize=2)
def _finished(group: str) -> Poll:
    return _open(group).again().finish()


def finished() -> Poll:
    return _finished(WORKING.get()).again()


@lru_cache(maxsize=2)
def _ranked(group: str) -> Poll:
    poll = Poll(Hand(RANKED.get(group, group)), [of_ranks(2)], 2)
    poll.vote(0, [1, 2])
    poll.vote(1, [0, 1])
    return poll


def ranked() -> Poll:
    return _ranked(WORKING.get()).again()


def before_result() -> Poll:
    poll = finished()
    poll.events.pop()
    return poll


def with_group(group: Ceremony, decrypting: tuple[int, ...] = (1, 2)) -> Poll:
    """One elector's vote under a threshold group alone."""
    poll = Poll(group.hand, [approval(1, 0, 1)], 1, trustees=[group])
    poll.vote(0, [1])
    return poll.finish(decrypting=decrypting) if decrypting else poll


# ---------------------------------------------------------------- the file


@only("A1", "the blocks that end an ordinary tar file")
def _a1() -> Forged:
    return Forged(finished().write() + bytes(1024))


@only("A2", "the last event states another height")
def _a2() -> Poll:
    poll = finished()
    poll.events[-1].wrong = {"height": len(poll.events)}
    return poll


@only("A2", "a second object beside a ballot")
def _a2_objects() -> Poll:
    poll = finished()
    poll.of("Ballot")[0].bodies.append(b"{}")
    return poll


@only("A3", "voting ends twice")
def _a3() -> Poll:
    poll = finished()
    at = poll.events.index(poll.of("EndBallots")[0])
    poll.events.insert(at, Event("EndBallots", []))
    return poll


@only("A4", "two ballots changed places since the earlier copy")
def _a4() -> Forged:
    poll, earlier = open_poll(), open_poll()
    poll.events[1:3] = poll.events[2:0:-1]
    return Forged(poll.write(), earlier=earlier.write())


@only("A4", "a ballot of the earlier copy is gone")
def _a4_lost() -> Forged:
    poll, earlier = open_poll(), open_poll()
    poll.events.pop()
    return Forged(poll.write(), earlier=earlier.write())


# ---------------------------------------------------------------- the set-up


@only("E1", "the election's name is a number")
def _e1() -> Poll:
    return Poll(hand(), [approval()], 2, election={"name": 17})


@only("E2", "the file is named for another election")
def _e2() -> Forged:
    return Forged(finished().write(), OTHER_UUID)


@only("E3", "three of two answers may be marked, and nobody voted")
def _e3() -> Poll:
    return Poll(hand(), [approval(2, 0, 3)], 2).finish()


@only("E3", "weights in an election with a ranked question", field=False)
def _e3_weights() -> Poll:
    poll = Poll(hand(), [of_ranks(2)], 2, weights=[2, 2])
    poll.vote(0, [1, 2])
    poll.vote(1, [2, 1])
    return poll.finish()


@only("E4", "a key with somebody else's proof of possession")
def _e4() -> Poll:
    poll = finished()
    trustees = [one.entry for one in poll.trustees]
    trustees[0] = ["Single", {**trustees[0][1], "pok": trustees[1][1]["pok"]}]
    poll.events[0].bodies[1] = compact(trustees)
    return poll


@only("E4", "a threshold group that states no threshold")
def _e4_group() -> Poll:
    poll = with_group(Ceremony(hand()))
    trustees = json.loads(poll.events[0].bodies[1])
    del trustees[0][1]["threshold"]
    poll.events[0].bodies[1] = compact(trustees)
    return poll


@only("E5", "the election's key is not that of its trustees, and nobody voted")
def _e5() -> Poll:
    own = hand()
    trustees = [Single(own), Single(own)]
    return Poll(own, [approval()], 2, trustees=trustees, key=own.g(own.scalar())).finish()


@only("E6", "two credentials changed places")
def _e6() -> Poll:
    poll = finished()
    listed = json.loads(poll.events[0].bodies[2])
    listed[:2] = listed[1::-1]
    poll.events[0].bodies[2] = compact(listed)
    return poll


@only("E7", "the threshold is not that of the coefficients, in certificates without context")
def _e7() -> Poll:
    group = Ceremony(hand(), contexts=False)
    group.said_threshold = 3
    return with_group(group, (1, 2, 3))


@only("E7", "the threshold is not that of the coefficients, in certificates that state it")
def _e7_stated() -> Poll:
    group = Ceremony(hand())
    group.said_threshold = group.threshold = 3
    group.certificates = [group.certificate(place) for place in (1, 2, 3)]
    return with_group(group, (1, 2, 3))


@only("E7", "a threshold below nothing")
def _e7_below() -> Poll:
    group = Ceremony(hand(), contexts=False)
    group.said_threshold = -1
    return with_group(group)


@only("E8", "one member signed the certificates of another ceremony")
def _e8() -> Poll:
    group = Ceremony(hand())
    group.own_certificates[2] = Ceremony(group.hand).certificates
    return with_group(group)


@only("E9", "a verification key that the coefficients do not give")
def _e9() -> Poll:
    group = Ceremony(hand())
    group.own_secrets[3] = group.hand.scalar()
    return with_group(group)


# ---------------------------------------------------------------- the ballots


@only("B1", "a field that no question asks for, in a ballot that was replaced")
def _b1() -> Poll:
    poll = Poll(hand(), [approval()], 1)
    made = poll.answers(poll.credentials[0], [[0, 1]])
    poll.cast(poll.ballot(poll.credentials[0], made, note="me"), None)
    poll.vote(0, [1, 0])
    return poll.finish()


@only("B2", "a ballot that names another election")
def _b2() -> Poll:
    poll = Poll(hand(), [approval()], 1)
    made = poll.answers(poll.credentials[0], [[0, 1]])
    poll.cast(poll.ballot(poll.credentials[0], made, election_uuid=OTHER_UUID), made)
    return poll.finish()


@only("B3", "the ballot of a credential that is not on the list")
def _b3() -> Poll:
    poll = open_poll()
    secret = poll.hand.scalar()
    stranger = poll.hand.text(poll.hand.g(secret))
    poll.secrets[stranger] = secret
    poll.cast(poll.ballot(stranger, poll.answers(stranger, [[0, 1]])), None)
    return poll.finish()


@only("B4", "a ballot signed by somebody else")
def _b4() -> Poll:
    poll = Poll(hand(), [approval()], 1)
    made = poll.answers(poll.credentials[0], [[0, 1]])
    ballot = poll.ballot(poll.credentials[0], made)
    poll.cast(poll.sign(ballot, poll.hand.scalar()), made)
    return poll.finish()


@only("B5", "a response with the order added to it, in a ballot that was replaced")
def _b5() -> Poll:
    poll = Poll(hand(), [approval()], 1)
    made = poll.answers(poll.credentials[0], [[0, 1]])
    proof = made[0].value["individual_proofs"][0][0]
    proof["response"] = str(int(proof["response"]) + poll.hand.q)
    poll.cast(poll.ballot(poll.credentials[0], made), None)
    poll.vote(0, [1, 0])
    return poll.finish()


@only("B6", "two votes in the place of one")
def _b6() -> Poll:
    poll = Poll(hand(), [approval(2, 0, 2)], 2)
    poll.vote(0, [2, 0])
    poll.vote(1, [0, 0])
    return poll.finish()


@only("B7", "the same ballot twice")
def _b7() -> Poll:
    poll = open_poll()
    poll.events.append(Event("Ballot", list(poll.events[-1].bodies)))
    return poll.finish()


# ---------------------------------------------------------------- the tally


@only("T1", "a vote that nobody cast")
def _t1() -> Poll:
    poll = Poll(hand(), [approval()], 2)
    poll.vote(0, [1, 0])
    poll.vote(1, [0, 0])
    poll.close()
    added, group = poll.hand.encrypt(poll.y, 1).cipher, poll.hand.group
    alpha, beta = poll.ciphers[0][0]
    poll.ciphers[0][0] = group.multiply(alpha, added[0]), group.multiply(beta, added[1])
    poll.of("EncryptedTally")[0].bodies[0] = poll.tally()
    return poll.finish()


@only("T1", "more votes than there were voters")
def _t1_more() -> Poll:
    poll = Poll(hand(), [approval()], 2)
    poll.vote(0, [1, 0])
    poll.close()
    poll.ciphers[0][0] = poll.hand.encrypt(poll.y, 2).cipher
    poll.of("EncryptedTally")[0].bodies[0] = poll.tally()
    return poll.finish()


@only("T1", "the ranked ciphertexts in another order", field=False)
def _t1_order() -> Poll:
    poll = ranked()
    poll.close(order=[1, 0])
    return poll.finish()


@only("T2", "a number of ballots that nobody cast")
def _t2() -> Poll:
    poll = open_poll()
    poll.close(numbers={"num_tallied": 9999})
    return poll.finish()


@only("S1", "both shuffles of one trustee", field=False)
def _s1() -> Poll:
    return ranked().finish(mixers=(1, 1))


@only("S2", "one ciphertext leaves the shuffle as it came")
def _s2() -> Poll:
    poll = ranked()
    return mixed_wrongly(poll, Mixer(order=[0, 1], r=[0, poll.hand.scalar()]))


@only("S3", "the mixer's own ciphertext in the place of an elector's")
def _s3() -> Poll:
    poll = ranked()
    mixer, r = poll.hand, poll.hand.scalar()
    own = mixer.g(r), mixer.group.multiply(mixer.group.fixed(poll.y, r), mixer.encoded([2, 1]))
    return mixed_wrongly(poll, Mixer(tamper=lambda moved: [moved[0], own]))


def mixed_wrongly(poll: Poll, mixer: Mixer) -> Poll:
    """The first shuffle by this mixer, all that comes after it honest."""
    poll.close()
    poll.mix(1, mixer)
    poll.mix(2)
    poll.end_mixing()
    poll.decrypt(1, 2)
    poll.declare()
    return poll


@only("D1", "a second decryption of one trustee")
def _d1() -> Poll:
    poll = before_result()
    poll.decrypt(1)
    poll.declare()
    return poll


@only("D2", "one decryption among enough of a threshold group lacks a factor")
def _d2() -> Poll:
    poll = with_group(Ceremony(hand()))
    result = poll.events.pop()
    decryption = poll.decryption(poll.secret_of(3))
    poll.decrypted(3, {name: [rows[0][:-1]] for name, rows in decryption.items()})
    poll.events.append(result)
    return poll


@lru_cache(maxsize=1)
def with_minus_one() -> Forged:
    poll = Poll(Hand(FIELD), [approval(1, 0, 1)], 1)
    poll.vote(0, [1])
    poll.close()
    for owner in (1, 2):
        poll.decrypted(owner, negated(poll, owner))
    poll.declare()
    return Forged(poll.write())


IN_FIELD.append(
    ("D2", "factors of two trustees times -1, so that the result is right", lambda _: with_minus_one())
)


def negated(poll: Poll, owner: int) -> dict[str, Any]:
    """A decryption with its first factor times -1: the equations hold whenever the challenge is even."""
    while True:
        found = poll.decryption(poll.secret_of(owner))
        if int(found["decryption_proofs"][0][0]["challenge"]) % 2 == 0:
            break
    group = poll.hand.group
    factor = poll.hand.minus(group.parse(found["decryption_factors"][0][0]))
    found["decryption_factors"][0][0] = group.text(factor)
    return found


@only("D3", "one wrong decryption among enough of a threshold group")
def _d3() -> Poll:
    poll = with_group(Ceremony(hand()))
    result = poll.events.pop()
    poll.decrypted(3, poll.decryption(poll.hand.scalar()))
    poll.events.append(result)
    return poll


@only("D3", "the decryption of another ciphertext")
def _d3_other() -> Poll:
    poll = open_poll()
    poll.close()
    poll.decrypt(1)
    poll.decrypted(2, poll.decryption(poll.secret_of(2), [poll.ciphers[0][::-1]]))
    poll.declare()
    return poll


@only("D4", "a result without the decryption of one trustee")
def _d4() -> Poll:
    return open_poll().finish(decrypting=(1,))


@only("D4", "a result with fewer decryptions than the threshold")
def _d4_group() -> Poll:
    return with_group(Ceremony(hand()), (2,))


@only("R1", "one vote more than was decrypted")
def _r1() -> Poll:
    poll = before_result()
    result = poll.result()
    result[0][1] += 1
    poll.declare(result)
    return poll


@only("R1", "papers in another order than they were decrypted in", field=False)
def _r1_rows() -> Poll:
    poll = ranked().finish()
    poll.events.pop()
    poll.declare([poll.result()[0][::-1]])
    return poll
