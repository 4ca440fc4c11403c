"""The jobs page: running with progress, due, failed with the reason and Retry."""

from __future__ import annotations

import pytest
from django.utils import timezone

from claims.jobs import rows
from claims.models import AuditEvent, Desk, Job
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
JOBS = "/desk/north/jobs/"


def job(desk: Desk | None, **fields: object) -> Job:
    values = {
        "kind": "fetch",
        "subject": "https://a.example/",
        "status": "failed",
        "finished_at": timezone.now(),
    }
    return Job.objects.create(desk=desk, **(values | fields))


def test_a_failed_job_says_why_and_is_retried(cast: Cast) -> None:
    failed = job(cast.desk, error="The server did not answer.", attempts=5)
    client = pages.signed_in(cast.ada)
    assert "The server did not answer." in client.get(JOBS).content.decode()
    assert client.post(f"/jobs/{failed.pk}/retry/").status_code == 303
    failed.refresh_from_db()
    assert (failed.status, failed.attempts, failed.error) == ("queued", 0, "")
    assert client.post(f"/jobs/{failed.pk}/retry/").status_code == 409


def test_a_running_job_shows_its_progress(cast: Cast) -> None:
    job(
        cast.desk,
        status="running",
        progress_done=3,
        progress_total=8,
        progress_note="pages read",
        finished_at=None,
    )
    text = pages.signed_in(cast.ada).get(JOBS).content.decode()
    assert 'value="3" max="8"' in text
    assert "pages read" in text


def test_the_lists_come_again_without_the_page(cast: Cast) -> None:
    job(cast.desk)
    text = pages.signed_in(cast.ada).get(JOBS, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert 'hx-trigger="every 10s"' in text


def test_jobs_of_another_desk_are_not_shown_and_not_retried(cast: Cast) -> None:
    theirs = job(cast.other_desk, subject="https://secret.example/")
    client = pages.signed_in(cast.ada)
    assert "secret.example" not in client.get(JOBS).content.decode()
    assert client.post(f"/jobs/{theirs.pk}/retry/").status_code == 404


def test_a_contributor_cannot_retry(cast: Cast) -> None:
    failed = job(cast.desk)
    assert pages.signed_in(cast.eli).post(f"/jobs/{failed.pk}/retry/").status_code == 403


def test_upkeep_of_the_installation_is_for_its_administrators(cast: Cast) -> None:
    upkeep = job(None, kind="index", subject="index")
    assert "Write the search index" in pages.signed_in(cast.ada).get(JOBS).content.decode()
    assert pages.signed_in(cast.dana).post(f"/jobs/{upkeep.pk}/retry/").status_code == 404


def test_a_job_that_waits_says_where_and_how_many_are_before_it_and_can_be_cancelled(cast: Cast) -> None:
    for _ in range(3):
        rows.enqueue("analyse", desk=cast.desk)
    last = rows.enqueue("analyse", desk=cast.desk)
    client = pages.signed_in(cast.ada)
    page = client.get("/desk/north/jobs/").content.decode()
    assert "bulk" in page
    assert "3 before it" in page
    assert client.post(f"/jobs/{last.pk}/cancel/").status_code == 303
    last.refresh_from_db()
    assert last.status == Job.Status.CANCELLED
    assert AuditEvent.objects.filter(verb="job.cancelled", object_id=last.pk, actor_id=cast.ada.pk).exists()
    assert rows.claim(last.pk) is None
    assert client.post(f"/jobs/{last.pk}/cancel/").status_code == 409


def test_a_job_that_runs_cannot_be_cancelled(cast: Cast) -> None:
    job = rows.enqueue("analyse", desk=cast.desk)
    assert rows.claim(job.pk) is not None
    assert pages.signed_in(cast.ada).post(f"/jobs/{job.pk}/cancel/").status_code == 409
    job.refresh_from_db()
    assert job.status == Job.Status.RUNNING
