"""Choices and results as tuples of whole numbers."""

from __future__ import annotations

import pytest

from selectorate.ballot import papers
from selectorate.ballot.objects import Parameters, Question
from selectorate.errors import Refusal

RANKED = Question("ranked", "Order", ("Alder", "Ash", "Beech"))
CHAIR = Question("homomorphic", "Chair", ("Alder", "Ash"), 1, 1)
PARAMETERS = Parameters("u", "Ed25519", "n", "d", "k", (CHAIR, RANKED), "f")


def test_an_order_of_preference_becomes_ranks() -> None:
    assert papers.ranks_of((2, 0), 3) == (2, 0, 1)
    assert papers.ranks_of((), 3) == (0, 0, 0)
    for order in ((3,), (-1,), (0, 0)):
        with pytest.raises(Refusal):
            papers.ranks_of(order, 3)


def test_a_choice_is_written_and_read_back() -> None:
    text = papers.choice_text(((0, 1), (1, 2, 0)), (CHAIR, RANKED))
    assert text == "[[0,1],[1,2,0]]"
    assert papers.read_choice(b" [[0, 1], [1,2,0]]\n", (CHAIR, RANKED)) == ((0, 1), (1, 2, 0))


@pytest.mark.parametrize(
    "content",
    [
        b"[[0,1]]",
        b"[[0,1],[1,2]]",
        b"[[1,1],[1,2,0]]",
        b"[[0,0],[1,2,0]]",
        b"[[2,0],[1,2,0]]",
        b"[[0,1],[1,2,256]]",
        b"[[0,1],[1,2,-1]]",
        b"[[0,1],[1,2,true]]",
        b'[[0,1],[1,2,"0"]]',
        b"[[0,1],[1,2,0.0]]",
        b"{}",
        b"[0,1]",
        b"[[0,1],[1,2,0]",
    ],
)
def test_a_choice_that_does_not_fit_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal):
        papers.read_choice(content, (CHAIR, RANKED))


def test_a_result_is_read_as_counts_and_papers() -> None:
    content = b'{"result":[[3,"1073741824"],[[1,2,3],[0,0,0]]]}'
    assert papers.read_result(content, PARAMETERS) == ((3, 1073741824), ((1, 2, 3), (0, 0, 0)))


@pytest.mark.parametrize(
    "content",
    [
        b'{"result":[[3,4]]}',
        b'{"result":[[3],[]]}',
        b'{"result":[["3",4],[]]}',
        b'{"result":[[3,4],[[1,2]]]}',
        b'{"result":[[3,4],[[1,2,256]]]}',
        b'{"result":[[3,4],[]],"more":1}',
        b'{"result":[[3,4],[]]} ',
        b'{"result":[[9,9],[]],"result":[[3,4],[]]}',
    ],
)
def test_a_result_in_another_form_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal):
        papers.read_result(content, PARAMETERS)
