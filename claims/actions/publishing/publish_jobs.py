"""The jobs of publication: release what is due, and carry a release to what depends on it."""

from __future__ import annotations

from django.utils import timezone

from claims.actions import base
from claims.actions.publishing import publish
from claims.exports.payload import digest
from claims.jobs.rows import JobRefused, Running
from claims.models import Match, Release, Review


def publish_due(job: Running) -> None:
    """Publish one approved review whose time has come.

    Where the rules refuse, the review is held, so that a person sees it and the clock stops asking.
    """
    pk = job.row.arguments["review"]
    now = timezone.now()
    refusal = ""
    with job.fenced():
        review = Review.objects.select_for_update().get(pk=pk)
        due = review.state == Review.State.APPROVED and not review.held
        if not due or review.publish_at is None or review.publish_at > now:
            job.finish({"published": False, "why": "it is no longer due"})
            return
        try:
            release = publish.publish(actor=None, review=review, now=now)
        except base.Refused as problem:
            refusal = str(problem)
        else:
            job.finish({"published": True, "release": release.pk})
            return
    with job.fenced():
        changed = Review.objects.filter(pk=pk, version=review.version, state=Review.State.APPROVED)
        if changed.update(held=True, publish_at=None, version=review.version + 1):
            base.audit(
                "review.publication_refused",
                review,
                actor=None,
                desk=review.desk,
                claim_id=review.claim_id,
                now=now,
                why=refusal,
            )
    raise JobRefused(f"It was not published and is held now: {refusal}")


def fan_out(job: Running) -> None:
    """Tell what depends on a published check that it has changed.

    Claims that were closed because of this check, or to which it is suggested, get a row in their history.
    Pages and feeds need nothing: they are rendered from the release that is now the latest.
    """
    release = Release.objects.select_related("factcheck__desk").get(pk=job.row.arguments["release"])
    if release.redacted_at is None and digest(release.payload) != release.payload_hash:
        raise JobRefused("The stored release differs from its own hash. Compare it with a backup.")
    check = release.factcheck
    matches = list(
        Match.objects.filter(factcheck=check)
        .exclude(state=Match.State.REJECTED)
        .select_related("claim__desk")
        .order_by("id")
    )
    told = 0
    with job.fenced():
        if release.kind != Release.Kind.FIRST:
            for match in matches:
                base.audit(
                    "match.factcheck_changed",
                    match,
                    actor=None,
                    desk=match.claim.desk,
                    claim_id=match.claim_id,
                    after=release.kind,
                    factcheck=check.pk,
                    release=release.number,
                )
                told += 1
        job.finish({"claims_told": told})
