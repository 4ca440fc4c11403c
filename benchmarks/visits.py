"""How often does each page of a desk ask its database, and how long does it take, as people with work there see it?

Of the database at hand: nothing is made, and a visit changes nothing but what a visit changes (the session, a source
that is opened). Each page is asked for through the whole of Django in this process, templates included, twice to
warm up and then ``times`` times. ``cpu`` is the processor's time of this process, which others on the machine
disturb little; on PostgreSQL the time of the server's process is added where it runs beside us, but not that of helpers
it may take for a long statement.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.admin import site
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks.throwaway import use_plain_static_names
from claims.models import Appearance, Claim, Desk, Evidence, FactCheck, Review, User, Verdict
from claims.vocabulary import Role
from claims.workbench.desk.queue import ORDERS
from factcheck.settled import settle

#: What every page is asked to keep, and an answer that nothing has changed.
MOST_QUERIES, MOST_MS, MOST_MS_UNCHANGED = 12, 100.0, 5.0


@dataclass(frozen=True, slots=True)
class Visited:
    """What one page took: statements, kilobytes, and milliseconds of processor and clock."""

    name: str
    path: str
    queries: int
    kilobytes: float
    cpu: tuple[float, float]
    clock: tuple[float, float]
    most: float = MOST_MS

    @property
    def keeps(self) -> bool:
        return self.queries <= MOST_QUERIES and self.cpu[1] <= self.most

    def __str__(self) -> str:
        p50, p95 = self.cpu
        return (
            f"{self.name}: {self.queries} queries, processor {p50:.0f} and {p95:.0f} ms, clock "
            f"{self.clock[0]:.0f} and {self.clock[1]:.0f} ms, {self.kilobytes:.0f} kB"
            f"{'' if self.keeps else '  <- missed'}"
        )


def run(desk: str, times: int = 20) -> dict[str, Any]:
    """Return the slowest page's 95th percentile of processor time, in milliseconds, and a line for each page."""
    place = Desk.objects.filter(slug=desk).first()
    if place is None:
        raise CommandError(f"There is no desk with the address name “{desk}”.")
    person = _person(place)
    use_plain_static_names()
    # As the process does that serves pages.
    settle()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    seen = [_visit(client, name, path, times) for name, path in pages(place, person)]
    reader = Client(SERVER_NAME="127.0.0.1")
    seen += [
        _visit(reader, f"{name}, unchanged", path, times, unchanged=True) for name, path in _for_all(place)
    ]
    slowest = max(seen, key=lambda one: one.cpu[1])
    return {
        "name": "pages",
        "size": Claim.objects.filter(desk=place).count(),
        "engine": connection.vendor,
        "value": round(slowest.cpu[1], 1),
        "unit": f"ms of processor at the 95th percentile ({slowest.name}, the slowest)",
        "missed": sum(not one.keeps for one in seen),
        **{f"{number:02}": str(one) for number, one in enumerate(seen, 1)},
    }


def _person(desk: Desk) -> User:
    """Return who does most there: an editor, best one who approves as well."""
    people = User.objects.filter(memberships__desk=desk, is_active=True).distinct().order_by("pk")

    def work(person: User) -> tuple[bool, bool, int]:
        roles = desk.roles_of(person)
        return Role.DESK_EDITOR in roles, Role.REVIEWER in roles, len(roles)

    found = max(people, key=work, default=None)
    if found is None:
        raise CommandError(f"Nobody works at “{desk.slug}”.")
    return found


def pages(desk: Desk, person: User) -> Iterator[tuple[str, str]]:
    """Yield every page that shows rows of the desk, with its address."""
    at = [desk.slug]
    yield "desk", reverse("desk", args=at)
    queue = reverse("queue", args=at)
    yield from ((f"queue, {order}", f"{queue}?sort={order}") for order in ORDERS)
    yield from ((f"queue, {state}", f"{queue}?state={state}") for state in ("open", *Review.State.values))
    yield "queue, mine", f"{queue}?assignee=me"
    claimant = Claim.objects.filter(desk=desk).exclude(claimant=None).order_by("-pk").first()
    if claimant is not None:
        yield "queue, of a claimant", f"{queue}?claimant={claimant.claimant_id}"
    for name in (
        "articles",
        "claimants",
        "published",
        "jobs",
        "sources",
        "feeds",
        "labels",
        "reader-messages",
        "rereadings",
        "settings",
        "people",
        "tags",
        "inbox",
        "dashboard",
        "report",
        "add",
        "claim-new",
    ):
        yield name, reverse(name, args=at)
    yield "dashboard, twelve months", f"{reverse('dashboard', args=at)}?{_year()}"
    yield from _things(desk)
    yield from _for_all(desk)
    if person.is_staff:
        yield "admin", reverse("admin:index")
        for model in site._registry:
            kind = model._meta.model_name
            yield f"admin, list of {kind}", reverse(f"admin:claims_{kind}_changelist")


def _for_all(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield what anybody reads."""
    for name in ("public-home", "public-corrections", "public-method", "feed-atom", "feed-json"):
        yield name, f"{reverse(name)}?desk={desk.slug}"
    check = FactCheck.objects.filter(desk=desk, imported=False).exclude(latest=None).order_by("-pk").first()
    if check is not None:
        yield "public check", reverse("public-check", args=[check.public_id])


def _year() -> str:
    today = timezone.localdate()
    return f"since={today - dt.timedelta(days=364)}&until={today}"


def _things(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield the pages of single things: the newest of each kind, and the claim with most evidence."""
    from django.db.models import Count

    richest = Evidence.objects.filter(claim__desk=desk).values("claim").annotate(n=Count("pk")).order_by("-n")
    found = richest.first()
    newest = Claim.objects.filter(desk=desk, merged_into=None).order_by("-pk").first()
    if newest is not None:
        yield "claim, the newest", reverse("claim", args=[newest.pk])
    if found is not None:
        yield f"claim with {found['n']} sources", reverse("claim", args=[found["claim"]])
        source = Evidence.objects.filter(claim=found["claim"]).order_by("pk").first()
        if source is not None:
            yield "claim, read beside", f"{reverse('claim', args=[found['claim']])}?beside={source.pk}"
        yield "evidence of a claim", reverse("claim-evidence", args=[found["claim"]])
        yield "searches of a claim", reverse("claim-searches", args=[found["claim"]])
    waiting = (
        Verdict.objects.filter(review__desk=desk, review__state="awaiting_approval").order_by("-pk").first()
    )
    if waiting is not None:
        yield "approval", reverse("approve", args=[waiting.pk])
        yield "approval, the public page", reverse("verdict-public", args=[waiting.pk])
    most = (
        Appearance.objects.filter(document__desk=desk)
        .values("document")
        .annotate(n=Count("pk"))
        .order_by("-n")
    )
    article = most.first()
    if article is not None:
        yield f"article with {article['n']} claims", reverse("document", args=[article["document"]])
        yield "states of an article", reverse("document-captures", args=[article["document"]])
        yield "origin of an article", reverse("document-origin", args=[article["document"]])
    check = FactCheck.objects.filter(desk=desk, imported=False).exclude(latest=None).order_by("-pk").first()
    if check is not None:
        yield "check", reverse("factcheck", args=[check.pk])


def _visit(client: Client, name: str, path: str, times: int, *, unchanged: bool = False) -> Visited:
    """Visit one page; ``unchanged`` asks for it as somebody who has it already."""
    mark = client.get(path).headers["ETag"] if unchanged else ""
    for _ in range(2):
        body = _get(client, path, mark)
    with CaptureQueriesContext(connection) as asked:
        body = _get(client, path, mark)
        queries = len(asked)
    cpu, clock = [], []
    for _ in range(times):
        begun, spent = time.perf_counter(), time.process_time() + _spent_by_server()
        _get(client, path, mark)
        cpu.append((time.process_time() + _spent_by_server() - spent) * 1_000)
        clock.append((time.perf_counter() - begun) * 1_000)
    most = MOST_MS_UNCHANGED if unchanged else MOST_MS
    return Visited(name, path, queries, len(body) / 1_000, _percentiles(cpu), _percentiles(clock), most)


def _spent_by_server() -> float:
    """Return the seconds of processor of the server's process that answers us; nothing where there is none to see."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    assert connection.connection is not None
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(told.read_text("ascii").split()[0]) / 1e9 if told.exists() else 0.0


def _get(client: Client, path: str, mark: str = "") -> bytes:
    answer = client.get(path, headers={"If-None-Match": mark}) if mark else client.get(path, follow=True)
    if answer.status_code != (304 if mark else 200):
        raise CommandError(f"{path} answered with status {answer.status_code}.")
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _percentiles(values: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile, by rank."""
    ranked = sorted(values)
    return ranked[len(ranked) // 2], ranked[min(len(ranked) - 1, int(len(ranked) * 0.95))]
