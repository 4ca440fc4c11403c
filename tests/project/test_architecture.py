"""The page on architecture tells the truth: its files exist, its way has twelve stops at most, no room is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:claims|tests|factcheck|benchmarks)/[\w./]*)`", PAGE)))


@pytest.mark.parametrize("path", PATHS)
def test_every_file_that_the_page_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_way_of_a_claim_has_at_most_twelve_stops_each_with_a_file() -> None:
    way = PAGE.split("## Twelve stops")[1].split("\n## ")[0]
    stops = re.findall(r"^\d+\. .+$", way, re.MULTILINE)
    assert 8 <= len(stops) <= 12
    assert [stop for stop in stops if ".py`" not in stop] == []


def test_every_room_is_on_the_page() -> None:
    rooms = {
        f"claims/{entry.name}/"
        for entry in (ROOT / "claims").iterdir()
        if (entry / "__init__.py").exists() and entry.name != "migrations"
    }
    assert sorted(room for room in rooms if f"`{room}`" not in PAGE) == []


def test_what_a_question_is_answered_with_can_be_found_there() -> None:
    questions = PAGE.split("## Ten questions")[1]
    for name, path in re.findall(r"`(\w+)` in `(claims/[\w/]+\.py)`", questions):
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), (name, path)
