"""The attribution task on a tiny set in the corpus's own layout."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from claims.evaluation.attribution import run
from claims.evaluation.types import BadData

TEXT = 'Carla Roth said the hall was full.\n\n"It was cold," Peter Voss added.\n'


def annotate(rows: list[tuple[str, str, str]]) -> str:
    """Return brat lines for (source, cue, content), each found by its words."""
    lines = []
    number = 0
    for event, row in enumerate(rows):
        names = []
        for role, words in zip(("Source", "Cue", "Content"), row, strict=True):
            if not words:
                continue
            number += 1
            start = TEXT.index(words)
            lines.append(f"T{number}\t{role} {start} {start + len(words)}\t{words}")
            names.append((role, f"T{number}"))
        number += 1
        cue = TEXT.index(row[1])
        lines.append(f"T{number}\tAttribution {cue} {cue + len(row[1])}\t{row[1]}")
        arguments = " ".join(f"{role}:{name}" for role, name in names)
        lines.append(f"E{event}\tAttribution:T{number} {arguments}")
    return "\n".join(lines) + "\n"


RIGHT = [("Carla Roth", "said", "the hall was full"), ("Peter Voss", "added", '"It was cold,"')]


def lay_out(folder: Path, split: str, annotation: str, annotator: str = "aaaa") -> None:
    for name in ("text", "attributions"):
        (folder / split / name).mkdir(parents=True, exist_ok=True)
    (folder / split / "text" / "one_story.txt").write_text(TEXT, encoding="utf-8")
    (folder / split / "attributions" / f"one_story_{annotator}.ann").write_text(annotation, encoding="utf-8")


def test_what_is_found_right_scores_one(tmp_path: Path) -> None:
    lay_out(tmp_path, "dev", annotate(RIGHT))
    result = run(tmp_path / "dev")
    assert result.task == "attribution"
    assert result.n == 2
    assert result.metrics["speech_source_right"] == 1.0
    assert result.metrics["source_f1"] == 1.0
    assert result.metrics["content_f1"] == 1.0


def test_a_wrong_source_costs(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        "dev",
        annotate([("Peter Voss", "said", "the hall was full"), ("Carla Roth", "added", '"It was cold,"')]),
    )
    metrics = run(tmp_path).metrics
    assert metrics["speech_source_right"] == 0.0
    # Both names are labelled, so the labels agree although the frames do not.
    assert metrics["source_f1"] == 1.0


def test_a_missed_attribution_costs_recall(tmp_path: Path) -> None:
    lay_out(tmp_path, "dev", annotate([*RIGHT, ("", "hall", "full")]))
    assert run(tmp_path).metrics["found"] == pytest.approx(2 / 3, abs=1e-3)


def test_the_first_annotator_counts_and_train_is_left_out_beside_another_split(tmp_path: Path) -> None:
    lay_out(tmp_path, "dev", annotate(RIGHT), "aaaa")
    lay_out(tmp_path, "dev", annotate(RIGHT[:1]), "bbbb")
    lay_out(tmp_path, "train", annotate(RIGHT[:1]))
    assert run(tmp_path).n == 2
    assert run(tmp_path / "train").n == 1


def test_an_archive_is_read_where_it_lies(tmp_path: Path) -> None:
    lay_out(tmp_path / "unpacked", "dev", annotate(RIGHT))
    lay_out(tmp_path / "unpacked", "train", annotate(RIGHT[:1]))
    packed = tmp_path / "packed"
    packed.mkdir()
    with tarfile.open(packed / "set.tar.xz", "w:xz") as tar:
        for path in sorted((tmp_path / "unpacked").rglob("*.*")):
            body = path.read_bytes()
            info = tarfile.TarInfo(path.relative_to(tmp_path / "unpacked").as_posix())
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    assert run(packed).n == 2
    assert run(packed / "set.tar.xz").n == 2
    assert run(packed / "train").n == 1


def test_a_place_without_the_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData):
        run(tmp_path)
    with pytest.raises(BadData):
        run(tmp_path / "nowhere" / "dev")
