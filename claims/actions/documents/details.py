"""What do people know about a document that its bytes do not say? Its title, outlet, authors, visibility.

When it was published is in ``publication``: other dates hang on that.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents import readers
from claims.actions.documents.outlets import outlet_for
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import read_document_again
from claims.intake.decode import clean
from claims.models import Document, User


@transaction.atomic
def set_metadata(
    *,
    actor: User,
    document: Document,
    title: str | None = None,
    outlet: str | None = None,
    authors: str | None = None,
    language: str | None = None,
    visibility: str | None = None,
    named: Iterable[User] | None = None,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Document:
    """Change what a person knows better than the page; ``None`` leaves a field as it is."""
    now = now or timezone.now()
    base.require(actor, document.desk, *base.ADDERS, what=_("change what is known about a document"))
    columns: dict[str, Any] = {}
    if title is not None:
        columns["title"] = " ".join(clean(title).split())[:500]
    if authors is not None:
        columns["authors"] = " ".join(clean(authors).split())[:500]
    if language is not None:
        columns["language"] = _language(language)
    if outlet is not None:
        columns["outlet"] = _renamed(document, outlet)
    if visibility is not None:
        if visibility not in Document.Visibility.values:
            raise base.Refused(_("Choose who may see the document."))
        if visibility != document.visibility:
            base.require(actor, document.desk, *base.WORKERS, what=_("change who sees a document"))
        columns["visibility"] = visibility
    old = {name: _plain(getattr(document, name)) for name in columns}
    new = {name: _plain(value) for name, value in columns.items()}
    before = document.visibility
    _swap(document, expected_version, now, **columns)
    with base.gesture():
        base.audit("document.described", document, actor=actor, desk=document.desk, now=now, old=old, new=new)
        if named is not None or before != document.visibility:
            readers.follow(document, before=before, named=named, actor=actor, now=now)
    if any(old[name] != new[name] for name in {"outlet", "title", "language"} & set(columns)):
        read_document_again(document)
    touch_index("documents", document.pk)
    return document


def _swap(document: Document, expected: int | None, now: dt.datetime, **columns: object) -> None:
    """Write the columns if nobody was faster, and make ``document`` what the row is now."""
    version = document.version if expected is None else expected
    changed = Document.objects.filter(pk=document.pk, version=version).update(
        **columns, version=version + 1, updated_at=now
    )
    if not changed:
        raise base.Stale(_("Somebody else changed this document; look at it again."))
    document.refresh_from_db()


def _renamed(document: Document, name: str) -> object:
    """Return the outlet of this name; a page keeps its site's, renamed where nobody named it."""
    from claims.actions.documents.outlets import site_of
    from claims.models import Outlet
    from claims.models.fields import key_of

    name = " ".join(clean(name).split())[:200]
    if not name:
        return None
    own = document.outlet
    if own is not None and own.site and own.site == site_of(document.url) and own.name == own.site:
        Outlet.objects.filter(pk=own.pk).update(name=name, name_key=key_of(name)[:200])
        return own
    if own is not None and own.name_key == key_of(name):
        return own
    return outlet_for(name=name)


def _language(value: str) -> str:
    code = value.strip().lower().replace("_", "-").partition("-")[0]
    if code and not re.fullmatch(r"[a-z]{2,3}", code):
        raise base.Refused(_("Write the language as a code of two or three letters, for example “en”."))
    return code


def _plain(value: object) -> str:
    return "" if value is None else str(value)
