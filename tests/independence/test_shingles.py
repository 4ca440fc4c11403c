"""What stands word for word in another text, and what does not count."""

from __future__ import annotations

from claims.independence.shingles import COPY, SUSPECT, overlap, own_text, shingles
from tests.independence.stories import (
    AGENCY,
    COPY_WITH_NEW_HEAD,
    CUT,
    EDITED,
    OWN_REPORT,
    REWRITE_WITH_CREDIT,
    UNRELATED,
)


def containment(a: str, b: str) -> float:
    return overlap(shingles(a), shingles(b)).containment


def test_a_copy_stays_a_copy_when_it_is_cut_extended_or_edited() -> None:
    for other in (COPY_WITH_NEW_HEAD, CUT, EDITED):
        assert overlap(shingles(AGENCY), shingles(other)).is_copy
        assert containment(AGENCY, other) > 0.6
    assert containment(AGENCY, AGENCY) == 1.0


def test_unrelated_and_independent_texts_are_far_below_the_threshold() -> None:
    for other in (OWN_REPORT, UNRELATED, REWRITE_WITH_CREDIT):
        assert containment(AGENCY, other) < SUSPECT < COPY
    assert containment(AGENCY, UNRELATED) == 0.0


def test_typesetting_of_quotes_and_case_makes_no_difference() -> None:
    assert containment(AGENCY, AGENCY.replace("\n", " ").replace(". ", ".\n\n")) > 0.95
    straight = AGENCY.translate(str.maketrans("“”'", '""’')).upper()
    assert containment(AGENCY, straight) > 0.95


def test_a_shared_quotation_does_not_count() -> None:
    quote = (
        "“We found cracks in both of the walls, and we closed the road at once, on the same day,” he said."
    )
    one = (
        f"The council of the upper village met in the evening.\n{quote}\n" + "Nothing was decided there. " * 3
    )
    two = (
        f"In the lower village nobody had been told before noon.\n{quote}\n"
        + "People were angry about it. " * 3
    )
    assert containment(one, two) == 0.0
    assert "closed the road" not in own_text(one)


def test_a_scare_quote_and_an_open_mark_stay_the_writers_words() -> None:
    assert "strategic ally" in own_text("They call it a “strategic ally” of the region.")
    assert "never closed" in own_text("“This mark is never closed by the writer of this text.\n\nNext one.")
    assert "inch" in own_text('A 12" pipe and a 14 inch pipe were laid beside the 20" main pipe of the town.')


def test_boilerplate_lines_do_not_count() -> None:
    tail = "\nRead more: five things to know about the lake and the road\nCopyright 2024 The Weir Post"
    text = "The lake was lowered by a metre on Friday."
    assert shingles(text + tail) == shingles(text)


def test_too_few_words_say_nothing() -> None:
    assert containment("The lake was lowered by a metre.", "The lake was lowered by a metre.") == 0.0
    assert shingles("") == frozenset()
