"""Making an election, from its set-up to its result, as the bytes to append to its archive.

Takes values and the objects that electors, mixers and trustees send; gives `Addition`s, which the office
appends and records. Everything is written in the form of the newest tools of protocol version 1. What comes
from others is taken as it is: `check` and `acceptance` judge it, and this module never imports them. Secrets
are made by the kernel and handed through; nothing of them is kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from selectorate._kernel import Election, KernelError, joint_key, sort_elements
from selectorate.ballot import archive, wire
from selectorate.ballot.marks import known_marks
from selectorate.ballot.objects import Addition, CastBallot, Credential, Head, Question, Setup
from selectorate.ballot.parameters import open_election, read_parameters, setup_faults, uuid_form
from selectorate.ballot.questions import write_question
from selectorate.errors import refuse

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
UUID_LENGTH: Final = 14
UUID_RANDOM_BYTES: Final = 32
TRUSTEE_MAX: Final = 2**24
"""The parameters of a group of a hundred trustees have some six megabytes in the finite fields."""


def new_uuid(random: bytes) -> str:
    """A new election's identifier from 32 random bytes (14 Base58 characters, 82 bits)."""
    if len(random) != UUID_RANDOM_BYTES:
        raise refuse("ballot.value", found=f"{len(random)} random bytes, {UUID_RANDOM_BYTES} are needed")
    number = int.from_bytes(random, "big")
    digits = []
    for _ in range(UUID_LENGTH):
        number, digit = divmod(number, len(BASE58))
        digits.append(BASE58[digit])
    return "".join(digits)


def tracker(ballot: bytes) -> str:
    """What an elector keeps to find a ballot again: unpadded Base64 of its SHA-256, 43 characters."""
    return wire.fingerprint(ballot)


def make_election(
    *,
    uuid: str,
    name: str,
    description: str,
    group: str,
    questions: Sequence[Question],
    trustees: Sequence[bytes],
    credentials: Sequence[Credential],
    administrator: str | None = None,
    credential_authority: str | None = None,
    language: tuple[str, str] | None = None,
) -> Setup:
    """The set-up objects of a new election.

    trustees: in order, for a single one its public key object, for a threshold group its finished parameters
    object; language: code and direction of writing ("ltr" or "rtl"); credentials: in any order, weights are
    written when any of them is not 1. Raises Refusal `ballot.setup` naming the duty that a verifier would fail.
    """
    if not uuid_form(uuid):
        raise refuse("ballot.setup", duty="E2", because=f"{uuid} does not have the form of an identifier")
    entries = [_trustee(number, content) for number, content in enumerate(trustees, 1)]
    try:
        public_key = joint_key(group, [part for entry in entries for part in _key_parts(entry)])
        order = sort_elements(group, [credential.public for credential in credentials])
    except KernelError as reason:
        raise refuse("ballot.setup", duty="E4", because=str(reason)) from None
    fields: dict[str, Any] = {
        "version": 1,
        "description": description,
        "name": name,
        "group": group,
        "public_key": public_key,
        "questions": [write_question(question) for question in questions],
        "uuid": uuid,
    }
    if administrator is not None:
        fields["administrator"] = administrator
    if credential_authority is not None:
        fields["credential_authority"] = credential_authority
    if language is not None:
        fields["language"] = list(language)
    election = wire.encode(fields)
    trustee_list = wire.encode([[_kind(entry), entry] for entry in entries])
    credential_list = wire.encode(_credentials(order, credentials))
    _demand_sound(election, trustee_list, credential_list)
    return setup_of(election, trustee_list, credential_list)


def setup_of(election: bytes, trustees: bytes, credentials: bytes) -> Setup:
    """The four data members of a Setup event from its three objects, as they are."""
    hashes = {
        "election": wire.sha256_hex(election),
        "trustees": wire.sha256_hex(trustees),
        "credentials": wire.sha256_hex(credentials),
    }
    return Setup(election, trustees, credentials, wire.encode(hashes))


def begin(timestamp: int) -> tuple[bytes, Head]:
    """The first bytes of an archive. `timestamp`: Unix seconds, the only time that an archive holds."""
    return archive.beginning(timestamp)


def setup_event(head: Head, setup: Setup) -> Addition:
    """The Setup event. This and all that follow raise Refusal `ballot.order` out of order."""
    content = (setup.election, setup.trustees, setup.credentials, setup.setup_data)
    return archive.addition(head, "Setup", content, ranked=read_parameters(setup.election).ranked)


def ballot_event(head: Head, ballot: bytes) -> Addition:
    """The event of one accepted ballot."""
    return archive.addition(head, "Ballot", (ballot,))


def end_ballots_event(head: Head) -> Addition:
    """The end of voting."""
    return archive.addition(head, "EndBallots")


def encrypted_tally(setup: Setup, ballots: Sequence[bytes]) -> bytes:
    """The encrypted tally of all accepted ballots in the order of the archive; the last of each credential
    counts. Raises Refusal `ballot.kernel`."""
    last: dict[str, int] = {}
    for position, ballot in enumerate(ballots):
        last[known_marks(ballot).credential] = position
    return tally_of(setup, [[ballots[position] for position in sorted(last.values())]])


def tally_of(setup: Setup, counted: Iterable[Sequence[bytes]]) -> bytes:
    """The encrypted tally of the ballots that count, at most one of each credential, as many at a time as the
    caller wants to hold. Raises Refusal `ballot.kernel`."""
    try:
        tally = _kernel(setup).tally()
        for some in counted:
            tally.add(some)
        return tally.finish()
    except KernelError as reason:
        raise refuse("ballot.kernel", what="encrypted tally", because=str(reason)) from None


def tally_event(
    head: Head, tally: bytes, counted: Sequence[CastBallot], credentials: Iterable[Credential]
) -> Addition:
    """The event of an encrypted tally; counted: the last ballot of each credential."""
    weights = {credential.public: credential.weight for credential in credentials}
    return sized_event(head, tally, len(counted), sum(weights[ballot.credential] for ballot in counted))


def sized_event(head: Head, tally: bytes, ballots: int, weight: int) -> Addition:
    """The event of an encrypted tally of so many ballots with this total weight."""
    sized = wire.encode(
        {
            "num_tallied": ballots,
            "total_weight": wire.weight_form(weight),
            "encrypted_tally": wire.sha256_hex(tally),
        }
    )
    return archive.addition(head, "EncryptedTally", (tally, sized))


def shuffle(setup: Setup, ciphertexts: bytes) -> bytes:
    """A mixer's shuffle with its proofs. ciphertexts: `Verified.shuffle_input`. Raises `ballot.kernel`."""
    try:
        return _kernel(setup).shuffle(ciphertexts)
    except KernelError as reason:
        raise refuse("ballot.kernel", what="shuffle", because=str(reason)) from None


def shuffle_event(head: Head, owner: int, content: bytes) -> Addition:
    """The event of one shuffle by trustee `owner` (from 1)."""
    return archive.addition(head, "Shuffle", (content, _owned(owner, content)))


def end_shuffles_event(head: Head) -> Addition:
    """The end of shuffling."""
    return archive.addition(head, "EndShuffles")


def decryption(setup: Setup, private_key: bytes, ciphertexts: bytes) -> bytes:
    """A trustee's partial decryption. ciphertexts: `Verified.ciphertexts`. Raises `ballot.kernel`."""
    try:
        return _kernel(setup).decrypt(private_key, ciphertexts)
    except KernelError as reason:
        raise refuse("ballot.kernel", what="partial decryption", because=str(reason)) from None


def decryption_event(head: Head, owner: int, content: bytes) -> Addition:
    """The event of one partial decryption by trustee `owner` (from 1)."""
    return archive.addition(head, "PartialDecryption", (content, _owned(owner, content)))


def result(setup: Setup, ciphertexts: bytes, decryptions: Sequence[tuple[int, bytes]]) -> bytes:
    """The result from verified decryptions as (owner, object): one of every single trustee and enough of each
    threshold group. Raises Refusal `ballot.kernel`."""
    try:
        return _kernel(setup).result(ciphertexts, decryptions)
    except KernelError as reason:
        raise refuse("ballot.kernel", what="result", because=str(reason)) from None


def result_event(head: Head, content: bytes) -> Addition:
    """The event of the result; nothing may follow it."""
    return archive.addition(head, "Result", (content,))


def ballots(setup: Setup, credentials: Sequence[str], choices: Sequence[str]) -> tuple[bytes, ...]:
    """Encrypted and signed ballots, one per private credential; choices as `papers.choice_text` gives them.

    Raises Refusal `ballot.kernel` naming the one that does not fit.
    """
    try:
        return tuple(_kernel(setup).make_ballots(credentials, choices))
    except KernelError as reason:
        raise refuse("ballot.kernel", what="ballot", because=str(reason)) from None


def _kernel(setup: Setup) -> Election:
    return open_election(setup.election, setup.trustees, setup.credentials)


def _owned(owner: int, content: bytes) -> bytes:
    return wire.encode({"owner": owner, "payload": wire.sha256_hex(content)})


def _trustee(number: int, content: bytes) -> dict[str, Any]:
    what = f"what trustee {number} sent"
    found = wire.decode(content, what=what, bytes_max=TRUSTEE_MAX, canonical=False)
    if not isinstance(found, dict) or not ({"public_key", "verification_keys"} & set(found)):
        because = f"{what} is neither a public key nor the parameters of a threshold group"
        raise refuse("ballot.setup", duty="E4", because=because)
    return found


def _kind(entry: dict[str, Any]) -> str:
    return "Single" if "public_key" in entry else "Pedersen"


def _key_parts(entry: dict[str, Any]) -> list[str]:
    """The factors of the election's public key that one entry of the list gives: its key, or of a threshold group
    the first coefficient of each member."""
    try:
        if "public_key" in entry:
            return [_text(entry["public_key"])]
        messages = [_text(signed["message"]).encode() for signed in entry["coefexps"]]
        return [_text(wire.decode(one, what="a list of coefficients")["coefexps"][0]) for one in messages]
    except (KeyError, IndexError, TypeError, UnicodeEncodeError):
        because = "a key or the coefficients of a threshold group are not in their form"
        raise refuse("ballot.setup", duty="E4", because=because) from None


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise TypeError
    return found


def _credentials(order: Sequence[str], credentials: Sequence[Credential]) -> list[str]:
    weights = {credential.public: credential.weight for credential in credentials}
    if len(weights) != len(order):
        raise refuse("ballot.setup", duty="E6", because="a credential occurs twice")
    if all(weight == 1 for weight in weights.values()):
        return list(order)
    return [f"{public},{weights[public]}" for public in order]


def _demand_sound(election: bytes, trustees: bytes, credentials: bytes) -> None:
    kernel = open_election(election, trustees, credentials)
    faults = setup_faults(kernel, read_parameters(election))
    if faults:
        raise refuse("ballot.setup", duty=faults[0].duty, because=faults[0].reason)
