"""Whatever evidence is and why it does not count: page, queue, policy, API, admin, export and payload say the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from claims.actions.desk.api_keys import make_key
from claims.actions.documents import intake
from claims.actions.evidence import decisions
from claims.actions.origin_counts import recount_origins
from claims.actions.publishing.payload import build_payload, sources_of
from claims.actions.reliance import reliance_of
from claims.actions.review.bulk import export_csv
from claims.exports.csvfile import stream as csv_stream
from claims.models import Claim, Evidence, Verdict
from claims.models.standing import evidence_of
from claims.review.standing import EvidenceStanding
from claims.vocabulary import ReleaseKind
from tests.builders import HARBOUR, accepted, analysed, article, moment
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db(transaction=True)

OWN = "https://lenna.example/fees"
COUNTED = "The port of Lenna lost 300 jobs since 2024, the labour office found in a count of its own."
SAID = "The port had lost 300 jobs since 2024, Ilse Brandt said."
NUMBER = 0


@pytest.fixture
def claim(cast: Cast) -> Claim:
    """A claim of Ilse Brandt's from an article, with one source that counts."""
    added = article(cast, url=OWN, published="2026-03-05")
    analysed(cast, added)
    made = accepted(cast, "had lost 300 jobs")
    passage(cast, made, "In Lenna 301 jobs were lost in the port since 2024, the chamber of trade counted.")
    return made


def passage(cast: Cast, claim: Claim, words: str, document: Any = None) -> Evidence:
    """Add a passage as a search does."""
    global NUMBER
    NUMBER += 1
    if document is None:
        document = article(
            cast, f"Edition {NUMBER * 7919}\n\n{words} {NUMBER}", published="2026-03-06"
        ).document
    row = Evidence.objects.create(
        desk=claim.desk, claim=claim, kind=Evidence.Kind.PASSAGE, document=document,
        capture=document.captures.first(), quotation=words, place_key=f"test:{NUMBER}", rank=NUMBER,
        relies=reliance_of(words, claim.wording, document=document).to_json(), created_at=moment(),
    )  # fmt: skip
    recount_origins([claim.pk])
    return row


def by_file(cast: Cast, claim: Claim, words: str, own: bool) -> Evidence:
    text = HARBOUR if own else f"A report on the port\n\n{words}"
    added = article(cast, text, **({"url": OWN} if own else {"published": "2026-03-06"}))
    quoted = "the port had lost 300 jobs since 2024" if own else words
    with transaction.atomic():
        return decisions.evidence_of_file(
            actor=cast.ada, first=added, name="report.txt", claim=claim.pk, quotation=quoted, title="",
            stance="", now=moment(),
        )  # fmt: skip


def by_url(cast: Cast, claim: Claim, words: str, own: bool, fetched: bool) -> Evidence:
    url = OWN if own else "https://www.port-news.example/count?utm_source=mail"
    row = decisions.add_by_url(actor=cast.ada, claim=claim, url=url, quotation=words, date="2026-03-06")
    if fetched and not own:
        intake.add_text(
            actor=cast.ada, desk=cast.desk, text=f"The port\n\n{words}", url="https://www.port-news.example/count",
            published="2026-03-06",
        )  # fmt: skip
    row.refresh_from_db()
    return row


def make(cast: Cast, claim: Claim, kind: str, reason: str) -> Evidence:
    words = SAID if reason == "repeats" else COUNTED
    own = reason == "own"
    if kind == "passage":
        row = passage(cast, claim, words, claim.appearances.get().document if own else None)
    elif kind == "file":
        row = by_file(cast, claim, words, own)
    elif kind == "url":
        row = by_url(cast, claim, words, own, fetched=reason != "not_fetched")
    elif kind == "quotation":
        row = decisions.add_quotation(
            actor=cast.ada, claim=claim, quotation=words, source_title="Almanac of the port",
            source_url=f"{OWN}/" if own else "", source_date="2026-03-06",
        )  # fmt: skip
    else:
        who = "Ilse Brandt" if reason == "repeats" else "Press desk of the port"
        row = decisions.add_contact(
            actor=cast.ada, claim=claim, who=who, quotation=words, asked_at=moment(-1), now=moment()
        )
    if reason == "irrelevant":
        decisions.decide(actor=cast.ada, evidence=row, stance="irrelevant")
    if reason == "rejected":
        decisions.decide(actor=cast.ada, evidence=row, rejected=True)
    if reason == "said_by_a_person":
        decisions.decide(actor=cast.ada, evidence=row, according_to="Minister Ilse Brandt")
    row.refresh_from_db()
    return row


#: What counts and what does not: every kind by every reason that it can have.
CASES = [
    (kind, reason)
    for kind in ("passage", "file", "url", "quotation", "contact")
    for reason in ("", "rejected", "irrelevant", "own", "repeats", "said_by_a_person", "not_fetched")
    if (reason != "not_fetched" or kind == "url") and (reason != "own" or kind != "contact")
]


def numbers(found: EvidenceStanding) -> tuple[int, int, int]:
    return found.articles, found.origins, found.in_time


def of_page(cast: Cast, claim: Claim) -> tuple[int, int, int]:
    return _on_board(pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/").content.decode())


def _on_board(page: str) -> tuple[int, int, int]:
    line = re.sub(r"<[^>]+>", "", page[page.index('id="evidence-figures"') :][:600])

    def figure(word: str) -> int:
        hit = re.search(rf"(\d+) {word}", line)
        return int(hit[1]) if hit else 0

    # The lanes say the same as the line above them.
    lanes = re.findall(r'class="lane-head".*?class="count">(\d+) origin', page, re.DOTALL)
    assert sum(int(n) for n in lanes) == figure("origins?"), lanes
    return figure("articles? ·"), figure("origins?"), figure("in the claim")


def of_queue(cast: Cast, claim: Claim) -> tuple[int, int]:
    page = pages.signed_in(cast.ada).get("/desk/north/claims/").content.decode()
    cell = page[page.index(f'href="/claims/{claim.pk}/"') :]
    cell = re.sub(r"<[^>]+>", " ", cell[cell.index('data-label="Origins"') :][:400])
    hit = re.search(r"(\d+)\s+of (\d+) article", cell)
    return (int(hit[2]), int(hit[1])) if hit else (0, 0)


def of_admin(cast: Cast, claim: Claim) -> tuple[int, int, int]:
    return _on_board(
        pages.signed_in(cast.dana).get(f"/admin/claims/claim/{claim.pk}/change/").content.decode()
    )


def of_api(cast: Cast, claim: Claim) -> tuple[int, int, int]:
    _row, text = make_key(actor=cast.dana, desk=cast.desk, name=f"k{claim.pk}", scopes=["read"])
    answer = pages.signed_in(cast.ada).get(
        f"/api/v1/claims/{claim.pk}", headers={"Authorization": f"Bearer {text}"}
    )
    row = answer.json()
    return row["articles_found"], row["origins_found"], row["in_time_found"]


def of_export(cast: Cast, claim: Claim) -> tuple[int, int, int]:
    (row,) = csv.DictReader(io.StringIO(export_csv(actor=cast.ada, claims=[claim]).decode()))
    return int(row["articles"]), int(row["origins"]), int(row["in_time"])


@pytest.mark.parametrize(("kind", "reason"), CASES)
def test_every_surface_shows_the_same_figures(cast: Cast, claim: Claim, kind: str, reason: str) -> None:
    row = make(cast, claim, kind, reason)
    counts = not reason and kind != "contact"
    wanted = (2, 2, 2) if counts else (1, 1, 1)
    found = evidence_of([claim.pk])[claim.pk]
    assert numbers(found.standing) == wanted, found.standing
    claim.refresh_from_db()
    assert (claim.articles_found, claim.origins_found, claim.in_time_found) == wanted
    assert of_page(cast, claim) == wanted
    assert of_queue(cast, claim) == wanted[:2]
    assert of_admin(cast, claim) == wanted
    assert of_api(cast, claim) == wanted
    assert of_export(cast, claim) == wanted
    # What the policy is told of a verdict that cites both, and what the public payload says.
    cited = list(Evidence.objects.filter(claim=claim).order_by("pk").values_list("pk", flat=True))
    assert row.pk in cited
    assert numbers(found.of(cited)) == wanted
    verdict = verdict_citing(cast, claim, cited)
    payload = build_payload(
        verdict=verdict, sources=sources_of(verdict), factcheck=None, public_id="x", number=1,
        kind=ReleaseKind.FIRST, public_note="", now=moment(),
    )  # fmt: skip
    assert payload.origins == wanted[1]
    (line,) = csv.DictReader(io.StringIO(b"".join(csv_stream([payload])).decode()))
    assert int(line["origins"]) == wanted[1]


def verdict_citing(cast: Cast, claim: Claim, cited: list[int]) -> Verdict:
    return Verdict(
        pk=10**9, claim=claim, desk=claim.desk, review=pages.review_of(claim), number=1,
        wording=claim.wording, headline="x",
        rating=pages.rating(cast.desk), justification=" ".join(f"[e:{pk}]" for pk in cited), citations=cited,
        created_by=cast.ada,
    )  # fmt: skip


@pytest.mark.parametrize(
    "statement", ["claimant", "alias", "checks", "made_on", "accept", "date", "origin", "outlet"]
)
def test_what_the_figures_rest_on_moves_them(
    cast: Cast, claim: Claim, statement: str, drain: Callable[..., int]
) -> None:
    """Another claimant, another date, another place of the claim: the kept figures follow at once."""
    from claims.actions.claims import changes, claimants
    from claims.actions.documents import details, origin_decisions, publication

    row = passage(cast, claim, "The port lost 300 jobs since 2024, Karin Holt said.")
    claim.refresh_from_db()
    before = (claim.articles_found, claim.origins_found, claim.in_time_found)
    assert before == (2, 2, 2)
    document = row.document
    assert document is not None
    if statement == "claimant":
        changes.set_claimant(actor=cast.ada, claim=claim, name="Karin Holt")
        wanted = (1, 1, 1)
    elif statement == "alias":
        assert claim.claimant
        claimants.add_alias(actor=cast.carla, claimant=claim.claimant, alias="Karin Holt")
        wanted = (1, 1, 1)
    elif statement == "checks":
        changes.set_claimant(actor=cast.ada, claim=claim, name="Karin Holt")
        changes.set_checks(actor=cast.ada, claim=claim, checks="said")
        wanted = (2, 2, 2)
    elif statement == "made_on":
        changes.set_dates(actor=cast.ada, claim=claim, made_on="2019-01-01", about="")
        wanted = (2, 2, 0)
    elif statement == "accept":
        added = intake.add_text(
            actor=cast.ada, desk=cast.desk, text=HARBOUR + " Again.", published="2026-03-05"
        )
        analysed(cast, added)
        from claims.actions.triage.decisions import accept
        from claims.models import Appearance

        origin_decisions.set_origin(
            actor=cast.carla, document=document, origin=added.document.origin, reason="one report"
        )
        other = Appearance.objects.filter(
            document=added.document, quotation__contains="had lost 300 jobs"
        ).get()
        accept(actor=cast.ada, appearance=other, claim=claim)
        wanted = (1, 1, 1) if added.document.origin_id else (2, 2, 2)
    elif statement == "date":
        publication.set_publication(actor=cast.ada, document=document, value="2019-01-01")
        wanted = (2, 2, 1)
    elif statement == "outlet":
        words = "The port lost 300 jobs since 2024."
        Evidence.objects.filter(pk=row.pk).update(quotation=words)
        details.set_metadata(actor=cast.ada, document=document, outlet="Karin Holt's Letters")
        claim.refresh_from_db()
        assert (claim.articles_found, claim.origins_found) == (2, 2)
        document.refresh_from_db()
        details.set_metadata(actor=cast.ada, document=document, outlet="Ilse Brandt")
        wanted = (1, 1, 1)
    else:
        first = Evidence.objects.filter(claim=claim).order_by("pk")[0].document
        assert first is not None
        document.refresh_from_db()
        origin_decisions.merge_origin(
            actor=cast.carla, origin=document.origin, into=first.origin, reason="one report"
        )
        wanted = (2, 1, 2)
    claim.refresh_from_db()
    assert (claim.articles_found, claim.origins_found, claim.in_time_found) == wanted
    assert numbers(evidence_of([claim.pk])[claim.pk].standing) == wanted
