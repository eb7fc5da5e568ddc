"""Random elections before judges, and random edits before judges who should agree.

Fifty elections of ours in the finite fields before belenios-tool 2.0 and twenty in Ed25519 before 3.0, as many
made by those tools before both of ours, each with the result that was added up from its choices before anything
was encrypted. Then edits: what 2.0 refuses both of ours refuse, what 3.0 refuses of single ballots is not
accepted, and our two verifiers name the same duties. The run's seed is printed; $SELECTORATE_SEED names another.
`make release` does the same with larger numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest
from tests.interop import scale
from tests.interop.judges import Judge
from tests.interop.tasks import Outcome, perform

pytestmark = pytest.mark.interop

NUMBERS = {
    "ours-finite": 50,
    "ours-edwards": 20,
    "theirs-finite": 50,
    "theirs-edwards": 20,
    "spoiled-archive": 60,
    "spoiled-ballot": 60,
    "two-honest": 20,
    "two-edited": 200,
}


@pytest.fixture(scope="module")
def pool(judge: Callable[[str], Judge]) -> Iterator[ProcessPoolExecutor]:
    """Two processes for all tasks, so that the elections which edits start from are made once in each."""
    judge("BELENIOS-2048"), judge("Ed25519")
    with scale.processes() as found:
        yield found


def outcomes(pool: ProcessPoolExecutor, task: str, told: list[Outcome]) -> list[Outcome]:
    """All outcomes of a task, after those that may not stand have been told."""
    jobs = scale.jobs_of(scale.SEED, {task: NUMBERS[task]})
    found = [one for each in pool.map(perform, jobs) for one in each]
    told += found
    for one in found:
        if not one.right:
            print(f"{one.task} {one.seed} ({one.group}): {one.words}")
    return found


@pytest.mark.parametrize("task", ["ours-finite", "ours-edwards"])
def test_foreign_judges_accept_elections_of_ours_with_the_result_that_was_voted(
    task: str, pool: ProcessPoolExecutor, told: list[Outcome]
) -> None:
    found = outcomes(pool, task, told)
    assert len({one.seed for one in found if one.said == "accepted"}) == NUMBERS[task]
    assert [one for one in found if not one.right] == []


@pytest.mark.parametrize("task", ["theirs-finite", "theirs-edwards"])
def test_both_of_ours_accept_elections_made_by_foreign_tools(
    task: str, pool: ProcessPoolExecutor, told: list[Outcome]
) -> None:
    found = outcomes(pool, task, told)
    assert len(found) == 2 * NUMBERS[task]
    assert [one for one in found if not one.right] == []


def test_whatever_the_foreign_judge_refuses_both_of_ours_refuse(
    pool: ProcessPoolExecutor, told: list[Outcome]
) -> None:
    found = outcomes(pool, "spoiled-archive", told)
    refused = sum(one.said == "refused" for one in found)
    assert refused > NUMBERS["spoiled-archive"] // 2, "hardly any edit was refused: they test nothing"
    assert [one for one in found if not one.right] == []


def test_a_ballot_that_the_foreign_judge_refuses_is_not_accepted_and_an_honest_one_is(
    pool: ProcessPoolExecutor, told: list[Outcome]
) -> None:
    found = outcomes(pool, "spoiled-ballot", told)
    assert any((one.kind, one.said) == ("ballot of ours", "accepted") for one in found)
    assert any((one.kind, one.said) == ("edited ballot", "refused") for one in found)
    assert [one for one in found if not one.right] == []


@pytest.mark.parametrize("task", ["two-honest", "two-edited"])
def test_our_two_verifiers_give_the_same_verdict_and_mostly_name_the_same_duties(
    task: str, pool: ProcessPoolExecutor, told: list[Outcome]
) -> None:
    found = outcomes(pool, task, told)
    assert len(found) == NUMBERS[task]
    assert [one for one in found if not one.right] == []
    differing = [one for one in found if one.said.endswith("other duties named")]
    assert len(differing) <= len(found) // 10
