"""What came in with many others is split when somebody opens it, and for the desk that opens it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.actions.documents.storing import Added, store
from claims.intake.types import Extracted
from claims.models import AnalysisRun, Capture, Job
from claims.vocabulary import Role
from tests.builders import HARBOUR
from tests.people import Cast, person
from tests.workbench.desk_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(cast: Cast) -> Added:
    return store(actor=None, desk=cast.desk, extracted=Extracted(text=HARBOUR, title="Fees"), analyse=False)


def jobs() -> list[tuple[str, str]]:
    return list(Job.objects.filter(kind="analyse").values_list("queue", "status"))


def test_opening_queues_it_before_imports_shows_it_and_does_it_once(
    cast: Cast, stored: Added, drain: Callable[..., int]
) -> None:
    assert jobs() == []
    client, page = signed_in(cast.eli), f"/documents/{stored.document.pk}/"
    assert "The article waits to be read for claims." in client.get(page).content.decode()
    assert jobs() == [("interactive", "queued")]
    client.get(page)
    assert len(jobs()) == 1
    drain("analyse")
    assert AnalysisRun.objects.get().desk == cast.desk
    client.get(page)
    assert jobs() == [("interactive", "done")]


def test_a_failed_splitting_is_not_queued_by_looking(cast: Cast, stored: Added) -> None:
    client, page = signed_in(cast.eli), f"/documents/{stored.document.pk}/"
    client.get(page)
    Job.objects.filter(kind="analyse").update(status="failed", error="It hung.")
    assert "It hung." in client.get(page).content.decode()
    assert len(jobs()) == 1


def test_an_older_state_and_a_stranger_queue_nothing(cast: Cast, stored: Added) -> None:
    page = f"/documents/{stored.document.pk}/"
    assert signed_in(cast.otto).get(page).status_code == 404
    Capture.objects.create(
        document=stored.document, number=2, text="Newer words.", text_hash="n", extractor="x", characters=12
    )
    stored.document.captures_made = 2
    stored.document.save()
    signed_in(cast.eli).get(f"{page}?capture=1")
    assert jobs() == []


def test_each_desk_that_reads_the_archive_has_its_own(cast: Cast, stored: Added) -> None:
    cast.other_desk.archives.add(stored.document.archive)
    page = f"/documents/{stored.document.pk}/"
    signed_in(cast.eli).get(page)
    signed_in(person("Rita", cast.other_desk, Role.REVIEWER)).get(page)
    assert Job.objects.filter(kind="analyse").values("desk").distinct().count() == 2
