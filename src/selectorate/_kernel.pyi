"""The compiled kernel: group arithmetic and proofs of the Belenios wire protocol (docs/formats/ballot.md).

Whole objects cross, as the exact bytes of the wire; never a group element. All functions release the
interpreter lock and use all cores. Bad bytes never raise except where "Raises" says so: they give a reason.
Groups: "Ed25519", "BELENIOS-2048", "RFC-3526-2048". Secrets are zeroised after use; randomness is the
operating system's.
"""

from collections.abc import Sequence
from typing import Self, final

__all__ = [
    "Election",
    "KernelError",
    "credential_public",
    "joint_key",
    "new_credentials",
    "new_trustee",
    "sort_elements",
    "trustee_public",
]

class KernelError(ValueError):
    """Input that a caller should have checked; text: what was wrong."""

def new_trustee(group: str) -> tuple[bytes, bytes]:
    """A single trustee's key pair: (private key file, public key object with proof of possession)."""

def trustee_public(group: str, private_key: bytes) -> str:
    """The public key (element string) that belongs to a private key file. Raises KernelError."""

def new_credentials(group: str, uuid: str, count: int) -> list[tuple[str, str]]:
    """`count` fresh strong credentials (XXXXX-XXXXXX-XXXXX-XXXXXX): (private, public element string)."""

def credential_public(group: str, uuid: str, credential: str) -> str:
    """Public part of a private credential; weak (15 character) and strong (22) forms. Raises KernelError."""

def sort_elements(group: str, elements: Sequence[str]) -> list[str]:
    """Element strings in the group's order (protocol order for public_creds). Raises KernelError."""

def joint_key(group: str, public_keys: Sequence[str]) -> str:
    """Product of the trustees' public keys. Raises KernelError."""

@final
class Election:
    """The fixed part of one election: parameters, trustees' keys, list of credentials.

    election, trustees, credentials: the exact bytes of the three Setup objects. Raises KernelError only when
    they cannot be parsed at all, or are of a kind not supported (text starts with "not yet supported: ");
    everything else that is wrong is found by `check_setup`.
    """

    def __new__(cls, election: bytes, trustees: bytes, credentials: bytes) -> Self: ...
    @property
    def group(self) -> str:
        """Name of the election's group."""
    @property
    def uuid(self) -> str:
        """The election's uuid, as its bytes have it."""
    @property
    def fingerprint(self) -> str:
        """Base64 (43 characters) of the SHA-256 of the election's bytes: what ballots call election_hash."""
    def check_setup(self) -> list[tuple[str, str]]:
        """Faults found in the three objects as (duty, reason): E1, E3, E4, E5, E6. Empty when sound."""

    def make_ballots(self, credentials: Sequence[str], choices: Sequence[str]) -> list[bytes]:
        """Ballots in canonical form; choices[i] is JSON: per question the list of integers (0/1 per answer,
        or ranks for a ranked question). Raises KernelError naming the place of a choice that does not fit."""

    def check_ballots(self, ballots: Sequence[bytes]) -> list[tuple[str, str, str]]:
        """Per ballot (duty, reason, credential): duty "" when every one of B1..B6 holds (B7 is the caller's);
        else the first of B1..B6 that fails. credential: the ballot's credential field or ""."""

    def encrypted_tally(self, ballots: Sequence[bytes]) -> bytes:
        """Canonical encrypted tally of ballots that passed check_ballots, in log order; the last ballot of
        a credential counts. Raises KernelError on a ballot that does not parse."""

    def shuffle(self, ciphertexts: bytes) -> bytes:
        """Shuffle object with proofs for all ranked questions; ciphertexts: JSON, [ct..] for each."""

    def check_shuffle(self, ciphertexts: bytes, shuffle: bytes) -> list[tuple[str, str]]:
        """Faults as (duty, reason); duties S2 (shape, membership, exact copies) and S3 (proof); one fault per
        ranked question at most. Raises KernelError when `ciphertexts` itself is not a list of lists."""

    def decrypt(self, private_key: bytes, ciphertexts: bytes) -> bytes:
        """Partial decryption object; ciphertexts: JSON [[ct..] per question] after the last shuffle. Raises
        KernelError when the key is not one of the trustees' or the ciphertexts do not fit the questions."""

    def check_decryption(self, owner: int, ciphertexts: bytes, decryption: bytes) -> list[tuple[str, str]]:
        """Faults as (duty, reason); D2 (shape, membership), D3 (proof); one fault per question and duty, naming
        the first place. owner: 1-based trustee number; D1 if there is no such trustee. Raises KernelError when
        `ciphertexts` itself is not a list of lists."""

    def result(self, ciphertexts: bytes, decryptions: Sequence[bytes]) -> bytes:
        """Canonical result from one verified decryption per trustee, in any order. Raises KernelError."""
