"""What follows when other people may read a document than before? Everything that hangs on it, at once.

Lists, pages and exports ask the document each time and need nothing. Here is what was written down elsewhere:
who is named, what would be published, the index, names that the document gave, jobs that fetched it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.indexing.outbox import touch_index
from claims.intake.decode import tidy_name
from claims.models import Appearance, Archive, Claim, Claimant, Document, Evidence, Job, User
from claims.models.fields import key_of


def follow(
    document: Document, *, before: str, named: Iterable[User] | None, actor: User, now: dt.datetime
) -> None:
    """Bring what depends on a document's readers in line, inside the caller's transaction and under its lock.

    Raises Refused where somebody is named who does not read the document's archive.
    """
    base.require(actor, document.desk, *base.WORKERS, what=_("change who sees a document"))
    if named is not None:
        _name(document, list(named), actor)
    elif document.visibility == Document.Visibility.NAMED and document.added_by_id != actor.pk:
        # Who closes a door does not stand outside.
        document.named.add(actor)
    if before == Document.Visibility.ARCHIVE and document.visibility != before:
        _withdraw_words(document, actor, now)
        _hand_names_on(document)
    _mark_jobs(document)
    claims = Claim.objects.filter(appearances__document=document) | Claim.objects.filter(source=document)
    named_by = Claimant.objects.filter(source=document)
    claims = claims | Claim.objects.filter(claimant__in=named_by)
    for pk in sorted(set(claims.order_by().values_list("pk", flat=True))):
        touch_index("claims", pk)


def _name(document: Document, people: list[User], actor: User) -> None:
    for person in people:
        reads = Document.objects.filter(pk=document.pk, archive__in=_archives(person)).exists()
        if not person.is_active or not (reads or person.is_superuser):
            raise base.Refused(
                _(
                    "%(name)s works at no desk that reads this archive, so naming them would show them nothing."
                )
                % {"name": person.display_name}
            )
    kept = {person.pk: person for person in people}
    if document.visibility == Document.Visibility.NAMED and document.added_by_id != actor.pk:
        kept[actor.pk] = actor
    document.named.set(kept.values())


def _archives(person: User) -> list[int]:
    return list(Archive.objects.for_user(person).values_list("pk", flat=True))


def _withdraw_words(document: Document, actor: User, now: dt.datetime) -> None:
    """Take the document's words out of what would be published, until a person decides otherwise."""
    rows = Evidence.objects.filter(document=document, is_public=True).select_related("desk")
    for row in rows:
        Evidence.objects.filter(pk=row.pk).update(is_public=False, cleared_by=None, version=F("version") + 1)
        base.audit(
            "evidence.decided",
            row,
            actor=actor,
            desk=row.desk,
            claim_id=row.claim_id,
            now=now,
            before_values={"is_public": True},
            after_values={"is_public": False},
        )


def _mark_jobs(document: Document) -> None:
    """Let the jobs that fetched the document's address say so: what they kept of it is then shown as it is."""
    if not document.url or document.visibility == Document.Visibility.ARCHIVE:
        return
    fetched = Job.objects.filter(kind="fetch", arguments__url=document.url)
    fetched.filter(desk__own_archives=document.archive_id).update(subject=f"document {document.pk}")
    fetched.filter(desk__archives=document.archive_id).update(subject=f"document {document.pk}")


def _hand_names_on(document: Document) -> None:
    """Let the names that a document gave hang on another one that gives them too and that all may read."""
    for claimant in Claimant.objects.filter(source=document):
        rows = (
            Appearance.objects.filter(
                claim__claimant=claimant, document__visibility=Document.Visibility.ARCHIVE
            )
            .exclude(document=document)
            .select_related("document__outlet")
            .order_by("pk")[:200]
        )
        for row in rows:
            assert row.document is not None
            given = row.claimant_text or (
                row.document.outlet.name if row.document.outlet else row.document.authors
            )
            if key_of(tidy_name(given))[:200] == claimant.name_key:
                Claimant.objects.filter(pk=claimant.pk).update(source=row.document)
                break
