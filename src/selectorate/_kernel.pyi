"""The compiled kernel: group arithmetic and proofs of the Belenios wire protocol (docs/formats/ballot.md).

Whole objects cross, as the exact bytes of the wire; never a group element. All functions release the
interpreter lock and use all cores. Bad bytes never raise except where "Raises" says so: they give a reason.
Groups: "Ed25519", "BELENIOS-2048", "RFC-3526-2048". Secrets are zeroised after use; randomness is the
operating system's.
"""

from collections.abc import Sequence
from typing import Self, final

__all__ = [
    "CountRefused",
    "Election",
    "KernelError",
    "PaperFault",
    "Papers",
    "Tally",
    "check_held",
    "count_papers",
    "credential_public",
    "group_key",
    "joint_key",
    "new_credentials",
    "new_trustee",
    "pedersen_certificate",
    "pedersen_certificate_faults",
    "pedersen_complaint",
    "pedersen_complaint_holds",
    "pedersen_parameters",
    "pedersen_polynomial",
    "pedersen_polynomial_faults",
    "pedersen_private",
    "pedersen_share",
    "pedersen_share_faults",
    "pedersen_sign",
    "pedersen_signature_fault",
    "prove_held",
    "read_papers",
    "seal_electorate",
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

def seal_electorate(salts: bytes, lines: Sequence[str]) -> tuple[bytes, list[int], bytes]:
    """Salted commitments to the lines of a final roll: (SHA-256(salt ‖ line) in order of value, one after the
    other; the place of each line's among them; their RFC 6962 root of 32 bytes). salts: 32 bytes for each line.

    Raises KernelError for salts of another length.
    """

def sort_elements(group: str, elements: Sequence[str]) -> list[str]:
    """Element strings in the group's order (protocol order for public_creds). Raises KernelError."""

def joint_key(group: str, public_keys: Sequence[str]) -> str:
    """Product of the trustees' public keys. Raises KernelError."""

def group_key(group: str, parameters: bytes) -> str:
    """What a threshold group contributes to an election's public key: the product of its members' first
    coefficients. parameters: as `pedersen_parameters` gives them. Raises KernelError when E7, E8 or E9 of
    them does not hold."""

def prove_held(group: str, private_key: bytes, statement: str) -> bytes:
    """Proof that a private key is held: {"challenge","response"} of a basic proof with the prefix
    "held|STATEMENT|X|", X the public key. statement: UUID|SIZE|ROOT (docs/formats/entries.md). Raises
    KernelError."""

def check_held(group: str, public_key: str, statement: str, proof: bytes) -> str:
    """ "" when `prove_held`'s proof is valid for this public key, else the reason."""

# A threshold group's ceremony. Every object is in the wire's form with certificates that carry a context and
# keys that are signed; `private` is the seed file that pedersen_certificate gave. Members are numbered from 1.

def pedersen_certificate(group: str, size: int, threshold: int, index: int) -> tuple[bytes, bytes]:
    """Step 1 of one member: (private seed file, certificate). Raises KernelError."""

def pedersen_certificate_faults(
    group: str, size: int, threshold: int, index: int, certificate: bytes
) -> list[str]:
    """What is wrong with a member's certificate; empty when sound."""

def pedersen_polynomial(group: str, private: bytes, threshold: int, certificates: Sequence[bytes]) -> bytes:
    """Step 3 of one member, after all certificates were checked: polynomial, encrypted shares, signed
    coefficients, signature over all certificates. Raises KernelError when the own certificate is not there."""

def pedersen_polynomial_faults(
    group: str, threshold: int, certificates: Sequence[bytes], index: int, polynomial: bytes
) -> list[str]:
    """What everybody can see to be wrong with member `index`'s polynomial object; empty when sound."""

def pedersen_share(
    group: str, private: bytes, threshold: int, certificates: Sequence[bytes], polynomials: Sequence[bytes]
) -> tuple[bytes, list[tuple[int, str]]]:
    """Step 5 of one member: opens and checks the shares that all members made for it. Gives (voutput, []) or,
    where shares are bad, (b"", [(member who made it, reason)..]). Raises KernelError."""

def pedersen_share_faults(
    group: str,
    threshold: int,
    certificates: Sequence[bytes],
    polynomials: Sequence[bytes],
    index: int,
    voutput: bytes,
) -> list[str]:
    """What everybody can see to be wrong with member `index`'s verification key in its voutput."""

def pedersen_complaint(
    group: str, private: bytes, certificates: Sequence[bytes], sender: int, polynomial: bytes
) -> bytes:
    """Evidence that the share in `sender`'s polynomial for this member is bad: the opened channel key of that
    one message with a proof that it was opened rightly. Raises KernelError when the share is good."""

def pedersen_complaint_holds(
    group: str,
    threshold: int,
    certificates: Sequence[bytes],
    sender: int,
    index: int,
    polynomial: bytes,
    complaint: bytes,
) -> tuple[bool, str]:
    """Whether member `index`'s complaint shows that `sender` cheated, and why (not)."""

def pedersen_parameters(
    group: str,
    threshold: int,
    certificates: Sequence[bytes],
    polynomials: Sequence[bytes],
    voutputs: Sequence[bytes],
) -> bytes:
    """Step 6, public: the parameters object of the group. Raises KernelError naming the member at fault."""

def pedersen_private(group: str, private: bytes, voutput: bytes) -> bytes:
    """A member's decryption key file for `Election.decrypt`, out of its own voutput. Raises KernelError."""

def pedersen_sign(group: str, private: bytes, message: str) -> bytes:
    """A member's signature of a text with the key of its certificate: {"challenge","response"}."""

def pedersen_signature_fault(group: str, certificate: bytes, message: str, signature: bytes) -> str:
    """ "" when the signature is one of this text with the certificate's key, else the reason."""

@final
class Tally:
    """The encrypted tally of one election, built ballot by ballot: memory does not grow with homomorphic
    ballots. Made by `Election.tally`."""

    def add(self, ballots: Sequence[bytes]) -> None:
        """Take in ballots that count: at most one of each credential. Raises KernelError on a ballot that
        cannot be read or whose credential is not on the list."""
    def finish(self) -> bytes:
        """Canonical encrypted tally of what was taken in so far."""

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
        """Faults found in the three objects as (duty, reason): E1, E3 to E9. Empty when sound."""

    def make_ballots(self, credentials: Sequence[str], choices: Sequence[str]) -> list[bytes]:
        """Ballots in canonical form; choices[i] is JSON, one entry per question: integers per answer (0/1;
        with a blank option its mark stands first; numbers of 0 to 255 in a ranked question), or one such list
        per list (the list's own mark first) in a list question. Raises KernelError naming the place of a
        choice that does not fit."""

    def check_ballots(self, ballots: Sequence[bytes]) -> list[tuple[str, list[tuple[str, str]]]]:
        """Per ballot (credential, faults): the credential field ("" where B1 fails) and every duty of B1..B6
        that does not hold with its reason (B7 is the caller's). Where B1 fails it is the only one; B6 is
        judged only where B5 holds. Empty faults: sound."""

    def tally(self) -> Tally:
        """An empty encrypted tally of this election. Raises KernelError when the questions are not sound."""

    def shuffle(self, ciphertexts: bytes) -> bytes:
        """Shuffle object with proofs for all ranked questions; ciphertexts: JSON, [ct..] for each."""

    def check_shuffle(self, ciphertexts: bytes, shuffle: bytes) -> list[tuple[str, str]]:
        """Faults as (duty, reason); duties S2 (shape, membership, exact copies) and S3 (proof); one fault per
        ranked question at most. Raises KernelError when `ciphertexts` itself is not a list of lists."""

    def decrypt(self, private_key: bytes, ciphertexts: bytes) -> bytes:
        """Partial decryption object; ciphertexts: JSON [[ct..] per question] (list questions: [[ct..]..]) after
        the last shuffle. private_key: a single trustee's, or a threshold member's decryption key. Raises
        KernelError when the key is not one of the trustees' or the ciphertexts do not fit the questions."""

    def check_decryption(self, owner: int, ciphertexts: bytes, decryption: bytes) -> list[tuple[str, str]]:
        """Faults as (duty, reason); D2 (shape, membership), D3 (proof); one fault per question and duty, naming
        the first place. owner: 1-based trustee number; D1 if there is no such trustee. Raises KernelError when
        `ciphertexts` itself is not a list of lists."""

    def result(self, ciphertexts: bytes, decryptions: Sequence[tuple[int, bytes]]) -> bytes:
        """Canonical result from verified decryptions as (owner, object), in any order: one of every single
        trustee and at least `threshold` of each threshold group (the first by number are used). Raises
        KernelError."""

class PaperFault(ValueError):  # noqa: N818
    """A file of papers cannot be read. args: (line from 1, or 0 for the file as a whole; what was found there)."""

class CountRefused(ValueError):  # noqa: N818
    """No sheet. args: ("tie", stage, names) where a lot is needed and there is no seed; ("order", 0, []) where whole
    papers move and there is neither an order nor a seed; ("unknown", 0, [what]) for a rule set that this path does
    not count by."""

@final
class Papers:
    """A contest's papers, equal ones put together (rust/count). Candidates by position, from 0."""

    @staticmethod
    def gather(
        candidates: Sequence[str], rankings: Sequence[tuple[Sequence[int], int]], blank: int = 0
    ) -> Papers:
        """Papers of rankings (nobody twice, none empty) and how many there are of each, in any order. Raises
        ValueError."""

    def joined(self, other: Papers) -> Papers:
        """These papers and the plain rankings of the other's together, without odd ones. Raises ValueError where the
        candidates differ."""

    @property
    def candidates(self) -> list[str]: ...
    @property
    def withdrawn(self) -> list[int]: ...
    @property
    def seats(self) -> int:
        """What the file says; 0 if nothing."""

    @property
    def title(self) -> str: ...
    @property
    def blank(self) -> int: ...
    @property
    def valid(self) -> int:
        """How many papers are plain rankings."""

    def __len__(self) -> int:
        """How many different plain rankings there are."""

    def uniques(self) -> list[tuple[tuple[int, ...], int]]:
        """Every plain ranking with its number of papers, sorted."""

    def odd(self) -> list[tuple[tuple[tuple[int, ...], ...], int]]:
        """Every other paper as marked (an empty rank is a gap, (-1,) an overvote) with its number, sorted."""

def read_papers(
    data: bytes,
    kind: str,
    *,
    heading: int = 1,
    many: int | None = None,
    ranks: tuple[int, int] = ...,
    candidates: Sequence[str] = ...,
) -> Papers:
    """The papers of a file. kind: "scot-elex", "blt", or "ranks" (CSV, one column a rank, cells are names): then
    heading lines are passed over, column `many` holds a number of papers, columns ranks[0] to ranks[1] - 1 the ranks,
    and candidates are those given, else whoever is named, in the order of the file. Raises PaperFault."""

def count_papers(
    papers: Papers,
    parameters: Sequence[tuple[str, str]],
    seats: int,
    seed: str | None,
    order: Sequence[int] = ...,
) -> bytes:
    """The sheet as JSON, votes in whole units, or as texts "over/under" of them where nothing is rounded. parameters:
    the rule set's "family" and its answers, word for word. order: each single paper's ranking by its place in
    `papers.uniques()`, in recorded order, for rules that move whole papers. Odd papers are not counted. Raises
    CountRefused."""
