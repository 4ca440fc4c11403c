"""What have the people of a desk decided that a head can learn from?

Accepted suggestions are claims, dismissed ones are not, nor what was left when an article was finished.
Articles for named people only are left out: nothing of them leaves their circle, not even a weight. Nothing is changed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.core.management.base import CommandError

from claims.evaluation.claim_units import AnnotatedArticle, GoldUnit
from claims.evaluation.editor_top import JudgedStretch
from claims.models import Appearance, Capture, Claim, Desk, Document, FinishedArticle

#: Fewer decisions than these teach chance: of each kind, and from so many articles.
LEAST_OF_KIND = 20
LEAST_ARTICLES = 8

_Triage = Appearance.Triage
_CLOSED = (_Triage.DISMISSED, _Triage.NOT_SELECTED)


@dataclass(frozen=True, slots=True)
class DecidedArticle:
    """An article with what was taken of it, and every stretch somebody decided on."""

    article: AnnotatedArticle
    judged: tuple[JudgedStretch, ...]
    finished: bool


@dataclass(frozen=True, slots=True)
class DeskDecisions:
    """The decided articles of one desk."""

    desk: str
    articles: tuple[DecidedArticle, ...]

    @property
    def taken(self) -> int:
        return sum(one.taken for article in self.articles for one in article.judged)

    @property
    def passed_over(self) -> int:
        return sum(len(article.judged) for article in self.articles) - self.taken

    def __str__(self) -> str:
        return (
            f"{self.taken} accepted and {self.passed_over} dismissed claims of {len(self.articles)} articles "
            f"of the desk {self.desk}"
        )


def decisions_of(slug: str) -> DeskDecisions:
    """Return what a desk decided; raises CommandError where there is no such desk or too little to learn from."""
    desk = Desk.objects.filter(slug=slug).first()
    if desk is None:
        raise CommandError(f"There is no desk “{slug}”.", returncode=2)
    rows = (
        Appearance.objects.filter(desk=desk, capture__isnull=False, triage__in=(_Triage.ACCEPTED, *_CLOSED))
        .exclude(document__visibility=Document.Visibility.NAMED)
        .select_related("claim__claimant")
        .order_by("start", "-end", "pk")
    )
    by_capture: dict[int, list[Appearance]] = defaultdict(list)
    for row in rows:
        if row.capture_id is not None:
            by_capture[row.capture_id].append(row)
    captures = Capture.objects.filter(pk__in=by_capture).select_related("document").order_by("pk")
    found = DeskDecisions(slug, tuple(_decided(one, by_capture[one.pk], desk) for one in captures))
    if len(found.articles) < LEAST_ARTICLES or min(found.taken, found.passed_over) < LEAST_OF_KIND:
        raise CommandError(
            f"Too little to learn from: {found}. At least {LEAST_OF_KIND} of each and {LEAST_ARTICLES} articles "
            f"are needed."
        )
    return found


def _decided(capture: Capture, rows: list[Appearance], desk: Desk) -> DecidedArticle:
    document = capture.document
    article = AnnotatedArticle(
        f"{desk.slug} {capture.pk}",
        capture.text,
        document.published or None,
        tuple(_unit(row) for row in rows if row.triage == _Triage.ACCEPTED),
    )
    judged = tuple(JudgedStretch(row.start, row.end, row.triage == _Triage.ACCEPTED) for row in rows)
    return DecidedArticle(article, judged, FinishedArticle.objects.when(document, desk) is not None)


def _unit(row: Appearance) -> GoldUnit:
    """Return an accepted claim as an annotated unit: what is checked and who says it as the person left it."""
    claim = row.claim
    content = claim is None or claim.checks == Claim.Checks.CONTENT
    claimant = claim.claimant.name if claim is not None and claim.claimant is not None else ""
    dates = frozenset(str(date["value"]) for date in row.dates)
    speaks = row.attribution in ("reported", "quoted")
    return GoldUnit(
        row.start, row.end, row.attribution, claimant if speaks else "", "fact" if content else "said", dates
    )
