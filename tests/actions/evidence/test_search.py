"""A search for a claim: what it stores, what it leaves out, and its three kinds of answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from claims.actions import base
from claims.actions.documents import intake
from claims.actions.evidence import decisions as evidence
from claims.actions.evidence import search
from claims.actions.indexing import engines
from claims.actions.publishing.imports import import_factcheck
from claims.models import AuditEvent, Claim, Evidence, Job, Match, SearchRun
from claims.search.engine import EngineUnavailable
from tests.builders import HARBOUR, accepted, analysed, article, moment
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = """Port fees up by two fifths

Port Lenna, 4 March 2026. The harbour authority raised its fees in Port Lenna by 40 percent this week, its \
price list shows. The list was published on Monday. The authority said the money pays for a new pier."""

FERRY = """The ferry sails on Sundays

The ferry to the islands has a new timetable for the summer and sails on Sundays too. Children pay half."""


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def claim(cast: Cast) -> Claim:
    added = article(cast, published="2026-03-05")
    analysed(cast, added)
    return accepted(cast)


def run(claim: Claim, drain: Callable[..., int]) -> SearchRun:
    drain("index", "search")
    return SearchRun.objects.filter(claim=claim).latest("id")


def test_a_passage_that_tells_the_same_becomes_evidence(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    other = article(cast, REPORT, published="2026-03-04")
    result = run(claim, drain)
    assert result.outcome == SearchRun.Outcome.FOUND
    row = Evidence.objects.get(claim=claim)
    assert row.document == other.document
    assert row.quotation == row.capture.text[row.start : row.end]
    assert "40 percent" in row.quotation
    assert result.searched >= 2
    assert result.in_window == result.searched
    assert result.hits.get(rank=1).matched


def test_the_claims_own_article_and_its_copies_are_left_out(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    intake.store(
        actor=cast.ada,
        desk=cast.desk,
        extracted=_extracted(HARBOUR),
        url="https://copy.example/fees",
        final_url="https://copy.example/fees",
        blob=HARBOUR.encode(),
        kind="web",
    )
    result = run(claim, drain)
    assert not Evidence.objects.filter(claim=claim).exists()
    assert result.outcome == SearchRun.Outcome.NOTHING


def _extracted(text: str):  # type: ignore[no-untyped-def]  # the type is the intake room's own
    from claims.intake.plain import pasted

    return pasted(text, title="Copied")


def test_an_archive_of_another_time_does_not_cover_the_claim(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    Claim.objects.filter(pk=claim.pk).update(
        about="1987-05-01", about_earliest="1987-05-01", about_latest="1987-05-01"
    )
    result = run(claim, drain)
    assert result.outcome == SearchRun.Outcome.NOT_COVERED
    assert result.in_window == 0
    assert "between 1987-04-28" in result.note


def test_figures_of_the_next_year_lie_in_the_time_of_a_claim_about_the_year_before(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    Claim.objects.filter(pk=claim.pk).update(
        about="2024", about_earliest="2024-01-01", about_latest="2024-12-31"
    )
    result = run(claim, drain)
    assert (str(result.window_earliest), str(result.window_latest)) == ("2023-12-29", "2026-05-04")
    assert result.in_window


def test_since_a_year_long_ago_reaches_to_the_day_it_was_said(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    Claim.objects.filter(pk=claim.pk).update(
        wording="Harbour fees in Port Lenna have doubled since 1987.",
        about="1987",
        about_earliest="1987-01-01",
        about_latest="1987-12-31",
    )
    result = run(claim, drain)
    assert (str(result.window_earliest), str(result.window_latest)) == ("1986-12-29", "2026-05-04")
    assert result.outcome == SearchRun.Outcome.NOTHING


def test_the_time_of_a_forecast_begins_when_it_is_made(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    Claim.objects.filter(pk=claim.pk).update(
        about="2031", about_earliest="2031-01-01", about_latest="2031-12-31"
    )
    result = run(claim, drain)
    assert (str(result.window_earliest), str(result.window_latest)) == ("2026-03-02", "2032-02-29")


def test_a_search_of_another_day_is_written_down_with_that_day(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    article(cast, REPORT, published="2026-03-04")
    drain("index", "search")
    Evidence.objects.all().delete()
    search.search_claim(actor=cast.ada, claim=claim, now=moment(3))
    result = run(claim, drain)
    claim.refresh_from_db()
    audit = AuditEvent.objects.filter(verb="claim.searched", object_id=result.pk).get()
    row = Evidence.objects.get(claim=claim)
    assert {result.created_at, row.created_at, audit.created_at, claim.searched_at} == {moment(3)}


def test_a_search_of_the_present_is_written_down_when_it_runs(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    drain("index", "search")
    before = timezone.now()
    job = search.search_claim(actor=cast.ada, claim=claim, now=before)
    assert "now" not in job.arguments
    assert run(claim, drain).created_at > before


def test_own_words_without_a_phrase_make_no_evidence_of_what_shares_a_word_or_two(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    other = article(cast, REPORT, published="2026-03-04")
    article(cast, FERRY, published="2026-03-04")
    search.search_claim(actor=cast.ada, claim=claim, own_words="harbour authority price list for a new pier")
    drain("index", "search")
    Evidence.objects.exclude(run__kind=SearchRun.Kind.OWN_WORDS).delete()
    result = SearchRun.objects.get(kind=SearchRun.Kind.OWN_WORDS)
    assert result.hits_found < result.hits.count()
    assert {row.document for row in Evidence.objects.filter(run=result)} <= {other.document}
    assert all(hit.weak for hit in result.hits.exclude(document=other.document))


def test_a_claim_without_a_date_says_that_its_time_is_unknown(cast: Cast, drain: Callable[..., int]) -> None:
    added = article(cast)
    analysed(cast, added)
    claim = accepted(cast, "We never promised")
    Claim.objects.filter(pk=claim.pk).update(about_earliest=None, about_latest=None)
    result = run(claim, drain)
    assert result.outcome == SearchRun.Outcome.NOTHING
    assert result.in_window is None
    assert "no date" in result.note


def test_own_words_find_an_exact_phrase_only(cast: Cast, claim: Claim, drain: Callable[..., int]) -> None:
    article(cast, REPORT, published="2026-03-04")
    search.search_claim(actor=cast.ada, claim=claim, own_words='"new pier"')
    search.search_claim(actor=cast.ada, claim=claim, own_words='"pier new"')
    drain("index", "search")
    outcomes = {
        one.questions[0]["text"]: one.hits_found
        for one in SearchRun.objects.filter(kind=SearchRun.Kind.OWN_WORDS)
    }
    assert outcomes == {'"new pier"': 1, '"pier new"': 0}


def test_an_equal_search_that_waits_is_joined(cast: Cast, claim: Claim) -> None:
    first = search.search_claim(actor=cast.ada, claim=claim)
    second = search.search_claim(actor=cast.ben, claim=claim)
    assert first.pk == second.pk


def test_searching_twice_keeps_what_people_decided(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    article(cast, REPORT, published="2026-03-04")
    run(claim, drain)
    row = Evidence.objects.get(claim=claim)
    evidence.decide(actor=cast.ada, evidence=row, stance="supports", cited=True)
    search.search_claim(actor=cast.ada, claim=claim)
    run(claim, drain)
    row.refresh_from_db()
    assert (row.stance, row.cited) == ("supports", True)
    assert Evidence.objects.filter(claim=claim).count() == 1


def test_the_other_desks_archive_is_never_searched(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    intake.add_text(actor=cast.otto, desk=cast.other_desk, text=REPORT, published="2026-03-04")
    run(claim, drain)
    assert not Evidence.objects.filter(claim=claim).exists()


def test_an_engine_that_is_gone_leaves_the_search_waiting(
    cast: Cast, claim: Claim, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise EngineUnavailable("the engine does not answer")

    monkeypatch.setattr(engines, "reader", gone)
    drain("search")
    job = Job.objects.get(kind="search", arguments__claim=claim.pk)
    assert job.status == Job.Status.QUEUED
    assert "does not answer" in job.error
    assert not SearchRun.objects.filter(claim=claim).exists()


def test_a_contributor_may_not_search(cast: Cast, claim: Claim) -> None:
    with pytest.raises(base.NotAllowed, match="contributor"):
        search.search_claim(actor=cast.eli, claim=claim)


def test_a_search_made_outside_is_written_down(cast: Cast, claim: Claim) -> None:
    made = search.log_outside_search(
        actor=cast.ada,
        claim=claim,
        where="Port registry",
        url="https://registry.example/?q=fees",
        text="fees 2026",
    )
    assert made.kind == SearchRun.Kind.OUTSIDE
    assert made.questions == [
        {"text": "fees 2026", "where": "Port registry", "url": "https://registry.example/?q=fees"}
    ]


def test_an_earlier_check_of_something_else_that_tripled_is_not_suggested(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    for number, words in enumerate(
        (
            "Attacks with knives rose by 40 percent.",
            "The harbour authority of Port Lenna raised its fees by a third.",
        )
    ):
        import_factcheck(
            actor=None,
            desk=cast.desk,
            raw={
                "@type": "ClaimReview",
                "url": f"https://bureau.example/{number}",
                "datePublished": "2026-03-03",
                "claimReviewed": words,
                "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Ilse Brandt"}},
                "author": {"@type": "Organization", "name": "Bureau", "url": "https://bureau.example/"},
                "reviewRating": {"@type": "Rating", "alternateName": "False"},
            },
        )
    run(claim, drain)
    suggested = [row.factcheck.claim_text for row in Match.objects.filter(claim=claim)]
    assert suggested == ["The harbour authority of Port Lenna raised its fees by a third."]


CRIME = """Violent crime up by two fifths

Violent crime rose by 40 percent in the capital, the ministry said on Thursday. The police count every report."""


def test_what_shares_a_figure_and_a_common_word_is_no_evidence(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    right = article(cast, REPORT, published="2026-03-04")
    for number in range(6):
        article(cast, CRIME.replace("capital", f"town of number {number}"), published="2026-03-04")
    result = run(claim, drain)
    assert [row.document for row in Evidence.objects.filter(claim=claim)] == [right.document]
    assert result.hits.filter(weak=True).exists()
    assert result.hits_found == 1


def test_a_row_carries_its_chance_and_says_why(cast: Cast, claim: Claim, drain: Callable[..., int]) -> None:
    article(cast, REPORT, published="2026-03-04")
    run(claim, drain)
    row = Evidence.objects.get(claim=claim)
    assert row.relevance is not None
    assert 2 < row.relevance <= 100
    assert {"name": "figure"} in row.reasons


def test_a_search_makes_no_guess_at_the_stance(cast: Cast, claim: Claim, drain: Callable[..., int]) -> None:
    article(cast, REPORT.replace("raised its fees", "denied that it raised its fees"), published="2026-03-04")
    run(claim, drain)
    row = Evidence.objects.get(claim=claim)
    assert (row.stance_hint, row.stance_cue, row.stance) == ("", "", "")


def test_copies_of_one_report_count_once_among_the_twelve(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    first = article(cast, REPORT, published="2026-03-04")
    copies = [
        article(cast, REPORT.replace("Monday", f"Monday, {number}"), published="2026-03-04")
        for number in range(3)
    ]
    # It is no rewrite of the claim's own article.
    intake.set_origin(actor=cast.carla, document=first.document, origin=None, reason="its price list")
    first.document.refresh_from_db()
    for copy in copies:
        copy.document.refresh_from_db()
        intake.set_origin(
            actor=cast.carla, document=copy.document, origin=first.document.origin, reason="a copy"
        )
    run(claim, drain)
    assert Evidence.objects.filter(claim=claim).count() == 4
    claim.refresh_from_db()
    assert claim.origins_found == 1
