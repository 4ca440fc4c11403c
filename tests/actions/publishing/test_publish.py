"""Publishing, holding, timing, correcting, suspending, withdrawing and importing fact checks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from claims.actions import base
from claims.actions.desk import scales
from claims.actions.publishing import publish
from claims.actions.publishing.payload import stored_payload
from claims.actions.publishing.publish import import_factcheck
from claims.actions.publishing.schedule import due_by_time
from claims.actions.review import verdicts as review
from claims.actions.review.verdict_text import VerdictData
from claims.exports.payload import digest
from claims.models import AuditEvent, Desk, Evidence, FactCheck, IndexEntry, Job, Match, RatingScale, Release
from claims.vocabulary import Finding
from tests.builders import moment
from tests.checks_made import (
    approved,
    checked_claim,
    corrected,
    current,
    published,
    rating,
    read_whole,
    source,
    submitted,
    words,
)
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=5)


def hold_desk(cast: Cast) -> None:
    cast.desk.publish_mode = Desk.AfterApproval.HOLD
    cast.desk.save()


def test_a_release_freezes_the_complete_public_content(cast: Cast) -> None:
    check = published(cast)
    release = check.latest
    assert release is not None
    payload = stored_payload(release)
    assert (release.number, release.kind, release.payload_hash) == (1, "first", digest(release.payload))
    assert payload.justification.endswith("that day.[1]") or payload.justification.endswith("that day. [1]")
    assert [(c.number, c.url) for c in payload.citations] == [(1, "https://roads.example/count")]
    assert payload.claimant is not None
    assert payload.claimant.name == "Ilse Brandt"
    assert (payload.rating.label, payload.rating.value, payload.rating.best, payload.rating.worst) == (
        "False",
        1,
        5,
        1,
    )
    assert payload.uri.endswith(f"/checks/{check.public_id}/")
    assert payload.url.endswith(f"/checks/{check.public_id}/no-the-bridge-carries-far-fewer-cars/")
    assert (check.rating_label, check.finding, check.claimant_name) == (
        "False",
        Finding.REFUTED,
        "Ilse Brandt",
    )
    assert IndexEntry.objects.get(collection="factchecks", object_id=check.pk).deleted is False


def test_a_release_cannot_be_changed_or_deleted(cast: Cast) -> None:
    release = published(cast).latest
    assert release is not None
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(public_note="nothing happened")
    with pytest.raises(IntegrityError, match="cannot be deleted"), transaction.atomic():
        Release.objects.filter(pk=release.pk)._raw_delete("default")


def test_a_source_that_is_not_public_keeps_its_number_and_nothing_else(cast: Cast) -> None:
    made = checked_claim(cast)
    cited = source(cast, made)
    Evidence.objects.filter(pk=cited.pk).update(is_public=False)
    check = published_with(cast, made, cited)
    text = json.dumps(check.latest.payload)  # type: ignore[union-attr]
    assert "roads.example" not in text
    assert "412 cars that day" not in text.replace("saw *412* that day", "")
    assert "A source known to the newsroom" in text


def published_with(cast: Cast, made: Any, cited: Evidence) -> FactCheck:
    verdict = review.submit_verdict(actor=cast.ada, review=current(made), data=words(cast, cited), now=NOW)
    approved(cast, verdict)
    return FactCheck.objects.select_related("latest").get(claim=made)


def test_a_holding_desk_publishes_only_by_a_persons_hand(cast: Cast) -> None:
    hold_desk(cast)
    verdict = submitted(cast)
    held = approved(cast, verdict)
    assert held.state == "approved"
    with pytest.raises(base.Refused, match="held"):
        publish.publish(actor=None, review=held, now=NOW)
    for who in (cast.ada, cast.eli, cast.otto):
        with pytest.raises(base.NotAllowed):
            publish.publish(actor=who, review=held, now=NOW)
    release = publish.publish(actor=cast.carla, review=held, now=NOW)
    assert publish.publish(actor=cast.carla, review=held, now=NOW) == release
    assert Release.objects.count() == 1


def test_nothing_unapproved_is_published_by_anybody(cast: Cast) -> None:
    verdict = submitted(cast)
    waiting = current(verdict.claim)
    for who in (None, cast.ben, cast.carla, cast.dana):
        with pytest.raises(base.Refused):
            publish.publish(actor=who, review=waiting, now=NOW)
    cast.desk.editorial_approvals = 2
    cast.desk.save()
    assert approved(cast, verdict).state == "awaiting_approval"
    with pytest.raises(base.Refused):
        publish.publish(actor=cast.carla, review=current(verdict.claim), now=NOW)
    assert not Release.objects.exists()


def test_a_planned_publication_goes_out_when_its_time_comes_and_once(
    cast: Cast, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = submitted(cast)
    planned = approved(cast, verdict, publish_at=LATER)
    assert planned.state == "approved"
    assert due_by_time(NOW) == 0
    assert due_by_time(LATER) == due_by_time(LATER) == 1
    assert Job.objects.filter(kind="publish").count() == 1
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    drain("publish")
    assert current(verdict.claim).state == "published"
    assert Release.objects.get().by is None
    assert due_by_time(LATER) == 0


def test_a_time_that_has_passed_is_refused(cast: Cast) -> None:
    hold_desk(cast)
    held = approved(cast, submitted(cast))
    with pytest.raises(base.Refused, match="passed"):
        publish.publish_at(actor=cast.carla, review=held, at=NOW, now=NOW)
    timed = publish.publish_at(actor=cast.carla, review=held, at=LATER, now=NOW)
    assert publish.hold(actor=cast.carla, review=timed, now=NOW).publish_at is None
    assert due_by_time(LATER) == 0


def test_a_publication_the_rules_refuse_is_held_and_the_clock_stops_asking(
    cast: Cast, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = submitted(cast)
    approved(cast, verdict, publish_at=LATER)
    verdict.claim.evidence.update(quotation="Changed in between.")
    due_by_time(LATER)
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    drain("publish")
    stopped = current(verdict.claim)
    assert (stopped.state, stopped.held) == ("approved", True)
    assert "the sources change" in Job.objects.get(kind="publish").error
    assert due_by_time(LATER) == 0
    assert not Release.objects.exists()


def test_suspension_is_one_editors_immediate_act(cast: Cast) -> None:
    check = published(cast)
    for who in (cast.ada, cast.ben, cast.otto):
        with pytest.raises(base.NotAllowed):
            publish.suspend(actor=who, factcheck=check, note="A doubt.", now=moment(1))
    with pytest.raises(base.Refused, match="needs a note"):
        publish.suspend(actor=cast.carla, factcheck=check, note="  ", now=moment(1))
    release = publish.suspend(actor=cast.carla, factcheck=check, note="A doubt.", now=moment(1))
    assert publish.suspend(actor=cast.carla, factcheck=check, note="A doubt.", now=moment(1)) == release
    check.refresh_from_db()
    assert (check.status, release.number, release.public_note) == ("suspended", 2, "A doubt.")
    assert IndexEntry.objects.get(collection="factchecks", object_id=check.pk).deleted is True
    publish.reinstate(actor=cast.carla, factcheck=check, note="It holds.", now=moment(2))
    check.refresh_from_db()
    assert check.status == "live"
    payload = stored_payload(check.latest)  # type: ignore[arg-type]
    assert [change.note for change in payload.changes] == ["A doubt.", "It holds."]
    assert payload.short_answer == "The road office counted 412 cars."


def test_a_withdrawal_is_final(cast: Cast) -> None:
    check = published(cast)
    publish.withdraw(actor=cast.carla, factcheck=check, note="It was wrong.", now=moment(1))
    with pytest.raises(base.Stale, match="final"):
        publish.reinstate(actor=cast.carla, factcheck=check, note="No.", now=moment(2))
    with pytest.raises(base.Stale, match="final"):
        publish.start_correction(
            actor=cast.ada, factcheck=check, kind="correction", public_note="x", now=moment(2)
        )


def test_a_correction_leaves_the_public_version_until_it_is_approved(cast: Cast) -> None:
    check = published(cast)
    opened = publish.start_correction(
        actor=cast.ada, factcheck=check, kind="correction", public_note="We had miscounted.", now=moment(1)
    )
    check.refresh_from_db()
    assert check.latest is not None
    assert check.latest.number == 1
    with pytest.raises(base.Stale, match="in the works"):
        publish.start_correction(
            actor=cast.ben, factcheck=check, kind="update", public_note="x", now=moment(1)
        )
    publish_words = replace(
        VerdictData.from_verdict(review.base_verdict(opened)),  # type: ignore[arg-type]
        short_answer="421 cars.",
        release_kind="first",
        public_note="",
    )
    same = replace(publish_words, short_answer="The road office counted 412 cars.")
    with pytest.raises(base.Refused, match="Nothing that the public sees changes"):
        review.submit_verdict(actor=cast.ada, review=opened, data=same, now=moment(1))
    verdict = review.submit_verdict(actor=cast.ada, review=opened, data=publish_words, now=moment(1))
    assert approved(cast, verdict, now=moment(1)).state == "published"
    check.refresh_from_db()
    payload = stored_payload(check.latest)
    assert (payload.number, payload.kind, payload.short_answer) == (2, "correction", "421 cars.")
    assert payload.last_correction is not None
    assert payload.last_correction.note == "We had miscounted."
    assert payload.published_at < payload.modified_at


def test_a_minor_edit_that_is_none_is_refused_at_submission(cast: Cast) -> None:
    check = published(cast)
    opened = publish.start_correction(actor=cast.ada, factcheck=check, kind="minor", now=moment(1))
    before = VerdictData.from_verdict(review.base_verdict(opened))  # type: ignore[arg-type]
    for change in ({"short_answer": "421 cars."}, {"rating_id": rating(cast.desk, "true").pk}):
        with pytest.raises(base.Refused, match="no minor edit"):
            review.submit_verdict(
                actor=cast.ada, review=opened, data=replace(before, **change), now=moment(1)
            )
    fine = replace(before, headline="No, the bridge carries far fewer cars.")
    verdict = review.submit_verdict(actor=cast.ada, review=opened, data=fine, now=moment(1))
    read_whole(actor=cast.ada, verdict=verdict, now=moment(1))
    with pytest.raises(base.NotAllowed):
        review.approve(actor=cast.ada, verdict=verdict, now=moment(1))
    assert approved(cast, verdict, now=moment(1)).state == "published"


def test_the_authors_of_what_is_corrected_cannot_approve_the_correction(cast: Cast) -> None:
    check = published(cast)
    opened = publish.start_correction(
        actor=cast.carla, factcheck=check, kind="correction", public_note="We had miscounted.", now=moment(1)
    )
    before = VerdictData.from_verdict(review.base_verdict(opened))  # type: ignore[arg-type]
    verdict = review.submit_verdict(
        actor=cast.carla, review=opened, data=replace(before, short_answer="421 cars."), now=moment(1)
    )
    assert set(verdict.authors.values_list("user_id", flat=True)) == {cast.ada.pk, cast.carla.pk}


@pytest.mark.parametrize("kind", ["first", "suspension", "nonsense", ""])
def test_a_correction_is_one_of_four_kinds(cast: Cast, kind: str) -> None:
    check = published(cast)
    with pytest.raises(base.Refused, match="Choose a minor edit"):
        publish.start_correction(actor=cast.ada, factcheck=check, kind=kind, public_note="x", now=moment(1))


def test_the_fan_out_tells_claims_that_rest_on_a_changed_check(cast: Cast, drain: Callable[..., int]) -> None:
    check = published(cast)
    other = checked_claim(cast)
    Match.objects.create(claim=other, factcheck=check, state=Match.State.CONFIRMED)
    drain("fanout")
    assert not AuditEvent.objects.filter(verb="match.factcheck_changed").exists()
    publish.suspend(actor=cast.carla, factcheck=check, note="A doubt.", now=moment(1))
    drain("fanout")
    told = AuditEvent.objects.get(verb="match.factcheck_changed")
    assert (told.claim_id, told.after) == (other.pk, "suspension")
    assert set(Job.objects.filter(kind="fanout").values_list("status", flat=True)) == {"done"}


def test_a_verdict_keeps_the_scale_it_was_given_under(cast: Cast) -> None:
    check = published(cast)
    stored = RatingScale.objects.get(desk=cast.desk, is_current=True).ratings.order_by("position")
    rows = tuple(scales.RatingRow(r.label, r.definition, r.finding, r.value, r.key) for r in stored)
    same = scales.new_scale(actor=cast.dana, desk=cast.desk, name="Truth", rows=rows, now=NOW)
    assert same.version == 1
    with pytest.raises(base.NotAllowed):
        scales.new_scale(actor=cast.carla, desk=cast.desk, name="Truth", rows=rows[:2], now=NOW)
    with pytest.raises(base.Refused, match="same code or name"):
        scales.new_scale(actor=cast.dana, desk=cast.desk, name="Truth", rows=[*rows, rows[0]], now=NOW)
    renamed = [replace(row, label="Wrong", key="wrong") if row.key == "false" else row for row in rows]
    fresh = scales.new_scale(actor=cast.dana, desk=cast.desk, name="Truth", rows=renamed, now=NOW)
    assert (fresh.version, fresh.is_current) == (2, True)
    payload = stored_payload(Release.objects.get(factcheck=check))
    assert (payload.rating.label, payload.rating.scale_version) == ("False", 1)
    old = RatingScale.objects.get(desk=cast.desk, version=1).ratings.get(key="false")
    made = checked_claim(cast)
    data = replace(words(cast, source(cast, made), "wrong"), rating_id=old.pk)
    with pytest.raises(base.Refused, match="older scale"):
        review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW)
    assert corrected(cast, check, moment(1)).payload["rating"]["label"] == "False"


FOREIGN: dict[str, Any] = {
    "@type": "ClaimReview",
    "url": "https://checks.example/weir",
    "claimReviewed": "The weir at Lake Ostra burst.",
    "datePublished": "2026-02-01",
    "author": {"@type": "Organization", "name": "Ostra Checks"},
    "reviewRating": {
        "@type": "Rating",
        "alternateName": "False",
        "ratingValue": "1",
        "bestRating": 5,
        "worstRating": 1,
    },
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Jan Kral"}},
}


def test_an_imported_check_has_the_same_payload_shape_and_its_raw_object(cast: Cast) -> None:
    check = import_factcheck(actor=cast.ada, desk=cast.desk, raw=FOREIGN, now=NOW)
    assert check.imported
    assert check.raw == FOREIGN
    assert (check.publisher, check.rating_label, check.finding, check.claimant_name) == (
        "Ostra Checks",
        "False",
        "",
        "Jan Kral",
    )
    assert stored_payload(Release.objects.get()).url == "https://checks.example/weir"
    assert import_factcheck(actor=cast.ada, desk=cast.desk, raw=FOREIGN, now=moment(1)) == check
    assert Release.objects.count() == 1
    changed = FOREIGN | {"reviewRating": {"alternateName": "True"}, "dateModified": "2026-03-01"}
    import_factcheck(actor=None, desk=cast.desk, raw=changed, now=moment(2))
    check.refresh_from_db()
    assert (check.rating_label, check.finding) == ("True", "")
    assert list(Release.objects.order_by("number").values_list("number", "kind")) == [
        (1, "first"),
        (2, "update"),
    ]
    with pytest.raises(base.Refused, match="another publisher"):
        publish.suspend(actor=cast.carla, factcheck=check, note="x", now=moment(3))
    with pytest.raises(base.NotAllowed):
        import_factcheck(actor=cast.otto, desk=cast.desk, raw=FOREIGN, now=NOW)


def test_the_import_command_takes_what_it_can_and_names_the_rest(cast: Cast, tmp_path: Path) -> None:
    feed = {
        "@type": "DataFeed",
        "dataFeedElement": [
            {"url": "https://checks.example/weir", "item": [FOREIGN]},
            {
                "url": "https://checks.example/none",
                "item": [{"@type": "ClaimReview", "claimReviewed": "No label."}],
            },
        ],
    }
    file = tmp_path / "feed.json"
    file.write_text(json.dumps(feed), encoding="utf-8")
    out, err = StringIO(), StringIO()
    call_command("import_factchecks", str(file), "--json", stdout=out, stderr=err)
    told = json.loads(out.getvalue())
    assert (told["new"], told["refused"]) == (1, 1)
    assert "no label" in err.getvalue().lower()
    feed["dataFeedElement"] = [
        {"url": "https://checks.example/weir", "dateDeleted": "2026-03-10T00:00:00Z", "item": None}
    ]
    file.write_text(json.dumps(feed), encoding="utf-8")
    out = StringIO()
    call_command("import_factchecks", str(file), stdout=out)
    assert "1 withdrawn" in out.getvalue()
    assert FactCheck.objects.get().status == "withdrawn"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="no JSON"):
        call_command("import_factchecks", str(file))
