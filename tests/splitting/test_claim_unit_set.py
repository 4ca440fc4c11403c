"""The annotated articles are what their data card says, and what the scorer and the pipeline rely on."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from claims.vocabulary import Attribution, Checkable
from tests.splitting import annotate

SET = annotate.SET
MARKUP = sorted((SET / "markup").glob("*.md"))
# What ends a sentence inside a span, and words with which no noun phrase begins.
SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+[\"“‘(]*[A-Z]")
NO_NOUN_PHRASE = frozenset(
    [
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "from",
        "to",
        "into",
        "over",
        "under",
        "after",
        "before",
        "during",
        "despite",
        "against",
        "about",
        "as",
        "and",
        "or",
        "but",
        "that",
        "which",
        "who",
    ]
)
DATE = re.compile(
    r"(?:\d{4}|XXXX)(?:-\d{2}(?:-\d{2})?|-Q[1-4]|-W\d{2})?|P\d+[YMWD]|PT\d+[HM](?:\d+M)?|event-relative|unresolved"
    r"|\d{4}(?:-\d{2}){0,2}/\d{4}(?:-\d{2}){0,2}"
)


def rows_of(name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((SET / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def text_of(name: str) -> str:
    return (SET / f"{name}.txt").read_bytes().decode("utf-8")


NAMES = [path.stem for path in MARKUP]


def test_there_are_at_least_forty_articles_and_six_hundred_units() -> None:
    assert len(NAMES) >= 40
    assert sum(len(rows_of(name)) for name in NAMES) >= 600


def test_a_third_is_kept_aside() -> None:
    held_out = [name for name in NAMES if int(name) >= 28]
    assert len(held_out) * 3 >= len(NAMES)


def test_the_registers_differ() -> None:
    assert len({annotate.read(path).register for path in MARKUP}) >= 25


def test_every_class_and_every_check_occurs() -> None:
    classes: Counter[object] = Counter()
    checks: Counter[object] = Counter()
    for name in NAMES:
        classes.update(row["class"] for row in rows_of(name))
        checks.update(row["check"] for row in rows_of(name))
    assert set(classes) == {str(member) for member in Attribution}
    assert set(checks) == {str(member) for member in Checkable}
    assert classes["reported"] >= 250
    assert classes["quoted"] >= 120
    assert checks["said"] >= 150


@pytest.mark.parametrize("path", MARKUP, ids=NAMES)
def test_files_agree_with_their_markup(path: Path) -> None:
    article = annotate.read(path)
    assert text_of(article.name) == article.text
    assert rows_of(article.name) == list(article.rows)
    published = json.loads((SET / "published.json").read_text(encoding="utf-8"))
    assert published[article.name] == article.published


@pytest.mark.parametrize("name", NAMES)
def test_spans_are_inside_the_text_and_properly_nested(name: str) -> None:
    text, rows = text_of(name), rows_of(name)
    spans = [(int(str(row["start"])), int(str(row["end"]))) for row in rows]
    assert len(set(spans)) == len(spans)
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
    for start, end in spans:
        for other_start, other_end in spans:
            crossing = start < other_start < end < other_end
            assert not crossing, text[start:other_end]


@pytest.mark.parametrize("name", NAMES)
def test_spans_begin_and_end_at_words(name: str) -> None:
    text = text_of(name)
    for row in rows_of(name):
        start, end = int(str(row["start"])), int(str(row["end"]))
        assert not (text[start - 1 : start].isalnum() and text[start].isalnum()), text[start:end]
        assert not (text[end - 1].isalnum() and text[end : end + 1].isalnum()), text[start:end]


@pytest.mark.parametrize("name", NAMES)
def test_claimants_fit_their_class(name: str) -> None:
    for row in rows_of(name):
        if row["class"] == "article":
            assert row["claimant"] == ""
        elif row["class"] != "premise":
            assert row["claimant"]


def test_there_is_a_premise_in_every_twentieth_unit() -> None:
    # Real news has one in ten; one in seventy, as there once was, teaches and measures nothing.
    rows = [row for name in NAMES for row in rows_of(name)]
    assert sum(row["class"] == "premise" for row in rows) * 20 >= len(rows)


@pytest.mark.parametrize("name", NAMES)
def test_a_premise_is_a_noun_phrase_inside_one_sentence(name: str) -> None:
    text = text_of(name)
    for row in rows_of(name):
        if row["class"] == "premise":
            span = text[int(str(row["start"])) : int(str(row["end"]))]
            assert not SENTENCE_END.search(span), span
            assert len(span.split()) >= 2, span
            assert span.split()[0].casefold() not in NO_NOUN_PHRASE, span


@pytest.mark.parametrize("name", NAMES)
def test_a_premise_has_the_speaker_of_the_unit_around_it(name: str) -> None:
    rows = rows_of(name)
    for row in rows:
        if row["class"] == "premise":
            around = [
                other
                for other in rows
                if other is not row
                and int(str(other["start"])) <= int(str(row["start"]))
                and int(str(row["end"])) <= int(str(other["end"]))
            ]
            speakers = {str(other["claimant"]) for other in around} or {""}
            assert row["claimant"] in speakers, row


def test_the_data_card_counts_what_is_there() -> None:
    card = (SET / "README.md").read_text(encoding="utf-8")
    development = [row for name in NAMES if int(name) < 28 for row in rows_of(name)]
    rows = [row for name in NAMES for row in rows_of(name)]
    classes = Counter(row["class"] for row in rows)
    checks = Counter(row["check"] for row in rows)
    assert (
        f"| units | {len(rows):,} ({len(development)} for development, {len(rows) - len(development)} held out); "
        f"article {classes['article']}, reported {classes['reported']}, quoted {classes['quoted']}, "
        f"premise {classes['premise']}; fact {checks['fact']}, said {checks['said']}, no {checks['no']}; "
        f"{sum(bool(row['dates']) for row in rows)} with a date |"
    ) in card


@pytest.mark.parametrize("name", NAMES)
def test_dates_have_the_values_of_the_guideline(name: str) -> None:
    for row in rows_of(name):
        dates = row["dates"]
        assert isinstance(dates, list)
        for date in dates:
            assert DATE.fullmatch(date["value"]), date


@pytest.mark.parametrize("name", NAMES)
def test_a_claimant_is_named_in_the_article(name: str) -> None:
    # The last word of a claimant is in the text, but where the text says “Ankara” or “Warsaw”.
    text = text_of(name).casefold()
    for claimant in {str(row["claimant"]) for row in rows_of(name)} - {""}:
        if claimant.startswith("government of "):
            continue
        words = re.findall(r"\w+", claimant.casefold())
        assert any(word[:6] in text for word in words if len(word) > 2), claimant


def test_markup_refuses_what_would_give_wrong_offsets() -> None:
    keys = {"L": "Sergei Lavrov"}
    for body, complaint in [
        ("⟦af|An open unit.", "not closed"),
        ("A closed⟧ unit.", "without"),
        ("⟦af| Leading space⟧.", "span"),
        ("⟦af|With its full stop.⟧", "punctuation"),
        ("⟦xf|No such class⟧.", "code"),
        ("⟦rf|Reported by nobody⟧ ⟦rf L|and by somebody⟧.", "claimant"),
        ("⟦rf Z|By somebody unknown⟧.", "unknown key"),
        ("⟦af 18-11|A date in another form⟧.", "unknown key"),
        ("⟦af|Nobody needs the key⟧.", "unused"),
    ]:
        with pytest.raises(annotate.BadMarkup, match=complaint):
            annotate.parse(body, keys, "00.md")


def test_nested_units_keep_exact_offsets() -> None:
    text, rows = annotate.parse(
        "Yes. ⟦rf L 2020-10|The treaty, which ⟦af 1998|was signed in 1998⟧, expires in October⟧, he said.",
        {"L": "Sergei Lavrov"},
        "00.md",
    )
    spans = [text[row["start"] : row["end"]] for row in rows]
    assert spans == ["The treaty, which was signed in 1998, expires in October", "was signed in 1998"]
    assert [row["class"] for row in rows] == ["reported", "article"]
    assert rows[1]["dates"] == [{"value": "1998"}]
