"""The sample desk's claims among texts that have nothing to do with them: each row of theirs is counted as wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.evaluation import sample_rows
from claims.evaluation.types import BadData
from claims.management.sample.reading import FOLDER, read_sample


def test_the_claims_are_asked_in_the_words_of_the_desk() -> None:
    asked = sample_rows.claims_of(read_sample())
    assert len(asked) >= 29
    assert asked["nine-dead"] == "Nine civilians were killed in the shelling of Korren on 12 May 2026."
    assert sample_rows.decided_of(read_sample())["lead"] == ["water/board", "water/institute"]


def test_an_unrelated_row_is_wrong_and_named(tmp_path: Path) -> None:
    (tmp_path / "weather.txt").write_text("Rain\n\nIt rained all week on the islands of the north.", "utf-8")
    quiet = sample_rows.run(FOLDER, among=[tmp_path]).metrics
    assert quiet["wrong_rows"] == 0
    assert quiet["decided_shown"] >= 0.7 * quiet["decided_documents"]
    # Another paper's report of the same shelling: nothing of the sample desk, so a wrong row.
    (tmp_path / "shelling.txt").write_text(
        "Shelling\n\nNine civilians were killed in the shelling of Korren on 12 May 2026, a ministry said.",
        "utf-8",
    )
    said: list[str] = []
    loud = sample_rows.run(FOLDER, among=[tmp_path], details=said.append).metrics
    assert loud["wrong_rows"] >= 1
    assert "nine-dead: Shelling" in said


def test_a_folder_without_a_sample_desk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="no sample desk"):
        sample_rows.run(tmp_path)
