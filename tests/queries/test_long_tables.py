"""Pages of desks with many articles and a long log look at what they show, not at all there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.actions.triage.undo import last_gesture
from claims.admin.filters import LATELY
from claims.models import AnalysisRun, AuditDetail, AuditEvent, SearchRun
from claims.workbench.articles.asked_articles import in_state, readable_articles
from claims.workbench.desk.first_steps import _done
from claims.workbench.desk.waiting_work import corrected, to_triage
from tests.people import Cast

pytestmark = pytest.mark.django_db


def _plan(sql: str, parameters: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return [row[3] for row in cursor.fetchall()]


@pytest.mark.embedded
def test_articles_to_triage_begin_at_what_is_suggested(cast: Cast) -> None:
    listed = in_state(readable_articles(cast.desk, cast.carla), cast.desk, "triage").order_by("-created_at")
    for sql, parameters in (to_triage(cast.desk.pk, cast.carla).statement, listed.query.sql_with_params()):
        plan = _plan(sql, parameters)
        assert any("appearance_triage_of (desk_id=? AND triage=?" in step for step in plan), plan
        assert not any("CORRELATED" in step and "appearance" in step for step in plan)


@pytest.mark.embedded
def test_cited_sources_that_were_corrected_begin_at_the_corrections(cast: Cast) -> None:
    plan = _plan(*corrected(cast.desk.pk, cast.carla).statement)
    assert any("capture_correcting" in step for step in plan), plan
    assert not any(step.startswith("SCAN claims_evidence") for step in plan), plan


@pytest.mark.embedded
def test_the_first_steps_ask_for_things_and_not_for_the_log_of_the_desk(cast: Cast) -> None:
    plan = _plan(*_done(cast.desk.pk).statement)
    asked = [step for step in plan if "audit_" in step]
    assert len(asked) == 2, plan
    assert all("audit_object (object_kind=? AND object_id" in step for step in asked), asked


def test_what_can_be_undone_is_looked_for_among_the_last_lines_of_a_person(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claims.actions.triage import undo

    monkeypatch.setattr(undo, "_LINES", 3)
    AuditEvent.objects.create(
        actor_id=cast.ada.pk,
        desk_id=cast.desk.pk,
        verb="appearance.accepted",
        object_kind="appearance",
        object_id=1,
    )
    for number in range(3):
        assert last_gesture(actor=cast.ada, desk=cast.desk) is not None
        AuditEvent.objects.create(
            actor_id=cast.ada.pk,
            desk_id=cast.desk.pk,
            verb="claim.tagged",
            object_kind="claim",
            object_id=number + 1,
        )
    assert last_gesture(actor=cast.ada, desk=cast.desk) is None


@pytest.mark.embedded
def test_words_of_the_log_are_asked_row_by_row(cast: Cast) -> None:
    rows = AuditDetail.objects.visible_to(cast.carla).order_by("-event_id")[:50]
    plan = _plan(*rows.query.sql_with_params())
    # The event is found from each row, never the rows from all events.
    assert plan[0].startswith("SCAN claims_auditdetail USING INDEX"), plan
    assert not any("SCAN" in step and "auditevent" in step for step in plan), plan
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in plan), plan


@pytest.mark.parametrize("model", [AuditEvent, SearchRun, AnalysisRun])
def test_filters_of_the_admin_offer_values_of_the_newest_rows(
    cast: Cast, client: Client, model: type[Any]
) -> None:
    client.force_login(cast.carla)
    address = reverse(f"admin:claims_{model._meta.model_name}_changelist")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert not any(
        "SELECT DISTINCT" in one["sql"].split("FROM")[0]
        for one in asked.captured_queries
        if f'FROM "{model._meta.db_table}"' in one["sql"]
    )
    assert any(f"LIMIT {LATELY}" in one["sql"] for one in asked.captured_queries)


def test_an_older_value_can_still_be_asked_for(cast: Cast, client: Client) -> None:
    AuditEvent.objects.create(
        desk_id=cast.desk.pk, verb="claim.tagged", object_kind="claim", object_id=1, via="a door of old"
    )
    request = RequestFactory().get("/", {"via": "another"})
    request.user = cast.carla
    page = site.get_model_admin(AuditEvent)
    found = {spec.title: spec for spec in page.get_changelist_instance(request).filter_specs}
    assert {"a door of old", "another"} <= {*found["via"].lookup_choices}
    client.force_login(cast.carla)
    answer = client.get(reverse("admin:claims_auditevent_changelist"), {"via": "a door of old"})
    assert list(answer.context["cl"].result_list.values_list("via", flat=True)) == ["a door of old"]
