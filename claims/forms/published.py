"""Which published fact checks are asked for? The filters that public pages and feeds share.

Refuses values that mean nothing, in a sentence; ignores parameters it does not know, because readers add
their own. Never returns an imported check: those are found by search, not published by us.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.dateparse import parse_date, parse_datetime

from claims.models import Desk, FactCheck
from claims.models.fields import key_of, topic_keys
from claims.vocabulary import Finding

NAMES = ("desk", "claimant", "rating", "finding", "language", "topic", "status", "updated_since")
# Checks that one statement brings in.
CHUNK = 200
_FINDINGS = {key_of(finding): finding for finding in Finding}


class BadFilter(ValueError):
    """A filter has a value that means nothing; the message says which and what would."""


class NoDesk(BadFilter):
    """There is no such desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFilter:
    """One set of filters. ``after`` is the keyset of the last check of the page before: time and id."""

    desk: Desk
    claimant: str = ""
    rating: str = ""
    finding: str = ""
    language: str = ""
    topic: str = ""
    status: str = ""
    updated_since: dt.datetime | None = None
    after: tuple[dt.datetime, int] | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> PublishedFilter:
        """Read query parameters; raises BadFilter."""
        text = {name: query.get(name, "").strip().replace("\x00", "") for name in (*NAMES, "after")}
        desk = _desk(text["desk"])
        finding = text["finding"]
        if finding and finding not in Finding.values:
            known = _FINDINGS.get(key_of(finding))
            if known is None:
                raise BadFilter(f"finding must be one of {', '.join(Finding.values)}.")
            finding = known.value
        if text["status"] and text["status"] not in FactCheck.Status.values:
            raise BadFilter(f"status must be one of {', '.join(FactCheck.Status.values)}.")
        return cls(
            desk=desk,
            claimant=text["claimant"],
            rating=text["rating"],
            finding=finding,
            language=text["language"],
            topic=text["topic"],
            status=text["status"],
            updated_since=_time(text["updated_since"]) if text["updated_since"] else None,
            after=_after(text["after"]) if text["after"] else None,
        )

    @property
    def is_filtered(self) -> bool:
        return any(getattr(self, name) for name in NAMES if name != "desk")

    def base(self) -> PublishedFilter:
        """Return the same without its place in the pages."""
        return replace(self, after=None)

    def query_string(self, **more: str) -> str:
        """Return the parameters that give this selection again, without its place."""
        values = {name: getattr(self, name) for name in NAMES if name not in ("desk", "updated_since")}
        if not self.desk.is_default:
            values["desk"] = self.desk.slug
        if self.updated_since:
            values["updated_since"] = self.updated_since.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        return urlencode({name: value for name, value in {**values, **more}.items() if value})

    def rows(self) -> QuerySet[FactCheck]:
        """Return the checks that are asked for, newest change first."""
        found = FactCheck.objects.published().filter(desk=self.desk)
        if self.rating:
            found = found.filter(rating_label=self.rating)
        if self.finding:
            found = found.filter(finding=self.finding)
        if self.language:
            found = found.filter(Q(language=self.language) | Q(language__startswith=f"{self.language}-"))
        if self.claimant:
            found = found.filter(claimant_key=key_of(self.claimant)[:200])
        if self.topic:
            found = found.filter(topic_keys__contains=topic_keys([self.topic]))
        if self.status:
            found = found.filter(status=self.status)
        if self.updated_since:
            found = found.filter(modified_at__gte=self.updated_since)
        if self.after:
            when, pk = self.after
            found = found.filter(Q(modified_at__lt=when) | Q(modified_at=when, pk__lt=pk))
        return found.order_by("-modified_at", "-pk")

    def page(self, size: int) -> list[FactCheck]:
        """Return the next checks with their releases, no more than ``size``."""
        return list(self.rows().select_related("latest")[:size])

    def checks(self, *, chunk: int = CHUNK) -> Iterator[FactCheck]:
        """Yield all checks with their releases, a chunk at a time by their place, in any database.

        What is changed meanwhile moves to the front, where the walk has been: it comes at the end.
        """
        seen: set[int] = set()
        newest: dt.datetime | None = None
        place: PublishedFilter = self
        while True:
            rows = place.page(chunk)
            for check in rows:
                newest = newest or check.modified_at
                seen.add(check.pk)
                yield check
            if len(rows) < chunk:
                break
            place = replace(place, after=(rows[-1].modified_at, rows[-1].pk))
        if newest is None or self.after is not None:
            return
        late = self.rows().filter(modified_at__gt=newest).select_related("latest")
        for check in late[:chunk]:
            if check.pk not in seen:
                yield check

    def state(self) -> tuple[int, int, dt.datetime | None]:
        """Return count, summed versions and newest change: it differs whenever anything selected changed."""
        found = (
            self.rows()
            .order_by()
            .aggregate(n=Count("pk"), versions=Sum("version"), newest=Max("modified_at"))
        )
        return found["n"], found["versions"] or 0, found["newest"]


def after_of(check: FactCheck) -> str:
    """Return the place of this check in the pages, for the parameter ``after``."""
    return f"{check.modified_at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}-{check.pk}"


def _after(value: str) -> tuple[dt.datetime, int]:
    when, _, pk = value.rpartition("-")
    try:
        return dt.datetime.strptime(when, "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC), int(pk[:18])
    except ValueError as problem:
        raise BadFilter(
            "after is not a place in this list: follow its links from the first page."
        ) from problem


def _time(value: str) -> dt.datetime:
    try:
        when = parse_datetime(value.replace(" ", "+") if "T" in value else value)
        if when is None and (day := parse_date(value)) is not None:
            when = dt.datetime.combine(day, dt.time(), dt.UTC)
    except ValueError:
        when = None
    if when is None:
        raise BadFilter(
            "updated_since must be a time such as 2026-01-31T12:00:00Z or a day such as 2026-01-31."
        )
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)


def _desk(slug: str) -> Desk:
    found = Desk.objects.filter(slug=slug).first() if slug else Desk.objects.filter(is_default=True).first()
    if found is None:
        raise NoDesk(f"There is no desk “{slug}”." if slug else "There is no desk here yet.")
    return found
