"""The jobs of intake: fetch an address, read a file, and split a capture into suggested claims.

The network is asked and the text split outside any transaction; everything is written in one fenced one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents import blobs, parsing
from claims.actions.documents.analysis import put_in_place, store_split
from claims.actions.documents.fetching import READING, FetchedPage, FetchRefused, read_address, unreadable
from claims.actions.documents.intake import stem
from claims.actions.documents.redating import source_of
from claims.actions.documents.storing import Added, store, store_item
from claims.intake.types import IntakeError
from claims.jobs import child
from claims.jobs.child import ChildLimits, ChildStopped
from claims.jobs.rows import JobRefused, Running
from claims.language.dates import VisibleDateSource, visible_publication_date
from claims.language.dates.story_days import StoryDays
from claims.language.partial_dates import PartialDate
from claims.models import Appearance, Capture, DateSource, Desk, Document, Job, User
from claims.splitting.types import Split

#: A text of 200,000 characters takes about half a minute of one core.
SPLITTING = ChildLimits(seconds=150, cpu=140, memory=900)

#: How far into a text its own dateline can stand, in characters.
_HEAD = 3_000


class TryAgain(Exception):
    """Asking later may help; the message is what a person reads meanwhile."""


def fetch_address(job: Running) -> None:
    """Fetch one address into the archive; a feed brings each of its entries."""
    arguments = job.row.arguments
    desk = Desk.objects.get(pk=arguments["desk"])
    actor = User.objects.filter(pk=arguments.get("actor")).first()
    now = timezone.now()
    job.progress(0, 2, "fetching and reading")
    try:
        page = read_address(str(arguments["url"]), now=now)
    except FetchRefused as refusal:
        if refusal.again:
            raise TryAgain(str(refusal)) from refusal
        raise JobRefused(str(refusal)) from refusal
    blobs.put(page.fetched.body)
    job.progress(1, 2, "storing")
    try:
        with job.fenced(), base.gesture("job"):
            added = _store(page, desk, actor, job.row.queue)
            if arguments.get("appearance"):
                _place(int(arguments["appearance"]), added)
            job.finish(_told(job, added))
    except base.Refused as refused:
        raise JobRefused(str(refused)) from refused


def _store(page: FetchedPage, desk: Desk, actor: User | None, queue: str) -> list[Added]:
    fetched = page.fetched
    if page.extracted is None:
        return [
            store_item(
                actor=actor,
                desk=desk,
                item=item,
                blob=fetched.body,
                media_type=page.media_type,
                # What comes with many others is split when somebody opens it.
                analyse=len(page.items) == 1,
                queue=queue,
            )
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
            queue=queue,
        )
    ]


def read_file(job: Running, *, as_evidence: Callable[..., object]) -> None:
    """Read an uploaded file into the archive, in a process with limits, and do what it was sent for.

    ``as_evidence`` makes evidence of the first document, in the same transaction.
    """
    arguments = job.row.arguments
    desk = Desk.objects.get(pk=arguments["desk"])
    actor = User.objects.get(pk=arguments["actor"])
    name, now = str(arguments["name"]), timezone.now()
    data = blobs.read(arguments["blob"])
    job.progress(0, 2, "reading the file")
    try:
        upload = child.run(
            parsing.read_file, name, data, declared=arguments["charset"], today=now.date(), limits=READING
        )
    except IntakeError as error:
        raise JobRefused(error.sentence) from error
    except ChildStopped as stopped:
        # The same bytes would take as long again.
        raise JobRefused(unreadable(stopped)) from stopped
    if not upload.items:
        raise JobRefused(
            " ".join(one.sentence for one in upload.skipped[:3]) or _("There is no text in the file.")
        )
    job.progress(1, 2, "storing")
    title = stem(name) if len(upload.items) == 1 else ""
    try:
        with job.fenced(), base.gesture("job"):
            added = [
                store_item(
                    actor=actor,
                    desk=desk,
                    item=item,
                    blob=data,
                    media_type=upload.media_type,
                    title=title,
                    analyse=len(upload.items) == 1,
                    queue=job.row.queue,
                )
                for item in upload.items
            ]
            if arguments.get("appearance"):
                _place(int(arguments["appearance"]), added)
            if arguments.get("evidence"):
                as_evidence(actor=actor, first=added[0], name=name, **arguments["evidence"], now=now)
            job.finish(_told(job, added))
    except base.Refused as refused:
        raise JobRefused(str(refused)) from refused


def _told(job: Running, added: list[Added]) -> dict[str, object]:
    """Return what the page that waits for this job says and opens.

    What the job kept is shown as its document is: the subject says which.
    """
    single = len(added) == 1
    if single and not job.row.subject.startswith("claim "):
        Job.objects.filter(pk=job.row.pk).update(subject=f"document {added[0].document.pk}")
    return {
        "documents": [one.document.pk for one in added],
        "outcome": added[0].outcome if single else "several",
        "sentence": added[0].sentence if single else _("%d documents stored.") % len(added),
    }


def _place(pk: int, added: list[Added]) -> None:
    row = Appearance.objects.filter(pk=pk, capture=None).first()
    if row is not None and added:
        put_in_place(row, [one.capture for one in added])


def analyse_capture(job: Running) -> None:
    """Split one capture for one desk and store what was found as suggestions."""
    capture = Capture.objects.select_related("document").filter(pk=job.row.arguments["capture"]).first()
    if capture is None or capture.redacted_at is not None:
        raise JobRefused("The text is not there any more.")
    desk = Desk.objects.get(pk=job.row.arguments["desk"])
    document = capture.document
    result = split_capture(capture)
    with job.fenced(), base.gesture("job"):
        run = store_split(desk=desk, capture=capture, split=result)
        job.finish({"document": document.pk, "run": run.pk, "units": run.units})


def split_capture(capture: Capture) -> Split:
    """Split a capture by today's rules, outside any transaction and in a process with limits.

    Language and date are the document's; where it has none, the language is guessed and the date is the one the
    text shows.
    """
    document = capture.document
    language = document.language or capture.language or _language(capture.text)
    published, seen = document.published, ""
    if not published:
        published, seen = _visible_date(capture)
    result = child.run(
        parsing.find_claims,
        capture.text,
        published=published,
        language=language,
        source=source_of(capture),
        limits=SPLITTING,
    )
    return replace(result, published_source=seen) if seen else result


def _language(text: str) -> str:
    return child.run(parsing.language_of, text, limits=SPLITTING)


def _visible_date(capture: Capture) -> tuple[str, str]:
    """Return the date the article shows as its own and how it is known; nothing that is not past.

    The day of its last change is not the day it was published; that of its dateline is near enough.
    """
    seen = visible_publication_date(capture.text)
    value = seen.value if seen is not None and seen.source is not VisibleDateSource.UPDATED_LABEL else ""
    value = value or StoryDays(capture.text[:_HEAD], None).first or ""
    earliest = PartialDate.parse(value).earliest if value else None
    if earliest is None or earliest > capture.created_at.date():
        return "", ""
    return value, DateSource.VISIBLE
