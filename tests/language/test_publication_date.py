"""An article's own date is read from where it is shown, never from a copyright line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.dates import VisibleDateSource, visible_publication_date

BODY = "\n\nThe council of Wexmoor said on 3 March 2019 that the bridge was unsafe.\n"


@pytest.mark.parametrize(
    ("text", "value", "source"),
    [
        ("Bridge closed\n\nPublished: 14 October 2020" + BODY, "2020-10-14", VisibleDateSource.LABEL),
        (
            "Bridge closed\nPublished on October 14, 2020 at 10:35" + BODY,
            "2020-10-14",
            VisibleDateSource.LABEL,
        ),
        ("Bridge closed\nFirst published 14 Oct 2020" + BODY, "2020-10-14", VisibleDateSource.LABEL),
        ("Bridge closed\nDate: 2020-10-14" + BODY, "2020-10-14", VisibleDateSource.LABEL),
        ("Bridge closed\n14 October 2020" + BODY, "2020-10-14", VisibleDateSource.DATE_LINE),
        (
            "Bridge closed\nWednesday, October 14, 2020 10:35 a.m. EST" + BODY,
            "2020-10-14",
            VisibleDateSource.DATE_LINE,
        ),
        ("Bridge closed\nBy Jane Doe | 14 October 2020" + BODY, "2020-10-14", VisibleDateSource.DATE_LINE),
        ("Bridge closed\nBy Jane Doe, October 14, 2020" + BODY, "2020-10-14", VisibleDateSource.DATE_LINE),
        ("WEXMOOR, Oct. 14, 2020 (Agency) - The bridge is shut.", "2020-10-14", VisibleDateSource.DATELINE),
        ("WEXMOOR, Oct. 14 (Agency) - The bridge is shut.", "XXXX-10-14", VisibleDateSource.DATELINE),
        ("WEXMOOR. October 14. INTERWIRE - The bridge is shut.", "XXXX-10-14", VisibleDateSource.DATELINE),
        (
            "Bridge closed\nLast updated: 14 October 2020" + BODY,
            "2020-10-14",
            VisibleDateSource.UPDATED_LABEL,
        ),
        ("Bridge closed" + BODY + "\nPublished 14 October 2020\n", "2020-10-14", VisibleDateSource.LABEL),
        ("Bridge closed\nPublished: 05/06/2019" + BODY, "2019", VisibleDateSource.LABEL),
    ],
)
def test_a_shown_date_is_found_with_its_source(text: str, value: str, source: VisibleDateSource) -> None:
    seen = visible_publication_date(text)
    assert seen is not None
    assert (seen.value, seen.source) == (value, source)
    assert text[seen.start : seen.end].strip() == text[seen.start : seen.end] != ""


def test_the_published_label_wins_over_the_update() -> None:
    text = "Bridge closed\nUpdated: 16 October 2020\nPublished: 14 October 2020" + BODY
    seen = visible_publication_date(text)
    assert seen is not None
    assert seen.value == "2020-10-14"


def test_the_outlets_order_reads_figures() -> None:
    seen = visible_publication_date("Bridge closed\nPublished: 05/06/2019" + BODY, day_first=True)
    assert seen is not None
    assert seen.value == "2019-06-05"


@pytest.mark.parametrize(
    "text",
    [
        "Bridge closed" + BODY,
        "Bridge closed" + BODY + "\nCopyright Wexmoor Gazette 2024",
        "Bridge closed" + BODY + "\n© 14 October 2024 Wexmoor Gazette",
        "Bridge closed" + BODY + "\n© Wexmoor Gazette, 14 October 2024",
        "Published by Wexmoor Press" + BODY,
        "Dates of the fair: it opens on 14 October 2020 and all are welcome to come along." + BODY,
        "",
    ],
)
def test_nothing_is_taken_from_running_text_or_a_copyright_line(text: str) -> None:
    assert visible_publication_date(text) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_exception(text: str) -> None:
    seen = visible_publication_date(text)
    assert seen is None or 0 <= seen.start < seen.end <= len(text)
