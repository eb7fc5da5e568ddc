"""A count as a reader sees it: text within eighty columns, and a page that says the same."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.count.by_hand import batches, orchard
from tests.count.papers import counted, of

from selectorate.cli.counted import count_of
from selectorate.count.objects import Sheet, Stage
from selectorate.pages.counted.document import count_html
from selectorate.pages.counted.text import count_text


def page(sheet: Sheet) -> str:
    return count_html(count_of(sheet)).decode()


def words(markup: str) -> str:
    """What a reader sees, pictures apart."""
    seen = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", markup, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", seen)).replace(" ,", ",").replace(" .", ".")


def test_the_text_says_every_stage_as_worked_by_hand() -> None:
    text = count_text(count_of(orchard()))
    assert "2 seats, 100 valid papers, quota 34 (2 blank, 1 invalid)" in text
    at = text.index("Stage 2: Surplus of Alder")
    told = [line.split() for line in text[at:].splitlines()[:9]]
    assert ["Beech", "20", "0.15000", "3.00000"] in told
    assert ["Cedar", "16", "0.15000", "2.40000"] in told
    assert ["nobody", "4", "0.15000", "0.60000"] in told
    assert "rule: rule 48" in text
    assert "each of the 40 papers passes on at 0.15." in " ".join(text.split())
    rows = [line.split() for line in text.splitlines()]
    assert ["Beech", "30.00000", "33.00000", "39.00000*"] in rows
    assert ["Elm", "10.00000", "10.00000", "0.00000x"] in rows
    assert ["total", "100.00000", "100.00000", "100.00000"] in rows
    assert "elected, in order: Alder, Beech" in text


def test_batches_ties_withdrawals_and_what_was_cleaned_are_told() -> None:
    for told in (count_text(count_of(batches())), words(page(batches()))):
        told = " ".join(told.split())
        for said in ("2.1", "2.2", "vote required", "9.01", "Yew", "section 9", "by lot", "lost to rounding"):
            assert said in told, said
        assert "Birch and Fir had equal votes" in told
        assert "a rank left out" in told
        assert "One seat stays vacant." in told
        assert "Pairwise" in told


def long() -> Sheet:
    """Forty candidates, thirty-nine stages, names of sixty characters."""
    names = tuple(
        f"Candidate of the very long and winding name in the wood, number {at:02}" for at in range(40)
    )
    stages = []
    for at in range(39):
        tallies = tuple((10_000 + 7 * one) * (one >= at) for one in range(40))
        act = "first preferences" if not at else f"exclude {names[at - 1]}"
        stages.append(Stage(at + 1, act, tallies, 415_460 - sum(tallies), (names[39],) * (at == 38)))
    return replace(
        orchard(), candidates=names, stages=tuple(stages), elected=(names[39],), places=2, quota=None
    )


@pytest.mark.parametrize("sheet", [orchard(), batches(), long()], ids=["orchard", "batches", "long"])
@pytest.mark.parametrize("width", [80, 60])
def test_the_text_stays_within_its_width(sheet: Sheet, width: int) -> None:
    lines = count_text(count_of(sheet), width=width).splitlines()
    assert max(map(len, lines)) <= width


def test_the_text_lets_no_name_move_the_cursor() -> None:
    assert "\x1b" not in count_text(count_of(replace(orchard(), title="\x1b[2JThe orchard")))


def test_the_page_says_what_the_rules_are_and_what_they_were_checked_against() -> None:
    told = words(page(orchard()))
    for said in ("Scottish Local Government Elections Order 2007", "Checked against: Glasgow", "rule 48(3)"):
        assert said in told


def test_a_rule_set_without_an_anchor_is_called_unchecked() -> None:
    count = replace(count_of(orchard()), checked_against="")
    assert "Not checked against an official count" in words(count_html(count).decode())
    assert "not checked against an official count" in count_text(count)


def test_the_page_says_how_many_answers_rest_on_texts_that_were_not_seen() -> None:
    count = count_of(replace(orchard(), ruleset="ers76"))
    said = "21 of 21 answers rest on texts that were not seen"
    assert f"{said}." in words(count_html(count).decode())
    assert said in count_text(count)
    assert words(count_html(count).decode()).count("(its text was not seen)") == 21
    seen = replace(count, unseen="", rules=tuple(replace(one, unseen=False) for one in count.rules))
    assert "not seen" not in count_text(seen) + words(count_html(seen).decode())


def test_every_way_in_a_picture_also_stands_in_a_table() -> None:
    markup = page(orchard())
    told = words(markup)
    for row in ("Beech 20 0.15000 3.00000", "Cedar 16 0.15000 2.40000", "Elm 6"):
        assert row.split()[0] in told
    assert "Beech 20 0.15000 3.00000" in told
    assert "Cedar 3 1.00000 3.00000" in told
    assert "nobody: no further preference 1 1.00000 1.00000" in told
    assert markup.count("<svg") == 4  # the whole count, and a picture for each of three stages
    assert markup.count("<desc") == 4
    described = re.search(r'<desc id="ways-2-desc">(.*?)</desc>', markup)
    assert described and "Alder to Beech: 20 papers, 3.00000 votes" in described[1]


def test_the_page_is_well_formed_inert_and_has_one_id_each() -> None:
    for sheet in (orchard(), batches(), long()):
        markup = page(sheet)
        tree = ElementTree.fromstring(markup.partition("\n")[2])  # noqa: S314 (our own page)
        ids = [one.get("id") for one in tree.iter() if one.get("id")]
        assert len(ids) == len(set(ids))
        assert "<script" not in markup
        assert "http" not in re.sub(r'http-equiv="', "", markup)


def test_where_a_sheet_names_no_transfers_the_tallies_say_where_votes_went() -> None:
    bare = replace(orchard(), stages=tuple(replace(one, transfers=(), says="") for one in orchard().stages))
    told = count_of(bare).stages[1]
    assert [(way.giver, way.heir, way.papers, way.votes.text) for way in told.passages] == [
        ("Alder", "Beech", None, "3.00000"),
        ("Alder", "Cedar", None, "2.40000"),
        ("Alder", "", None, "0.60000"),
    ]
    assert "Alder has 40.00000 votes, more than the quota of 34" in told.says


def test_a_sheet_of_the_engine_adds_up_on_the_page() -> None:
    count = count_of(counted(of("9 ABC, 7 BC, 4 CA, 2 D"), 2))
    for stage in count.stages:
        assert sum(row.votes.size for row in (*stage.rows, *stage.rest)) == stage.total.size == 22


@pytest.mark.slow
def test_the_page_fits_a_phone_and_prints_on_a4(tmp_path: Path) -> None:
    """In a browser: nothing wider than 375 pixels but the strips that scroll; headings on every printed page."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("no browser on this computer")
    place = tmp_path / "sheet.html"
    markup = page(long())
    measure = (
        "<script>document.title='wide '+document.documentElement.scrollWidth;</script>"  # only in this copy
    )
    policy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*/>', "", markup)
    framed = tmp_path / "framed.html"
    place.write_text(policy.replace("</body>", measure + "</body>"))
    framed.write_text(
        '<html><body style="margin:0"><iframe src="sheet.html" style="width:375px;height:900px;border:0"></iframe>'
        "<script>addEventListener('load',()=>{document.body.dataset.wide="
        "frames[0].document.documentElement.scrollWidth})</script></body></html>"
    )
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files")
    seen = subprocess.run(
        [browser, *options, "--dump-dom", framed.as_uri()], capture_output=True, timeout=120, check=False
    )
    wide = re.search(rb'data-wide="(\d+)"', seen.stdout)
    assert wide, seen.stderr.decode("utf-8", "replace")
    assert int(wide[1]) <= 375
    printed = tmp_path / "sheet.pdf"
    done = subprocess.run(
        [browser, *options, "--no-pdf-header-footer", f"--print-to-pdf={printed}", place.as_uri()],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert printed.exists(), done.stderr.decode("utf-8", "replace")
    boxes = set(re.findall(rb"/MediaBox \[[^\]]*\]", printed.read_bytes()))
    assert {tuple(round(float(one)) for one in re.findall(rb"[\d.]+", box)) for box in boxes} == {
        (0, 0, 595, 842)
    }
