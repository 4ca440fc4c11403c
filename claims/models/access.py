"""May this person have this object? The only doors to single objects; every other raises NotVisible.

Whether the object does not exist, belongs to another desk or hangs on a document that is shown to others is not
told apart: every table has one ``visible_to``, and these doors ask it. What a person may *do* with it is asked in
the actions.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from claims.models.alerts import SourceAlert
from claims.models.audit import AuditEvent
from claims.models.bulk import BulkAct, Selection
from claims.models.claims import Appearance, Claim, Claimant
from claims.models.desks import ApiKey, Desk, Invitation
from claims.models.documents import AnalysisRun, Capture, Document, Origin
from claims.models.evidence import Evidence, SearchHit, SearchRun
from claims.models.factchecks import FactCheck, Match, Release
from claims.models.feeds import Feed
from claims.models.fields import row_number
from claims.models.inbox import Notice
from claims.models.jobs import Job
from claims.models.notes import DeskNote
from claims.models.panels import Panel
from claims.models.reader_messages import ReaderMessage
from claims.models.rereadings import RereadArticle, Rereading
from claims.models.reviews import Review, Verdict
from claims.models.tags import SavedView, Tag
from claims.models.users import OpenSession, User

_Row = TypeVar("_Row", bound=models.Model)
Person = User | AnonymousUser


class NotVisible(ObjectDoesNotExist):
    """There is no such object for this person; pages and API answer 404."""


def _known(user: Person) -> User:
    if not isinstance(user, User) or not user.is_active:
        raise NotVisible(_("There is nothing here that you may see."))
    return user


def _one(rows: models.QuerySet[_Row], **by: Any) -> _Row:
    # Not first(): the model's ordering would sort what the key already decides.
    row = rows.filter(**by).order_by().first()
    if row is None:
        raise NotVisible(_("There is nothing here that you may see."))
    return row


def _of_desks(rows: models.QuerySet[_Row], user: User) -> models.QuerySet[_Row]:
    return rows if user.is_superuser else rows.filter(desk__in=Desk.objects.for_user(user))


def access_desk(user: Person, slug: str) -> Desk:
    """Return the desk of this address if the person works there."""
    return _one(Desk.objects.for_user(_known(user)), slug=slug)


def access_document(user: Person, pk: int) -> Document:
    """Return a document of an archive the person reads, if its own visibility lets them."""
    rows = Document.objects.visible_to(_known(user)).select_related(
        "outlet", "outlet__owner", "archive", "desk", "origin"
    )
    return _one(rows, pk=pk)


def access_capture(user: Person, pk: int) -> Capture:
    """Return a capture of a document the person may read."""
    return _one(Capture.objects.visible_to(_known(user)).select_related("document"), pk=pk)


def access_origin(user: Person, pk: int) -> Origin:
    """Return an origin in an archive the person reads, if they may read all that belongs to it."""
    return _one(Origin.objects.visible_to(_known(user)), pk=pk)


def access_analysis(user: Person, pk: int) -> AnalysisRun:
    """Return an analysis of the person's desk."""
    return _one(AnalysisRun.objects.visible_to(_known(user)).select_related("capture", "desk"), pk=pk)


def access_appearance(user: Person, pk: int) -> Appearance:
    """Return an appearance of the person's desk."""
    rows = Appearance.objects.visible_to(_known(user)).select_related("capture", "document", "desk", "claim")
    return _one(rows, pk=pk)


def access_claim(user: Person, pk: int) -> Claim:
    """Return a claim of the person's desk, merged ones too: their page leads on."""
    return _one(
        Claim.objects.visible_to(_known(user)).select_related(
            "claimant", "desk", "merged_into", "dates_from__document"
        ),
        pk=pk,
    )


def access_claimant(user: Person, pk: int) -> Claimant:
    """Return a claimant of the person's desk."""
    return _one(Claimant.objects.visible_to(_known(user)).select_related("desk", "merged_into"), pk=pk)


def access_evidence(user: Person, pk: int) -> Evidence:
    """Return a piece of evidence of the person's desk."""
    rows = Evidence.objects.visible_to(_known(user)).select_related("claim", "desk", "document", "capture")
    return _one(rows, pk=pk)


def access_alert(user: Person, pk: int) -> SourceAlert:
    """Return a new source for a claim of the person's desk, if they may read the source."""
    rows = SourceAlert.objects.visible_to(_known(user))
    return _one(rows.select_related("claim", "desk", "document", "capture"), pk=pk)


def access_search_run(user: Person, pk: int) -> SearchRun:
    """Return a search of the person's desk."""
    return _one(SearchRun.objects.visible_to(_known(user)).select_related("claim", "desk"), pk=pk)


def access_hit(user: Person, claim: Claim, pk: str) -> SearchHit:
    """Return an answer of a search for the claim, from a document that the person may read."""
    rows = SearchHit.objects.visible_to(_known(user)).filter(run__claim=claim)
    return _one(rows.select_related("run__claim__desk", "document", "capture"), pk=row_number(pk) or 0)


def access_match(user: Person, pk: int) -> Match:
    """Return the link between a claim of the person's desk and an earlier fact check."""
    rows = Match.objects.visible_to(_known(user))
    return _one(rows.select_related("claim", "factcheck"), pk=pk)


def access_review(user: Person, pk: int) -> Review:
    """Return a review of the person's desk."""
    return _one(
        Review.objects.visible_to(_known(user)).select_related("claim", "desk", "assignee", "lease_user"),
        pk=pk,
    )


def access_verdict(user: Person, pk: int) -> Verdict:
    """Return a verdict version of the person's desk."""
    rows = Verdict.objects.visible_to(_known(user))
    return _one(rows.select_related("review", "claim__claimant", "desk", "rating__scale"), pk=pk)


def access_factcheck(user: Person, pk: int) -> FactCheck:
    """Return a fact check of the person's desk, for work on it; its public page has a door of its own."""
    return _one(FactCheck.objects.visible_to(_known(user)).select_related("claim", "desk", "latest"), pk=pk)


def access_release(user: Person, pk: int) -> Release:
    """Return a release of a fact check of the person's desk."""
    return _one(Release.objects.visible_to(_known(user)).select_related("factcheck", "verdict"), pk=pk)


def access_feed(user: Person, pk: int) -> Feed:
    """Return a feed of the person's desk."""
    return _one(Feed.objects.visible_to(_known(user)).select_related("desk"), pk=pk)


def access_job(user: Person, pk: int) -> Job:
    """Return a job of the person's desk; the installation's own upkeep is for its administrators."""
    return _one(Job.objects.visible_to(_known(user)).select_related("desk"), pk=pk)


def access_reader_message(user: Person, pk: int) -> ReaderMessage:
    """Return what a reader wrote to the person's desk."""
    return _one(
        ReaderMessage.objects.visible_to(_known(user)).select_related(
            "desk", "factcheck", "claim", "settled_by"
        ),
        pk=pk,
    )


def access_rereading(user: Person, pk: int) -> Rereading:
    """Return a batch of readings by newer rules of the person's desk; its articles are asked for one by one."""
    rows = Rereading.objects.visible_to(_known(user)).select_related("desk", "asked_by", "applied_by")
    return _one(rows, pk=pk)


def access_reread_article(user: Person, pk: int) -> RereadArticle:
    """Return one article of such a batch, if the person may read the article."""
    rows = RereadArticle.objects.visible_to(_known(user)).select_related("rereading__desk", "document")
    return _one(rows, pk=pk)


def access_selection(user: Person, pk: int) -> Selection:
    """Return claims that this person has selected; another's selection is not there."""
    return _one(Selection.objects.visible_to(_known(user)).select_related("desk"), pk=pk)


def access_bulk_act(user: Person, pk: int) -> BulkAct:
    """Return an act on many claims that this person asked for, or that was done at a desk they edit."""
    rows = BulkAct.objects.visible_to(_known(user)).select_related(
        "desk", "asked_by", "selection", "undone_by"
    )
    return _one(rows, pk=pk)


def access_own_session(user: Person, pk: int) -> OpenSession:
    """Return one of the person's own open sessions."""
    return _one(OpenSession.objects.visible_to(_known(user)), pk=pk)


def access_notice(user: Person, pk: int) -> Notice:
    """Return what this person was told."""
    return _one(Notice.objects.visible_to(_known(user)).select_related("desk"), pk=pk)


def access_note(user: Person, pk: int) -> DeskNote:
    """Return a note on something the person sees at their desk."""
    rows = DeskNote.objects.visible_to(_known(user)).select_related("desk", "claim", "evidence", "document")
    return _one(rows, pk=pk)


def access_panel(user: Person, pk: int) -> Panel:
    """Return a panel on a claim that the person sees; what was said in it is asked of its opinions."""
    rows = Panel.objects.visible_to(_known(user))
    return _one(rows.select_related("desk", "review__claim", "review__desk", "scale", "asked_by"), pk=pk)


def access_tag(user: Person, pk: int) -> Tag:
    """Return a tag of the person's desk, those that are gone too."""
    return _one(Tag.objects.visible_to(_known(user)).select_related("desk"), pk=pk)


def access_view(user: Person, pk: int) -> SavedView:
    """Return a list that this person has kept, or that is shared with their desk."""
    return _one(SavedView.objects.visible_to(_known(user)).select_related("desk", "owner"), pk=pk)


def access_api_key(user: Person, pk: int) -> ApiKey:
    """Return an API key of the person's desk."""
    return _one(_of_desks(ApiKey.objects.select_related("desk", "user"), _known(user)), pk=pk)


def access_own_invitation(user: Person, pk: int) -> Invitation:
    """Return an invitation for this person; others' are not there."""
    rows = Invitation.objects.select_related("desk", "invited_by").filter(user=_known(user))
    return _one(rows, pk=pk)


def access_invitation(user: Person, desk: Desk, pk: int) -> Invitation:
    """Return an invitation that this desk of the person has written."""
    rows = Invitation.objects.select_related("desk").filter(desk__in=Desk.objects.for_user(_known(user)))
    return _one(rows, desk=desk, pk=pk)


def access_membership(user: Person, slug: str) -> Desk:
    """Return a desk where this person holds a role, as a partner too, for leaving it."""
    return _one(Desk.objects.filter(memberships__user=_known(user)).distinct(), slug=slug)


def access_audit_event(user: Person, pk: int) -> AuditEvent:
    """Return one row of the log of the person's desk."""
    return _one(AuditEvent.objects.visible_to(_known(user)), pk=pk)
