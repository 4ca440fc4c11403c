"""How do people bring documents in? They paste a text, name an address or upload a file.

What a text becomes is decided in ``storing``; here is who may add, and what each way asks of its input.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, partial_dates
from claims.actions.documents import blobs
from claims.actions.documents.coming import address_key, digest_of
from claims.actions.documents.details import set_metadata
from claims.actions.documents.fetching import FetchRefused, known_address
from claims.actions.documents.origin_decisions import merge_origin, set_origin
from claims.actions.documents.publication import Redated, preview_publication, set_publication
from claims.actions.documents.storing import (
    Added,
    archive_of,
    first_visible,
    queue_analysis,
    store,
    store_item,
)
from claims.intake.decode import clean
from claims.intake.plain import pasted
from claims.intake.types import IntakeError, PublishedSource
from claims.jobs import rows
from claims.models import Desk, Document, Job, User

__all__ = [
    "Added",
    "Redated",
    "add_file",
    "add_text",
    "add_url",
    "archive_of",
    "merge_origin",
    "preview_publication",
    "queue_analysis",
    "set_metadata",
    "set_origin",
    "set_publication",
    "store",
    "store_item",
]


def add_text(
    *,
    actor: User,
    desk: Desk,
    text: str,
    title: str = "",
    url: str = "",
    outlet: str = "",
    authors: str = "",
    published: str = "",
    queue: str = Job.Queue.INTERACTIVE,
    now: dt.datetime | None = None,
) -> Added:
    """Store what a person pasted, with what they know about it; ``queue`` is where its splitting waits."""
    now = now or timezone.now()
    base.require(actor, desk, *base.ADDERS, what=_("add documents"))
    try:
        extracted = pasted(text, title=clean(title))
    except IntakeError as error:
        raise base.Refused(error.sentence) from error
    if published.strip():
        published = str(
            partial_dates.past("day", published, now=now, what=_("The day of publication"))["day"]
        )
    extracted = replace(
        extracted,
        authors=_names(authors),
        site=outlet,
        published=published.strip(),
        published_source=PublishedSource.PERSON if published.strip() else PublishedSource.UNKNOWN,
    )
    return store(
        actor=actor,
        desk=desk,
        extracted=extracted,
        url=url,
        blob=text.encode("utf-8", "surrogatepass"),
        media_type="text/plain",
        kind=Document.Kind.WEB if url.strip() else Document.Kind.PASTED,
        queue=queue,
        now=now,
    )


@transaction.atomic
def add_url(
    *,
    actor: User,
    desk: Desk,
    url: str,
    again: bool = False,
    queue: str = Job.Queue.INTERACTIVE,
    now: dt.datetime | None = None,
) -> Added | Job:
    """Queue the fetching of an address; where it is known already, return its document instead.

    ``again`` fetches a known address once more: a changed text becomes a new capture.
    """
    now = now or timezone.now()
    base.require(actor, desk, *base.ADDERS, what=_("add documents"))
    try:
        address = known_address(url)
    except FetchRefused as error:
        raise base.Refused(str(error)) from error
    known = first_visible(
        Document.objects.for_desk(desk).filter(address_key=address_key(address)), actor, desk
    )
    if known is not None and not again:
        capture = known.captures.order_by("-number").first()
        if capture is not None:
            return Added(known, capture, "same", _("This address is in the archive already."))
    if not settings.OUTBOUND:
        raise base.Refused(
            _("This installation fetches no addresses. Paste the text, or upload the page as a file.")
        )
    return rows.enqueue(
        "fetch",
        desk=desk,
        # About a known document, the job is shown to those who may read it.
        subject=f"document {known.pk}" if known is not None else address[:60],
        arguments={"url": address, "desk": desk.pk, "actor": actor.pk},
        dedupe_key=_fetch_key(desk.pk, address),
        queue=queue,
        now=now,
    )


def fetch_key(desk: int, url: str) -> str:
    """Return what all jobs that fetch this address for a desk have in common; empty where it is no address."""
    try:
        return _fetch_key(desk, known_address(url))
    except FetchRefused:
        return ""


def _fetch_key(desk: int, address: str) -> str:
    return f"fetch:{desk}:{digest_of(address)}"


@transaction.atomic
def add_file(
    *,
    actor: User,
    desk: Desk,
    name: str,
    data: bytes,
    media_type: str = "",
    purpose: dict[str, Any] | None = None,
    subject: str = "",
    now: dt.datetime | None = None,
) -> Job:
    """Keep an uploaded file and queue its reading; the client's name and type are only hints.

    Refuses at once what its first bytes and its size tell. Every document of the file is stored, all or none.
    ``purpose`` is what ``intake_jobs`` does with the first of them.
    """
    from claims.intake.upload import refuse_unread

    now = now or timezone.now()
    base.require(actor, desk, *base.ADDERS, what=_("add documents"))
    try:
        refuse_unread(name, data)
    except IntakeError as error:
        raise base.Refused(error.sentence) from error
    blob = blobs.put(data)
    known = {**(purpose or {}), "name": name[-200:], "blob": blob, "desk": desk.pk, "actor": actor.pk}
    # Who sends the same file for the same purpose twice, while it waits, waits for one reading of it.
    key = digest_of(json.dumps(known, sort_keys=True))
    return rows.enqueue(
        "read",
        desk=desk,
        subject=subject or stem(name)[:60],
        arguments={**known, "charset": media_type.partition("charset=")[2].strip().strip('"')[:40]},
        dedupe_key=f"read:{desk.pk}:{key}",
        queue=Job.Queue.INTERACTIVE,
        now=now,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace(";", ",").split(",") if part.strip())


def stem(name: str) -> str:
    """Return what a file is called, without folders and ending."""
    base_name = name.replace("\\", "/").rpartition("/")[2]
    return clean(base_name.rpartition(".")[0] or base_name)[:200]
