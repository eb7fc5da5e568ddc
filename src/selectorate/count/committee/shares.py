"""The method of equal shares (make): every paper has the same money, and supporters pay a seat together.

Peters and Skowron, "Proportionality and the Limits of Welfarism", ACM EC 2020 (there "Rule X"): a seat costs 1,
every paper begins with seats / papers. A candidate can be paid for at r if supporters who each give r, or all they
have, give 1 together; whoever can be paid for at the smallest r is elected. What becomes of seats that nobody can
pay for is the rule set's answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from selectorate.count.committee import phragmen
from selectorate.count.committee.approvals import Approvals, Elected, whole
from selectorate.count.objects import Stage, Tie
from selectorate.count.points.record import amount, counted
from selectorate.count.points.seating import drawn
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw

VACANT = "nobody: the seats stay vacant"


def in_rounds(papers: Approvals, ruleset: Ruleset, seats: int, draw: Draw) -> Elected:
    """Rounds of paying, then the completion. Raises Refusal `count.tie`."""
    names, supporters = papers.candidates, papers.supporters()
    money = [Fraction(seats, papers.valid)] * len(papers.papers)
    left = list(range(len(names)))
    stages: list[Stage] = []
    ties: list[Tie] = []
    while len(stages) < seats:
        prices = {
            one: price
            for one in left
            if (price := _price([(money[at], papers.papers[at][1]) for at in supporters[one]])) is not None
        }
        if not prices:
            break
        least, number = min(prices.values()), len(stages) + 1
        equal = [names[one] for one in left if prices.get(one) == least]
        chosen = names.index(drawn(equal, 1, draw, stage=number, purpose="seat", ties=ties)[0])
        stages.append(
            Stage(
                number=number,
                act=f"round {number}",
                tallies=tuple(whole(prices.get(one, Fraction(0))) for one in range(len(names))),
                non_transferable=0,
                elected=(names[chosen],),
                figures=(
                    ("each candidate's figure", "the most that one paper would pay; 0: too little money"),
                ),
                clause=ruleset.source("elects"),
                says=_says(papers, supporters, prices, chosen, len(equal) > 1),
            )
        )
        left.remove(chosen)
        for at in supporters[chosen]:
            money[at] -= min(money[at], least)
    table = phragmen.load_table(papers, money, "money left")
    missing, remarks = min(seats, len(names)) - len(stages), list[str]()
    if missing and ruleset["completion"] != VACANT:
        bought = len(stages)
        loads = [-one for one in money]
        clause = ruleset.source("completion")
        more, further = phragmen.fill(papers, clause, loads, left, missing, draw, first=bought + 1)
        stages += more
        ties += further
        remarks.append(
            f"{counted(bought, 'seat')} paid for; {counted(missing, 'seat')} filled by {ruleset['completion']}."
        )
    elif missing:
        remarks.append(
            f"{counted(missing, 'seat')} vacant: supporters of nobody who is left can pay for a seat."
        )
    elected = tuple(stage.elected[0] for stage in stages)
    return Elected(tuple(stages), elected, tuple(ties), (table,), tuple(remarks))


def _price(supporters: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    """The smallest most that one supporter must give so that all give 1 together; None if they have too little.

    supporters: (money left, papers). Who has less than the price gives everything."""
    missing, paying = Fraction(1), sum(number for _, number in supporters)
    for money, number in sorted(supporters):
        if money * paying >= missing:
            return Fraction(missing, paying)
        missing -= money * number
        paying -= number
    return None


def _says(
    papers: Approvals, supporters: list[list[int]], prices: dict[int, Fraction], chosen: int, lot: bool
) -> str:
    names = papers.candidates
    number = sum(papers.papers[at][1] for at in supporters[chosen])
    won = (
        f"{counted(number, 'paper')} approve of {names[chosen]} and pay for the seat with at most "
        f"{amount(prices[chosen])} each"
    )
    others = [one for one in prices if one != chosen]
    if not others:
        return f"{won}: {names[chosen]} is elected; nobody else can be paid for."
    best = min(others, key=lambda one: (prices[one], names[one]))
    if lot:
        return f"{won}, as for {names[best]}: {names[chosen]} is elected by lot."
    return f"{won}, the smallest price: {names[chosen]} is elected; {names[best]} would cost {amount(prices[best])}."
