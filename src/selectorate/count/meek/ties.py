"""Equal votes in counts by keep values: behind at the first difference, pseudo-random numbers, lots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def behind_at_first_difference(among: Sequence[int], history: Sequence[Sequence[int]]) -> list[int]:
    """Those who had fewest votes at the earliest iteration at which they differed, and so on among these.

    history: votes of every candidate at each iteration. One candidate, or several who never differed.
    """
    left = list(among)
    for votes in history:
        fewest = min(votes[one] for one in left)
        left = [one for one in left if votes[one] == fewest]
        if len(left) == 1:
            break
    return left


def pseudo_random_numbers(candidates: int, seats: int, valid: int) -> list[int]:
    """One number from 0 to 9999 for each candidate, in the order of the paper, none twice.

    Local Electoral Regulations 2001 (New Zealand), schedule 1A, clauses 41 to 48, as I. D. Hill's program nzmeek has
    them: the text of these clauses was not seen. The generator of Wichmann and Hill (Applied Statistics 31, 1982,
    AS 183), begun with candidates + 5, seats, and (valid + 10000 x the last digit of valid) mod 30323; the first four
    numbers are thrown away. Clause 42 is said to have 1000 where the program has 10000, and clause 43 to lack its last
    step mod 10000.
    """
    numbers = _generated(candidates + 5, seats, (valid + 10_000 * (valid % 10)) % 30_323)
    for _ in range(4):
        next(numbers)
    found: list[int] = []
    while len(found) < candidates:
        number = next(numbers)
        if number not in found:
            found.append(number)
    return found


def number_at(number: int, iteration: int) -> int:
    """A candidate's number at an iteration: turned round (10000 less the number) at every odd one.

    So that nobody is always at a disadvantage; as in nzmeek, the first iteration being odd.
    """
    return 10_000 - number if iteration % 2 else number


def _generated(x: int, y: int, z: int) -> Iterator[int]:
    while True:
        x, y, z = 171 * x % 30_269, 172 * y % 30_307, 170 * z % 30_323
        yield (10_000 * x // 30_269 + 10_000 * y // 30_307 + 10_000 * z // 30_323) % 10_000
