"""What comes in after a claim was searched raises an alert, once for an origin, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claims.actions import base
from claims.actions.claims.changes import close
from claims.actions.desk.settings import change_desk
from claims.actions.documents import intake
from claims.actions.evidence import alerts, new_sources, search
from claims.actions.evidence import decisions as evidence
from claims.actions.indexing import engines
from claims.models import (
    AuditEvent,
    Claim,
    Document,
    Evidence,
    Job,
    Review,
    SourceAlert,
    UnmatchedCapture,
    Verdict,
)
from claims.search.engine import EngineUnavailable
from tests.builders import HARBOUR, accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = """Bills of the season

Sailing clubs compared bills of two seasons: a mooring in Port Lenna that cost 100 crowns costs 140 now. The \
harbour authority raised its fees by 40 percent in 2026, their treasurer concludes. Winter storage is unchanged."""
OTHER = """Council hears complaint

In Tuesday's session councillor Odo Falk read a letter from skippers. It says the harbour authority of Port Lenna \
raised fees by 40 percent and gave no reasons. The council put the letter on file and turned to the school budget."""
FERRY = """The ferry sails on Sundays

The ferry to the islands has a new timetable for the summer and sails on Sundays too. Children pay half."""
KINDS = ("index", "search", "standing")


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def claim(cast: Cast, drain: Callable[..., int]) -> Claim:
    """A claim that was searched in an archive that knew nothing else about it."""
    added = article(cast, published="2026-03-05")
    analysed(cast, added)
    found = accepted(cast)
    article(cast, FERRY, published="2026-03-01")
    drain(*KINDS)
    assert not SourceAlert.objects.exists()
    return found


def test_a_source_that_comes_in_later_raises_an_alert_and_changes_nothing(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    before = _state(claim)
    added = article(cast, REPORT, published="2026-05-01")
    drain(*KINDS)
    alert = SourceAlert.objects.get()
    assert (alert.claim, alert.document, alert.state) == (claim, added.document, "open")
    assert "40 percent" in SourceAlert.objects.with_words().get().words
    assert alert.relevance is not None
    assert alert.reasons
    assert alert.matched
    assert _state(claim) == before
    assert AuditEvent.objects.filter(verb="claim.source_came_in", claim_id=claim.pk).count() == 1
    assert not UnmatchedCapture.objects.exists()


def _state(claim: Claim) -> tuple[Any, ...]:
    row = Claim.objects.values().get(pk=claim.pk)
    review = Review.objects.values_list("state", "version").get(claim=claim)
    return row, review, Evidence.objects.filter(claim=claim).count(), Verdict.objects.count()


def test_an_alert_is_as_right_as_a_row_of_a_search(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    article(cast, REPORT, published="2026-05-01")
    article(cast, OTHER, published="2026-03-10")
    article(cast, FERRY.replace("Sundays", "Mondays"), published="2026-03-10")
    drain(*KINDS)
    told = set(SourceAlert.objects.values_list("document", "start"))
    search.search_claim(actor=cast.ada, claim=claim)
    drain("search")
    assert told == set(Evidence.objects.filter(claim=claim).values_list("document", "start"))
    assert len(told) == 2
    assert not SourceAlert.objects.open().exists(), "what is evidence meanwhile waits for nobody"


def test_copies_and_rewrites_raise_one_alert(cast: Cast, claim: Claim, drain: Callable[..., int]) -> None:
    for number in range(4):
        article(cast, REPORT.replace("Winter storage", f"Storage {number}"), published="2026-05-01")
    drain(*KINDS)
    assert SourceAlert.objects.count() == 1
    article(cast, REPORT.replace("Winter storage", "Late storage"), published="2026-03-05")
    drain(*KINDS)
    assert SourceAlert.objects.count() == 1


def test_identical_texts_are_compared_once(
    cast: Cast, claim: Claim, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    match = new_sources._match

    def counted(batch: Any) -> Any:
        compared.extend(key for key, _terms in batch.passages)
        return match(batch)

    monkeypatch.setattr(new_sources, "_match", counted)
    for number in range(30):
        intake.store(
            actor=cast.ada, desk=cast.desk, extracted=_extracted(REPORT), kind="web", blob=b"",
            url=f"https://copy.example/{number}", final_url=f"https://copy.example/{number}",
        )  # fmt: skip
    drain("index", "standing")
    assert len(compared) == 1
    assert SourceAlert.objects.count() == 1
    assert not UnmatchedCapture.objects.exists()


def _extracted(text: str) -> Any:
    from claims.intake.plain import pasted

    return pasted(text, title="Copied")


def test_the_claims_own_article_and_its_rewrites_raise_none(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    article(cast, HARBOUR.replace("eleven boats", "twelve boats"), published="2026-03-10")
    drain(*KINDS)
    assert not SourceAlert.objects.exists()


def test_what_is_of_one_origin_with_evidence_raises_none(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    article(cast, REPORT, published="2026-05-01")
    drain("index")
    search.search_claim(actor=cast.ada, claim=claim)
    drain("search")
    drain("standing")
    article(cast, REPORT.replace("Winter storage", "Spring storage"), published="2026-03-05")
    drain(*KINDS)
    assert Evidence.objects.filter(claim=claim).count() == 1
    assert not SourceAlert.objects.exists()


def test_a_first_archive_does_not_flood(
    cast: Cast, claim: Claim, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_sources, "OPEN_PER_CLAIM", 1)
    article(cast, REPORT, published="2026-05-01")
    article(cast, OTHER, published="2026-03-10")
    drain(*KINDS)
    assert SourceAlert.objects.count() == 1
    job = Job.objects.filter(kind="standing").latest("id")
    assert job.result["passed_over"] == 1
    # Room again: the next one that comes in is told of.
    alerts.dismiss_alert(actor=cast.ada, alert=SourceAlert.objects.get())
    article(cast, OTHER.replace("Tuesday", "Wednesday"), published="2026-03-07")
    drain(*KINDS)
    assert SourceAlert.objects.open().count() == 1


def test_a_desk_and_a_claim_can_be_left_alone(cast: Cast, claim: Claim, drain: Callable[..., int]) -> None:
    alerts.watch_claim(actor=cast.ada, claim=claim, watched=False)
    article(cast, REPORT, published="2026-05-01")
    drain(*KINDS)
    assert not SourceAlert.objects.exists()
    alerts.watch_claim(actor=cast.ada, claim=claim, watched=True)
    change_desk(actor=cast.carla, desk=cast.desk, values={"watches_claims": False})
    article(cast, OTHER, published="2026-03-10")
    drain(*KINDS)
    assert not SourceAlert.objects.exists()
    assert not UnmatchedCapture.objects.exists()
    verbs = AuditEvent.objects.filter(claim_id=claim.pk, verb__startswith="claim.watched")
    assert list(verbs.order_by("id").values_list("verb", flat=True)) == [
        "claim.watched_no_more",
        "claim.watched_again",
    ]


def test_a_closed_claim_and_one_that_was_never_searched_are_not_watched(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    close(actor=cast.carla, review=claim.reviews.get(), reason="other")
    Claim.objects.exclude(pk=claim.pk).update(searched_at=None)
    article(cast, REPORT, published="2026-05-01")
    drain("index", "standing")
    assert not SourceAlert.objects.exists()


def test_another_desks_archive_raises_nothing_here(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    intake.add_text(actor=cast.otto, desk=cast.other_desk, text=REPORT, published="2026-05-01")
    drain(*KINDS)
    assert not SourceAlert.objects.exists()


def test_a_text_shown_to_named_people_raises_nothing(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    added = article(cast, REPORT, published="2026-05-01")
    Document.objects.filter(pk=added.document.pk).update(visibility=Document.Visibility.NAMED)
    drain(*KINDS)
    assert not SourceAlert.objects.exists()


def test_an_engine_that_is_gone_leaves_the_comparison_waiting_and_loses_nothing(
    cast: Cast, claim: Claim, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    article(cast, REPORT, published="2026-05-01")
    drain("index")

    def gone() -> None:
        raise EngineUnavailable("the engine does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(new_sources, "asked_engine", gone)
        drain("standing")
        job = Job.objects.filter(kind="standing").latest("id")
        assert job.status == Job.Status.QUEUED
        assert "does not answer" in job.error
        assert UnmatchedCapture.objects.exists()
    Job.objects.filter(pk=job.pk).update(run_after=job.created_at)
    drain("standing")
    assert SourceAlert.objects.count() == 1


def test_a_comparison_that_was_cut_off_raises_nothing_twice(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    added = article(cast, REPORT, published="2026-05-01")
    drain(*KINDS)
    UnmatchedCapture.objects.create(capture=added.capture)
    new_sources.match_by_time()
    drain("standing")
    assert SourceAlert.objects.count() == 1
    assert not UnmatchedCapture.objects.exists()


def test_what_the_index_does_not_hold_yet_waits(cast: Cast, claim: Claim) -> None:
    article(cast, REPORT, published="2026-05-01")
    assert UnmatchedCapture.objects.exists()
    assert new_sources.match_by_time() is None


# --- what people decide ----------------------------------------------------------------------------------


@pytest.fixture
def alert(cast: Cast, claim: Claim, drain: Callable[..., int]) -> SourceAlert:
    article(cast, REPORT, published="2026-05-01")
    drain(*KINDS)
    return SourceAlert.objects.get()


def test_taking_makes_evidence_by_the_one_action(cast: Cast, alert: SourceAlert) -> None:
    row = alerts.take_alert(actor=cast.ada, alert=alert)
    alert.refresh_from_db()
    assert (alert.state, alert.evidence, alert.decided_by) == ("taken", row, cast.ada)
    assert (row.added_by, row.document, row.stance, row.cited) == (cast.ada, alert.document, "", False)
    assert row.quotation == row.capture.text[row.start : row.end]
    alert.claim.refresh_from_db()
    assert alert.claim.origins_found == 1
    verbs = AuditEvent.objects.filter(claim_id=alert.claim_id).order_by("-id").values_list("verb", flat=True)
    assert list(verbs[:2]) == ["alert.taken", "evidence.added"]
    assert alerts.take_alert(actor=cast.ben, alert=alert) == row
    assert Evidence.objects.count() == 1


def test_a_dismissal_can_be_taken_back(cast: Cast, alert: SourceAlert) -> None:
    alerts.dismiss_alert(actor=cast.ada, alert=alert)
    assert (alert.state, alert.decided_by) == ("dismissed", cast.ada)
    with pytest.raises(base.Stale, match="take that back"):
        alerts.take_alert(actor=cast.ben, alert=alert)
    alerts.reopen_alert(actor=cast.ben, alert=alert)
    assert (alert.state, alert.decided_by) == ("open", None)
    alerts.take_alert(actor=cast.ben, alert=alert)
    with pytest.raises(base.Stale, match="taken"):
        alerts.dismiss_alert(actor=cast.ada, alert=alert)


def test_what_was_dismissed_is_not_told_of_again(
    cast: Cast, alert: SourceAlert, drain: Callable[..., int]
) -> None:
    alerts.dismiss_alert(actor=cast.ada, alert=alert)
    article(cast, REPORT.replace("Winter storage", "Late storage"), published="2026-03-05")
    drain(*KINDS)
    assert SourceAlert.objects.count() == 1


@pytest.mark.parametrize("act", [alerts.take_alert, alerts.dismiss_alert, alerts.reopen_alert])
def test_a_contributor_may_not_decide(cast: Cast, alert: SourceAlert, act: Callable[..., Any]) -> None:
    with pytest.raises(base.NotAllowed, match="contributor"):
        act(actor=cast.eli, alert=alert)


def test_a_contributor_may_not_stop_the_watching(cast: Cast, claim: Claim) -> None:
    with pytest.raises(base.NotAllowed, match="contributor"):
        alerts.watch_claim(actor=cast.eli, claim=claim, watched=False)


def test_origins_that_turn_out_to_be_one_leave_one_alert(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    from claims.actions.documents.origins import merge_rows

    article(cast, REPORT, published="2026-05-01")
    article(cast, OTHER, published="2026-03-10")
    drain(*KINDS)
    first, second = SourceAlert.objects.order_by("id")
    alerts.dismiss_alert(actor=cast.ada, alert=second)
    assert first.origin_id is not None
    assert second.origin_id is not None
    merge_rows(first.origin_id, [second.origin_id])
    (kept,) = SourceAlert.objects.all()
    assert (kept.pk, kept.state, kept.origin_id) == (second.pk, "dismissed", first.origin_id)


def test_evidence_that_people_decided_about_is_not_touched(
    cast: Cast, alert: SourceAlert, drain: Callable[..., int]
) -> None:
    row = alerts.take_alert(actor=cast.ada, alert=alert)
    evidence.decide(actor=cast.ada, evidence=row, stance="refutes")
    article(cast, OTHER, published="2026-03-10")
    drain(*KINDS)
    row.refresh_from_db()
    assert row.stance == "refutes"
    assert Evidence.objects.count() == 1
