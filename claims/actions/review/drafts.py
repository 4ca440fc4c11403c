"""Words that nobody has submitted yet, and the version that the next one is made from.

Drafts are one person's, outside the audit rule, and are kept whatever else happens to the review.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.models import FactCheck, Review, User, Verdict, VerdictDraft
from claims.models.kept import kept
from claims.models.together import Asking, answered

DRAFT_BYTES = 600_000


def base_verdict(review: Review) -> Verdict | None:
    """Return the version that the next one is made from: the review's newest, else what is published."""
    return answered(ask_base_verdict(review))


def ask_base_verdict(review: Review) -> Asking[Verdict | None]:
    """Ask for what ``base_verdict`` returns, beside other parts of a page."""
    newest, published = _newest_version(review.pk), _published_of(review.claim_id)
    yield [newest, published]
    for verdict in newest:
        verdict.review = review
        return verdict
    return next((one.latest.verdict for one in published if one.latest is not None), None)


@kept
def _newest_version(review: int) -> QuerySet[Verdict]:
    return Verdict.objects.filter(review=review).order_by("-number")[:1]


@kept
def _published_of(claim: int) -> QuerySet[FactCheck]:
    checks = FactCheck.objects.select_related("latest__verdict__review").filter(claim_id=claim)
    return checks.defer("latest__payload", "raw").order_by()


def base_verdicts(reviews: Iterable[Review], *, reader: User | None = None) -> dict[int, Verdict]:
    """Return by review id what ``base_verdict`` gives for each, in two queries for all of them.

    ``reader`` is who is told of them: what is kept from them as long as they owe an opinion is left out.
    """
    claims = {review.claim_id: review.pk for review in reviews}
    published = FactCheck.objects.filter(claim__in=claims).select_related("latest__verdict__rating")
    found = {
        claims[check.claim_id]: check.latest.verdict
        for check in published.defer("latest__payload", "raw")
        if check.claim_id and check.latest and check.latest.verdict
    }
    rows = Verdict.objects.all() if reader is None else Verdict.objects.not_kept_from(reader)
    newest = rows.filter(review__in=claims.values()).select_related("rating")
    found.update({verdict.review_id: verdict for verdict in newest.order_by("review_id", "number")})
    return found


def draft_of(review: Review, user: User) -> VerdictDraft | None:
    """Return this person's autosaved words, leaving proposals aside."""
    return answered(ask_draft_of(review, user))


def ask_draft_of(review: Review, user: User) -> Asking[VerdictDraft | None]:
    """Ask for what ``draft_of`` returns, beside other parts of a page."""
    rows = _drafts(review.pk, user)
    yield [rows]
    return next((one for one in rows if not one.data.get("proposal")), None)


@kept
def _drafts(review: int, user: User) -> QuerySet[VerdictDraft]:
    return VerdictDraft.objects.filter(review=review, user=user).order_by()


@transaction.atomic
def save_draft(
    *,
    actor: User,
    review: Review,
    data: dict[str, object],
    expected_version: int | None,
    now: dt.datetime | None = None,
) -> VerdictDraft:
    """Keep a person's words as they are typed; outside the audit rule.

    Kept in any state of the review, so that no typed word is lost to somebody else's act. Raises Stale where
    another window of the same person saved newer words than ``expected_version``.
    """
    now = now or timezone.now()
    base.require(actor, review.desk, *base.WORKERS, what=_("write verdicts"))
    if len(json.dumps(data)) > DRAFT_BYTES:
        raise base.Refused(_("This draft is too long to be kept."))
    data = {name: value for name, value in data.items() if name not in ("proposal", "comment")}
    made, created = VerdictDraft.objects.get_or_create(
        review=review,
        user=actor,
        defaults={"data": data, "updated_at": now, "base": base_verdict(review)},
    )
    if created:
        return made
    if expected_version is not None and made.version != expected_version:
        raise base.Stale(
            _(
                "Another window of yours saved newer words at %(at)s. "
                "Copy what you have here, then load the page again."
            )
            % {"at": f"{made.updated_at:%H:%M}"}
        )
    changed = VerdictDraft.objects.filter(pk=made.pk, version=made.version).update(
        data=data, updated_at=now, version=F("version") + 1, base=base_verdict(review)
    )
    if not changed:
        raise base.Stale(
            _("Another window of yours was faster. Copy what you have here, then load the page again.")
        )
    made.refresh_from_db()
    return made
