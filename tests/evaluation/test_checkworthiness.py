"""The two tasks that measure check-worthiness, on small sets of our own in the public layouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.evaluation import checkworthiness, transcripts
from claims.evaluation.types import BadData
from claims.splitting.checkable import labelled as worth_sentences
from tests.shared_data import shared_path

YES = [
    "They closed nine hospitals in 2014.",
    "He voted against the treaty twice.",
    "Rents rose by 40 percent.",
]
NO = [
    "Thank you, Senator.",
    "We will build a better future.",
    "I think that was a mistake.",
    "Who wants to begin?",
]


def write_set(path: Path, rows: list[tuple[str, str]]) -> Path:
    lines = [
        "Sentence_id\tText\tclass_label",
        *(f"{number}\t{text}\t{label}" for number, (text, label) in enumerate(rows)),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_shipped_model_ranks_clear_cases_without_fault(tmp_path: Path) -> None:
    data = write_set(tmp_path / "set.tsv", [(text, "Yes") for text in YES] + [(text, "No") for text in NO])
    result = checkworthiness.run(data)
    assert (result.task, result.n) == ("check-worthiness", 7)
    assert result.metrics == {"f1": 1.0, "ap": 1.0}


def test_labels_turned_round_are_scored_as_such(tmp_path: Path) -> None:
    data = write_set(tmp_path / "set.tsv", [(text, "No") for text in YES] + [(text, "Yes") for text in NO])
    assert checkworthiness.run(data).metrics["f1"] == 0.0


def test_training_on_a_split_is_what_is_measured(tmp_path: Path) -> None:
    sentences = worth_sentences.read_sentences(worth_sentences.SENTENCES)[:300]
    usual = write_set(tmp_path / "a.tsv", [(one.text, "Yes" if one.worthy else "No") for one in sentences])
    turned = write_set(tmp_path / "b.tsv", [(one.text, "No" if one.worthy else "Yes") for one in sentences])
    data = write_set(tmp_path / "set.tsv", [(text, "Yes") for text in YES] + [(text, "No") for text in NO])
    assert checkworthiness.run(data, train=usual).metrics["ap"] > 0.8
    assert checkworthiness.run(data, train=turned).metrics["ap"] < 0.6


def test_quoted_cells_are_read_as_the_public_files_write_them(tmp_path: Path) -> None:
    path = tmp_path / "set.tsv"
    path.write_text('Sentence_id\tText\tclass_label\n1\t"He said ""no"" twice."\tYes\n', encoding="utf-8")
    assert checkworthiness.read(path) == [("1", 'He said "no" twice.', True)]


@pytest.mark.parametrize(
    "content", ["", "a\tb\tc\n", "Sentence_id\tText\tclass_label\n1\tHe left.\tPerhaps\n"]
)
def test_another_layout_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "set.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadData):
        checkworthiness.run(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData):
        checkworthiness.run(tmp_path / "none.tsv")


def write_transcript(path: Path, rows: list[tuple[str, str, int]]) -> None:
    path.write_text(
        "".join(
            f"{number}\t{speaker}\t{text}\t{checked}\n"
            for number, (speaker, text, checked) in enumerate(rows, 1)
        ),
        encoding="utf-8",
    )


def a_debate(folder: Path, name: str, shift: int) -> None:
    rows = []
    for number in range(12):
        rows.append(("HOST", NO[(number + shift) % 4], 0))
        rows.append(("OSEI", NO[(number + shift + 1) % 4], 0))
    rows[3 + shift] = ("OSEI", YES[shift % 3], 1)
    rows[9 + shift] = ("OSEI", YES[(shift + 1) % 3], 1)
    write_transcript(folder / name, rows)


def test_checked_sentences_come_first_in_a_transcript_that_the_model_has_not_seen(tmp_path: Path) -> None:
    for number in range(3):
        a_debate(tmp_path, f"{number}.tsv", number)
    result = transcripts.run(tmp_path)
    assert result.n == 72
    assert result.metrics["map"] > 0.9
    assert result.metrics["recall_first_tenth"] == 1.0
    assert transcripts.run(tmp_path, train=tmp_path).metrics == result.metrics


def test_a_training_folder_of_its_own_may_be_given(tmp_path: Path) -> None:
    train, data = tmp_path / "train", tmp_path / "data"
    train.mkdir()
    data.mkdir()
    for number in range(3):
        a_debate(train, f"{number}.tsv", number)
    a_debate(data, "new.tsv", 1)
    assert transcripts.run(data, train=train).metrics["map"] > 0.9


def test_a_single_transcript_is_ranked_by_the_shipped_model(tmp_path: Path) -> None:
    a_debate(tmp_path, "only.tsv", 0)
    assert transcripts.run(tmp_path).metrics["recall_first_tenth"] == 1.0


def test_the_first_tenth_is_counted_upwards(tmp_path: Path) -> None:
    write_transcript(tmp_path / "short.tsv", [("OSEI", YES[0], 1), ("OSEI", NO[0], 0), ("OSEI", NO[1], 0)])
    assert transcripts.run(tmp_path).metrics["recall_first_tenth"] == 1.0


@pytest.mark.parametrize("row", ["1\tOSEI\tHe left.\n", "1\tOSEI\tHe left.\tyes\n"])
def test_a_transcript_in_another_layout_is_refused(tmp_path: Path, row: str) -> None:
    (tmp_path / "bad.tsv").write_text(row, encoding="utf-8")
    with pytest.raises(BadData):
        transcripts.run(tmp_path)


def test_a_folder_without_transcripts_or_without_checked_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData):
        transcripts.run(tmp_path)
    write_transcript(tmp_path / "none.tsv", [("OSEI", NO[0], 0)])
    with pytest.raises(BadData):
        transcripts.run(tmp_path)


@pytest.mark.shared
def test_the_shipped_model_keeps_its_level_on_debate_sentences() -> None:
    result = checkworthiness.run(shared_path("data/ct24-en/CT24_checkworthy_english_dev-test.tsv"))
    assert result.metrics["ap"] >= 0.88
