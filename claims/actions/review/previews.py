"""What would the public read, were these words published now? Writes nothing and judges nothing."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.publishing.payload import cited_ids, finding_of, numbered
from claims.actions.publishing.publish import preview
from claims.actions.review import verdict_parts
from claims.actions.review.drafts import base_verdict
from claims.actions.review.verdict_text import VerdictData
from claims.exports.payload import BadPayload, Payload, PointShown
from claims.models import Rating, Review, User, Verdict


def preview_draft(
    *, actor: User, review: Review, data: VerdictData, now: dt.datetime | None = None
) -> Payload:
    """Return the payload of words that nobody has submitted; raise Refused where no rating is chosen.

    Citations of what is not evidence of the claim are left out, as submission would refuse them.
    """
    base.require(actor, review.desk, *base.WORKERS, what=_("write verdicts"))
    ratings = Rating.objects.select_related("scale").filter(scale__desk=review.desk)
    rating = ratings.filter(pk=data.rating_id).first() if data.rating_id is not None else None
    if rating is None:
        raise base.Refused(_("Choose a rating first: the preview shows it."))
    texts = (data.justification, *(answer for _question, answer, _finding in data.points))
    asked = cited_ids(*texts)
    held = verdict_parts.holding(review.claim, asked, actor, base_verdict(review))
    citations = [pk for pk in asked if pk in held]
    # The kind of a change and its public note are shown as they are typed, too.
    review = copy.copy(review)
    for name, value in verdict_parts.changed_kind(review, data).items():
        setattr(review, name, value)
    # Never saved: the id 0 belongs to no row, so that it has no points of its own.
    verdict = Verdict(
        pk=0,
        review=review,
        desk=review.desk,
        claim=review.claim,
        number=1,
        wording=data.wording.strip() or review.claim.wording,
        headline=data.headline.strip() or _("(no headline yet)"),
        rating=rating,
        short_answer=data.short_answer,
        justification=data.justification,
        not_found=data.not_found,
        byline=data.byline or actor.byline,
        citations=citations,
    )
    try:
        payload = preview(verdict, now=now or timezone.now())
    except BadPayload as problem:
        raise base.Refused(_("This cannot be shown yet: %(why)s.") % {"why": problem}) from problem
    numbers = {pk: place for place, pk in enumerate(citations, start=1)}
    points = tuple(
        PointShown(
            question=question,
            answer=numbered(answer, numbers),
            finding=finding_of(finding),
            citations=tuple(numbers[pk] for pk in cited_ids(answer) if pk in numbers),
        )
        for question, answer, finding in data.points
    )
    return dataclasses.replace(payload, points=points)
