"""Origins that turn out to be one are merged, but for those a person held apart; what people decide can be undone."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from claims.actions import base
from claims.actions.documents import intake, origin_decisions, origin_keys, origins
from claims.models import AuditEvent, Document, Evidence, Job, OriginParting, ShingleKey
from tests import builders
from tests.actions.documents.test_origins import stored
from tests.independence.stories import AGENCY
from tests.independence.test_joining import REWRITE
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db

_PARTS = AGENCY.replace("OSTRA, Oct 14 (Reuters) - ", "").split("\n\n")
FIRST, SECOND = "\n\n".join(_PARTS[:2]), "\n\n".join(_PARTS[3:])
WHOLE = "\n\n".join(_PARTS)


def put(cast: Cast, text: str, outlet: str = "", published: str = "2020-10-14") -> Document:
    return intake.add_text(
        actor=cast.ada,
        desk=cast.desk,
        text=text,
        title=f"{outlet} {len(text)}",
        outlet=outlet,
        published=published,
    ).document


def fresh(*documents: Document) -> list[int | None]:
    for one in documents:
        one.refresh_from_db()
    return [one.origin_id for one in documents]


def test_a_rewrite_without_a_credit_joins_and_the_reason_says_what_is_shared(cast: Cast) -> None:
    report = put(cast, WHOLE, "Reuters")
    rewrite = put(cast, REWRITE, "Lake Courier", "2020-10-15")
    assert rewrite.origin == report.origin
    assert rewrite.origin_reason.startswith("The texts share 1 quotation, 2 figures")
    assert rewrite.origin_reason.endswith("published 1 day before)")


def test_the_credited_report_may_come_after_its_rewrite(cast: Cast) -> None:
    rewrite = stored(cast, "tunnel/tribune-postponed")
    report = stored(cast, "tunnel/postponed")
    assert len(set(fresh(rewrite, report))) == 1
    assert report.origin_reason


def test_a_text_that_holds_two_cuts_makes_their_origins_one(cast: Cast) -> None:
    first, second = put(cast, FIRST, "Post"), put(cast, SECOND, "Herald")
    assert first.origin != second.origin
    claim = builders.claim(cast, "The road is closed", wording="The road is closed.")
    for number, one in enumerate((first, second)):
        capture = one.captures.get()
        Evidence.objects.create(
            desk=cast.desk,
            claim=claim,
            kind=Evidence.Kind.PASSAGE,
            document=one,
            capture=capture,
            start=0,
            end=20,
            quotation=capture.text[:20],
            place_key=f"capture:{number}",
        )
    whole = put(cast, WHOLE, "Reuters")
    assert len(set(fresh(first, second, whole))) == 1
    claim.refresh_from_db()
    assert claim.origins_found == 1
    merged = AuditEvent.objects.get(verb="origin.merged")
    assert merged.actor_id is None
    assert merged.after == str(whole.origin_id)


def test_what_a_person_held_apart_no_bridge_brings_together(cast: Cast) -> None:
    first, second = put(cast, FIRST, "Post"), put(cast, FIRST + "\n\n" + _PARTS[3], "Herald")
    assert first.origin == second.origin
    origin_decisions.split_off(
        actor=cast.ada, document=second, reason="The Herald had its own reporter there."
    )
    whole = put(cast, WHOLE, "Reuters")
    apart = fresh(first, second)
    assert apart[0] != apart[1]
    assert whole.origin_id in apart
    again = put(cast, WHOLE + "\n\nIt rained.", "Evening Mail")
    assert fresh(first, second) == apart
    assert again.origin == whole.origin


def test_held_apart_stays_so_when_one_of_them_is_merged_into_another(cast: Cast) -> None:
    first = put(cast, FIRST, "Post")
    other = put(cast, FIRST + "\n\nIt rained.", "Herald")
    second = put(cast, SECOND, "Courier")
    origin_decisions.split_off(actor=cast.ada, document=other, reason="Own reporting.")
    origin_decisions.join(
        actor=cast.ada, document=first, other=second, reason="One agency report, asked them."
    )
    put(cast, WHOLE, "Reuters")
    ids = fresh(first, second, other)
    assert ids[0] == ids[1] != ids[2]


def test_splitting_off_is_said_logged_counted_and_undone(cast: Cast) -> None:
    report, copy = put(cast, WHOLE, "Reuters"), put(cast, WHOLE + "\n\nIt rained.", "Post")
    before, why = copy.origin_id, copy.origin_reason
    assert before == report.origin_id
    with pytest.raises(base.Refused, match="Say why"):
        origin_decisions.split_off(actor=cast.ada, document=copy, reason=" ")
    origin_decisions.split_off(actor=cast.ada, document=copy, reason="Own reporting.")
    assert copy.origin_id != before
    assert copy.origin_by == cast.ada
    assert OriginParting.objects.count() == 1
    with pytest.raises(base.Refused, match="origin of its own already"):
        origin_decisions.split_off(actor=cast.ada, document=copy, reason="Again.")
    assert origin_decisions.undo_origin(actor=cast.ada, document=copy) == 1
    assert (copy.origin_id, copy.origin_reason, copy.origin_by) == (before, why, None)
    assert not OriginParting.objects.exists()
    with pytest.raises(base.Refused, match="nothing to undo"):
        origin_decisions.undo_origin(actor=cast.ada, document=copy)


def test_joining_moves_the_whole_origin_and_is_undone_as_one(cast: Cast) -> None:
    first, copy = put(cast, FIRST, "Post"), put(cast, FIRST + "\n\nIt rained.", "Mail")
    second = put(cast, SECOND, "Herald")
    before = fresh(first, copy, second)
    with pytest.raises(base.NotAllowed):
        origin_decisions.join(actor=cast.eli, document=first, other=second, reason="One report.")
    origin_decisions.join(actor=cast.ada, document=first, other=second, reason="One report.")
    assert len(set(fresh(first, copy, second))) == 1
    with pytest.raises(base.Refused, match="already one origin"):
        origin_decisions.join(actor=cast.ada, document=first, other=second, reason="One report.")
    assert origin_decisions.undo_origin(actor=cast.ada, document=copy) == 2
    assert fresh(first, copy, second) == before


def test_joining_what_was_held_apart_frees_it_and_undo_holds_it_apart_again(cast: Cast) -> None:
    report, copy = put(cast, WHOLE, "Reuters"), put(cast, WHOLE + "\n\nIt rained.", "Post")
    origin_decisions.split_off(actor=cast.ada, document=copy, reason="Own reporting.")
    apart = fresh(report, copy)
    origin_decisions.join(actor=cast.ada, document=copy, other=report, reason="They called: it is a copy.")
    assert not OriginParting.objects.exists()
    assert len(set(fresh(report, copy))) == 1
    origin_decisions.undo_origin(actor=cast.ada, document=copy)
    assert fresh(report, copy) == apart
    assert OriginParting.objects.count() == 1


# --- many ------------------------------------------------------------------------------------------------


def test_a_key_that_many_hold_is_kept_for_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origin_keys, "HOLDERS", 5)
    for number in range(12):
        put(cast, f"{WHOLE}\n\nNumber {number}.", f"Paper {number}")
    assert Document.objects.values("origin").distinct().count() == 1
    counts = [
        ShingleKey.objects.filter(key=key).count()
        for key in set(ShingleKey.objects.values_list("key", flat=True))
    ]
    assert max(counts) == 5


def test_an_archive_of_an_older_release_is_compared_again_and_decisions_are_kept(
    cast: Cast, drain: Callable[..., int]
) -> None:
    report, copy = put(cast, WHOLE, "Reuters"), put(cast, WHOLE + "\n\nIt rained.", "Post")
    own = put(cast, WHOLE + "\n\nIt snowed.", "Mail")
    origin_decisions.split_off(actor=cast.ada, document=own, reason="Own reporting.")
    apart = origin_decisions.Origin.objects.create(archive=copy.archive)
    Document.objects.filter(pk=copy.pk).update(origin=apart, origin_reason="")
    ShingleKey.objects.all().delete()
    assert origins.regroup_by_time() is None
    Document.objects.update(origin_edition=0)
    assert origins.regroup_by_time() is not None
    assert drain("regroup") == 1
    ids = fresh(report, copy, own)
    assert ids[0] == ids[1] != ids[2]
    assert ShingleKey.objects.filter(document=copy).exists()
    assert not Document.objects.filter(origin_edition=0).exists()
    assert Job.objects.get(kind="regroup").result["documents"] == 3


def test_the_same_report_from_several_sides_at_once_ends_in_one_origin(transactional_db: None) -> None:
    cast = make_cast()
    start = threading.Barrier(3)
    failed: list[BaseException] = []

    def add(number: int) -> None:
        try:
            start.wait()
            put(cast, f"{WHOLE}\n\nIt rained {number} days.", f"Paper {number}")
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert Document.objects.count() == 3
    assert Document.objects.values("origin").distinct().count() == 1


def test_two_that_did_not_see_each_other_are_joined_after_the_commit(cast: Cast) -> None:
    report, copy = put(cast, WHOLE, "Reuters"), put(cast, WHOLE + "\n\nIt rained.", "Post")
    alone = origin_decisions.Origin.objects.create(archive=copy.archive)
    Document.objects.filter(pk=copy.pk).update(origin=alone)
    origins.look_again(copy.pk, frozenset({report.pk}))
    assert fresh(copy) == [alone.pk]
    origins.look_again(copy.pk, frozenset())
    assert len(set(fresh(report, copy))) == 1
