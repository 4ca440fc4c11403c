"""The sample desk: what it holds, that people's own rules made it, and that a start can be repeated."""

from __future__ import annotations

import dataclasses
import datetime as dt
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from claims.actions.indexing import engines
from claims.actions.indexing.comparing import compare
from claims.actions.publishing.schedule import due_by_time
from claims.management.sample import loader
from claims.management.sample.loader import CannotLoad, Loaded, load
from claims.management.sample.reading import BadSample, SampleStep, read_article, read_sample
from claims.management.sample.steps import Newsroom
from claims.models import (
    Appearance,
    Approval,
    AuditEvent,
    Claim,
    Desk,
    Document,
    Evidence,
    FactCheck,
    Job,
    Match,
    Release,
    Review,
    SearchRun,
    VerdictAuthor,
    VerdictDraft,
)
from claims.vocabulary import CloseReason

#: One seeding serves the whole module.
SHARES_INDEX = True

#: Which articles bear on a claim, by reading all of them; what rests on the claim's own report is left out.
BEARING = {
    "budget": "tunnel/audit tunnel/tribune-audit tunnel/tribune-postponed tunnel/postponed tunnel/tripled"
    " tunnel/builder",
    "tripled": "tunnel/audit tunnel/tribune-audit tunnel/postponed tunnel/tribune-postponed tunnel/minister"
    " tunnel/post-copy",
    "changes": "tunnel/audit tunnel/tribune-audit",
    "lowest": "jobs/interview jobs/tribune jobs/statistics jobs/second-quarter",
    "new-jobs": "jobs/statistics jobs/interview",
    "shipyard": "jobs/shipyard",
    "no-round": "ceasefire/observers ceasefire/radio-dravia ceasefire/denial ceasefire/sarenia-today",
    "dravia-first": "ceasefire/observers ceasefire/radio-dravia ceasefire/denial ceasefire/sarenia-today",
    "drone": "ceasefire/observers ceasefire/radio-dravia ceasefire/denial ceasefire/sarenia-today",
    "nine-dead": "ceasefire/agency-correction ceasefire/observers",
    "forty-shells": "ceasefire/observers ceasefire/broken ceasefire/courier-copy ceasefire/post-cut"
    " ceasefire/tribune-rewrite ceasefire/radio-dravia ceasefire/denial",
    "sugar-factory": "ceasefire/observers",
    "lead": "water/board water/institute",
    "jab": "water/hospital water/blog-correction",
    "doses": "water/campaign water/blog-correction",
    "doubled": "election/party-denial election/rally election/courier-copy election/statistics",
    "burglaries": "election/statistics",
    "knives": "election/statistics election/revision",
    "rally-doubled": "election/debate election/party-denial election/tribune-debate election/statistics",
    "robberies": "election/rally election/courier-copy election/debate election/tribune-debate",
    "first-time": "tunnel/minister tunnel/post-copy tunnel/tribune-audit tunnel/audit"
    " tunnel/tribune-postponed",
}


class Seeded:
    """The loaded desk, with the labels that the story files use."""

    def __init__(self, loaded: Loaded, newsroom: Newsroom) -> None:
        self.loaded = loaded
        self.newsroom = newsroom
        self.article_of = {pk: key for key, pk in newsroom.articles.items()}

    def claim(self, label: str) -> Claim:
        return Claim.objects.get(pk=self.newsroom.claims[label])

    def found(self, label: str) -> set[str]:
        """Return the articles that searching for the whole claim brought as evidence."""
        runs = SearchRun.objects.filter(claim=self.newsroom.claims[label], kind=SearchRun.Kind.CLAIM)
        rows = Evidence.objects.filter(run__in=runs)
        return {self.article_of[pk] for pk in rows.values_list("document_id", flat=True)}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give this module an index and a data folder of its own: logins are written beside the database."""
    kept = {name: getattr(settings, name) for name in ("DATA_DIR", "INDEX_DIR")}
    settings.DATA_DIR, settings.INDEX_DIR = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("index")
    yield settings.DATA_DIR
    engines.close_all()
    for name, value in kept.items():
        setattr(settings, name, value)


@pytest.fixture(scope="module")
def seeded(files: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Seeded]:
    rooms: list[Newsroom] = []
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:

        class Remembered(Newsroom):
            def __init__(self, **values: Any) -> None:
                super().__init__(**values)
                rooms.append(self)

        patch.setattr(loader, "Newsroom", Remembered)
        with transaction.atomic():
            yield Seeded(load(), rooms[-1])
            transaction.set_rollback(True)
        engines.writer().erase()


def test_every_state_of_a_review_occurs(seeded: Seeded) -> None:
    reviews = Review.objects.filter(desk=seeded.loaded.desk)
    assert {row.state for row in reviews} == set(Review.State.values)
    assert reviews.filter(state=Review.State.APPROVED, held=True).exists()
    assert reviews.filter(state=Review.State.CLOSED, closed_reason=CloseReason.ALREADY_CHECKED).count() == 2
    assert reviews.filter(state=Review.State.IN_PROGRESS).exclude(returned_note="").exists()


def test_what_the_public_sees_was_published_corrected_suspended_and_withdrawn(seeded: Seeded) -> None:
    own = FactCheck.objects.own()
    assert own.live().count() >= 8
    assert Counter(own.values_list("status", flat=True)) == {"live": 12, "suspended": 1, "withdrawn": 1}
    corrected = FactCheck.objects.get(claim=seeded.claim("nine-dead"))
    assert [row.kind for row in corrected.releases.order_by("number")] == ["first", "correction"]
    assert corrected.rating_label == "False"
    assert FactCheck.objects.filter(imported=True, publisher="Verity Bureau").count() == 3


def test_a_scheduled_check_waits_for_its_day(seeded: Seeded) -> None:
    review = Review.objects.get(claim=seeded.claim("first-time"))
    assert review.publish_at is not None
    assert review.publish_at > timezone.now()
    assert due_by_time(timezone.now()) == 0
    with transaction.atomic():
        assert due_by_time(review.publish_at + dt.timedelta(minutes=1)) == 1
        transaction.set_rollback(True)


def test_nobody_approved_what_they_wrote(seeded: Seeded) -> None:
    assert Approval.objects.count() >= 15
    for approval in Approval.objects.select_related("verdict"):
        assert not VerdictAuthor.objects.filter(verdict=approval.verdict, user=approval.user).exists()
        assert approval.verdict.readings.filter(user=approval.user).exists()


def test_every_release_cites_and_numbers_its_sources(seeded: Seeded) -> None:
    for release in Release.objects.filter(factcheck__imported=False):
        payload = release.payload
        assert payload["citations"], payload["headline"]
        assert "[1]" in payload["justification"]
        assert "[e:" not in payload["justification"]


@pytest.mark.parametrize("label", sorted(BEARING))
def test_the_search_itself_finds_what_bears_on_a_claim(seeded: Seeded, label: str) -> None:
    assert seeded.found(label) & set(BEARING[label].split())


def test_the_search_finds_nearly_everything_that_bears_on_the_claims(seeded: Seeded) -> None:
    wanted = {label: set(articles.split()) for label, articles in BEARING.items()}
    found = {label: seeded.found(label) for label in wanted}
    right = sum(len(found[label] & wanted[label]) for label in wanted)
    assert right / sum(map(len, wanted.values())) >= 0.92
    assert right / sum(map(len, found.values())) >= 0.6


def test_what_rests_on_the_claims_own_report_is_no_evidence_for_it(seeded: Seeded) -> None:
    own = {"ceasefire/broken", "ceasefire/courier-copy", "ceasefire/post-cut", "ceasefire/tribune-rewrite"}
    for label in ("no-round", "dravia-first", "nine-dead"):
        assert not seeded.found(label) & own


def test_copies_cuts_and_credited_rewrites_share_an_origin(seeded: Seeded) -> None:
    def together(*keys: str) -> bool:
        rows = Document.objects.filter(pk__in=[seeded.newsroom.articles[key] for key in keys])
        return len(set(rows.values_list("origin", flat=True))) == 1

    assert together(
        "ceasefire/broken", "ceasefire/courier-copy", "ceasefire/post-cut", "ceasefire/tribune-rewrite"
    )
    assert together("jobs/mayor", "jobs/post-copy")
    assert together("water/group", "water/courier-copy")
    assert together("tunnel/minister", "tunnel/post-copy")
    assert together("election/rally", "election/courier-copy")
    assert together("election/debate", "election/tribune-debate")
    assert not together("ceasefire/broken", "ceasefire/observers")
    assert not together("ceasefire/radio-dravia", "ceasefire/sarenia-today")
    assert not together("ceasefire/broken", "ceasefire/agency-correction")


def test_nothing_bears_on_the_leaflet_and_the_search_says_so(seeded: Seeded) -> None:
    run = SearchRun.objects.get(claim=seeded.claim("leaflet"))
    assert run.outcome == SearchRun.Outcome.NOTHING
    assert not Evidence.objects.filter(claim=seeded.claim("leaflet")).exists()


def test_earlier_checks_of_ours_and_of_others_were_suggested_and_decided(seeded: Seeded) -> None:
    decided = Match.objects.exclude(state=Match.State.SUGGESTED)
    assert decided.filter(state=Match.State.CONFIRMED, factcheck__imported=False).count() == 2
    assert decided.filter(state=Match.State.REJECTED, factcheck__imported=True).count() == 2


def test_people_left_their_traces_beside_the_machine(seeded: Seeded) -> None:
    kinds = set(Evidence.objects.values_list("kind", flat=True))
    assert {"passage", "contact", "quotation"} <= kinds
    assert SearchRun.objects.filter(kind=SearchRun.Kind.OUTSIDE).exists()
    assert SearchRun.objects.filter(kind=SearchRun.Kind.OWN_WORDS).exists()
    assert VerdictDraft.objects.filter(user=seeded.newsroom.people["nora"]).exists()
    stances = set(Evidence.objects.filter(cited=True).values_list("stance", flat=True))
    assert {"supports", "partly", "refutes", "context"} <= stances
    assert set(Appearance.objects.values_list("triage", flat=True)) >= {"suggested", "accepted", "dismissed"}


def test_two_papers_of_one_owner_are_known_as_such(seeded: Seeded) -> None:
    owners = {
        row.outlet.name: row.outlet.owner
        for row in Document.objects.select_related("outlet__owner")
        if row.outlet is not None
    }
    assert owners["The Ellery Courier"] is not None
    assert owners["The Ellery Courier"] == owners["Harbour Post"]


def test_the_history_spans_months_and_lies_in_the_past(seeded: Seeded) -> None:
    machine = AuditEvent.objects.filter(actor_id=None).values("pk")
    times = (
        AuditEvent.objects.exclude(pk__in=machine).order_by("created_at").values_list("created_at", flat=True)
    )
    assert times[0] < timezone.now() - dt.timedelta(days=60)
    assert times.last() <= timezone.now()


def test_no_job_is_left_and_the_index_agrees_with_the_rows(seeded: Seeded) -> None:
    assert set(Job.objects.values_list("status", flat=True)) == {"done"}
    assert compare() == {"missing": [], "stale": [], "broken": [], "left_over": []}


def test_logins_are_generated_and_only_readable_by_their_owner(seeded: Seeded, files: Path) -> None:
    path = files / "logins.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if " / " in line]
    assert len(lines) == 5
    for line in lines:
        email, password = line.rpartition(": ")[2].split(" / ")
        user = authenticate(username=email, password=password)
        assert user is not None
        assert user.is_staff


def test_a_second_desk_is_refused_in_one_sentence(seeded: Seeded) -> None:
    with pytest.raises(CommandError, match="There is already a desk"):
        call_command("seed_demo")


def test_a_clock_that_is_behind_the_history_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = read_sample()
    late = dataclasses.replace(sample.articles[-1], added=timezone.now() + dt.timedelta(days=9))
    with pytest.raises(CannotLoad, match="set the clock right"):
        load(sample=dataclasses.replace(sample, articles=(late,)))


@pytest.mark.django_db(transaction=True)
def test_a_start_that_fails_in_the_middle_leaves_nothing_and_can_be_repeated(files: Path) -> None:
    sample = read_sample()
    first = dataclasses.replace(sample, articles=sample.articles[:2], owners=(), checks=(), steps=())
    step = SampleStep(
        first.ends, "accept", "nora", {"article": "no/such", "quotation": "", "claim": "x"}, "test"
    )
    with pytest.raises(BadSample, match="no/such"):
        load(sample=dataclasses.replace(first, steps=(step,)))
    assert not Desk.objects.exists()
    assert not Job.objects.exists()
    assert not (files / "logins.txt").exists()
    assert engines.writer().current() is None
    assert load(sample=first).documents == 2
    assert compare() == {"missing": [], "stale": [], "broken": [], "left_over": []}


def test_an_article_with_an_unknown_field_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.md"
    path.write_text("title: A\ncolour: red\n\nText.\n", encoding="utf-8")
    with pytest.raises(BadSample, match=r"odd\.md.*colour"):
        read_article(path)


def test_every_article_is_short_and_from_an_invented_place() -> None:
    for article in read_sample().articles:
        assert 95 <= len(article.text.split()) <= 300, article.key
        assert ".example/" in article.url, article.key
        assert "2026-03" <= article.published <= "2026-09-30"
