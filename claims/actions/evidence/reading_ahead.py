"""Reading an archive before anybody asks: what its passages say, as vectors, and who says what in them.

A desk switches it on for the archives it searches; a search then encodes its claim only. A walk in the background
reads what has no vector of the encoder in the box, or was read for who speaks by older rules, the newest first, and
goes on where it was cut off: what is missing says where that is. Nothing of an answer depends on how far it is. English
only, as meaning is read of English only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.actions.evidence.kept_reading import KeptReading
from claims.actions.evidence.passage_readings import rules
from claims.actions.evidence.sentence_vectors import read_sentences
from claims.actions.reliance import told_together
from claims.actions.source_passages import source_passages, to_be_read
from claims.jobs import rows
from claims.language.weights import encoder_key
from claims.models import Archive, Capture, Desk, Job, Passage, PassageReading

JOB = "read_ahead"
#: So many passages one batch reads, some seven sentences each; its rows are written before the next.
BATCH = 25
#: How long one run takes, so that what somebody waits for is served between two, and how soon the next may come.
RUN, EVERY = dt.timedelta(seconds=60), dt.timedelta(minutes=1)
#: More passages of an installation are not read ahead: each takes about six kilobytes.
MOST = 200_000


def unread() -> QuerySet[Passage]:
    """Return the passages that a desk wants read ahead and that are not, the newest first."""
    wanted = current_passages(Desk.objects.filter(reads_ahead=True))
    return wanted.filter(~_with_vector() | ~_with_statements())


def current_passages(desks: QuerySet[Desk]) -> QuerySet[Passage]:
    """Return the English passages of the newest texts in archives that these desks search, the newest first."""
    archives = Archive.objects.filter(Q(desk__in=desks) | Q(readers__in=desks))
    later = Capture.objects.filter(
        document=OuterRef("capture__document"), number__gt=OuterRef("capture__number")
    )
    english = Q(capture__document__language="") | Q(capture__document__language__istartswith="en")
    return Passage.objects.filter(
        english, ~Exists(later), capture__document__archive__in=archives.values("pk")
    ).order_by("-pk")


def _with_vector() -> Exists:
    return Exists(PassageReading.objects.filter(passage=OuterRef("pk"), whole=True, encoder=encoder_key()))


def _with_statements() -> Exists:
    return Exists(PassageReading.objects.filter(passage=OuterRef("pk"), rules=rules()))


def _within(room: int) -> QuerySet[Passage]:
    """Return what may still be read: without room for more, only what has its vector and lacks the rest."""
    return unread() if room > 0 else unread().filter(_with_vector())


def _room() -> int:
    return MOST - PassageReading.objects.filter(whole=True, encoder=encoder_key()).count()


def read_ahead_by_time(*, now: dt.datetime | None = None) -> Job | None:
    """Queue the walk where something is to be read, at most once in ``EVERY``; None where nothing is."""
    now = now or timezone.now()
    if not Desk.objects.filter(reads_ahead=True).exists():
        return None
    if Job.objects.filter(kind=JOB, created_at__gt=now - EVERY).exists() or not unread().exists():
        return None
    if not _within(_room()).exists():
        return None
    return rows.enqueue(JOB, desk=None, subject="passages", dedupe_key=JOB, now=now)


def run_read_ahead(job: rows.Running) -> None:
    """Read passages until all are read or the run has lasted long enough; the next one goes on."""
    room = max(_room(), 0)
    total = unread().filter(_with_vector()).count() + min(unread().filter(~_with_vector()).count(), room)

    def waiting() -> QuerySet[Passage]:
        return _within(room)

    for ids in walked(job, total, waiting, size=BATCH):
        some = source_passages(to_be_read().filter(pk__in=ids).order_by("-pk"))
        reading = KeptReading()
        reading.readings.know(some)
        fresh = [one for one in some if not (one.kept.whole and one.kept.encoder == encoder_key())][:room]
        read_sentences({one.pk: one.words for one in fresh}, reading.readings)
        for one in some:
            reading.said.one(one, told_together([one]))
        with job.fenced():
            reading.keep()
        room -= len(fresh)


def walked(
    job: rows.Running, total: int, waiting: Callable[[], QuerySet[Passage]], *, size: int
) -> Iterator[list[int]]:
    """Yield ids of what waits, ``size`` at once, the newest first; each batch is written before the next. Ends the job.

    ``waiting`` is asked anew for every batch, as what is read waits no more. Ends early where the run has lasted long
    enough; what could not be read is not asked for twice in a run.
    """
    begun = timezone.now()
    done, last = 0, None
    while done < total:
        rest = waiting() if last is None else waiting().filter(pk__lt=last)
        ids = list(rest.values_list("pk", flat=True)[: min(size, total - done)])
        if not ids:
            break
        yield ids
        last, done = ids[-1], done + len(ids)
        job.progress(done, total, "passages read")
        if timezone.now() - begun >= RUN:
            break
    with job.fenced():
        job.finish({"read": done, "left": max(total - done, 0)})
