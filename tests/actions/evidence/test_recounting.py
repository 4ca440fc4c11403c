"""After an update evidence is read and counted again by a job; what people decided stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.actions.evidence import decisions
from claims.jobs import rows
from claims.models import Claim, Evidence, Job
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_unread_evidence_is_read_and_counted(cast: Cast, drain: Callable[..., int]) -> None:
    claim = builders.claim(cast, wording="The port had lost 300 jobs since 2024.")
    said = "The port had lost 300 jobs since 2024, Ilse Brandt said."
    row = decisions.add_quotation(actor=cast.ada, claim=claim, quotation=said, source_title="Letter")
    judged = decisions.add_quotation(
        actor=cast.ada, claim=claim, quotation="The port lost 300 jobs, it counted.", source_title="Almanac",
        according_to="The port",
    )  # fmt: skip
    Evidence.objects.update(relies={})
    Claim.objects.update(articles_found=9, origins_found=9)
    rows.enqueue("recount", desk=None, dedupe_key="recount")
    drain("recount")
    job = Job.objects.get(kind="recount")
    assert (job.status, job.result) == (Job.Status.DONE, {"read": 2})
    row.refresh_from_db()
    judged.refresh_from_db()
    assert row.relies["speakers"] == [["Ilse Brandt", "Ilse Brandt"]]
    assert judged.according_to == "The port"
    claim.refresh_from_db()
    assert (claim.articles_found, claim.origins_found) == (1, 1)
