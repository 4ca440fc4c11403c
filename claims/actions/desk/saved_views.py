"""Lists that people keep under a name: one's own, or shared with the desk.

A view is the filter of an address and nothing of its rows. Whoever works at the desk may keep some; what is shared
is changed by who made it and by the editors.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.intake.decode import clean
from claims.models import Desk, SavedView, User

#: So many views of one kind one person may keep at a desk, and so many may be shared there.
MOST = 20
#: What of an address belongs to a page and not to a filter.
NOT_KEPT = ("after", "before", "selection", "view", "desk", "csrfmiddlewaretoken")


def kept_query(query: str) -> str:
    """Return the part of an address that a view keeps: its filters, each once, in the order of their names."""
    pairs = parse_qsl(query.lstrip("?"))
    kept = sorted({(name, value) for name, value in pairs if value.strip() and name not in NOT_KEPT})
    return urlencode(kept)


def _named(name: str) -> str:
    words = " ".join(clean(name).split())
    if not words:
        raise base.Refused(_("Give the view a name."))
    if len(words) > 80:
        raise base.Refused(_("A name has at most 80 letters; this one has %d.") % len(words))
    return words


@transaction.atomic
def save_view(
    *,
    actor: User,
    desk: Desk,
    of: str,
    name: str,
    query: str,
    shared: bool = False,
    now: dt.datetime | None = None,
) -> SavedView:
    """Keep the filter of a list under a name."""
    now = now or timezone.now()
    base.require(actor, desk, *(base.WORKERS if shared else base.ADDERS), what=_("keep views"))
    if of not in SavedView.Of.values:
        raise base.Refused(_("Views are kept of claims, articles and published checks."))
    kept = kept_query(query)
    if not kept:
        raise base.Refused(_("Nothing is filtered here. Choose a filter first; then the list can be kept."))
    if len(kept) > 1_000:
        raise base.Refused(_("This filter is too long to be kept."))
    name = _named(name)
    rows = SavedView.objects.filter(desk=desk, of=of)
    rows = rows.filter(shared=True) if shared else rows.filter(owner=actor, shared=False)
    if rows.count() >= MOST:
        raise base.Refused(_("There are %d views already. Delete one first.") % MOST)
    row = SavedView(desk=desk, owner=actor, of=of, name=name, query=kept, shared=shared, created_at=now)
    _store(row)
    _log("view.saved", row, actor, now)
    return row


def _log(verb: str, row: SavedView, actor: User, now: dt.datetime) -> None:
    """Write the audit row; the log is read by colleagues, so what a private view is called is not in it."""
    words: dict[str, Any] = {"name": row.name, "query": row.query} if row.shared else {}
    base.audit(verb, row, actor=actor, desk=row.desk, now=now, **words)


def _store(row: SavedView) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise base.Refused(_("You have a view “%s” already. Choose another name.") % row.name) from error


def _mine(actor: User, view: SavedView, what: str) -> SavedView:
    """Return the view under its lock, where this person may change it."""
    row = SavedView.objects.select_for_update(of=("self",)).select_related("desk").get(pk=view.pk)
    if row.owner_id != actor.pk:
        base.require(actor, row.desk, *base.EDITORS, what=what)
        if not row.shared:
            raise base.NotAllowed(_("This view is somebody else's."))
    return row


@transaction.atomic
def change_view(
    *, actor: User, view: SavedView, name: str, shared: bool, now: dt.datetime | None = None
) -> SavedView:
    """Give a view another name, share it with the desk, or keep it for oneself again."""
    now = now or timezone.now()
    row = _mine(actor, view, _("change shared views"))
    if shared and not row.shared:
        base.require(actor, row.desk, *base.WORKERS, what=_("share views"))
        if SavedView.objects.filter(desk=row.desk, of=row.of, shared=True).count() >= MOST:
            raise base.Refused(_("There are %d views already. Delete one first.") % MOST)
    if row.shared and not shared:
        # Nobody's list opens with what they do not see any more.
        row.opens_for.set(row.opens_for.filter(pk=row.owner_id))
    row.name, row.shared = _named(name), shared
    _store(row)
    _log("view.changed", row, actor, now)
    return row


@transaction.atomic
def delete_view(*, actor: User, view: SavedView, now: dt.datetime | None = None) -> None:
    """Delete a view; what it showed stays as it is."""
    now = now or timezone.now()
    row = _mine(actor, view, _("delete shared views"))
    _log("view.deleted", row, actor, now)
    row.delete()


@transaction.atomic
def open_with(*, actor: User, view: SavedView, on: bool) -> None:
    """Let the list open with this view for oneself, or as a whole again; asks nobody else."""
    others = SavedView.objects.filter(desk=view.desk, of=view.of, opens_for=actor)
    for other in others:
        other.opens_for.remove(actor)
    if on:
        view.opens_for.add(actor)
