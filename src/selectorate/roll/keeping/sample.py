"""A confirmation audit by random sample: so many members, drawn by lot, are asked whether they joined themselves.

It treats all alike and reaches what leaves no trace on a roll. If a share `bound` of a large roll would not
confirm, the chance that none of n drawn at random is among them is (1 - bound)^n; the size is the smallest n for
which that is at most 1 - confidence (59 for 5 % at 95 %). Where answers are lacking or do not confirm, the bound
that holds all the same is the upper limit of Clopper and Pearson (1934), one-sided. Both are computed in whole
numbers. They are of a draw with replacement: of a small branch the true bound is lower, never higher.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import comb

from selectorate.errors import refuse

WORDS = ("confirmed", "not confirmed", "silent")
"""What a line of the answers may say. Silence is no evidence against anybody; it only leaves the bound open."""
NO_THROW = "no throw"
BOUND_MIN = Fraction(1, 1000)

QUESTION = (
    "We have drawn some members by lot and ask each of them the same two questions. You were drawn by lot: nothing "
    "about you or your membership led to it. Did you join yourself? Did you pay yourself, or agree that somebody "
    "else pays? One line is enough. If you never meant to be a member, tell us, and we take you off at no cost. "
    "You receive your ballot and vote like everyone else, whether you answer or not."
)


def share(text: str, name: str) -> Fraction:
    """A percentage as typed ("5%", "2.5%", "0.05"), between 0.1 % and 99.9 %. Raises Refusal `roll.share`."""
    typed = text.strip()
    try:
        found = Fraction(typed.rstrip("% ")) / (100 if typed.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise refuse("roll.share", name=name, found=text) from None
    if not BOUND_MIN <= found <= 1 - BOUND_MIN or (found * 1000).denominator != 1:
        raise refuse("roll.share", name=name, found=text)
    return found


def size(bound: Fraction, confidence: Fraction) -> int:
    """The smallest n with (1 - bound)^n <= 1 - confidence: if all of n confirm, the bound holds."""
    left, chance, number = 1 - confidence, Fraction(1), 0
    while chance > left:
        chance *= 1 - bound
        number += 1
    return number


def seed(root: str, number: int, throw: str) -> bytes:
    """The seed of a draw from the record's root before it (hex) and what a witness threw in public."""
    return hashlib.sha256(f"selectorate sample\n{root}\n{number}\n{throw}".encode()).digest()


def draw(members: Iterable[str], drawn_by: bytes, number: int) -> tuple[str, ...]:
    """The members whose SHA-256(seed ‖ number in UTF-8) are smallest, in that order; all where there are fewer."""
    ranked = sorted((hashlib.sha256(drawn_by + member.encode()).digest(), member) for member in members)
    return tuple(member for _, member in ranked[:number])


def upper_permille(asked: int, not_confirmed: int, confidence: Fraction) -> int:
    """The smallest share in thousandths for which so few not confirmed among so many asked has a chance of at
    most 1 - confidence; 1000 where nothing can be said."""
    if asked == 0 or not_confirmed >= asked:
        return 1000
    left, low, high = 1 - confidence, 0, 1000
    while low < high:
        middle = (low + high) // 2
        chance = sum(
            comb(asked, k) * middle**k * (1000 - middle) ** (asked - k) for k in range(not_confirmed + 1)
        )
        if chance * left.denominator <= left.numerator * 1000**asked:
            high = middle
        else:
            low = middle + 1
    return low


def settle(drawn: Sequence[str], answers: Mapping[str, str], name: str) -> dict[str, int]:
    """How many of the sample said what. Raises Refusal `roll.sample_answers` for a member outside the sample, one
    of the sample without a line, or another word."""
    strangers = sorted(set(answers) - set(drawn))
    lacking = [member for member in drawn if member not in answers]
    wrong = sorted({word for word in answers.values() if word not in WORDS})
    if strangers:
        raise refuse("roll.sample_answers", file=name, because=f"{strangers[0]} was not drawn")
    if lacking:
        because = f"{len(lacking)} of the sample have no line, {lacking[0]} among them"
        raise refuse("roll.sample_answers", file=name, because=because)
    if wrong:
        raise refuse("roll.sample_answers", file=name, because=f"“{wrong[0]}” is no answer that is known")
    return {word: sum(answers[member] == word for member in drawn) for word in WORDS}


def result(
    counted: Mapping[str, int], members: int, bound: Fraction, confidence: Fraction
) -> tuple[bool, int, str]:
    """(whether the bound asked for is reached, the bound reached in thousandths, the sentence that says so)."""
    asked = sum(counted.values())
    open_ = counted["not confirmed"] + counted["silent"]
    sure = percent(int(confidence * 1000))
    said = f"{asked:,} of {members:,} members were drawn by lot and asked; {counted['confirmed']:,} confirmed"
    said += f", {counted['not confirmed']:,} did not, {counted['silent']:,} gave no answer."
    if asked == members:
        return (
            not open_,
            1000 * open_ // max(1, members),
            f"{said} All were asked, so nothing is left to chance.",
        )
    reached = upper_permille(asked, open_, confidence)
    limit = percent(reached)
    if reached >= 1000:
        return False, 1000, f"{said} Nothing can be said yet about the others."
    text = f"{said} With {sure} confidence at most {limit} of these members would not confirm."
    if counted["silent"]:
        other = upper_permille(asked, counted["not confirmed"], confidence)
        text += (
            " That takes the silent as if they did not confirm, which says nothing against any of them; had all of "
            f"them confirmed, it would be {percent(other)}."
        )
    return Fraction(reached, 1000) <= bound, reached, text


def percent(permille: int) -> str:
    """Thousandths as a percentage: 5 %, 7.8 %."""
    whole, tenth = divmod(permille, 10)
    return f"{whole}.{tenth} %" if tenth else f"{whole} %"
