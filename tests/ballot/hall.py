"""Members of a ceremony in one room, each with its own seed; letters lie on one table."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from selectorate import _kernel
from selectorate.ballot.ceremony import check, make
from selectorate.ballot.ceremony.objects import Letter, Plan, Standing, Step, signed_text

Change = Callable[["Hall", Letter], Letter]


class Hall:
    """Runs the honest steps; `change` may replace any letter before it is laid down."""

    def __init__(
        self, members: int = 3, threshold: int = 2, *, group: str = "Ed25519", uuid: str = "HJ4caHVMxvLsFH"
    ) -> None:
        self.plan: Plan = make.plan(uuid=uuid, group=group, members=members, threshold=threshold)
        self.seeds: dict[int, bytes] = {}
        self.kept: dict[int, bytes] = {}
        self.letters: list[Letter] = []

    def standing(self) -> Standing:
        return check.standing(self.plan, self.letters)

    def hold(self, change: Change | None = None) -> Standing:
        """All steps of all members, until the end or the first fault."""
        change = change or (lambda _, letter: letter)
        for number in range(1, self.plan.members + 1):
            self.seeds[number], letter = make.certificate(self.plan, number, f"Trustee {number}")
            self.letters.append(change(self, letter))
        now = self.standing()
        while now.step is not None and not now.faults:
            for number in now.waiting:
                self.letters.append(change(self, self.letter(now, number)))
            now = self.standing()
        return now

    def letter(self, now: Standing, number: int) -> Letter:
        """What an honest member writes at this step."""
        seed = self.seeds[number]
        if now.step == "commitment":
            self.kept.setdefault(number, make.polynomial(now, seed))
            return make.commitment(now, seed, number, self.kept[number])
        if now.step == "polynomial":
            return make.reveal(now, seed, number, self.kept[number])
        return make.share(now, seed, number)

    def again(self, letter: Letter, **changed: Any) -> Letter:
        """The same letter with other content, signed by its sender."""
        return self.signed(letter.sender, letter.step, {**letter.content, **changed})

    def signed(self, number: int, step: Step, content: dict[str, Any]) -> Letter:
        text = signed_text(self.plan.identifier, step, number, content)
        signature = _kernel.pedersen_sign(self.plan.group, self.seeds[number], text)
        return Letter(self.plan.identifier, step, number, content, signature)

    def coefficients(self, number: int, found: list[str]) -> dict[str, Any]:
        """A list of coefficients signed by this member."""
        message = json.dumps({"coefexps": found}, separators=(",", ":"))
        signature = _kernel.pedersen_sign(self.plan.group, self.seeds[number], message)
        return {"message": message, "signature": json.loads(signature)}

    def over_certificates(self, number: int, now: Standing, found: list[str]) -> Any:
        """This member's signature over all certificates and these coefficients."""
        certificates = [json.loads(certificate) for certificate in now.certificates]
        signed = json.dumps(
            {"certs": certificates, "coefexps": found}, separators=(",", ":"), ensure_ascii=False
        )
        return json.loads(_kernel.pedersen_sign(self.plan.group, self.seeds[number], f"certs_sig|{signed}"))
