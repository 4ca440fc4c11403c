"""One act on many claims, as people do it: ticks, what would happen, what happened, and taking it back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from claims.actions.review import bulk_acts
from claims.models import BulkAct, BulkActRow, Claim, Job, Notice, Review, Selection
from claims.search.engine import EngineUnavailable
from claims.tasks.base import run_now
from tests import builders
from tests.checks_made import read_whole
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
QUEUE = "/desk/north/claims/"


def send(client: Client, claims: list[Claim], **fields: Any) -> Any:
    return client.post(f"{QUEUE}bulk/", {"claims": [c.pk for c in claims], **fields})


def act_of(answer: Any) -> BulkAct:
    found = re.fullmatch(r"/bulk/(\d+)/", answer["Location"])
    assert found, answer["Location"]
    return BulkAct.objects.get(pk=int(found[1]))


def started(client: Client, act: BulkAct, **fields: Any) -> Any:
    answer = client.post(f"/bulk/{act.pk}/start/", fields, follow=True)
    act.refresh_from_db()
    return answer


def outcome(act: BulkAct, claim: Claim) -> tuple[str, str]:
    row = BulkActRow.objects.get(act=act, claim=claim)
    return row.outcome, row.why


def test_an_act_on_very_many_shows_how_far_looking_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_acts, "LOOKED_AT_ONCE", 1)
    one, two = builders.claim(cast), builders.claim(cast)
    client = pages.signed_in(cast.carla)
    asked = send(client, [one, two], action="assign")
    answer = client.post(asked["Location"].split("?")[0], {"act": "assign", "to": cast.ada.pk})
    act = act_of(answer)
    page = client.get(answer["Location"]).content.decode()
    assert "Each claim is being looked at; nothing changes yet." in page
    assert "0 / 2" in page
    assert "every 2s" in page
    run_now(Job.objects.get(kind="bulk").pk)
    page = client.get(answer["Location"]).content.decode()
    assert "Nothing has changed yet" in page
    assert 'hx-trigger="every' not in page
    act.refresh_from_db()
    assert act.state == "preview"


def test_an_act_is_shown_before_it_is_done_and_can_be_taken_back(cast: Cast) -> None:
    one, two = builders.claim(cast), builders.claim(cast)
    client = pages.signed_in(cast.carla)
    asked = send(client, [one, two], action="assign")
    assert "/selections/" in asked["Location"]
    form = client.get(asked["Location"])
    assert b"2 claims selected" in form.content
    assert b'name="reason"' not in form.content
    answer = client.post(asked["Location"].split("?")[0], {"act": "assign", "to": cast.ada.pk})
    act = act_of(answer)
    page = client.get(answer["Location"]).content.decode()
    assert "Nothing has changed yet" in page
    assert re.search(r"nobody\s*.*→</span>\s*<b>Ada</b>", page)
    assert not Review.objects.filter(assignee=cast.ada).exists()
    shown = started(client, act, claims=[one.pk, two.pk], shown=[one.pk, two.pk])
    assert b"This is what happened" in shown.content
    assert Review.objects.filter(assignee=cast.ada).count() == 2
    back = client.post(f"/bulk/{act.pk}/undo/", follow=True)
    assert b"Taken back" in back.content
    assert not Review.objects.filter(assignee=cast.ada).exists()


def test_fields_that_are_sent_at_once_lead_straight_to_the_preview(cast: Cast) -> None:
    free, check = builders.claim(cast), pages.published(cast)
    client = pages.signed_in(cast.carla)
    act = act_of(send(client, [free, check.claim], action="dismiss", reason="not_worth_it", note="old"))
    started(client, act, claims=[free.pk], shown=[free.pk])
    assert outcome(act, free)[0] == "done"
    assert outcome(act, check.claim)[0] == "skipped"
    assert "published" in outcome(act, check.claim)[1]


def test_an_unticked_row_stays_as_it_is(cast: Cast) -> None:
    one, two = builders.claim(cast), builders.claim(cast)
    client = pages.signed_in(cast.carla)
    act = act_of(send(client, [one, two], action="assign", to=cast.ada.pk))
    started(client, act, claims=[two.pk], shown=[one.pk, two.pk])
    assert outcome(act, one)[0] == "skipped"
    assert outcome(act, two)[0] == "done"


def test_work_of_others_is_taken_by_a_tick_and_they_read_it_on_their_desk(cast: Cast) -> None:
    bens = builders.claim(cast)
    Review.objects.filter(claim=bens).update(assignee=cast.ben)
    client = pages.signed_in(cast.carla)
    act = act_of(send(client, [bens], action="assign", to=cast.ada.pk))
    page = client.get(f"/bulk/{act.pk}/").content.decode()
    assert "Taken from others: tick to include" in page
    assert "Ben has it, and is told." in page
    refused = started(client, act, shown=[bens.pk])
    assert refused.status_code == 422
    client.post(f"/bulk/{act.pk}/start/", {"group": "takes:on"})
    started(client, act)
    assert outcome(act, bens)[0] == "done"
    bens_desk = pages.signed_in(cast.ben).get("/desk/north/").content.decode()
    assert "Carla has given 1 claim that you worked on to somebody else." in bens_desk
    assert bens.wording in bens_desk
    assert "Carla has given you 1 claim." in pages.signed_in(cast.ada).get("/desk/north/").content.decode()
    notice = Notice.objects.get(user=cast.ben)
    assert pages.signed_in(cast.ada).post(f"/notices/{notice.pk}/seen/").status_code == 404
    pages.signed_in(cast.ben).post(f"/notices/{notice.pk}/seen/")
    assert "to somebody else." not in pages.signed_in(cast.ben).get("/desk/north/").content.decode()


def test_a_thousand_ticks_and_more_are_one_selection(cast: Cast) -> None:
    client = pages.signed_in(cast.carla)
    made = _many(cast, 1_200)
    answer = client.post(
        f"{QUEUE}bulk/", {"claims": made, "shown": made, "action": "assign", "to": cast.ada.pk}
    )
    run_now(Job.objects.get(kind="bulk").pk)  # so many are looked at by a job
    act = act_of(answer)
    assert (act.state, act.total) == ("preview", 1_200)
    page = client.get(f"/bulk/{act.pk}/")
    assert b"1,150 more of the same kind" in page.content
    started(client, act)
    assert act.state == "running"
    standing = client.get(f"/bulk/{act.pk}/").content.decode()
    assert "You can leave this page" in standing
    assert "0 / 1,200" in standing
    while job := Job.objects.filter(kind="bulk", status="queued").first():
        run_now(job.pk)
    assert Review.objects.filter(assignee=cast.ada).count() == 1_200
    done = client.get(f"/bulk/{act.pk}/").content.decode()
    assert "Done: 1,200." in done
    table = client.get(f"/bulk/{act.pk}/rows.csv").content.decode().splitlines()
    assert len(table) == 1_201
    assert table[1].endswith(",nobody,Ada,done,")


def _many(cast: Cast, count: int) -> list[int]:
    from tests.conftest import NOW

    rows = Claim.objects.bulk_create(
        Claim(desk=cast.desk, wording=f"Claim number {n}.", added_by=cast.ada, updated_at=NOW)
        for n in range(count)
    )
    Review.objects.bulk_create(Review(desk=cast.desk, claim=one, state_at=NOW) for one in rows)
    return [row.pk for row in rows]


def test_all_that_match_a_filter_are_frozen_at_the_moment_of_choosing(cast: Cast) -> None:
    mine, _review, _source = pages.working(cast)
    free = builders.claim(cast)
    client = pages.signed_in(cast.carla)
    sent = {"which": "all", "filter": "assignee=nobody&sort=score", "claims": [mine.pk]}
    answer = client.post(f"{QUEUE}bulk/", {**sent, "action": "assign", "to": cast.ben.pk})
    later = builders.claim(cast)
    act = act_of(answer)
    assert set(act.rows.values_list("claim", flat=True)) == {free.pk}
    assert act.selection is not None
    assert act.selection.chosen_by == "assignee=nobody&sort=score"
    started(client, act)
    assert Review.objects.get(claim=later).assignee is None


@pytest.mark.parametrize("query", ["state=nonsense", "claimant=999999", "rating=x", "assignee=everybody"])
def test_a_filter_edited_by_hand_never_means_everything(cast: Cast, query: str) -> None:
    builders.claim(cast)
    client = pages.signed_in(cast.carla)
    answer = client.post(f"{QUEUE}bulk/", {"which": "all", "filter": query, "action": "search"})
    assert answer.status_code == 422
    assert not Selection.objects.exists()


def test_words_that_no_engine_answers_select_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object, **_kwargs: object) -> list[int]:
        raise EngineUnavailable("no answer")

    monkeypatch.setattr("claims.workbench.desk.matching.find_claims", gone)
    builders.claim(cast)
    client = pages.signed_in(cast.carla)
    answer = client.post(f"{QUEUE}bulk/", {"which": "all", "filter": "q=bridge", "action": "search"})
    assert answer.status_code == 422
    assert b"nothing is selected" in answer.content


def test_ticks_are_kept_from_page_to_page(cast: Cast) -> None:
    one, two, three = (builders.claim(cast) for _ in range(3))
    client = pages.signed_in(cast.carla)
    kept = send(
        client, [one, two], action="keep", shown=[one.pk, two.pk, three.pk], next=f"{QUEUE}?state=open"
    )
    assert kept["Location"].startswith(f"{QUEUE}?state=open&selection=")
    page = client.get(kept["Location"])
    assert page.context["ticked"] == {one.pk, two.pk}
    number = page.context["selection"].pk
    assert pages.signed_in(cast.ada).get(kept["Location"]).context["selection"] is None
    act = act_of(send(client, [three], action="search", shown=[two.pk, three.pk], selection=number))
    assert set(act.rows.values_list("claim", flat=True)) == {one.pk, three.pk}


def test_another_persons_selection_and_preview_are_not_there(cast: Cast) -> None:
    made = builders.claim(cast)
    client = pages.signed_in(cast.carla)
    act = act_of(send(client, [made], action="assign", to=cast.ada.pk))
    for other in (cast.ada, cast.dana, cast.otto):
        stranger = pages.signed_in(other)
        assert stranger.get(f"/selections/{act.selection_id}/").status_code == 404
        assert stranger.get(f"/bulk/{act.pk}/").status_code == 404
        assert stranger.post(f"/bulk/{act.pk}/start/").status_code == 404
    started(client, act)
    # Once it is done, the desk's editors see it, and may take it back.
    assert pages.signed_in(cast.dana).get(f"/bulk/{act.pk}/").status_code == 200
    assert pages.signed_in(cast.ben).get(f"/bulk/{act.pk}/").status_code == 404
    assert pages.signed_in(cast.otto).post(f"/bulk/{act.pk}/undo/").status_code == 404


def test_nothing_selected_and_no_act_are_refused_in_words(cast: Cast) -> None:
    client = pages.signed_in(cast.carla)
    answer = send(client, [], action="search")
    assert answer.status_code == 422
    assert b"Select at least one claim" in answer.content
    answer = send(client, [builders.claim(cast)], action="delete")
    assert answer.status_code == 422


def test_wrong_fields_are_said_beside_them(cast: Cast) -> None:
    client = pages.signed_in(cast.carla)
    made = builders.claim(cast)
    asked = send(client, [made], action="dismiss")
    address = asked["Location"].split("?")[0]
    answer = client.post(address, {"act": "dismiss", "reason": "", "note": "kept words"})
    assert answer.status_code == 422
    assert b"Choose a reason." in answer.content
    assert b"kept words" in answer.content
    answer = client.post(address, {"act": "verdict", "lead": "123456789"})
    assert answer.status_code == 422
    assert b"no claim with the number" in answer.content


def test_who_has_not_opened_a_verdict_does_not_approve_it_in_bulk(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    act = act_of(send(client, [verdict.claim], action="approve", comment=""))
    (row,) = act.rows.all()
    assert row.group == "left"
    assert "not opened" in row.why
    read_whole(actor=cast.ben, verdict=verdict)
    act = act_of(send(client, [verdict.claim], action="approve", comment=""))
    started(client, act, claims=[verdict.claim_id], shown=[verdict.claim_id])
    assert Review.objects.get(pk=verdict.review_id).state == "published"


def test_a_lead_claims_verdict_goes_to_others_that_are_ticked(cast: Cast) -> None:
    lead = pages.submitted(cast)
    other, _review, _source = pages.ready(cast, who="Somebody Else")
    client = pages.signed_in(cast.ada)
    act = act_of(send(client, [other], action="verdict", lead=lead.claim_id))
    assert b"Another claimant, date or number: tick to include" in client.get(f"/bulk/{act.pk}/").content
    started(client, act, claims=[other.pk], shown=[other.pk])
    assert other.verdicts.get().headline == lead.headline
    assert outcome(act, other)[0] == "warned"


def test_the_export_is_a_file_of_the_desks_claims_only(cast: Cast) -> None:
    mine = builders.claim(cast)
    theirs = builders.claim(cast, desk=cast.other_desk, actor=cast.otto)
    client = pages.signed_in(cast.ada)
    answer = send(client, [mine, theirs], action="export")
    assert answer["Content-Disposition"].startswith("attachment")
    assert mine.wording.encode() in answer.content
    assert theirs.wording.encode() not in answer.content
    assert send(client, [theirs], action="export").status_code == 422
