"""Small elections of our own, from the keys to the result, with every secret kept for the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from selectorate import _kernel
from selectorate.ballot import archive, make, papers
from selectorate.ballot.check import check_archive
from selectorate.ballot.closing import Closing, closing_of
from selectorate.ballot.objects import Credential, Head, Question, Ranks, Setup, Verified

TREES = ("Alder", "Ash", "Beech", "Birch", "Cedar")
RANKED = Question("ranked", "Who shall stand?", TREES)
CHAIR = Question("homomorphic", "Chair", TREES[:3], 1, 1)
COMMITTEE = Question("homomorphic", 'Committee, "up to" two\t– é', TREES[:4], 0, 2)
UUID = "4uWWJpJiV8yYxg"
OPENED = 1_700_000_000


@dataclass
class Own:
    """An election in the making: `content` is its archive so far."""

    setup: Setup
    questions: tuple[Question, ...]
    keys: list[bytes]
    secrets: list[str]
    content: bytes
    head: Head

    @classmethod
    def opened(
        cls, group: str, questions: Sequence[Question], weights: Sequence[int], trustees: int = 3
    ) -> Own:
        keys = [_kernel.new_trustee(group) for _ in range(trustees)]
        credentials = _kernel.new_credentials(group, UUID, len(weights))
        setup = make.make_election(
            uuid=UUID,
            name="Grove",
            description="A selection of trees",
            group=group,
            questions=questions,
            trustees=[public for _, public in keys],
            credentials=[
                Credential(public, weight) for (_, public), weight in zip(credentials, weights, strict=True)
            ],
        )
        content, head = make.begin(OPENED)
        added = make.setup_event(head, setup)
        secrets = [secret for secret, _ in credentials]
        privates = [private for private, _ in keys]
        return cls(setup, tuple(questions), privates, secrets, content + added.added, added.head)

    def ballots(self, choices: Sequence[tuple[int, tuple[Ranks, ...]]]) -> tuple[bytes, ...]:
        """Ballots of (elector's number, answers)."""
        texts = [papers.choice_text(answers, self.questions) for _, answers in choices]
        return make.ballots(self.setup, [self.secrets[elector] for elector, _ in choices], texts)

    def cast(self, choices: Sequence[tuple[int, tuple[Ranks, ...]]]) -> None:
        for ballot in self.ballots(choices):
            self._take(make.ballot_event(self.head, ballot))

    def close(self) -> None:
        found = self.verified()
        self._take(make.end_ballots_event(self.head))
        tally = make.encrypted_tally(self.setup, [ballot.ballot for ballot in found.counted])
        self._take(make.tally_event(self.head, tally, found.counted, found.credentials))

    def mix(self, *owners: int) -> None:
        for owner in owners:
            ciphertexts = self.closing().shuffle_input
            assert ciphertexts is not None
            self._take(make.shuffle_event(self.head, owner, make.shuffle(self.setup, ciphertexts)))
        self._take(make.end_shuffles_event(self.head))

    def decrypt(self, *owners: int) -> None:
        for owner in owners:
            ciphertexts = self.closing().ciphertexts
            assert ciphertexts is not None
            decryption = make.decryption(self.setup, self.keys[owner - 1], ciphertexts)
            self._take(make.decryption_event(self.head, owner, decryption))

    def declare(self) -> None:
        found = self.closing()
        assert found.ciphertexts is not None
        result = make.result(self.setup, found.ciphertexts, found.decryptions)
        self._take(make.result_event(self.head, result))

    def closing(self) -> Closing:
        found = closing_of(archive.read(self.content, UUID)[0])
        assert found is not None
        return found

    def verified(self) -> Verified:
        checks, found = check_archive(self.content, UUID)
        assert found is not None, [check for check in checks if check.verdict == "failed"]
        return found

    def _take(self, added: make.Addition) -> None:
        self.content += added.added
        self.head = added.head
