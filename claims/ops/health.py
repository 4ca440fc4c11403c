"""Is the process alive, is the installation ready, and what do the figures say? For probes and operators.

Details are shown on loopback or with the token; everyone else learns one word.
"""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from claims.actions.desk.sign_in_gate import address_of
from claims.actions.indexing import engines
from claims.actions.indexing.outbox import standing
from claims.jobs.presence import SILENT
from claims.models import Document, FactCheck, Job, Review, Worker
from claims.ops import writing
from claims.search.engine import EngineError

# A due job that nobody has taken for this long means that no worker is there, or not enough of them.
_WAIT = dt.timedelta(seconds=60)
_LONG = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class HealthPart:
    """One thing the installation needs: whether it works, and why not."""

    name: str
    ok: bool
    reason: str = ""


def parts(*, now: dt.datetime | None = None) -> list[HealthPart]:
    """Ask database, search engine and worker; never raises."""
    now = now or timezone.now()
    database = _database()
    if not database.ok:
        return [database, HealthPart("worker", False, "not asked: no database"), _engine()]
    return [database, _writes(), worker(now), queues(now), _engine(), index(now)]


def _database() -> HealthPart:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM claims_desk")
            cursor.fetchone()
    except DatabaseError as error:
        return HealthPart("database", False, str(error).splitlines()[0][:200])
    return HealthPart("database", True)


def _writes() -> HealthPart:
    trouble = writing.trouble()
    return HealthPart("writes", not trouble, trouble)


def worker(now: dt.datetime) -> HealthPart:
    """Say whether a worker is there, also where none has anything to do."""
    seen = list(Worker.objects.values_list("seen_at", flat=True))
    alive = [at for at in seen if at > now - SILENT]
    running = Job.objects.filter(status=Job.Status.RUNNING, lease_until__gt=now)
    if not alive and not running.exists():
        if not seen:
            return HealthPart("worker", False, "no worker is there")
        silent = int((now - max(seen)).total_seconds())
        return HealthPart("worker", False, f"no worker is there: the last one was heard of {silent} s ago")
    lost = len(seen) - len(alive)
    return HealthPart("worker", True, f"{lost} more stopped without a word" if lost else "")


def queues(now: dt.datetime) -> HealthPart:
    """Say whether what is due is taken in time; what waits for a service that is away is not counted."""
    late = []
    for name, oldest in sorted(_oldest_due(now).items()):
        waited = now - oldest
        busy = Job.objects.filter(status=Job.Status.RUNNING, lease_until__gt=now).exists()
        if waited > (_LONG if busy else _WAIT):
            late.append(f"a job of the queue “{name}” has been due for {int(waited.total_seconds())} s")
    return HealthPart("queues", not late, "; ".join(late))


def _oldest_due(now: dt.datetime) -> dict[str, dt.datetime]:
    """Return since when the oldest due job waits, by queue."""
    due = Job.objects.filter(status=Job.Status.QUEUED, run_after__lte=now, waiting_since=None)
    rows = due.order_by().values("queue").annotate(oldest=Min("run_after"))
    return {row["queue"]: row["oldest"] for row in rows}


def _engine() -> HealthPart:
    try:
        trouble = engines.reader().trouble()
    except EngineError as error:
        trouble = str(error)
    return HealthPart("search engine", not trouble, trouble[:200])


def index(now: dt.datetime) -> HealthPart:
    """Say whether the index keeps up; what failed for good is told but makes nothing unready."""
    found = standing()
    said = []
    if found.built is not None:
        said.append(f"the archive is being read into the index again, {found.built} % so far")
    if found.waiting:
        said.append(f"{found.waiting} objects wait to be indexed")
    if found.given_up:
        said.append(f"{found.given_up} objects could not be indexed")
    if found.trouble:
        said.append(found.trouble)
    late = found.oldest is not None and now - found.oldest > _LONG
    if late and found.oldest is not None:
        said.append(f"the oldest for {int((now - found.oldest).total_seconds())} s")
    return HealthPart("index", not late, "; ".join(said))


def _may_see(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
            return True
    # Behind a proxy every address is the proxy's: then only the token opens.
    return not settings.HTTPS and address_of(request) in ("127.0.0.1", "::1")


@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; asks nothing else."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether work can be done; 503 where something that is needed is missing."""
    found = parts()
    ready = all(part.ok for part in found)
    answer: dict[str, object] = {"ready": ready}
    if _may_see(request):
        answer["parts"] = [{"name": part.name, "ok": part.ok, "reason": part.reason} for part in found]
    return JsonResponse(answer, status=200 if ready else 503)


@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures in the text format of Prometheus."""
    if not _may_see(request):
        return HttpResponse(
            "Only on loopback or with the token.\n", status=403, content_type="text/plain; charset=utf-8"
        )
    lines: list[str] = []
    _family(
        lines,
        "factcheck_part_up",
        "Whether a part of the installation works.",
        {(("part", part.name),): int(part.ok) for part in parts()},
    )
    _family(
        lines,
        "factcheck_jobs",
        "Jobs by kind and status.",
        {
            (("kind", row["kind"]), ("status", row["status"])): row["n"]
            for row in Job.objects.order_by().values("kind", "status").annotate(n=Count("pk"))
        },
    )
    _family(
        lines,
        "factcheck_reviews",
        "Reviews by state.",
        {
            (("state", row["state"]),): row["n"]
            for row in Review.objects.order_by().values("state").annotate(n=Count("pk"))
        },
    )
    _family(
        lines,
        "factcheck_factchecks",
        "Fact checks by status.",
        {
            (("imported", str(row["imported"]).lower()), ("status", row["status"])): row["n"]
            for row in FactCheck.objects.order_by().values("status", "imported").annotate(n=Count("pk"))
        },
    )
    _family(lines, "factcheck_documents", "Documents in all archives.", {(): Document.objects.count()})
    now = timezone.now()
    found = standing()
    _family(lines, "factcheck_index_dirty", "Objects that wait to be indexed.", {(): found.waiting})
    _family(lines, "factcheck_index_given_up", "Objects that could not be indexed.", {(): found.given_up})
    _family(
        lines,
        "factcheck_index_oldest_seconds",
        "Age of the oldest object that waits to be indexed.",
        {(): _age(now, found.oldest)},
    )
    _family(
        lines,
        "factcheck_jobs_oldest_due_seconds",
        "Age of the oldest due job by queue.",
        {(("queue", name),): _age(now, oldest) for name, oldest in _oldest_due(now).items()},
    )
    _family(
        lines,
        "factcheck_queue_length",
        "Due jobs by queue.",
        {(("queue", queue),): count for queue, (count, _oldest) in _queues(now).items()},
    )
    _family(
        lines,
        "factcheck_queue_oldest_seconds",
        "Age of the oldest due job by queue.",
        {(("queue", queue),): _age(now, oldest) for queue, (_count, oldest) in _queues(now).items()},
    )
    alive = Worker.objects.filter(seen_at__gt=now - SILENT).count()
    _family(lines, "factcheck_workers", "Workers that said within 30 s that they are there.", {(): alive})
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _queues(now: dt.datetime) -> dict[str, tuple[int, dt.datetime | None]]:
    """Return for each queue how many jobs are due and since when the oldest is; empty queues included."""
    due = Job.objects.filter(status=Job.Status.QUEUED, run_after__lte=now).order_by().values("queue")
    found = {
        row["queue"]: (row["n"], row["first"]) for row in due.annotate(n=Count("pk"), first=Min("run_after"))
    }
    return {str(queue): found.get(queue, (0, None)) for queue in Job.Queue}


def _age(now: dt.datetime, since: dt.datetime | None) -> int:
    return max(0, int((now - since).total_seconds())) if since else 0


def _family(
    lines: list[str], name: str, purpose: str, values: dict[tuple[tuple[str, str], ...], int]
) -> None:
    lines += [f"# HELP {name} {purpose}", f"# TYPE {name} gauge"]
    for labels, value in sorted(values.items()):
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
        lines.append(f"{name}{{{inside}}} {value}" if inside else f"{name} {value}")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
