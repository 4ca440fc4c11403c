"""How is the page of evidence that was added by its address? Being fetched, failed with a reason, or not asked for.

A row whose page is in the archive has no state: it shows the document itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claims.actions.documents.intake import fetch_key
from claims.models import Evidence, Job, User
from claims.models.together import Asking, answered


@dataclass(frozen=True, slots=True)
class FetchState:
    """The newest job that fetches the page of one row."""

    job: Job

    @property
    def busy(self) -> bool:
        return self.job.status in (Job.Status.QUEUED, Job.Status.RUNNING)

    @property
    def failed(self) -> bool:
        return self.job.status in (Job.Status.FAILED, Job.Status.CANCELLED)

    @property
    def reason(self) -> str:
        return self.job.error


def fetch_states(rows: Iterable[Evidence], user: User) -> dict[int, FetchState]:
    """Return by evidence id how the fetching of its page stands, in one statement; none where all are there."""
    return answered(ask_fetch_states(rows, user))


def ask_fetch_states(rows: Iterable[Evidence], user: User) -> Asking[dict[int, FetchState]]:
    """Ask for what ``fetch_states`` returns, beside other parts of a page."""
    keys = {
        row.pk: key
        for row in rows
        if row.kind == Evidence.Kind.URL and row.document_id is None
        if (key := fetch_key(row.desk_id, row.source_url))
    }
    if not keys:
        return {}
    jobs = Job.objects.shown_to(user).filter(kind="fetch", dedupe_key__in=set(keys.values())).order_by("pk")
    yield [jobs]
    newest = {job.dedupe_key: job for job in jobs}
    return {pk: FetchState(newest[key]) for pk, key in keys.items() if key in newest}
