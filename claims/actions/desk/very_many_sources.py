"""What lies around very many claims: the articles they come from, searches, evidence and the log. For tests of speed.

Written in bulk and past the actions, as ``very_many`` writes the claims; nothing is put into an index.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from claims.actions import partial_dates
from claims.actions.documents.coming import address_key
from claims.independence.lookup import EDITION
from claims.intake.hashing import text_hash
from claims.models import (
    AnalysisRun,
    Appearance,
    Archive,
    AuditDetail,
    AuditEvent,
    Capture,
    Claim,
    Document,
    Evidence,
    Outlet,
    Passage,
    Review,
    SearchHit,
    SearchRun,
    User,
)
from claims.models.documents import DateSource
from claims.models.fields import key_of

#: Claims of one article, and of these how many were only suggested and never looked at, in the newest articles.
PER_ARTICLE, OPEN_ONES = 20, 3
#: Outlets in all, and rows of one statement.
OUTLETS, ROWS = 60, 1_000
#: One log line in so many has words.
DETAILED = 3
_DOMAIN = "invalid"


@dataclass(frozen=True, slots=True)
class Around:
    """Where the articles go and who reads them."""

    archive: Archive
    outlets: tuple[Outlet, ...]
    people: tuple[User, ...]


def around(archive: Archive, people: Sequence[User], now: dt.datetime) -> Around:
    """Return the archive with its outlets, which are made where they are not there."""
    names = [f"Gazette {number}" for number in range(OUTLETS)]
    sites = [f"gazette{number}.scale.{_DOMAIN}" for number in range(OUTLETS)]
    known = {row.site for row in Outlet.objects.filter(site__in=sites)}
    Outlet.objects.bulk_create(
        Outlet(name=name, name_key=key_of(name), site=site, created_at=now)
        for name, site in zip(names, sites, strict=True)
        if site not in known
    )
    return Around(archive, tuple(Outlet.objects.filter(site__in=sites).order_by("pk")), tuple(people))


def surround(
    place: Around, claims: Sequence[Claim], reviews: Sequence[Review], *, newest: bool, dice: random.Random
) -> None:
    """Write articles that hold these claims, a search for each that was searched, evidence and log lines.

    ``claims`` and ``reviews`` stand beside each other, oldest first. The articles of the ``newest`` ones have
    suggestions that nobody has decided about.
    """
    groups = [claims[at : at + PER_ARTICLE] for at in range(0, len(claims), PER_ARTICLE)]
    captures = _articles(place, groups, dice)
    _appearances(place, groups, captures, newest)
    runs = _searches(claims, len(captures))
    _evidence(place, claims, reviews, runs, captures, dice)
    told = AuditEvent.objects.bulk_create(_told(claims, reviews), batch_size=ROWS)
    AuditDetail.objects.bulk_create(
        (AuditDetail(event=event, data={"wording": "as it came"}) for event in told[::DETAILED]),
        batch_size=ROWS,
    )


def _articles(place: Around, groups: Sequence[Sequence[Claim]], dice: random.Random) -> list[Capture]:
    documents, texts = [], []
    for group in groups:
        made, first = group[-1].created_at, group[0].wording
        text = "\n\n".join(claim.wording for claim in group)
        texts.append(text)
        outlet = dice.choice(place.outlets)
        url = f"https://{outlet.site}/{made:%Y/%m/%d}/{group[0].pk}"
        documents.append(
            Document(
                archive=place.archive,
                desk=group[0].desk,
                kind=Document.Kind.WEB,
                url=url,
                address_key=address_key(url),
                title=first,
                outlet=outlet,
                language="en",
                published_source=DateSource.METADATA,
                added_by=dice.choice(place.people),
                captures_made=1,
                origin_edition=EDITION,
                created_at=made,
                updated_at=made,
                **partial_dates.columns("published", made.date().isoformat()),
            )
        )
    Document.objects.bulk_create(documents, batch_size=ROWS)
    captures = [
        Capture(
            document=document,
            number=1,
            final_url=document.url,
            text=text,
            text_hash=text_hash(text),
            characters=len(text),
            title=document.title,
            language="en",
            extractor="seed_scale",
            published=document.published,
            published_source=document.published_source,
            created_at=document.created_at,
        )
        for document, text in zip(documents, texts, strict=True)
    ]
    Capture.objects.bulk_create(captures, batch_size=ROWS)
    Passage.objects.bulk_create(
        (Passage(capture=capture, number=1, start=0, end=capture.characters) for capture in captures),
        batch_size=ROWS,
    )
    return captures


def _appearances(
    place: Around, groups: Sequence[Sequence[Claim]], captures: Sequence[Capture], newest: bool
) -> None:
    runs = AnalysisRun.objects.bulk_create(
        (
            AnalysisRun(
                desk=group[0].desk,
                capture=capture,
                analyser="seed_scale",
                published=capture.published,
                language="en",
                units=len(group),
                created_at=capture.created_at,
            )
            for group, capture in zip(groups, captures, strict=True)
        ),
        batch_size=ROWS,
    )
    rows = []
    for group, capture, run in zip(groups, captures, runs, strict=True):
        at = 0
        for number, claim in enumerate(group):
            end = at + len(claim.wording)
            suggested = newest and number < OPEN_ONES
            rows.append(
                Appearance(
                    desk=claim.desk,
                    document_id=capture.document_id,
                    capture=capture,
                    run=run,
                    unit=number,
                    start=at,
                    end=end,
                    sentence_start=at,
                    sentence_end=end,
                    paragraph_start=at,
                    paragraph_end=end,
                    quotation=claim.wording,
                    wording=claim.wording,
                    score=claim.score,
                    triage=Appearance.Triage.SUGGESTED if suggested else Appearance.Triage.ACCEPTED,
                    claim=None if suggested else claim,
                    touched_by=None if suggested else claim.added_by,
                    touched_at=None if suggested else claim.created_at,
                    created_at=capture.created_at,
                )
            )
            at = end + 2
    Appearance.objects.bulk_create(rows, batch_size=ROWS)


def _searches(claims: Sequence[Claim], searched: int) -> dict[int, SearchRun]:
    rows = [
        SearchRun(
            desk=claim.desk,
            claim=claim,
            questions=[{"text": claim.wording, "terms": claim.wording.lower().split()}],
            engine="seed_scale",
            searched=searched,
            hits_found=claim.articles_found,
            outcome=SearchRun.Outcome.FOUND if claim.articles_found else SearchRun.Outcome.NOTHING,
            created_at=claim.created_at,
        )
        for claim in claims
        if claim.searched_at
    ]
    return {row.claim_id: row for row in SearchRun.objects.bulk_create(rows, batch_size=ROWS)}


def _evidence(
    place: Around,
    claims: Sequence[Claim],
    reviews: Sequence[Review],
    runs: dict[int, SearchRun],
    captures: Sequence[Capture],
    dice: random.Random,
) -> None:
    rows, hits = [], []
    for claim, review in zip(claims, reviews, strict=True):
        decided = review.state not in (Review.State.QUEUED, Review.State.IN_PROGRESS)
        found = dice.sample(range(len(captures)), min(claim.articles_found, len(captures)))
        for rank, at in enumerate(found, 1):
            capture, run = captures[at], runs.get(claim.pk)
            cited = decided and review.state != Review.State.CLOSED and rank <= 3
            rows.append(
                Evidence(
                    desk=claim.desk,
                    claim=claim,
                    kind=Evidence.Kind.PASSAGE,
                    document_id=capture.document_id,
                    capture=capture,
                    start=0,
                    end=len(capture.title),
                    quotation=capture.title,
                    place_key=f"{capture.pk}:0:{len(capture.title)}",
                    run=run,
                    rank=rank,
                    relevance=max(100 - 12 * rank, 2),
                    folded=rank > 12,
                    stance=dice.choice(("supports", "refutes", "context")) if decided else "",
                    cited=cited,
                    decided_by=review.assignee if decided else None,
                    decided_at=claim.created_at if decided and review.assignee else None,
                    created_at=claim.created_at,
                )
            )
            if run is not None:
                hits.append(
                    SearchHit(
                        run=run,
                        rank=rank,
                        document_id=capture.document_id,
                        capture=capture,
                        start=0,
                        end=len(capture.title),
                    )
                )
    Evidence.objects.bulk_create(rows, batch_size=ROWS)
    SearchHit.objects.bulk_create(hits, batch_size=ROWS)


def _told(claims: Sequence[Claim], reviews: Sequence[Review]) -> Iterator[AuditEvent]:
    """Yield log lines as the acts would have left them: that it came in, was searched and went through its states."""
    path = [Review.State.QUEUED, Review.State.IN_PROGRESS, Review.State.AWAITING_APPROVAL]
    verbs: dict[str, str] = {
        Review.State.IN_PROGRESS: "review.started",
        Review.State.AWAITING_APPROVAL: "verdict.submitted",
        Review.State.APPROVED: "verdict.approved",
        Review.State.PUBLISHED: "review.published",
        Review.State.CLOSED: "review.closed",
    }
    for claim, review in zip(claims, reviews, strict=True):
        person = review.assignee_id or claim.added_by_id
        yield _line(claim, person, "claim.added")
        if claim.searched_at:
            yield _line(claim, person, "claim.searched")
        went: list[str] = [*path, Review.State.APPROVED, Review.State.PUBLISHED]
        went = (
            went[: went.index(review.state) + 1] if review.state in went else [path[0], Review.State.CLOSED]
        )
        for before, after in pairwise(went):
            yield _line(claim, person, verbs[after], review, before, after)


def _line(
    claim: Claim, person: int, verb: str, review: Review | None = None, before: str = "", after: str = ""
) -> AuditEvent:
    return AuditEvent(
        desk_id=claim.desk_id,
        actor_id=person,
        verb=verb,
        object_kind="claim" if review is None else "review",
        object_id=claim.pk if review is None else review.pk,
        claim_id=claim.pk,
        before=before,
        after=after,
        via="web",
        created_at=claim.created_at,
    )
