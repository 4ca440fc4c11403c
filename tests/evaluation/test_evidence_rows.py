"""Rows for a claim among texts that have nothing to do with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claims.evaluation import evidence_rows
from claims.evaluation.evidence_rows import name_of, run, unrelated
from claims.evaluation.types import BadData

RIGHT = "The harbour authority raised the fees in Port Lenna by 40 percent this week, its price list shows."
CLAIM = "The harbour authority of Port Lenna raised its fees by 40 percent."
WRONG = (
    "It rained all week on the islands, and the orchestra went home before the concert of the year had begun."
)


def claims(folder: Path) -> Path:
    path = folder / "train.json"
    answers = [{"answer": RIGHT, "answer_type": "Extractive"}]
    path.write_text(
        json.dumps([{"claim": CLAIM, "questions": [{"question": "?", "answers": answers}]}]), "utf-8"
    )
    return path


def noise(folder: Path) -> Path:
    place = folder / "noise"
    place.mkdir()
    for number in range(30):
        (place / f"{number}.txt").write_text(f"Weather {number}\n\n{WRONG} Number {number}.", "utf-8")
    (place / "check.json").write_text(
        json.dumps({"title": "A check", "text": WRONG, "vclaim": "It rained."}), "utf-8"
    )
    (place / "picture.png").write_bytes(b"\x89PNG")
    return place


def test_the_right_text_is_kept_and_nothing_else_is_shown(tmp_path: Path) -> None:
    metrics = run(claims(tmp_path), among=[noise(tmp_path)]).metrics
    assert metrics["rows_median"] == metrics["p10"] == metrics["claims_with_right"] == 1.0
    assert metrics["claims_without_rows"] == 0.0


def test_texts_are_read_until_the_archive_has_its_size(tmp_path: Path) -> None:
    said: list[str] = []
    run(claims(tmp_path), among=[noise(tmp_path)], size=10, progress=said.append)
    assert said == ["10 passages, 1 claims"]


def test_what_is_no_text_is_passed_over(tmp_path: Path) -> None:
    found = list(unrelated([noise(tmp_path)]))
    assert len(found) == 31
    assert ("A check", f"It rained.\n{WRONG}") in found


def test_a_broken_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", "utf-8")
    with pytest.raises(BadData, match=r"broken\.json is no JSON"):
        list(unrelated([tmp_path]))


@pytest.mark.parametrize(("label", "expected"), [("1", 1.0), ("0", 0.0)])
def test_labels_made_by_hand_are_counted_by_name(tmp_path: Path, label: str, expected: float) -> None:
    path = claims(tmp_path)
    rows = json.loads(path.read_text("utf-8"))
    rows[0]["questions"][0]["answers"][0]["answer"] = "Nobody said anything about this at all."
    path.write_text(json.dumps(rows), "utf-8")
    (tmp_path / "report.txt").write_text(RIGHT, "utf-8")
    judged = tmp_path / "judged.tsv"
    judged.write_text(f"# claim, passage, right\n{name_of(CLAIM)}\t{name_of(RIGHT)}\t{label}\n", "utf-8")
    metrics = run(path, among=[tmp_path / "report.txt"], judged=judged).metrics
    assert (metrics["p10_judged"], metrics["judged_share"]) == (expected, 1.0)


def test_a_run_goes_on_where_it_was_and_asks_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache = claims(tmp_path), tmp_path / "cache"
    rows = json.loads(path.read_text("utf-8"))
    again = {**rows[0], "claim": "The authority in Port Lenna has a price list with higher fees."}
    path.write_text(json.dumps([rows[0], again]), "utf-8")
    among = [noise(tmp_path)]
    whole = run(path, among=among).metrics
    asked: list[str] = []
    real = evidence_rows.shown

    def first_only(*given: Any, **named: Any) -> Any:
        if asked:
            raise OSError("the machine went away")
        asked.append(given[2])
        return real(*given, **named)

    monkeypatch.setattr(evidence_rows, "shown", first_only)
    with pytest.raises(OSError, match="went away"):
        run(path, among=among, cache=cache)
    (journal,) = cache.glob("*/embedded-words-*.jsonl")
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"claim": "cut sh')
        file.write("\n")

    def rest_only(*given: Any, **named: Any) -> Any:
        assert given[2] not in asked
        asked.append(given[2])
        return real(*given, **named)

    monkeypatch.setattr(evidence_rows, "shown", rest_only)
    assert run(path, among=among, cache=cache).metrics == whole
    assert len(asked) == 2
    assert run(path, among=among, cache=cache).metrics == whole
    assert len(asked) == 2
    asked.clear()
    run(path, among=among, cache=cache, size=12)
    assert len(asked) == 2, "another archive answers anew"
