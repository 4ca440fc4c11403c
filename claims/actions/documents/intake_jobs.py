"""The jobs of intake: fetch an address, and split a capture into suggested claims.

The network is asked and the text split outside any transaction; everything is written in one fenced one.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from claims.actions import base
from claims.actions.documents import blobs
from claims.actions.documents.analysis import put_in_place, store_split
from claims.actions.documents.fetching import FetchedPage, FetchRefused, read_address
from claims.actions.documents.redating import source_of
from claims.actions.documents.storing import Added, store, store_item
from claims.jobs.handlers import handles
from claims.jobs.rows import JobRefused, Running
from claims.language.dates import visible_publication_date
from claims.language.partial_dates import PartialDate
from claims.models import Appearance, Capture, DateSource, Desk, Document, Job, User


class TryAgain(Exception):
    """Asking later may help; the message is what a person reads meanwhile."""


@handles("fetch")
def fetch_address(job: Running) -> None:
    """Fetch one address into the archive; a feed brings each of its entries."""
    arguments = job.row.arguments
    desk = Desk.objects.get(pk=arguments["desk"])
    actor = User.objects.filter(pk=arguments.get("actor")).first()
    now = timezone.now()
    try:
        page = read_address(str(arguments["url"]), now=now)
    except FetchRefused as refusal:
        if refusal.again:
            raise TryAgain(str(refusal)) from refusal
        raise JobRefused(str(refusal)) from refusal
    blobs.put(page.fetched.body)
    try:
        with job.fenced(), base.gesture("job"):
            added = _store(page, desk, actor)
            if arguments.get("appearance"):
                _place(int(arguments["appearance"]), added)
            # What the job kept is shown as its document is: the subject says which.
            about = f"document {added[0].document.pk}"
            if len(added) == 1:
                Job.objects.filter(pk=job.row.pk).update(subject=about)
            job.finish(
                {
                    "documents": [one.document.pk for one in added],
                    "outcome": added[0].outcome if len(added) == 1 else "several",
                    "sentence": added[0].sentence if len(added) == 1 else f"{len(added)} documents stored.",
                }
            )
    except base.Refused as refused:
        raise JobRefused(str(refused)) from refused


def _store(page: FetchedPage, desk: Desk, actor: User | None) -> list[Added]:
    fetched = page.fetched
    if page.extracted is None:
        return [
            store_item(actor=actor, desk=desk, item=item, blob=fetched.body, media_type=page.media_type)
            for item in page.items
        ]
    return [
        store(
            actor=actor,
            desk=desk,
            extracted=page.extracted,
            url=fetched.url,
            final_url=fetched.final_url,
            blob=fetched.body,
            media_type=page.media_type,
            kind=Document.Kind.WEB,
        )
    ]


def _place(pk: int, added: list[Added]) -> None:
    row = Appearance.objects.filter(pk=pk, capture=None).first()
    if row is not None and added:
        put_in_place(row, [one.capture for one in added])


@handles("analyse")
def analyse_capture(job: Running) -> None:
    """Split one capture for one desk and store what was found as suggestions."""
    # Imported here: the pipeline's weights are the worker's, no web process loads them.
    from claims.splitting import split

    capture = Capture.objects.select_related("document").filter(pk=job.row.arguments["capture"]).first()
    if capture is None or capture.redacted_at is not None:
        raise JobRefused("The text is not there any more.")
    desk = Desk.objects.get(pk=job.row.arguments["desk"])
    document = capture.document
    language = document.language or capture.language or _language(capture.text)
    published, seen = document.published, ""
    if not published:
        published, seen = _visible_date(capture)
    result = split(
        capture.text, published=published or None, language=language or None, source=source_of(capture)
    )
    if seen:
        result = replace(result, published_source=seen)
    with job.fenced(), base.gesture("job"):
        if language:
            Document.objects.filter(pk=document.pk, language="").update(language=language[:10])
        run = store_split(desk=desk, capture=capture, split=result)
        job.finish({"document": document.pk, "run": run.pk, "units": run.units})


def _language(text: str) -> str:
    from claims.intake.language import guess_language

    return guess_language(text)


def _visible_date(capture: Capture) -> tuple[str, str]:
    """Return the date the article shows as its own and how it is known; nothing that is not past."""
    seen = visible_publication_date(capture.text)
    if seen is None:
        return "", ""
    earliest = PartialDate.parse(seen.value).earliest
    if earliest is None or earliest > capture.created_at.date():
        return "", ""
    return seen.value, DateSource.VISIBLE
