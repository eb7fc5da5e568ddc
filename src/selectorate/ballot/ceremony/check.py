"""Judges the letters of a ceremony: who is at fault, whom one waits for, what the group's parameters are.

What must hold, all done here:
 1. Every letter is signed with the key of its sender's certificate (`signature_fault`, before it is kept).
 2. No member wrote two different letters of one step.
 3. Certificates are of this group, these numbers and their own place; no key occurs twice.
 4. Every member committed to one and the same list of certificates, and to a polynomial, before any was shown.
 5. Every polynomial is the one committed to, of the right degree, with a constant term, and signed.
 6. Every share that was complained about is opened by everybody: the cheat or the false accuser is named.
 7. Every verification key is the one that all polynomials give, and the group passes duties E7 to E9.
The caller's: that the persons are who they say (the code read to each other), and keeping what was received.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from selectorate import _kernel, canon
from selectorate.ballot.ceremony.objects import NAME_MAX, STEPS, Fault, Letter, Plan, Standing, Step

_ALSO: Final = "wrote two different letters of the same step ({step})"


def signature_fault(plan: Plan, letter: Letter, certificate: bytes) -> str:
    """ "" when the letter is signed with this certificate's key, else the reason."""
    return _kernel.pedersen_signature_fault(plan.group, certificate, letter.signed_text, letter.signature)


def own_certificate(letter: Letter) -> bytes:
    """The certificate in a letter of the first step."""
    return str(letter.content["certificate"]).encode("utf-8")


def certificate_mark(letter: Letter) -> str:
    """What a commitment says of one certificate: SHA-256 of the content of its letter."""
    return canon.digest(dict(letter.content))


def standing(plan: Plan, letters: Iterable[Letter]) -> Standing:
    """How far the ceremony has come with these letters, in any order, signatures checked before."""
    return _Judgement(plan, letters).run()


class _Judgement:
    """One pass over all letters, step by step, until one is incomplete or somebody is at fault."""

    def __init__(self, plan: Plan, letters: Iterable[Letter]) -> None:
        self.plan = plan
        self.faults: list[Fault] = []
        self.checked: list[str] = []
        self.of: dict[Step, dict[int, Letter]] = {step: {} for step in STEPS}
        for letter in sorted(letters, key=Letter.to_json):
            first = self.of[letter.step].setdefault(letter.sender, letter)
            if dict(first.content) != dict(letter.content):
                self._blame(letter.sender, _ALSO.format(step=letter.step))
        self.certificates: tuple[bytes, ...] = ()
        self.marks: tuple[str, ...] = ()
        self.polynomials: tuple[bytes, ...] = ()
        self.voutputs: tuple[bytes, ...] = ()
        self.parameters: bytes | None = None

    def run(self) -> Standing:
        judges = (self._certificates, self._commitments, self._polynomials, self._shares)
        reached: Step | None = None
        for step, judge in zip(STEPS, judges, strict=True):
            reached = step
            judge(self.of[step])
            if self.faults or self._missing(step):
                break
        else:
            reached = None
        return Standing(
            plan=self.plan,
            step=reached,
            waiting=self._missing(reached) if reached else (),
            names={number: self._name(letter) for number, letter in self.of["certificate"].items()},
            certificates=self.certificates,
            marks=self.marks,
            polynomials=self.polynomials,
            voutputs=self.voutputs,
            checked=tuple(self.checked),
            parameters=self.parameters if not self.faults else None,
            faults=tuple(self.faults),
        )

    def _blame(self, member: int, because: str, *others: int) -> None:
        fault = Fault((member, *others), because)
        if fault not in self.faults:
            self.faults.append(fault)

    def _missing(self, step: Step) -> tuple[int, ...]:
        there = self.of[step]
        return tuple(number for number in range(1, self.plan.members + 1) if number not in there)

    def _name(self, letter: Letter) -> str:
        return str(letter.content["name"])

    def _certificates(self, letters: Mapping[int, Letter]) -> None:
        plan = self.plan
        keys: dict[tuple[str, str], int] = {}
        for number, letter in sorted(letters.items()):
            if not sound_name(self._name(letter)):
                self._blame(number, "signed a name that cannot be shown")
            certificate = own_certificate(letter)
            found = _kernel.pedersen_certificate_faults(
                plan.group, plan.members, plan.threshold, number, certificate
            )
            if found:
                self._blame(number, f"sent a faulty certificate: {found[0]}")
                continue
            for key in _keys(certificate):
                if keys.setdefault(key, number) != number:
                    self._blame(number, f"uses a key of member {keys[key]} again")
        if self.faults or self._missing("certificate"):
            return
        self.certificates = tuple(own_certificate(letters[number]) for number in sorted(letters))
        self.marks = tuple(certificate_mark(letters[number]) for number in sorted(letters))
        self.checked.append(f"{plan.members} certificates: each of its own place, signed, no key twice")

    def _commitments(self, letters: Mapping[int, Letter]) -> None:
        wanted = list(self.marks)
        for number, letter in sorted(letters.items()):
            found = letter.content["certificates"]
            if found == wanted:
                continue
            if len(found) != len(wanted):
                self._blame(number, f"signed a list of {len(found)} certificates")
                continue
            other = next(
                place for place, pair in enumerate(zip(found, wanted, strict=True), 1) if len(set(pair)) > 1
            )
            if other == number:
                self._blame(number, "committed with another certificate than the one sent here")
            else:
                because = (
                    f"one of these two is at fault: member {number} signed another certificate of member {other} "
                    "than the one that is here; compare both"
                )
                self._blame(number, because, other)
        if not self.faults and not self._missing("commitment"):
            self.checked.append(
                f"{self.plan.members} commitments: all signed this list of certificates for this ceremony"
            )

    def _polynomials(self, letters: Mapping[int, Letter]) -> None:
        plan = self.plan
        for number, letter in sorted(letters.items()):
            polynomial = str(letter.content["polynomial"]).encode("utf-8")
            if canon.sha256(polynomial) != self.of["commitment"][number].content["polynomial"]:
                self._blame(number, "revealed another polynomial than the one committed to")
                continue
            found = _kernel.pedersen_polynomial_faults(
                plan.group, plan.threshold, self.certificates, number, polynomial
            )
            if found:
                self._blame(number, f"made a faulty polynomial: {found[0]}")
        if self.faults or self._missing("polynomial"):
            return
        self.polynomials = tuple(
            str(letter.content["polynomial"]).encode("utf-8") for _, letter in sorted(letters.items())
        )
        self.checked.append(
            f"{plan.members} polynomials: as committed to, {plan.threshold} coefficients each, signed"
        )

    def _shares(self, letters: Mapping[int, Letter]) -> None:
        plan = self.plan
        for number, letter in sorted(letters.items()):
            if "complaint" in letter.content:
                self._complaint(number, letter)
                continue
            voutput = str(letter.content["voutput"]).encode("utf-8")
            found = _kernel.pedersen_share_faults(
                plan.group, plan.threshold, self.certificates, self.polynomials, number, voutput
            )
            if found:
                self._blame(number, f"sent a faulty verification key: {found[0]}")
        if self.faults or self._missing("share"):
            return
        self.voutputs = tuple(
            str(letter.content["voutput"]).encode("utf-8") for _, letter in sorted(letters.items())
        )
        self.parameters = _kernel.pedersen_parameters(
            plan.group, plan.threshold, self.certificates, self.polynomials, self.voutputs
        )
        self.checked.append(f"{plan.members} verification keys: what all polynomials give, proved and signed")

    def _complaint(self, number: int, letter: Letter) -> None:
        against = int(letter.content["against"])
        if not 1 <= against <= self.plan.members:
            self._blame(number, f"complained about member {against}, who does not exist")
            return
        holds, why = _kernel.pedersen_complaint_holds(
            self.plan.group,
            self.plan.threshold,
            self.certificates,
            against,
            number,
            self.polynomials[against - 1],
            str(letter.content["complaint"]).encode("utf-8"),
        )
        if holds:
            self._blame(against, f"gave member {number} a bad share, which everybody can open now: {why}")
        else:
            self._blame(number, f"complained falsely about member {against}: {why}")


def sound_name(name: str) -> bool:
    """Whether a name can be shown to others in one line."""
    return 0 < len(name) <= NAME_MAX and name.isprintable() and name == name.strip()


def _keys(certificate: bytes) -> tuple[tuple[str, str], ...]:
    """The two keys of a certificate that has passed."""
    from selectorate.ballot import wire

    message = wire.decode(certificate, what="the certificate", canonical=False)["message"]
    inner = wire.decode(message.encode("utf-8"), what="the certificate", canonical=False)
    return tuple((name, str(inner[name])) for name in ("verification", "encryption"))
