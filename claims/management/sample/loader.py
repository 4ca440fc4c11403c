"""How does the sample desk come into an empty installation? By the actions that people use.

Each article and each step of the story files becomes one call of an action, by the person named there, at the
time named there; permissions are checked as for anybody. The jobs that the actions queue are run here, so the
evidence is what the search really finds. Everything is one transaction: a start that was interrupted leaves
an empty database and is simply repeated. Refuses an installation that has a desk.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.actions.desk import setup
from claims.actions.desk.settings import change_desk, set_owner
from claims.actions.documents import intake
from claims.actions.indexing import engines
from claims.actions.indexing.outbox import queue_if_dirty
from claims.actions.publishing.imports import import_factcheck
from claims.actions.publishing.labels import confirm_suggested
from claims.management.sample.reading import Sample, SampleArticle, read_sample
from claims.management.sample.steps import Newsroom
from claims.models import Desk, IndexTarget, Job, Outlet, User
from claims.tasks.base import drain, run_now

Say = Callable[[str], None]


class CannotLoad(Exception):
    """The sample desk cannot be loaded here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it, for the one who waits."""

    desk: Desk
    documents: int
    claims: int
    factchecks: int
    jobs: int
    seconds: float


def load(say: Say = lambda sentence: None, *, sample: Sample | None = None) -> Loaded:
    """Load the sample desk; raises CannotLoad where there is a desk already or the clock is behind."""
    started = time.monotonic()
    sample = sample or read_sample()
    existing = Desk.objects.order_by("pk").first()
    if existing is not None:
        raise CannotLoad(
            f"There is already a desk (“{existing.name}”). The sample desk needs an empty installation: "
            "choose another folder with FACTCHECK_DATA."
        )
    if timezone.now() <= sample.ends:
        raise CannotLoad(
            f"The sample desk's history ends on {sample.ends:%d %B %Y}, and the clock of this machine says "
            f"{timezone.now():%d %B %Y}: set the clock right, or start with --empty."
        )
    with _leaving_nothing_half_done(), transaction.atomic():
        desk = setup.first_desk(
            slug=sample.desk["slug"],
            name=sample.desk["name"],
            people=[(person.email, person.name, list(person.roles)) for person in sample.people],
        )
        people = {person.key: User.objects.get(email=person.email) for person in sample.people}
        editor = people[sample.desk["editor"]]
        began = sample.articles[0].added - dt.timedelta(days=1)
        values = {name: sample.desk[name].strip() for name in ("feed_title", "about", "method", "contact")}
        change_desk(actor=editor, desk=desk, values=values, now=began)
        desk.refresh_from_db()
        say(f"Adding {len(sample.articles)} articles …")
        newsroom = Newsroom(desk=desk, people=people)
        for article in sample.articles:
            newsroom.articles[article.key] = _add(article, desk, people)
        for outlet, owner in sample.owners:
            set_owner(actor=editor, desk=desk, outlet=Outlet.objects.get(name=outlet), owner=owner, now=began)
        for row in sample.checks:
            check = import_factcheck(actor=editor, desk=desk, raw=row["raw"], now=_time(row["at"]))
            newsroom.checks[row["key"]] = check
        for site in {check.site for check in newsroom.checks.values()}:
            confirm_suggested(actor=editor, desk=desk, site=site, now=began)
        say("Splitting them into claims …")
        settle()
        say(f"Repeating {len(sample.steps)} steps of the newsroom …")
        for step in sample.steps:
            # Each settling costs a commit of the index: only before somebody reads what a search has found.
            if (
                step.do in newsroom.reads_found
                and Job.objects.filter(status=Job.Status.QUEUED, kind="search").exists()
            ):
                settle()
            newsroom.take(step)
        settle()
    return Loaded(
        desk=desk,
        documents=desk.documents.count(),
        claims=desk.claims.count(),
        factchecks=desk.factchecks.count(),
        jobs=Job.objects.filter(status=Job.Status.DONE).count(),
        seconds=time.monotonic() - started,
    )


def settle() -> None:
    """Write the index, then run every due job to its end; raises CannotLoad where one failed.

    The index first: a search that ran before it would not see what was added or published just now.
    """
    for _attempt in range(20):
        waiting = queue_if_dirty()
        if waiting is not None:
            run_now(waiting.pk)
        if not drain() and not Job.objects.filter(status=Job.Status.QUEUED).exists():
            break
    bad = Job.objects.exclude(status__in=[Job.Status.DONE, Job.Status.CANCELLED]).order_by("pk").first()
    if bad is not None:
        raise CannotLoad(
            f"A job of the sample desk failed ({bad.kind}): {bad.error or bad.get_status_display()}"
        )


@contextmanager
def _leaving_nothing_half_done() -> Iterator[None]:
    """Begin with an empty index where the database knows of none; after a failure remove what is outside it.

    What an interrupted start had written there would otherwise pass for the newer state of the same ids.
    """
    fresh = not IndexTarget.objects.exists()
    engine = engines.writer()
    if fresh and engine.current() is not None:
        engine.erase()
    try:
        yield
    except BaseException:
        if fresh:
            engine.erase()
        (Path(settings.DATA_DIR) / "logins.txt").unlink(missing_ok=True)
        raise


def _add(article: SampleArticle, desk: Desk, people: dict[str, User]) -> int:
    """Bring one article in as a person pastes it with its address; return the document's id."""
    added = intake.add_text(
        actor=people[article.by],
        desk=desk,
        text=article.text,
        title=article.title,
        url=article.url,
        outlet=article.outlet,
        authors=article.authors,
        published=article.published,
        now=article.added,
    )
    return added.document.pk


def _time(value: str) -> dt.datetime:
    return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
