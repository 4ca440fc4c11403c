"""What may go out as a minor edit, and what must not."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from claims.review.changes import classify_change, figures, may_release_as
from claims.vocabulary import ReleaseKind

OLD: dict[str, Any] = {
    "schema": 1,
    "number": 1,
    "kind": "first",
    "headline": "No, the weir did not burst in 2019",
    "wording": "The weir at Lake Ostra burst in March 2019.",
    "quotation": "“It burst,” he said.",
    "checks": "content",
    "claimant": {"name": "Jan Kral", "kind": "person"},
    "made_on": "2020-10-14",
    "rating": {"label": "False", "finding": "Refuted", "value": 1, "best": 5, "worst": 1, "explanation": ""},
    "short_answer": "The weir leaked but did not burst.",
    "justification": (
        "The water board inspected the weir on 12 March 2019 and found two cracks [1]. Water was leaking"
        " through one"
        " of them, but the wall was not broken at any time, the board's engineer told us [2]. Residents"
        " remember"
        " that the road beside the lake was closed for three days while divers repaired the gate and the"
        " wall."
    ),
    "citations": [
        {"number": 1, "url": "https://board.example/r", "quotation": "two cracks"},
        {"number": 2, "url": "", "kind": "contact", "quotation": "never broken"},
    ],
    "points": [{"question": "Did it burst?", "answer": "No.", "finding": "Refuted", "citations": [1]}],
    "topics": ["water"],
}


def changed(**fields: Any) -> dict[str, Any]:
    return copy.deepcopy(OLD) | fields


def edit(old: str, new: str) -> dict[str, Any]:
    assert old in OLD["justification"]
    return changed(justification=OLD["justification"].replace(old, new))


@pytest.mark.parametrize(
    "new",
    [
        edit("Residents remember", "Residents recall"),
        changed(justification=OLD["justification"] + " "),
        edit("the road beside", "the raod beside"),
        changed(headline=OLD["headline"] + "."),
        changed(topics=["water", "Ostra"]),
        changed(quotation='"It burst," he said.'),
        changed(wording="The  weir at Lake Ostra burst in March 2019."),
    ],
)
def test_a_misprint_may_be_minor(new: dict[str, Any]) -> None:
    changes = classify_change(OLD, new)
    assert changes.any
    assert changes.reasons == ()
    assert may_release_as(ReleaseKind.MINOR, changes)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (changed(rating=OLD["rating"] | {"label": "Half true"}), "rating"),
        (changed(rating=OLD["rating"] | {"explanation": "The weir stood."}), "rating"),
        (changed(wording="The weir at Lake Ostra broke in March 2019."), "wording"),
        (changed(checks="said"), "wording"),
        (changed(quotation="“It broke,” he said."), "quotation"),
        (changed(claimant={"name": "Jan Novak", "kind": "person"}), "claimant"),
        (changed(claimant=None), "claimant"),
        (changed(made_on="2020-10"), "date"),
        (changed(appearances=[{"url": "https://weir.example/"}]), "place"),
        (changed(short_answer="The weir leaked and did not burst."), "short answer"),
        (changed(citations=OLD["citations"][:1]), "sources"),
        (
            changed(citations=[OLD["citations"][0] | {"quotation": "three cracks"}, OLD["citations"][1]]),
            "sources",
        ),
        (changed(points=[]), "point"),
        (edit("two cracks", "three cracks"), "figure"),
        (edit("12 March", "13 March"), "figure"),
        (edit("was not broken", "was broken"), "negation"),
        (edit("cracks [1]", "cracks [2]"), "sources"),
        (
            edit("[2]. Residents remember that the road beside the lake was closed", "[2]. All was well"),
            "words",
        ),
        (changed(headline="Yes, the weir did burst in 2019"), "negation"),
        (changed(headline="No, the weir did not burst in 2018"), "figure"),
        (changed(justification=""), "words"),
    ],
)
def test_what_a_reader_could_have_relied_on_is_not_minor(new: dict[str, Any], reason: str) -> None:
    changes = classify_change(OLD, new)
    assert any(reason in one for one in changes.reasons), changes
    decision = may_release_as(ReleaseKind.MINOR, changes)
    assert decision.code == "not_minor"
    assert reason in decision.sentence
    assert may_release_as(ReleaseKind.CORRECTION, changes, "We corrected it.")


def test_what_a_release_itself_changes_does_not_count() -> None:
    changes = classify_change(OLD, changed(number=2, kind="minor", modified_at="2021-01-01T00:00:00Z"))
    assert not changes.any
    assert may_release_as(ReleaseKind.MINOR, changes).code == "nothing"


def test_readers_are_told_what_happened() -> None:
    changes = classify_change(OLD, changed(short_answer="The weir leaked."))
    assert may_release_as(ReleaseKind.UPDATE, changes, "  ").code == "no_note"
    assert may_release_as(ReleaseKind.WITHDRAWAL, classify_change(OLD, OLD)).code == "no_note"
    assert may_release_as(ReleaseKind.WITHDRAWAL, classify_change(OLD, OLD), "The source was forged.")


def test_a_changed_rating_is_no_clarification() -> None:
    changes = classify_change(OLD, changed(rating=OLD["rating"] | {"label": "Half true"}))
    assert may_release_as(ReleaseKind.CLARIFICATION, changes, "note").code == "not_clarification"


def test_figures_are_read_in_digits_and_words() -> None:
    assert figures("12 of 30% and two million") == {"12": 1, "30%": 1, "two": 1, "million": 1}
