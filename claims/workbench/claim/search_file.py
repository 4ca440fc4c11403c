"""The log of what was asked for a claim, as a file: what stands on the page of all its searches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.actions.review.selections import chunks
from claims.models import Claim, SearchRun, User
from claims.models.access import access_claim
from claims.workbench.access import PersonRequest, opened, signed_in
from claims.workbench.claim.search_log import logged
from claims.workbench.desk.list_files import as_file, utc

#: Columns of the log of searches as a file.
SEARCHES = (
    "id", "at", "who", "kind", "questions", "where", "kept_to", "engine", "searched", "in_time", "hits", "outcome",
    "note",
)  # fmt: skip


@signed_in
@require_safe
def searches_csv(request: PersonRequest, pk: int) -> HttpResponseBase:
    """Give the log of searches: each asking a line, with what this person may know of its questions."""
    claim = opened(request, access_claim, pk)
    return as_file(SEARCHES, _asked_lines(claim, request.user), f"searches-{claim.pk}")


def _asked_lines(claim: Claim, user: User) -> Iterator[dict[str, Any]]:
    rows = SearchRun.objects.filter(claim=claim)
    for part in chunks(list(rows.order_by("-id").values_list("pk", flat=True))):
        runs = rows.filter(pk__in=part).select_related("asked_by").order_by("-id")
        for line in logged(claim, user, list(runs)):
            run = line.run
            yield {
                "id": run.pk,
                "at": utc(run.created_at),
                "who": run.asked_by.display_name if run.asked_by else _("the workbench"),
                "kind": run.get_kind_display(),
                "questions": " | ".join(str(one.get("text", "")) for one in run.questions),
                "where": line.address,
                "kept_to": "; ".join(line.filters),
                "engine": run.engine,
                "searched": None if line.outside else run.searched,
                "in_time": run.in_window,
                "hits": None if line.outside else run.hits_found,
                "outcome": run.get_outcome_display(),
                "note": run.note,
            }
