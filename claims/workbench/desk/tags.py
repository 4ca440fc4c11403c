"""The desk's tags: the list of them with what editors do to them, and the words put on one claim or article."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from claims.actions.base import ADDERS, EDITORS, WORKERS, Refused
from claims.actions.claims import tags as acts
from claims.models import Claim, ClaimTag, Desk, Document, DocumentTag, Tag, User
from claims.models.access import access_claim, access_document, access_tag
from claims.models.fields import key_of, row_number
from claims.models.kept import Kept, kept
from claims.models.together import Asking
from claims.vocabulary import Role
from claims.workbench.access import PersonRequest, desk_of_document, open_desk, opened, signed_in
from claims.workbench.outcomes import done

#: So many tags are offered for what was typed, and so many stand in a page that is read without the script.
OFFERED = 12
LISTED = 100


def on_claim(claim: Claim, user: User) -> Asking[dict[str, Any]]:
    """Ask for what the part with the tags of a claim shows."""
    address = reverse("claim-tags", args=[claim.pk])
    return (yield from _part(claim.desk, _of_claim(claim.pk, user), address, "queue", user, WORKERS))


def on_document(document: Document, desk: Desk, user: User) -> Asking[dict[str, Any]]:
    """Ask for what the part with the tags of an article shows to one desk."""
    address = reverse("document-tags", args=[document.pk])
    return (yield from _part(desk, _of_document(document.pk, desk.pk), address, "articles", user, ADDERS))


@kept
def _of_claim(claim: int, user: User) -> QuerySet[Tag]:
    held = ClaimTag.objects.not_kept_from(user).filter(claim=claim).order_by()
    return Tag.objects.filter(pk__in=held.values("tag")).order_by("name_key", "id")


@kept
def _of_document(document: int, desk: int) -> QuerySet[Tag]:
    return Tag.objects.filter(on_documents__document=document, desk=desk).order_by("name_key", "id")


@kept
def _offered(desk: int) -> QuerySet[Any, str]:
    rows = Tag.objects.standing().filter(desk=desk).order_by("name_key", "id")
    return rows.values_list("name", flat=True)[:LISTED]


def _part(
    desk: Desk,
    rows: Kept[Tag],
    address: str,
    of: str,
    user: User,
    may: tuple[Role, ...],
) -> Asking[dict[str, Any]]:
    offered = _offered(desk.pk)
    yield [rows, offered]
    # Asked for afterwards: what a page loads of its desk's people beside is there by now.
    may_tag = not desk.roles_of(user).isdisjoint(may)
    return {
        "tagged": list(rows),
        "tag_url": address,
        "tag_list": reverse(of, args=[desk.slug]),
        "may_tag": may_tag,
        # What a field offers by itself, without the script.
        "tag_names": list(offered) if may_tag else [],
    }


@signed_in
@require_safe
def tag_names(request: PersonRequest, slug: str) -> HttpResponse:
    """Offer tags whose name begins with the last of the typed words."""
    desk = open_desk(request, slug)
    sent = next((request.GET[name] for name in ("tag", "typed", "into") if request.GET.get(name)), "")
    before, comma, last = sent.replace("\x00", " ")[:500].rpartition(",")
    key = key_of(last)
    names: list[str] = []
    if key:
        rows = Tag.objects.standing().filter(desk=desk, name_key__startswith=key).order_by("name_key", "id")
        names = [
            f"{before}{comma} {name}".strip() if comma else name
            for name in rows.values_list("name", flat=True)[:OFFERED]
        ]
    return render(request, "claims/_claimant_names.html", {"names": names})


def _counted(rows: QuerySet[ClaimTag] | QuerySet[DocumentTag]) -> Coalesce:
    found = rows.filter(tag=OuterRef("pk")).order_by().values("tag").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


@signed_in
@require_safe
def tags(request: PersonRequest, slug: str) -> HttpResponse:
    """List the tags of the desk with what carries them."""
    desk = open_desk(request, slug)
    rows = (
        Tag.objects.standing()
        .filter(desk=desk)
        .annotate(
            claims=_counted(ClaimTag.objects.visible_to(request.user)),
            articles=_counted(DocumentTag.objects.visible_to(request.user)),
        )
        .order_by("name_key", "id")
    )
    context = {
        "tags": list(rows[:1_000]),
        "may_edit": not desk.roles_of(request.user).isdisjoint(EDITORS),
    }
    return render(request, "claims/tags.html", context)


@signed_in
@require_POST
def tag_change(request: PersonRequest, pk: int) -> HttpResponse:
    """Rename, merge or remove a tag; one button for each."""
    tag = opened(request, access_tag, pk)
    here = reverse("tags", args=[tag.desk.slug])
    act = request.POST.get("act", "")
    if act == "rename":
        row = acts.rename_tag(actor=request.user, tag=tag, name=request.POST.get("name", ""))
        return done(request, _("It is called “%s” now, wherever it stands.") % row.name, here)
    if act == "merge":
        row = acts.merge_tags(actor=request.user, tag=tag, into=request.POST.get("into", "")[:200])
        return done(
            request, _("What had “%(old)s” has “%(new)s” now.") % {"old": tag.name, "new": row.name}, here
        )
    if act == "remove":
        count = acts.remove_tag(actor=request.user, tag=tag)
        said = ngettext(
            "Removed “%(name)s”; it was on %(n)d claim or article.",
            "Removed “%(name)s”; it was on %(n)d claims and articles.",
            count,
        )
        return done(request, said % {"name": tag.name, "n": count}, here)
    raise Refused(_("Choose what to do with the tag."))


def _taken_off(request: PersonRequest, desk: Desk) -> Tag | None:
    """Return the tag that a form takes off."""
    taken = request.POST.get("take", "")
    if not taken:
        return None
    number = row_number(taken)
    tag = access_tag(request.user, number) if number is not None else None
    if tag is None or tag.desk_id != desk.pk:
        raise Refused(_("There is no such tag at this desk."))
    return tag


def _said(request: PersonRequest, fresh: list[Tag]) -> str:
    if not fresh:
        return _("It has these tags already.")
    return _("Tagged: %s.") % ", ".join(tag.name for tag in fresh)


@signed_in
@require_POST
def claim_tags(request: PersonRequest, pk: int) -> HttpResponse:
    """Put typed tags on a claim, or take one off."""
    claim = opened(request, access_claim, pk)
    here = reverse("claim", args=[pk])
    tag = _taken_off(request, claim.desk)
    if tag is not None:
        acts.untag_claim(actor=request.user, claim=claim, tag=tag)
        return done(request, _("Taken off: %s.") % tag.name, here)
    fresh = acts.tag_claim(actor=request.user, claim=claim, typed=request.POST.get("typed", ""))
    return done(request, _said(request, fresh), here)


@signed_in
@require_POST
def document_tags(request: PersonRequest, pk: int) -> HttpResponse:
    """Put typed tags of the desk on an article, or take one off."""
    document = access_document(request.user, pk)
    desk = desk_of_document(request, document)
    here = reverse("document", args=[pk])
    tag = _taken_off(request, desk)
    if tag is not None:
        acts.untag_document(actor=request.user, desk=desk, document=document, tag=tag)
        return done(request, _("Taken off: %s.") % tag.name, here)
    fresh = acts.tag_document(
        actor=request.user, desk=desk, document=document, typed=request.POST.get("typed", "")
    )
    return done(request, _said(request, fresh), here)
