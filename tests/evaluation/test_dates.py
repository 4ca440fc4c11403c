"""The score of the date grammar is counted as TempEval-3 counts it."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from claims.evaluation import dates
from claims.evaluation.types import BadData

DOCUMENT = """<?xml version="1.0" ?>
<TimeML>
<DCT><TIMEX3 tid="t0" type="DATE" value="2020-10-15">2020-10-15</TIMEX3></DCT>
<TITLE>Bridge shut in <TIMEX3 tid="t9" type="DATE" value="2020">2020</TIMEX3></TITLE>
<TEXT>
The <EVENT eid="e1">council</EVENT> met <TIMEX3 tid="t1" type="DATE" value="2020-10-14">yesterday</TIMEX3>
about Smith &amp; Sons. It was founded in
<TIMEX3 tid="t2" type="DATE" value="1998-05">May 1998</TIMEX3>,
closed for <TIMEX3 tid="t3" type="DURATION" value="P3W">two weeks</TIMEX3> and sold around
<TIMEX3 tid="t4" type="DATE" value="XXXX">harvest</TIMEX3>.
</TEXT>
</TimeML>
"""


def test_spans_and_values_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.tml").write_text(DOCUMENT, "utf-8")
    result = dates.run(tmp_path)
    # Four in the gold, three found, all three with the exact span, one of them with another value.
    assert result.n == 4
    assert result.metrics["strict_f1"] == pytest.approx(6 / 7, abs=1e-4)
    assert result.metrics["relaxed_f1"] == pytest.approx(6 / 7, abs=1e-4)
    assert result.metrics["value_f1"] == pytest.approx(4 / 7, abs=1e-4)
    assert result.as_json()["task"] == "dates"


def test_what_only_a_story_places_is_no_expression_of_timeml(tmp_path: Path) -> None:
    told = DOCUMENT.replace("sold around", "sold later, during the war and at dusk, around")
    (tmp_path / "a.tml").write_text(told, "utf-8")
    assert dates.run(tmp_path).metrics["strict_f1"] == pytest.approx(6 / 7, abs=1e-4)


def test_only_the_text_counts_and_offsets_are_those_of_the_bare_text() -> None:
    document = dates.parse("a", DOCUMENT)
    assert document.created == "2020-10-15"
    assert "Smith & Sons" in document.text
    spans = [document.text[timex.start : timex.end] for timex in document.gold]
    assert spans == ["yesterday", "May 1998", "two weeks", "harvest"]


def test_an_archive_reads_like_its_folder(tmp_path: Path) -> None:
    source = tmp_path / "a.tml"
    source.write_text(DOCUMENT, "utf-8")
    archive = tmp_path / "set.tar.xz"
    with tarfile.open(archive, "w:xz") as packed:
        packed.add(source, "set/a.tml")
    assert dates.run(archive).metrics == dates.run(source).metrics


def test_one_prediction_pairs_with_one_truth() -> None:
    gold = (dates.Timex(0, 4, "a"), dates.Timex(5, 9, "b"))
    wide = [dates.Timex(0, 9, "a")]
    assert len(dates.pairs(wide, gold)) == 1
    exact_first = [dates.Timex(0, 9, "x"), dates.Timex(0, 4, "a")]
    assert {(guess.value, truth.value) for guess, truth in dates.pairs(exact_first, gold)} == {
        ("a", "a"),
        ("x", "b"),
    }


def test_data_of_another_kind_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="no TimeML document"):
        dates.run(tmp_path)
    other = tmp_path / "a.csv"
    other.write_text("x", "utf-8")
    with pytest.raises(BadData, match=r"expected a folder, a \.tml file"):
        dates.run(other)
    broken = tmp_path / "b.tar.xz"
    broken.write_bytes(b"no archive")
    with pytest.raises(BadData, match="not a readable archive"):
        dates.run(broken)
    empty = tmp_path / "c.tml"
    empty.write_text("<TimeML></TimeML>", "utf-8")
    with pytest.raises(BadData, match="no TEXT element"):
        dates.run(empty)
