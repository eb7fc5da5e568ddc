"""Names, birthdays, addresses and contacts for the members of a small roll, and what the import makes of them.

Written are people.csv, as a membership system would export it, and members-written.parquet: the members with
households as the import of a roll finds them from the first line of the address and the postcode, and with telephones
and e-mails as it compares them. So the errors of real lists come in: one home written in two ways is two, flats whose
number stands in the second line are one. Some members are on the roll twice, under names written otherwise; who they
are is in truth/people.csv.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from bench.roll.checks import ROOT
from bench.roll.people import SCHEMES, SHORT, STREETS, Inventor, Record
from bench.roll.stacking.events import Table
from bench.roll.stacking.homes import LOW, Ints
from bench.roll.stacking.honest import People
from bench.roll.stacking.parameters import Parameters

from selectorate.roll.tokens import tokens

MOST = 200_000
COLUMNS = ("member_id", "name", "born_on", "email", "phone", "address_1", "address_2", "postcode", "branch")
KEY = bytes(32)  # everything here is invented: nothing to protect


class Writer(Inventor):
    """Puts words to tokens. The same token gets the same words."""

    def __init__(self, seed: int, made: People, p: Parameters) -> None:
        super().__init__(seed, made.number)
        self.made, self.p = made, p
        self.schemes: dict[int, tuple[str, str]] = {}
        self.places: dict[int, tuple[str, str, bool]] = {}
        self.units: dict[int, dict[int, int]] = {}

    def record(self, member: int) -> tuple[Record, str]:
        """One member, and the second line of the address."""
        made, column = self.made, self.made.columns
        household, community = int(made.household[member]), int(made.community[member])
        if household not in self.schemes:
            scheme = self.dice.choices(SCHEMES, self.p["naming"][community])[0]
            scheme = "few surnames" if made.stratum[member] == LOW else scheme
            self.schemes[household] = scheme, self._surname(scheme)
        scheme, surname = self.schemes[household]
        street, second, postcode = self._address(member, community)
        phone, email = int(column["phone"][member]), int(column["email"][member])
        return (
            Record(
                member,
                scheme,
                self._name(scheme, surname),
                self._birthday(),
                f"m{_mixed(email):09}@mail{email % 6}.example" if email >= 0 else "",
                f"07{_mixed(phone):09}" if phone >= 0 else "",
                street,
                postcode,
            ),
            second,
        )

    def _address(self, member: int, community: int) -> tuple[str, str, str]:
        column = self.made.columns
        building, dwelling = int(column["building"][member]), int(column["dwelling"][member])
        if building not in self.places:
            street = f"{self.dice.randint(1, 180)} {self._pick(self.streets)} {self.dice.choice(STREETS)}"
            postcode = f"{int(column['branch'][member]):04}{self.dice.randint(0, 19):02}"
            first = self.dice.random() < self.p["unit_in_first_line"][community]
            self.places[building] = street, postcode, first
        street, postcode, first = self.places[building]
        if dwelling in {-1, building}:
            return street, "", postcode
        units = self.units.setdefault(building, {})
        unit = f"Flat {units.setdefault(dwelling, len(units) + 1)}"
        return (f"{unit}, {street}", "", postcode) if first else (street, unit, postcode)

    def otherwise(self, street: str) -> str:
        """The same address, now and then with a slip or a short word."""
        slip, short = self.p["written_otherwise"]
        *head, kind = street.split(" ")
        if self.dice.random() < slip:
            head[-1] = self._slip(head[-1])
        return " ".join([*head, SHORT[kind] if self.dice.random() < short else kind])


def _mixed(token: int) -> int:
    """Nine digits, other ones for every token below a thousand millions: neighbours do not look alike."""
    return token * 3**18 % 10**9


def write_people(made: People, ids: Ints, seed: int, p: Parameters, folder: Path) -> Table:
    """Writes people.csv and its truth. Gives household, phone, email of each member as the import compares them.

    Raises ValueError for a roll of more than 200,000 members.
    """
    if made.number > MOST:
        raise ValueError(f"names and addresses are written for at most {MOST:,} members, not {made.number:,}")
    writer = Writer(seed, made, p)
    written = [writer.record(member) for member in range(made.number)]
    person = np.arange(made.number)
    for first, second in _pairs(made, p, np.random.default_rng(seed)):
        again = writer.again(written[first][0])
        written[second] = replace(again, person=first), written[first][1]
        person[second] = first
    for at, (one, unit) in enumerate(written):
        if person[at] == at:  # a second record is written otherwise already
            written[at] = replace(one, street=writer.otherwise(one.street)), unit
    order = np.random.default_rng(seed + 1).permutation(made.number)
    with (folder / "roll" / "people.csv").open("w", newline="", encoding="utf-8") as file:
        writing = csv.writer(file)
        writing.writerow(COLUMNS)
        writing.writerows(_row(int(ids[at]), written[at], int(made.columns["branch"][at])) for at in order)
    with (folder / "truth" / "people.csv").open("w", newline="", encoding="utf-8") as file:
        writing = csv.writer(file)
        writing.writerow(("member_id", "person", "scheme"))
        writing.writerows((int(ids[at]), int(ids[person[at]]), written[at][0].scheme) for at in order)
    places = [f"{one.street} {one.postcode}" if one.street else "" for one, _ in written]
    return {
        "household": _numbered("address", places),
        "phone": _numbered("phone", [one.phone for one, _ in written]),
        "email": _numbered("email", [one.email for one, _ in written]),
    }


def _row(member: int, written: tuple[Record, str], branch: int) -> tuple[object, ...]:
    one, second = written
    return (
        member,
        one.name,
        one.born,
        one.email,
        one.phone,
        one.street,
        second,
        one.postcode,
        f"Branch {branch}",
    )


def _pairs(made: People, p: Parameters, dice: np.random.Generator) -> list[tuple[int, int]]:
    """(member, who is the same person): honest, in one branch, from homes of one: nobody's home loses somebody."""
    alone = np.bincount(made.household, minlength=int(made.household.max()) + 1)[made.household] == 1
    free = np.flatnonzero(alone & (made.operation < 0) & (made.drive < 0))
    wanted = int(p["second_records"] * made.number)
    # neighbours in a shuffled order that is then put in the order of branches
    shuffled = dice.permutation(free)
    shuffled = shuffled[np.argsort(made.columns["branch"][shuffled], kind="stable")]
    pairs = list(zip(shuffled[0::2].tolist(), shuffled[1::2].tolist(), strict=False))
    branch = made.columns["branch"]
    pairs = [(one, other) for one, other in pairs if branch[one] == branch[other]]
    return [pairs[place] for place in dice.permutation(len(pairs))[:wanted]]


def _numbered(kind: str, texts: Sequence[str]) -> Ints:
    """The import's own tokens, as whole numbers; for an empty text -1, but a household of its own."""
    made = tokens(KEY, kind, texts)
    known = {token: place for place, token in enumerate(dict.fromkeys(made)) if token is not None}
    none = -1
    numbers = [none if token is None else known[token] for token in made]
    if kind == "address":
        numbers = [len(texts) + at if number < 0 else number for at, number in enumerate(numbers)]
    return np.array(numbers, dtype=np.int64)


def linked(folder: Path) -> str:
    """What the search for possible duplicates finds in people.csv, beside who is on the roll twice."""
    command = [sys.executable, "-m", "bench.roll", "--compare", str(folder / "roll" / "people.csv")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"possible duplicates were not looked for: {done.stderr.strip().splitlines()[-1]}"
    pairs = [(int(left), int(right)) for left, right in json.loads(done.stdout)["links"]]
    with (folder / "truth" / "people.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    person = {int(row["member_id"]): int(row["person"]) for row in rows}
    right = sum(person[one] == person[other] for one, other in pairs)
    twice = sum(member != who for member, who in person.items())
    false = (len(pairs) - right) * 10_000 / len(person)
    return (
        f"possible duplicates: {right:,} of {twice:,} members who are on the roll twice, and {len(pairs) - right:,}"
        f" pairs of two persons ({false:.1f} to 10,000 members)"
    )
