"""What a language model suggests is kept only where it stands in the text word for word."""

from __future__ import annotations

import json

import pytest

from claims.language.spans import Span
from claims.splitting import suggestions
from claims.splitting.suggestions import BadSuggestions
from claims.vocabulary import Attribution, Checkable

TEXT = (
    "The port of Lenna lost 300 jobs in 2025.\n\n"
    "“We never promised lower fees,” Ilse Brandt said. The port of Lenna lost 300 jobs in 2025."
)

PROMISE = "We never promised lower fees"


def answer(*rows: object) -> str:
    return json.dumps({"claims": list(rows)})


def row(quotation: str, **more: object) -> dict[str, object]:
    return {"quotation": quotation, **more}


def test_a_quotation_that_stands_in_the_text_is_kept_at_its_place() -> None:
    found = suggestions.check(
        answer(
            row(
                "We never promised lower fees", attribution="quoted", claimant="Ilse Brandt", checkable="said"
            )
        ),
        TEXT,
    )
    (one,) = found.suggestions
    assert TEXT[one.start : one.end] == one.quotation == "We never promised lower fees"
    assert (one.attribution, one.claimant, one.checkable) == (
        Attribution.QUOTED,
        "Ilse Brandt",
        Checkable.SAID,
    )
    assert found.dropped == {}


@pytest.mark.parametrize(
    "invented",
    [
        "The port of Lenna lost 400 jobs in 2025",
        "The port of Lenna  lost 300 jobs in 2025",
        "the port of lenna lost 300 jobs in 2025",
        "The port … lost 300 jobs in 2025",
    ],
)
def test_invented_or_corrected_wording_is_dropped_and_counted(invented: str) -> None:
    found = suggestions.check(answer(row(invented)), TEXT)
    assert found.suggestions == ()
    assert found.dropped == {"not in the text": 1}


def test_the_same_words_twice_are_two_places_and_a_third_time_a_repeat() -> None:
    words = "The port of Lenna lost 300 jobs in 2025"
    found = suggestions.check(answer(row(words), row(words), row(words)), TEXT)
    assert [one.start for one in found.suggestions] == [0, TEXT.rindex(words)]
    assert found.dropped == {"repeated": 1}


def test_only_the_part_that_was_asked_about_is_searched() -> None:
    second = Span(TEXT.index("“"), len(TEXT))
    (one,) = suggestions.check(answer(row("lost 300 jobs in 2025")), TEXT, within=second).suggestions
    assert one.start > second.start


@pytest.mark.parametrize(
    "broken", ["", "I found no claims.", "[]", '{"claims": 3}', '{"claims": [', "[" * 100_000]
)
def test_an_answer_that_is_no_list_of_claims_is_refused(broken: str) -> None:
    with pytest.raises(BadSuggestions):
        suggestions.check(broken, TEXT)


def test_rows_of_another_shape_are_dropped_and_the_rest_is_kept() -> None:
    odd: list[object] = [7, None, "text", {}, {"quotation": 3}, {"quotation": ["lost 300 jobs"]}]
    found = suggestions.check(answer(*odd, row("lost 300 jobs in 2025")), TEXT)
    assert len(found.suggestions) == 1
    assert found.dropped == {"not understood": 6}


def test_json_in_a_fence_of_code_is_read() -> None:
    fenced = "```json\n" + answer(row("lost 300 jobs in 2025")) + "\n```"
    assert len(suggestions.check(fenced, TEXT).suggestions) == 1


def test_what_a_model_adds_of_its_own_is_cut_to_known_values() -> None:
    (one,) = suggestions.check(
        answer(
            row(
                "lost 300 jobs in 2025",
                attribution="gossip",
                claimant="Somebody Else",
                checkable="<script>",
                verdict="False",
            )
        ),
        TEXT,
    ).suggestions
    assert (one.attribution, one.claimant, one.checkable) == (Attribution.ARTICLE, "", Checkable.FACT)


def test_single_words_whole_texts_and_floods_are_dropped() -> None:
    long = "x" * 3000
    flood = [row("lost 300 jobs in 2025")] * (suggestions.MOST_ROWS + 5)
    found = suggestions.check(answer(row("jobs"), row(long), *flood), TEXT + long)
    assert found.dropped["too short or too long"] == 2
    assert found.dropped["too many"] == 7
    assert len(found.suggestions) == 2


def test_a_long_text_is_asked_about_in_parts_that_together_are_the_text() -> None:
    text = "\n\n".join(f"Paragraph {n} says that {n} boats were sold." for n in range(100))
    cut = list(suggestions.parts(text, 500))
    assert "".join(text[part.start : part.end] for part in cut) == text
    assert all(part.end - part.start <= 500 for part in cut)
    assert all(text[part.start : part.end].startswith("Paragraph") for part in cut)


def test_a_text_without_any_space_is_cut_as_well() -> None:
    assert [tuple(part) for part in suggestions.parts("x" * 1100, 500)] == [
        (0, 500),
        (500, 1000),
        (1000, 1100),
    ]
