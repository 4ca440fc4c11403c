"""What do people know about a document that its bytes do not say? Its date, outlet, authors, visibility.

A publication date that a person enters resolves the dates of all suggestions again; the rows that changed are
returned, so that the page can list them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, partial_dates
from claims.actions.documents.outlets import outlet_for
from claims.actions.documents.storing import queue_analysis
from claims.actions.indexing.outbox import touch_index
from claims.intake.decode import clean
from claims.models import Appearance, DateSource, Document, User
from claims.splitting.types import DateMention
from claims.splitting.unit_dates import re_resolve

_FUTURE = re.compile(
    r"\b(?:will|shall|won['’]t|going to|plans? to|is to|are to|due to|set to|expected to)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One date of one appearance that became different."""

    appearance: Appearance
    expr: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Redated:
    """A document with its new publication date, and every date that changed with it."""

    document: Document
    changes: tuple[Changed, ...]


@transaction.atomic
def set_publication(
    *,
    actor: User,
    document: Document,
    value: str,
    source: str = DateSource.PERSON,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Redated:
    """Enter or confirm when a document was published; an empty value says that it is not known.

    Dates are resolved at once from the words alone; a job then splits the text again with the new date, which
    refines what nobody has touched and proposes what somebody has.
    """
    now = now or timezone.now()
    base.require(actor, document.desk, *base.ADDERS, what=_("change what is known about a document"))
    columns = partial_dates.past("published", value, now=now, what=_("The day of publication"))
    before = document.published
    _swap(
        document,
        expected_version,
        now,
        **columns,
        published_source=source if columns["published"] else DateSource.UNKNOWN,
    )
    changes = _resolve_again(document)
    base.audit(
        "document.published_set",
        document,
        actor=actor,
        desk=document.desk,
        before=before[:40],
        after=document.published[:40],
        now=now,
        source=source,
        changed=[change.appearance.pk for change in changes],
    )
    touch_index("documents", document.pk)
    capture = document.captures.order_by("-number").first()
    if capture is not None:
        for desk_id in sorted(set(capture.analysis_runs.values_list("desk", flat=True))):
            run = capture.analysis_runs.select_related("desk").filter(desk=desk_id).first()
            if run is not None:
                queue_analysis(desk=run.desk, capture=capture, now=now)
    return Redated(document, changes)


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
    _swap(document, expected_version, now, **columns)
    if named is not None:
        base.require(actor, document.desk, *base.WORKERS, what=_("change who sees a document"))
        document.named.set(named)
    new = {name: _plain(value) for name, value in columns.items()}
    base.audit("document.described", document, actor=actor, desk=document.desk, now=now, old=old, new=new)
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


def _resolve_again(document: Document) -> tuple[Changed, ...]:
    """Resolve the dates of every appearance in the newest capture against the document's date."""
    capture = document.captures.order_by("-number").first()
    if capture is None:
        return ()
    rows = list(Appearance.objects.filter(capture=capture).order_by("start", "-end", "pk"))
    mentions = {mention.start: mention for row in rows for mention in map(mention_of, row.dates)}
    # The exact tense is the analyser's; where only the words are at hand, a future is one that is announced.
    tenses: dict[int, str | None] = {
        start: "future" if _FUTURE.search(_clause(rows, capture.text, start)) else "past"
        for start in mentions
    }
    again = re_resolve(
        mentions.values(),
        document.published or None,
        text=capture.text,
        tenses=tenses,
        language=document.language or "en",
    )
    after = {change.before.start: change.after for change in again}
    changes: list[Changed] = []
    for row in rows:
        fresh = []
        for old in row.dates:
            new = after.get(int(old["start"]))
            if new is not None and new.value != old["value"]:
                changes.append(Changed(row, new.expr, str(old["value"]), new.value))
            fresh.append(as_json(new) if new is not None else old)
        if fresh != row.dates or row.appeared_on != document.published:
            row.dates, row.appeared_on = fresh, document.published
            Appearance.objects.filter(pk=row.pk).update(
                dates=row.dates, appeared_on=row.appeared_on, version=row.version + 1
            )
            row.version += 1
    return tuple(changes)


def _clause(rows: list[Appearance], text: str, at: int) -> str:
    holding = [row for row in rows if row.start <= at < row.end]
    if holding:
        best = min(holding, key=lambda row: row.end - row.start)
        return text[best.start : best.end]
    return ""


def mention_of(row: Mapping[str, Any]) -> DateMention:
    """Read one stored date back."""
    return DateMention(
        expr=str(row["expr"]),
        start=int(row["start"]),
        end=int(row["end"]),
        value=str(row["value"]),
        earliest=str(row.get("earliest", "")),
        latest=str(row.get("latest", "")),
        flags=tuple(row.get("flags", ())),
        refers_to=row.get("refers_to"),
    )


def as_json(mention: DateMention) -> dict[str, Any]:
    """Return a date as it is stored."""
    return {**asdict(mention), "flags": list(mention.flags)}


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
