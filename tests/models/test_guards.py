"""Rules that the database keeps itself, whatever the code above it tries."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from claims.actions import base
from claims.actions.publishing import publish
from claims.actions.review import verdicts as review
from claims.models import (
    Approval,
    AuditDetail,
    AuditEvent,
    Capture,
    FactCheck,
    Point,
    Release,
    Review,
    Verdict,
    VerdictAuthor,
    guards,
)
from claims.ops.checks import guards_exist
from tests.builders import article, claim, moment
from tests.checks_made import approved, checked_claim, corrected, published, submitted
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db


def refused(act: object) -> str:
    """Run an act that the database refuses, and return what it says."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        act()  # type: ignore[operator]
    return str(refusal.value)


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def verdict(cast: Cast) -> Verdict:
    """A version as only code without actions makes it: nothing in the log, nobody has read it."""
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


def check_of(verdict: Verdict) -> FactCheck:
    return FactCheck.objects.create(desk=verdict.desk, claim=verdict.claim, modified_at=timezone.now())


def release(verdict: Verdict | None, check: FactCheck, **values: object) -> Release:
    """Insert a release without asking anybody."""
    given: dict[str, object] = {"number": 1, "kind": "first", "payload": {"a": 1}, "payload_hash": "0"}
    return Release.objects.create(factcheck=check, verdict=verdict, **(given | values))


# How the guards stand


def test_every_guard_stands_after_migrations(cast: Cast) -> None:
    assert guards.missing() == []
    assert guards_exist(["default"]) == []


def test_guards_that_are_gone_are_noticed_and_put_back(cast: Cast) -> None:
    guards.remove()
    wanted = [guard for guard in guards.GUARDS if guard.only in ("", connection.vendor)]
    assert len(guards.missing()) == len(wanted)
    assert guards_exist(["default"]) != []
    guards.install()
    guards.install()
    assert guards.missing() == []


def test_each_guard_that_is_gone_is_named(cast: Cast) -> None:
    for guard in guards.GUARDS:
        if guard.only not in ("", connection.vendor):
            continue
        name = f"guard_{guard.name}"
        with transaction.atomic():
            run(f"DROP TRIGGER {name}" + (f" ON {guard.table}" if connection.vendor == "postgresql" else ""))
            assert guards.faults() == {name: "missing"}
            assert f"{name} (missing)" in guards_exist(["default"])[0].msg
            transaction.set_rollback(True)


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_migrating_from_the_shell_installs_what_is_missing() -> None:
    """As an administrator does: checks of the database come first, and must not keep it from being mended."""
    run("DROP TRIGGER guard_release_frozen")
    call_command("migrate", verbosity=0, skip_checks=False)
    assert guards.faults() == {}


@pytest.mark.embedded
def test_a_guard_that_says_something_else_is_noticed(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    run(
        "DROP TRIGGER guard_release_frozen",
        "CREATE TRIGGER guard_release_frozen BEFORE UPDATE ON claims_release FOR EACH ROW WHEN 0"
        " BEGIN SELECT RAISE(ABORT, 'never'); END",
    )
    assert guards.faults() == {"guard_release_frozen": "changed"}
    assert "guard_release_frozen (changed)" in guards_exist(["default"])[0].msg
    with pytest.raises(CommandError):
        call_command("doctor")
    assert "guard_release_frozen changed" in capsys.readouterr().out
    guards.install()
    assert guards.faults() == {}


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.parametrize(
    "tampering",
    [
        "CREATE OR REPLACE FUNCTION guard_release_frozen() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NEW; END $$",
        "ALTER TABLE claims_release DISABLE TRIGGER guard_release_frozen",
        "DROP TRIGGER guard_release_frozen ON claims_release; CREATE TRIGGER guard_release_frozen BEFORE UPDATE"
        " ON claims_release FOR EACH ROW WHEN (false) EXECUTE FUNCTION guard_release_frozen()",
        "DROP TRIGGER guard_release_frozen ON claims_release; CREATE TRIGGER guard_release_frozen BEFORE UPDATE"
        " OF number ON claims_release FOR EACH ROW EXECUTE FUNCTION guard_release_frozen()",
        "DROP TRIGGER guard_release_frozen ON claims_release; CREATE TRIGGER guard_release_frozen AFTER UPDATE"
        " ON claims_release FOR EACH ROW EXECUTE FUNCTION guard_release_frozen()",
        "DROP TRIGGER guard_release_frozen ON claims_release; CREATE TRIGGER guard_release_frozen BEFORE UPDATE"
        " ON claims_release FOR EACH ROW EXECUTE FUNCTION guard_review_stays()",
        "DROP TRIGGER guard_release_frozen ON claims_release; CREATE TRIGGER guard_release_frozen BEFORE UPDATE"
        " ON claims_passage FOR EACH ROW EXECUTE FUNCTION guard_release_frozen()",
    ],
)
def test_a_guard_that_was_tampered_with_is_noticed(cast: Cast, tampering: str) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE", tampering)
    assert guards.faults() == {"guard_release_frozen": "changed"}
    guards.install()
    assert guards.faults() == {}


def test_guards_of_an_earlier_version_go(cast: Cast) -> None:
    if connection.vendor == "postgresql":
        run(
            "CREATE FUNCTION guard_of_old() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
            "CREATE TRIGGER guard_of_old BEFORE UPDATE ON claims_job FOR EACH ROW"
            " EXECUTE FUNCTION guard_of_old()",
        )
    else:
        run("CREATE TRIGGER guard_of_old BEFORE UPDATE ON claims_job BEGIN SELECT RAISE(ABORT, 'old'); END")
    guards.install()
    with connection.cursor() as cursor:
        catalogue = (
            "pg_trigger WHERE tgname" if connection.vendor == "postgresql" else "sqlite_master WHERE name"
        )
        cursor.execute(f"SELECT COUNT(*) FROM {catalogue} = 'guard_of_old'")
        assert cursor.fetchone() == (0,)


# The log and captures


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
    rows = Capture.objects.filter(pk=capture.pk)
    assert "capture" in refused(lambda: rows.update(text="other"))
    assert "capture" in refused(lambda: rows.update(text="other", redacted_at=timezone.now()))
    assert "capture" in refused(lambda: rows.delete())
    rows.update(text="", redacted_at=timezone.now())
    assert "capture" in refused(lambda: rows.update(text="back"))


# Verdicts, their authors, points and approvals


def test_a_version_belongs_to_the_claim_of_its_review(cast: Cast, verdict: Verdict) -> None:
    other = claim(cast)
    verdict.pk, verdict.number, verdict.claim = None, 2, other
    assert "claim and desk of its review" in refused(verdict.save)


def test_nobody_approves_what_they_wrote_not_even_past_the_code(cast: Cast, verdict: Verdict) -> None:
    assert "author" in refused(lambda: Approval.objects.create(verdict=verdict, user=cast.ada))
    VerdictAuthor.objects.create(verdict=verdict, user=cast.carla)
    assert "author" in refused(lambda: Approval.objects.create(verdict=verdict, user=cast.carla))
    approval = Approval.objects.create(verdict=verdict, user=cast.ben)
    assert (
        "approval" in refused(lambda: Approval.objects.filter(pk=approval.pk).update(user=cast.ada)).lower()
    )


def test_who_handed_a_version_in_wrote_it_whatever_the_authors_say(cast: Cast) -> None:
    made = claim(cast)
    bare = Verdict.objects.create(
        review=made.reviews.get(), desk=cast.desk, claim=made, number=1, wording="x", headline="x",
        rating=cast.desk.scales.get().ratings.first(), short_answer="x", justification="x", created_by=cast.ada,
    )  # fmt: skip
    assert "author" in refused(lambda: Approval.objects.create(verdict=bare, user=cast.ada))


def test_authors_and_points_are_those_of_the_submission(cast: Cast) -> None:
    verdict = submitted(cast)
    for row in (
        VerdictAuthor(verdict=verdict, user=cast.ben),
        Point(verdict=verdict, number=7, question="And?", answer="More."),
    ):
        assert "handed in" in refused(row.save)
    assert "cannot be deleted" in refused(lambda: VerdictAuthor.objects.filter(verdict=verdict).delete())


def test_a_version_that_somebody_read_or_approved_gets_no_further_author(
    cast: Cast, verdict: Verdict
) -> None:
    with transaction.atomic():
        review.open_verdict(actor=cast.ben, verdict=verdict)
        assert "handed in" in refused(VerdictAuthor(verdict=verdict, user=cast.carla).save)
        transaction.set_rollback(True)
    Approval.objects.create(verdict=verdict, user=cast.ben)
    assert "handed in" in refused(VerdictAuthor(verdict=verdict, user=cast.carla).save)


def test_approvals_of_a_published_version_stay(cast: Cast) -> None:
    approvals = Approval.objects.filter(verdict__claim=published(cast).claim)
    assert "cannot be deleted" in refused(lambda: approvals.delete())
    assert "cannot be changed" in refused(lambda: approvals.update(kind="legal"))
    assert approvals.count() == 1


# Releases


def test_a_version_with_its_approval_is_released(cast: Cast, verdict: Verdict) -> None:
    Approval.objects.create(verdict=verdict, user=cast.ben)
    made = release(verdict, check_of(verdict))
    assert "release" in refused(lambda: Release.objects.filter(pk=made.pk).update(payload={"a": 2}))
    assert "release" in refused(lambda: Release.objects.filter(pk=made.pk).delete())
    Release.objects.filter(pk=made.pk).update(payload={}, redacted_at=timezone.now())


@pytest.mark.parametrize("kind", [*Release.Kind.values, "an invented one"])
def test_nothing_is_released_without_an_approval(cast: Cast, verdict: Verdict, kind: str) -> None:
    check = check_of(verdict)
    assert refused(lambda: release(verdict, check, kind=kind))
    assert refused(lambda: release(None, check, kind=kind))
    assert not Release.objects.exists()


@pytest.mark.parametrize("kind", [*(k for k in Release.Kind.values if k != "first"), "an invented one"])
def test_nothing_new_is_released_over_a_published_one_without_an_approval(cast: Cast, kind: str) -> None:
    check = published(cast)
    assert check.latest is not None
    opened = publish.start_correction(
        actor=cast.ada, factcheck=check, kind="correction", public_note="Wrong."
    )
    older = check.latest.verdict
    assert older is not None
    newer = Verdict.objects.get(pk=older.pk)
    newer.pk, newer.review, newer.headline = None, opened, "Yes, it carries all of them"
    newer.save(force_insert=True)
    assert refused(lambda: release(newer, check, kind=kind, number=2))
    if kind not in ("suspension", "reinstatement", "withdrawal"):
        Approval.objects.create(verdict=newer, user=cast.ben)
        assert release(newer, check, kind=kind, number=2).number == 2


def test_every_approval_that_the_desk_asks_for_counts(cast: Cast, verdict: Verdict) -> None:
    type(cast.desk).objects.filter(pk=cast.desk.pk).update(editorial_approvals=2, legal_approvals=1)
    check = check_of(verdict)
    Approval.objects.create(verdict=verdict, user=cast.carla, kind="legal")
    Approval.objects.create(verdict=verdict, user=cast.ben)
    assert "approvals" in refused(lambda: release(verdict, check))
    Approval.objects.create(verdict=verdict, user=cast.dana)
    assert release(verdict, check).number == 1


def test_a_legal_approval_is_not_made_up_for_by_editorial_ones(cast: Cast, verdict: Verdict) -> None:
    type(cast.desk).objects.filter(pk=cast.desk.pk).update(legal_approvals=1)
    check = check_of(verdict)
    for user in (cast.ben, cast.dana):
        Approval.objects.create(verdict=verdict, user=user)
    assert "approvals" in refused(lambda: release(verdict, check))
    Approval.objects.create(verdict=verdict, user=cast.carla, kind="legal")
    assert release(verdict, check).number == 1


def test_a_minor_edit_needs_one_other_person_and_must_be_one(cast: Cast) -> None:
    check = published(cast)
    type(cast.desk).objects.filter(pk=cast.desk.pk).update(editorial_approvals=2, legal_approvals=1)
    opened = publish.start_correction(
        actor=cast.ada, factcheck=check, kind="correction", public_note="Wrong."
    )
    assert check.latest is not None
    older = check.latest.verdict
    assert older is not None
    newer = Verdict.objects.get(pk=older.pk)
    newer.pk, newer.review = None, opened
    newer.save(force_insert=True)
    Approval.objects.create(verdict=newer, user=cast.ben)
    assert "approvals" in refused(lambda: release(newer, check, kind="minor", number=2))
    Review.objects.filter(pk=opened.pk).update(release_kind="minor")
    assert release(newer, check, kind="minor", number=2).number == 2


def test_an_approved_version_that_was_sent_back_or_replaced_is_not_released(cast: Cast) -> None:
    type(cast.desk).objects.filter(pk=cast.desk.pk).update(publish_mode="hold")
    for sent_back in (
        lambda one: review.return_verdict(actor=cast.carla, verdict=one, comment="Not yet."),
        lambda one: review.recall_verdict(actor=cast.ada, verdict=one),
    ):
        verdict = submitted(cast)
        approved(cast, verdict)
        sent_back(verdict)
        assert "approvals" in refused(lambda verdict=verdict: release(verdict, check_of(verdict)))


def test_a_replaced_version_is_not_released(cast: Cast, verdict: Verdict) -> None:
    Approval.objects.create(verdict=verdict, user=cast.ben)
    check = check_of(verdict)
    newer = Verdict.objects.get(pk=verdict.pk)
    newer.pk, newer.number = None, 2
    newer.save(force_insert=True)
    assert "approvals" in refused(lambda: release(verdict, check))


def test_a_release_shows_a_verdict_on_its_own_claim(cast: Cast, verdict: Verdict) -> None:
    Approval.objects.create(verdict=verdict, user=cast.ben)
    elsewhere = FactCheck.objects.create(desk=cast.desk, claim=claim(cast), modified_at=timezone.now())
    assert "claim of its fact check" in refused(lambda: release(verdict, elsewhere))
    foreign = FactCheck.objects.create(
        desk=cast.desk, imported=True, import_key="k", modified_at=timezone.now()
    )
    assert "claim of its fact check" in refused(lambda: release(verdict, foreign))
    assert release(None, foreign).verdict is None


@pytest.mark.parametrize("number", [0, 1, 3, 4])
def test_releases_are_numbered_one_by_one(cast: Cast, number: int) -> None:
    check = published(cast)
    assert check.latest is not None
    verdict = check.latest.verdict
    assert "one by one" in refused(lambda: release(verdict, check, kind="suspension", number=number))
    assert release(verdict, check, kind="suspension", number=2).number == 2


def test_only_the_first_release_is_the_first(cast: Cast, verdict: Verdict) -> None:
    Approval.objects.create(verdict=verdict, user=cast.ben)
    check = check_of(verdict)
    assert "only the first one" in refused(lambda: release(verdict, check, kind="update"))
    release(verdict, check)
    assert "only the first one" in refused(lambda: release(verdict, check, number=2))


def test_a_withdrawal_is_final(cast: Cast) -> None:
    check = published(cast)
    publish.withdraw(actor=cast.carla, factcheck=check, note="The source was forged.")
    assert check.latest is not None
    verdict = check.latest.verdict
    assert "final" in refused(lambda: release(verdict, check, kind="reinstatement", number=3))


# The fact check


def test_latest_moves_on_and_never_back(cast: Cast) -> None:
    check, other = published(cast), published(cast)
    first = check.latest_id
    newest = corrected(cast, check, moment(1))
    rows = FactCheck.objects.filter(pk=check.pk)
    for pk in (first, other.latest_id, None, 9_000_001):
        assert "newest release" in refused(lambda pk=pk: rows.update(latest=pk))
    assert rows.get().latest_id == newest.pk
    assert newest.verdict is not None
    following = release(newest.verdict, check, kind="suspension", number=3)
    rows.update(latest=following, status="suspended")
    assert "newest release" in refused(lambda: rows.update(latest=newest))


def test_a_fact_check_begins_without_a_release(cast: Cast) -> None:
    made = FactCheck(desk=cast.desk, claim=claim(cast), latest_id=9_000_001, modified_at=timezone.now())
    assert "begins without" in refused(made.save)


def test_a_status_changes_with_a_release_only(cast: Cast) -> None:
    check = published(cast)
    rows = FactCheck.objects.filter(pk=check.pk)
    for status in ("suspended", "withdrawn"):
        assert "with a release" in refused(lambda status=status: rows.update(status=status))
    publish.suspend(actor=cast.carla, factcheck=check, note="We are looking into a doubt.")
    assert "with a release" in refused(lambda: rows.update(status="live"))


def test_what_was_checked_is_never_moved_to_another_claim(cast: Cast) -> None:
    check = published(cast)
    other = checked_claim(cast)
    assert "for ever" in refused(lambda: FactCheck.objects.filter(pk=check.pk).update(claim=other))
    assert "for ever" in refused(lambda: Review.objects.filter(claim=check.claim).update(claim=other))
    assert "for ever" in refused(lambda: FactCheck.objects.filter(pk=check.pk).update(imported=True))
    assert "cannot be changed" in refused(
        lambda: Verdict.objects.filter(claim=check.claim).update(claim=other)
    )


@pytest.mark.django_db(transaction=True)
def test_guards_come_back_after_a_migration_that_rebuilds_tables() -> None:
    call_command("migrate", "claims", verbosity=0)
    assert guards.missing() == []
    cast = make_cast()
    event = base.audit("test.done", cast.desk, actor=cast.ada, desk=cast.desk)
    assert "audit log" in refused(lambda: AuditEvent.objects.filter(pk=event.pk).delete())
