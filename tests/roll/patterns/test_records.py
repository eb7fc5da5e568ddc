"""The books beside the list: what is found in them, and what looks the same and is ordinary life.

Expected numbers are worked by hand in the tests.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from tests.roll.patterns import cases, looked
from tests.roll.patterns.town import ADDRESS, EMAIL, FREEZE, YEAR, Town, ordinary_edits

from selectorate.roll.signals import looking, records
from selectorate.roll.signals.branch import blocks
from selectorate.roll.signals.objects import Fact
from selectorate.roll.signals.records import edits, exclusions, moves, receipts, signins
from selectorate.roll.signals.settings import settings
from selectorate.roll.signals.shared import device, email, payer, phone

ALL = (edits, exclusions, moves, receipts, signins, blocks)
ASKED = SimpleNamespace(settings=settings())


def town_of(members: int, branches: int, seed: int = 20) -> Town:
    """Members from homes of their own, evenly over the branches and eight years."""
    town = Town(seed, branches=branches)
    for place in range(members):
        town.join(place % branches, FREEZE - (place * 911) % (8 * YEAR))
    return town


def edit(town: Town, member: int, day: int, operator: int, field: int = ADDRESS, **more: int) -> None:
    line = {"minute": 600, "session": 1, "value": -1} | more
    branch = town.members[member]["branch"]
    town.record(
        "edits",
        member_id=member + 1,
        branch=branch,
        day=day,
        operator=operator,
        field=field,
        minute=line["minute"],
        session=line["session"],
        value=line["value"],
    )


# ---------------------------------------------------------------- arithmetic


@pytest.mark.parametrize(
    ("count", "total", "share", "chance"),
    [
        (2, 3, 0.5, 4 / 8),
        (1, 2, 0.25, 1 - 0.75**2),
        (10, 10, 0.5, 1 / 1024),
        (0, 5, 0.3, 1.0),
        (2, 2, 1.0, 1.0),
    ],
)
def test_the_share_of_a_log_ins_work_is_binomial(count: int, total: int, share: float, chance: float) -> None:
    assert records.share_tail(count, total, share) == pytest.approx(chance)


def test_blocks_on_a_branchs_days_are_hypergeometric() -> None:
    # 10 days of which 3 are blocks; a branch has 4 of the days; at least 2 blocks among them:
    # (C(3,2) C(7,2) + C(3,3) C(7,1)) / C(10,4) = (3 * 21 + 7) / 210 = 1/3.
    assert blocks.hypergeometric_tail(2, 4, 3, 10) == pytest.approx(1 / 3)
    assert blocks.hypergeometric_tail(0, 4, 3, 10) == pytest.approx(1.0)


def reached(*rows: tuple[int, ...]) -> records.Peaks:
    """Peaks from rows of (this year, a year ago, two years ago ...)."""
    keys, years, seen = [], [], []
    for key, row in enumerate(rows):
        for year, count in enumerate(row):
            keys.append(key)
            years.append(year)
            seen.append(count)
    columns = (np.array(one, dtype=np.int64) for one in (keys, years, seen))
    key, year, count = columns
    return records.peaks((key,), year, count, len(rows[0]) - 1)


def test_what_others_reached_is_counted_by_year_without_the_worst_of_them() -> None:
    """Four earlier years, of which one may have been stacked (two of eight): 9 in one year only, 4 in each."""
    past = reached((9, 0, 0, 0, 0), (4, 4, 9, 4, 4), (4, 4, 4, 4, 4))
    assert past.expected_milli(0, 4, ASKED) == 2_000
    # At 9: one year of four had one, that year is left out, none remains. Beyond: from 2 rows a year at level 3
    # (6 in the three years that count, none at 5): at 4 there are 6 and at 5 none, so each step is (0 + 1) / (6 + 2) of
    # the one before, but never under one in five: 6 * 0.2 ** 5 / 3 = 0.00064.
    assert past.expected_milli(0, 9, ASKED) == 1


def test_a_row_is_not_measured_against_itself() -> None:
    past = reached((9, 9, 9, 9, 9), (2, 2, 2, 2, 2))
    assert past.own(0) == 9
    assert past.most(0) == 2
    assert past.most(1) == 9
    assert past.known(0, 9, ASKED)
    assert not past.known(1, 9, ASKED)


def test_without_an_earlier_year_the_others_of_this_year_are_the_measure() -> None:
    past = reached((9,), (3,), (2,), (2,))
    assert past.years == 0
    assert past.most(0) == 3
    assert past.expected_milli(0, 2, ASKED) == 3_000


@pytest.mark.parametrize("own", [0, 1, 3])
@pytest.mark.parametrize("most", [0, 1, 3])
@pytest.mark.parametrize("years", [0, 1, 9])
def test_a_sentence_about_nothing_or_one_is_one_that_a_person_would_say(
    years: int, most: int, own: int
) -> None:
    modules = [module for module in looking.MODULES if hasattr(module, "sentence")]
    assert len(modules) >= 10
    for module in modules:
        # An account always has stood for one home at least.
        fact = Fact(7, 9, 8, 10, 20, 8, 1, own, max(most, module in (payer, phone, email, device)), years)
        said = module.sentence(fact, "Northgate")
        assert not looked.AWKWARD.search(said), said


@pytest.mark.parametrize(
    ("mean", "said"),
    [(0.2, "less than 1 was"), (1.4, "about 1 was"), (1.6, "about 2 were"), (1_234.0, "about 1,234 were")],
)
def test_an_expected_number_has_its_verb(mean: float, said: str) -> None:
    assert records.about(mean) == said


@pytest.mark.parametrize(
    ("milli", "text"), [(0, "0.001"), (12, "0.012"), (500, "0.5"), (1000, "1"), (12_340, "12.34")]
)
def test_an_expected_number_is_plain_decimal_text(milli: int, text: str) -> None:
    assert records.decimal(milli) == text


def test_a_signal_without_its_table_is_silent() -> None:
    town = town_of(300, 3)
    for module in ALL:
        assert looked.of(module, town) == ()


def test_every_signal_says_what_is_innocent_and_what_would_settle_it() -> None:
    assert len({module.KIND for module in ALL}) == len(ALL)
    for module in ALL:
        assert module.INNOCENT
        assert module.SETTLES
        assert module.TITLE


# ---------------------------------------------------------------- edits of contacts


def test_contacts_edited_in_one_branch_are_found_on_the_first_day() -> None:
    """71 addresses, 26 telephones and 40 e-mail addresses among 500 members; on the first of twenty days seven."""
    (found,) = looked.of(edits, cases.edited_contacts(known_days=1))
    assert found.branch == "Branch 0"
    assert len(found.members) == found.observed == 7
    assert found.first == found.last
    assert found.severity >= cases.figures("edited-contacts-first-day").right["severity_at_least"]


def test_all_of_them_are_one_finding_about_the_log_in() -> None:
    town = cases.edited_contacts()
    (found,) = looked.of(edits, town)
    assert {int(member) for member in found.members} == town.planted
    assert "71 addresses, 40 e-mail addresses and 26 telephone numbers of 137 members" in found.because
    assert found.severity == 4
    assert edits.HEARD


def test_the_same_done_with_the_members_own_log_ins_asks_the_branch_and_names_nobody() -> None:
    """Whoever has the members' own passwords leaves no log-in of an operator behind."""
    town = cases.edited_contacts()
    for line in town.tables["edits"]:
        line["operator"] = -1
    (found,) = looked.of(edits, town)
    assert found.branch == "Branch 0"
    assert found.members == ()
    assert found.severity == 2


def test_movers_explain_their_edits() -> None:
    assert looked.of(edits, cases.movers()) == ()


def test_cleaning_of_the_whole_list_by_one_log_in_is_no_finding() -> None:
    """One log-in corrects 300 addresses of all branches in a week."""
    town = town_of(4_000, 20)
    ordinary_edits(town)
    for place in range(300):
        edit(town, place * 13 % 4_000, FREEZE - 60 + place // 60, 77)
    assert looked.of(edits, town) == ()


def test_the_same_work_in_one_branch_only_is_a_question() -> None:
    town = town_of(4_000, 20)
    ordinary_edits(town)
    for place in range(60):
        edit(town, place * 20, FREEZE - 60 + place // 20, 77)
    found = looked.of(edits, town)
    assert [len(one.members) for one in found] == [60]
    assert found[0].branch == "Branch 0"


def test_a_provider_that_closes_makes_many_change_their_mail_and_is_no_finding() -> None:
    """900 of 6,000 members change their e-mail address within three weeks, everywhere, most by themselves."""
    town = town_of(6_000, 20)
    ordinary_edits(town)
    for place, member in enumerate(town.draw.sample(range(6_000), 900)):
        operator = -1 if place % 5 else 500 + place % 4
        edit(town, member, FREEZE - 90 + place * 7 % 21, operator, EMAIL, value=town.token())
    assert looked.of(edits, town) == ()


def test_a_secretary_who_enters_what_a_yearly_meeting_brings_is_a_notice_at_most() -> None:
    town = town_of(4_000, 20)
    ordinary_edits(town)
    for year in range(3):
        for place in range(12):
            edit(town, 20 * (place + 12 * year), FREEZE - 100 - YEAR * year, 88)
    assert {one.severity for one in looked.of(edits, town)} <= {1}


def test_homes_that_are_given_one_and_the_same_contact_are_a_finding() -> None:
    """Nine members of nine homes, one a week, each by another log-in: only the new number is the same."""
    town = town_of(4_000, 20)
    ordinary_edits(town)
    for place in range(9):
        edit(town, 400 + place, FREEZE - 100 + 7 * place, 600 + place, 1, value=4_242)
    (found,) = looked.of(edits, town)
    assert len(found.members) == found.households == 9
    assert "one and the same telephone number" in found.because
    assert found.severity == 3


def test_what_a_log_in_gave_to_several_of_those_it_changed_is_no_second_finding() -> None:
    town = town_of(4_000, 20)
    ordinary_edits(town)
    for place in range(30):
        edit(town, place * 20, FREEZE - 60 + place // 20, 77, 1, value=4_242 + place // 10)
    (found,) = looked.of(edits, town)
    assert len(found.members) == 30


def test_a_family_that_changes_its_number_together_is_none() -> None:
    town = town_of(4_000, 20)
    ordinary_edits(town)
    home = town.token()
    for person in range(5):
        town.join(3, FREEZE - 900, dwelling=home, building=home)
        edit(town, 4_000 + person, FREEZE - 50, -1, 1, value=4_242)
    assert looked.of(edits, town) == ()


# ---------------------------------------------------------------- receipts


def receipt(town: Town, day: int, number: int, collector: int, branch: int = 0, minute: int = -1) -> None:
    line = town.join(branch, day, payer=-1, cash_collector=collector)
    town.record(
        "receipts",
        member_id=line["member_id"],
        branch=branch,
        day=day,
        minute=minute,
        collector=collector,
        number=number,
    )


def with_receipts() -> Town:
    """Four years in which twenty collectors write 30 receipts a year each, seldom two on a day."""
    town = town_of(1_000, 20)
    for collector in range(20):
        for place in range(120):
            receipt(
                town,
                FREEZE - place * 12 - collector % 3 - (place % 9 == 0),
                1_000 * collector + place,
                collector,
                collector,
            )
    return town


def test_a_run_of_consecutive_receipts_on_one_day_is_about_the_batch_and_names_nobody() -> None:
    town = with_receipts()
    for place in range(24):
        receipt(town, FREEZE - 30, 50_000 + place, 3, branch=3, minute=1_200 + place // 4)
    (found,) = looked.of(receipts, town)
    assert found.members == ()
    assert found.observed == 24
    assert found.branch == "Branch 3"
    assert found.severity == 2
    assert "all within 6 minutes" in found.because


def test_ordinary_cash_is_no_finding() -> None:
    assert looked.of(receipts, with_receipts()) == ()


def test_a_collector_known_for_such_evenings_is_a_notice_at_most() -> None:
    town = with_receipts()
    for year in range(4):
        for place in range(20):
            receipt(town, FREEZE - 30 - YEAR * year, 50_000 + 100 * year + place, 3, branch=3)
    assert {one.severity for one in looked.of(receipts, town)} <= {1}


def test_a_declared_stall_explains_its_receipts() -> None:
    town = with_receipts()
    for place in range(24):
        receipt(town, FREEZE - 30, 50_000 + place, 3, branch=3)
    stall = {"branch": 3, "first_day": FREEZE - 31, "last_day": FREEZE - 30, "device": -1, "recruiter": -1}
    town.drives.append(stall | {"cash_collector": 3})
    assert looked.of(receipts, town) == ()


# ---------------------------------------------------------------- exclusions


def exclude(town: Town, member: int, day: int, reason: int = 0) -> None:
    line = town.members[member]
    town.record(
        "exclusions",
        member_id=member + 1,
        branch=line["branch"],
        day=day,
        reason=reason,
        recruiter=line["recruiter"],
    )


def test_members_of_one_branch_left_out_more_than_others_are_to_be_heard() -> None:
    """60 of 200 members of branch 0, and 4 of 1,000 elsewhere (15 of 3,800)."""
    town = town_of(4_000, 20)
    for place in range(60):
        exclude(town, place * 20, FREEZE - 40 + place % 3, reason=2)
    for place in range(15):
        exclude(town, place * 211 + 7, FREEZE - 300 + 20 * place)
    (found,) = looked.of(exclusions, town)
    assert found.branch == "Branch 0"
    assert len(found.members) == 60
    assert "60 of 200 members of Branch 0 were left out" in found.because
    assert found.severity == 4
    assert exclusions.HEARD
    assert any("nothing is held against the members" in said for said in found.against)


def test_the_same_clean_up_everywhere_is_no_finding() -> None:
    """1,360 of 16,000 in the published case; here 340 of 4,000, spread over all branches for one reason."""
    town = town_of(4_000, 20)
    for place in range(340):
        exclude(town, place * 11, FREEZE - 40, reason=2)
    assert looked.of(exclusions, town) == ()


def test_those_whom_one_recruiter_brought_are_counted_for_themselves() -> None:
    """30 of 40 recruits of one person, in ten branches, and 2 of 100 others."""
    town = town_of(4_000, 20)
    for place in range(40):
        town.members[place * 97 % 4_000]["recruiter"] = 9
    for place in range(400):
        town.members[place * 10 + 3]["recruiter"] = 1_000 + place % 10
    recruits = [place for place, line in enumerate(town.members) if line["recruiter"] == 9]
    for member in recruits[:30]:
        exclude(town, member, FREEZE - 100)
    for place in range(8):
        exclude(town, place * 490 + 3, FREEZE - 100)
    (found,) = looked.of(exclusions, town)
    assert len(found.members) == 30
    assert found.branch == ""
    assert "members whom one person recruited" in found.because


# ---------------------------------------------------------------- sign-ins


def sign_in(town: Town, member: int, day: int, device: int) -> None:
    branch = town.members[member]["branch"]
    town.record("signins", member_id=member + 1, branch=branch, day=day, minute=-1, device=device, ip=-1)


def test_a_tablet_at_the_door_of_a_meeting_is_no_finding() -> None:
    town = town_of(4_000, 20)
    for place in range(150):
        sign_in(town, place * 20, FREEZE - 30, 31)
        sign_in(town, place * 20, FREEZE - 60 - place % 40, 10_000 + place)
    assert looked.of(signins, town) == ()


def test_one_device_that_speaks_for_many_homes_again_and_again_asks_them() -> None:
    town = town_of(4_000, 20)
    for place in range(300):  # people sign in for themselves, some for a partner elsewhere
        sign_in(town, place * 13, FREEZE - place, 10_000 + place - place % 30 // 29)
    for place in range(12):
        for evening in range(2):
            sign_in(town, 3_920 + place, FREEZE - 90 + 3 * place + 40 * evening, 31)
    (found,) = looked.of(signins, town)
    assert found.households == 12
    assert found.severity == 2


# ---------------------------------------------------------------- transfers and blocks


def test_59_of_222_are_found_where_the_branch_had_such_cohorts_before() -> None:
    """24 in the last year, 14, 9, 7 and 5 in the years before: its own past does not explain it."""
    town = cases.warehoused()
    with looked.laid_out(town) as (engine, asked):
        seen = moves.look(engine, asked)
    (fact,) = seen.facts.values()
    assert (fact.value, fact.members, fact.homes, fact.own, fact.most) == (0, 24, 24, 14, 1)
    last_year = {int(member) for member in seen.links.member[seen.links.year == 0]}
    assert len(last_year) == 24
    assert last_year <= town.planted
    assert "unchanged address" in moves.sentence(fact, "Branch 0")


def test_people_who_move_house_are_no_cohort() -> None:
    """Forty members of a new district move into one branch within half a year of joining, with a new address."""
    town = town_of(4_000, 20)
    for place in range(40):
        line = town.join(5, FREEZE - 200 + place, transfer_day=FREEZE - 90 + place)
        town.record(
            "transfers",
            member_id=line["member_id"],
            from_branch=6,
            branch=5,
            day=FREEZE - 90 + place,
            address_changed=1,
        )
    with looked.laid_out(town) as (engine, asked):
        seen = moves.look(engine, asked)
    assert len(seen.links.member) == 0
    assert seen.facts == {}


def test_blocks_of_6_to_17_are_about_the_three_branches_and_name_nobody() -> None:
    right = cases.figures("blocks-of-6-to-17").right
    found = looked.of(blocks, cases.blocks())
    assert [one.branch for one in found] == ["Branch 0", "Branch 1", "Branch 2"]
    assert len(found) == right["branches_found"]
    assert not any(one.members for one in found)
    assert [
        part
        for one in found
        for part in ("blocks of 6 homes, each on one day", "blocks of 7 to 14", "blocks of 8 to 17")
        if part in one.because
    ] == ["blocks of 6 homes, each on one day", "blocks of 7 to 14", "blocks of 8 to 17"]


def test_a_yearly_intake_and_an_open_day_are_no_blocks() -> None:
    town = town_of(3_000, 20)
    for year in range(6):
        for place in range(60):
            town.join(5, FREEZE - 95 - YEAR * year + place % 12)
    for _ in range(40):
        town.join(6, FREEZE - 50)
    assert looked.of(blocks, town) == ()
