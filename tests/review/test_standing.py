"""What evidence counts as: the figures, the reasons not to count, and the claim's time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from claims.review.claim_time import ClaimTime, When, Window, claim_time
from claims.review.standing import CountedPiece, EvidenceStanding, Group, Uncounted, remarks, standing

PLAIN = CountedPiece(1, article="d1", origin="o1", outlet="7", in_time=True, when=When.KNOWN)
SAID = dt.date(2026, 5, 12)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def span(earliest: str, latest: str = "") -> tuple[dt.date, dt.date]:
    return day(earliest), day(latest or earliest)


REASONS = {
    Uncounted.REJECTED: {"rejected": True},
    Uncounted.IRRELEVANT: {"stance": "irrelevant"},
    Uncounted.OWN: {"own": True},
    Uncounted.CONTACT: {"contact": True},
    Uncounted.NOT_FETCHED: {"fetched": False},
    Uncounted.REPEATS: {"repeats": True},
}


@pytest.mark.parametrize("reason", Uncounted)
def test_each_reason_takes_a_piece_out_of_every_figure(reason: Uncounted) -> None:
    other = CountedPiece(
        2, article="d2", origin="o2", outlet="8", primary=True, in_time=True, stance="supports"
    )
    piece = replace(PLAIN, **({"primary": True, "stance": "supports"} | REASONS[reason]))
    assert piece.uncounted is reason
    alone = standing([other])
    both = standing([piece, other])
    assert replace(both, uncounted={}, pieces=1, repeating=0) == replace(alone, uncounted={})
    assert both.uncounted == {1: reason}


def test_ten_copies_are_ten_articles_of_one_origin() -> None:
    rows = [replace(PLAIN, id=n, article=f"d{n}", outlet=str(n % 3)) for n in range(10)]
    found = standing(rows)
    assert (found.articles, found.outlets, found.origins, found.in_time) == (10, 3, 1, 10)


def test_for_and_against_are_origins_that_people_judged() -> None:
    rows = [
        replace(PLAIN, id=1, stance="supports"),
        replace(PLAIN, id=2, article="d2", stance="supports"),
        replace(PLAIN, id=3, article="d3", origin="o3", stance="refutes"),
        replace(PLAIN, id=4, article="d4", origin="o4", stance="partly"),
        replace(PLAIN, id=5, article="d5", origin="o5"),
    ]
    found = standing(rows)
    assert (found.supports, found.partly, found.refutes) == (1, 1, 1)


def test_what_repeats_the_claimant_counts_once_as_such_whatever_its_number() -> None:
    rows = [replace(PLAIN, id=n, article=f"d{n}", origin=f"o{n}", repeats=True) for n in range(4)]
    found = standing(rows)
    assert (found.articles, found.origins, found.repeating, found.repeats) == (0, 0, 4, 1)
    assert {row.group for row in rows} == {Group.REPEATS}


def test_where_a_person_reads_that_it_refutes_it_repeats_nothing() -> None:
    piece = replace(PLAIN, repeats=True, stance="refutes")
    assert piece.uncounted is None
    assert piece.group is Group.OTHER
    assert standing([piece]).refutes == 1


def test_groups_of_the_board() -> None:
    assert replace(PLAIN, primary=True).group is Group.PRIMARY
    assert PLAIN.group is Group.OTHER
    assert replace(PLAIN, own=True, primary=True).group is Group.REPEATS
    assert replace(PLAIN, primary=True, contact=True).group is Group.OTHER


def test_a_verdict_on_what_came_later_is_pointed_out() -> None:
    later = replace(PLAIN, when=When.LATER)
    assert remarks(standing([later])) == ("Everything the verdict cites came out after the claim was made.",)
    assert remarks(standing([later, replace(PLAIN, id=2, article="d2", origin="o2")])) == ()
    assert remarks(EvidenceStanding()) == ()
    (sentence,) = remarks(standing([replace(PLAIN, repeats=True)]))
    assert "None of the cited sources counts" in sentence
    copies = standing([PLAIN, replace(PLAIN, id=2, article="d2")])
    assert remarks(copies) == ("All cited sources rest on one report.",)


TIME = ClaimTime(Window(day("2026-05-01"), day("2026-07-11")), (SAID, SAID))


@pytest.mark.parametrize(
    ("published", "when"),
    [
        (span("2026-04-01"), When.BEFORE),
        (span("2026-05-11"), When.KNOWN),
        (span("2026-05-12"), When.KNOWN),
        (span("2026-05-13"), When.LATER),
        (span("2026-05-01", "2026-05-31"), When.UNSURE),
        (span("2026-01-01", "2026-12-31"), When.UNSURE),
        (span("2026-05-12", "2026-05-31"), When.UNSURE),
        (span("2026-04-01", "2026-04-30"), When.BEFORE),
        (span("2026-06-01", "2026-06-30"), When.LATER),
        ((None, None), When.UNKNOWN),
    ],
)
def test_a_source_is_placed_against_the_day_of_the_claim(
    published: tuple[dt.date | None, dt.date | None], when: When
) -> None:
    assert TIME.when(published) is when


def test_a_claim_made_on_a_partial_day_is_placed_as_far_as_it_can_be() -> None:
    time = ClaimTime(Window(day("2026-04-28"), day("2026-07-30")), span("2026-05-01", "2026-05-31"))
    assert time.when(span("2026-05-20")) is When.UNSURE
    assert time.when(span("2026-06-01")) is When.LATER
    assert time.when(span("2026-04-30")) is When.KNOWN
    assert ClaimTime().when(span("2026-05-20")) is When.UNKNOWN


def test_in_the_claims_time_is_what_overlaps_its_window() -> None:
    assert TIME.covers(span("2026-05-01"))
    assert TIME.covers(span("2026-01-01", "2026-12-31"))
    assert not TIME.covers(span("2026-04-30"))
    assert not TIME.covers((None, None))
    assert not ClaimTime().covers(span("2026-05-01"))


def test_the_day_a_claim_was_made_comes_before_where_it_appeared() -> None:
    time = claim_time(
        about=(None, None), made=span("2026-05-12"), places=[span("2026-05-14"), span("2026-05-13")], words=()
    )
    assert time.said == (SAID, SAID)
    unmade = claim_time(
        about=(None, None), made=(None, None), places=[span("2026-05-14"), span("2026-05-13")], words=()
    )
    assert unmade.said == span("2026-05-13")
    assert unmade.window.known
    assert not claim_time(about=(None, None), made=(None, None), places=[], words=()).window.known
