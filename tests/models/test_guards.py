"""Rules that the database keeps itself, whatever the code above it tries."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from claims.actions import base
from claims.models import (
    Approval,
    AuditDetail,
    AuditEvent,
    Capture,
    FactCheck,
    Release,
    Verdict,
    VerdictAuthor,
    guards,
)
from claims.ops.checks import guards_exist
from tests.builders import article, claim
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db


def refused(act: object) -> str:
    """Run an act that the database refuses, and return what it says."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        act()  # type: ignore[operator]
    return str(refusal.value)


@pytest.fixture
def verdict(cast: Cast) -> Verdict:
    row = claim(cast)
    made = Verdict.objects.create(
        review=row.reviews.get(),
        desk=cast.desk,
        claim=row,
        number=1,
        wording="x",
        headline="x",
        rating=cast.desk.scales.get().ratings.first(),
        short_answer="x",
        justification="x",
        created_by=cast.ada,
    )
    VerdictAuthor.objects.create(verdict=made, user=cast.ada)
    return made


def test_every_guard_stands_after_migrations(cast: Cast) -> None:
    assert guards.missing() == []
    assert guards_exist(["default"]) == []


def test_a_guard_that_is_gone_is_noticed_and_put_back(cast: Cast) -> None:
    guards.remove()
    assert len(guards.missing()) >= len(guards.GUARDS)
    assert guards_exist(["default"]) != []
    guards.install()
    guards.install()
    assert guards.missing() == []


def test_the_log_is_neither_changed_nor_deleted(cast: Cast) -> None:
    event = base.audit("test.done", cast.desk, actor=cast.ada, desk=cast.desk, words="kept")
    assert "audit log" in refused(lambda: AuditEvent.objects.filter(pk=event.pk).update(verb="other"))
    assert "audit log" in refused(lambda: AuditEvent.objects.filter(pk=event.pk)._raw_delete("default"))
    assert "audit log" in refused(lambda: AuditDetail.objects.filter(event=event).delete())
    assert "redacted" in refused(lambda: AuditDetail.objects.filter(event=event).update(data={}))
    event.refresh_from_db()
    assert event.verb == "test.done"


def test_words_of_the_log_are_blanked_once_and_leave_a_tombstone(cast: Cast) -> None:
    event = base.audit("test.done", cast.desk, actor=cast.ada, desk=cast.desk, words="personal")
    AuditDetail.objects.filter(event=event).update(data={}, redacted_at=timezone.now())
    assert "redacted" in refused(
        lambda: AuditDetail.objects.filter(event=event).update(data={"words": "again"})
    )


def test_a_capture_is_what_it_was(cast: Cast) -> None:
    capture = article(cast).capture
    assert "capture" in refused(lambda: Capture.objects.filter(pk=capture.pk).update(text="other"))
    assert "capture" in refused(lambda: Capture.objects.filter(pk=capture.pk).delete())
    Capture.objects.filter(pk=capture.pk).update(text="", redacted_at=timezone.now())
    assert "capture" in refused(lambda: Capture.objects.filter(pk=capture.pk).update(text="back"))


def test_a_verdict_version_and_a_release_stand(cast: Cast, verdict: Verdict) -> None:
    check = FactCheck.objects.create(desk=cast.desk, claim=verdict.claim, modified_at=timezone.now())
    release = Release.objects.create(
        factcheck=check, number=1, kind="first", payload={"a": 1}, payload_hash="0"
    )
    assert "verdict" in refused(lambda: Verdict.objects.filter(pk=verdict.pk).update(headline="other"))
    assert "verdict" in refused(lambda: Verdict.objects.filter(pk=verdict.pk)._raw_delete("default"))
    assert "release" in refused(lambda: Release.objects.filter(pk=release.pk).update(payload={"a": 2}))
    assert "release" in refused(lambda: Release.objects.filter(pk=release.pk).delete())
    Release.objects.filter(pk=release.pk).update(payload={}, redacted_at=timezone.now())


def test_nobody_approves_what_they_wrote_not_even_past_the_code(cast: Cast, verdict: Verdict) -> None:
    assert "author" in refused(lambda: Approval.objects.create(verdict=verdict, user=cast.ada))
    approval = Approval.objects.create(verdict=verdict, user=cast.ben)
    assert (
        "approval" in refused(lambda: Approval.objects.filter(pk=approval.pk).update(user=cast.ada)).lower()
    )
    assert (
        "approval"
        in refused(lambda: Approval.objects.filter(pk=approval.pk).update(comment=F("comment"))).lower()
    )


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL knows TRUNCATE")
@pytest.mark.parametrize("table", guards.TRUNCATED)
def test_guarded_tables_are_not_truncated(cast: Cast, table: str) -> None:
    def truncate() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")

    assert "cannot be" in refused(truncate)


@pytest.mark.django_db(transaction=True)
def test_guards_come_back_after_a_migration_that_rebuilds_tables() -> None:
    call_command("migrate", "claims", verbosity=0)
    assert guards.missing() == []
    cast = make_cast()
    event = base.audit("test.done", cast.desk, actor=cast.ada, desk=cast.desk)
    assert "audit log" in refused(lambda: AuditEvent.objects.filter(pk=event.pk).delete())
