"""Whoever is to give an opinion formed apart reads sources as if nobody else had decided about them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client
from lxml import html

from claims.actions import base
from claims.actions.desk.api_keys import make_key
from claims.actions.desk.inbox_lines import lines
from claims.actions.desk.settings import change_desk
from claims.actions.discussion.notes import write_note
from claims.actions.evidence.decisions import decide, reject_rest
from claims.actions.review.panels import ask_panel, end_panel, give_opinion
from claims.models import (
    ApiKey,
    DeskNote,
    Evidence,
    Notice,
    Opinion,
    Panel,
    Rating,
    Review,
    User,
    VerdictSight,
)
from claims.models.facts import review_facts
from claims.vocabulary import Role
from claims.workbench.claim.evidence_board import evidence_part
from tests import builders, people
from tests.admin.conftest import newest, quoted, submitted
from tests.people import Cast
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db


@dataclass
class Apart:
    """A claim whose sources colleagues have decided about, and Fay, who owes an opinion on it."""

    cast: Cast
    review: Review
    panel: Panel
    fay: User
    refuting: Evidence
    unused: Evidence
    own: Evidence


@pytest.fixture
def apart(cast: Cast) -> Apart:
    change_desk(actor=cast.dana, desk=cast.desk, values={"panels": "possible"})
    claim = builders.claim(cast)
    fay = people.person("Fay", cast.desk, Role.REVIEWER)
    refuting, unused, own = (quoted(cast, claim, f"Source {n} counts cars.") for n in range(3))
    decide(actor=cast.ada, evidence=refuting, stance="refutes", cited=True, interest="owns the bridge")
    decide(actor=cast.ada, evidence=unused, rejected=True, reason="a rumour")
    decide(actor=fay, evidence=own, stance="context")
    panel = ask_panel(actor=cast.ada, review=newest(claim), readers=[fay], needed=1)
    return Apart(cast, newest(claim), panel, fay, refuting, unused, own)


def _stances(apart: Apart, who: User) -> dict[int, tuple[str, bool, bool, str, str]]:
    rows = Evidence.objects.visible_to(who).filter(claim=apart.review.claim)
    return {row.pk: (row.stance, row.cited, row.rejected, row.reason, row.interest) for row in rows}


def test_what_others_decided_is_taken_out_and_ones_own_stays(apart: Apart) -> None:
    assert _stances(apart, apart.cast.carla)[apart.refuting.pk] == (
        "refutes",
        True,
        False,
        "",
        "owns the bridge",
    )
    assert _stances(apart, apart.fay) == {
        apart.refuting.pk: ("", False, False, "", ""),
        apart.unused.pk: ("", False, False, "", ""),
        apart.own.pk: ("context", False, False, "", ""),
    }
    # However a row is reached.
    seen = Evidence.objects.visible_to(apart.fay).select_related("claim").order_by("-pk")
    for row in (
        seen.get(pk=apart.refuting.pk),
        seen.in_bulk()[apart.refuting.pk],
        seen.filter(pk=apart.refuting.pk)[0],
    ):
        assert row.stance == ""
        assert row.decided_by is None


def test_the_board_counts_for_and_against_without_it(apart: Apart) -> None:
    board = {who: evidence_part(apart.review.claim, who) for who in (apart.fay, apart.cast.carla)}
    assert [side.stance for side in board[apart.cast.carla].sides] != [
        side.stance for side in board[apart.fay].sides
    ]
    assert board[apart.fay].rejected == []
    assert board[apart.fay].cited == []
    assert len(board[apart.cast.carla].rejected) == 1


def test_the_pages_of_a_source_say_nothing(apart: Apart) -> None:
    fay = desk_pages.signed_in(apart.fay)
    for path in (f"/claims/{apart.review.claim_id}/", f"/admin/claims/claim/{apart.review.claim_id}/change/"):
        tree = html.fromstring(fay.get(path).content)
        pressed = tree.xpath(f"//*[@id='e{apart.refuting.pk}']//button[@aria-pressed='true']")
        assert pressed == [], path
        assert not tree.xpath("//*[contains(@class, 'is-cited')]"), path
    page = fay.get(f"/evidence/{apart.refuting.pk}/").content.decode()
    assert "owns the bridge" not in page
    assert "refutes" not in html.fromstring(page).xpath("string(//dl[@class='facts'])")


def test_a_filter_by_stance_does_not_tell_it(apart: Apart) -> None:
    for who, sees in (
        (apart.fay, {apart.own.pk}),
        (apart.cast.carla, {apart.refuting.pk, apart.unused.pk, apart.own.pk}),
    ):
        client = desk_pages.signed_in(who)
        found = set()
        for value in ("refutes", "context"):
            listed = client.get("/admin/claims/evidence/", {"stance__exact": value})
            found |= {row.pk for row in listed.context["cl"].result_list}
        assert found == sees, who
    listed = desk_pages.signed_in(apart.fay).get("/admin/claims/claim/").context["cl"].result_list
    assert [row.cited_count or 0 for row in listed if row.pk == apart.review.claim_id] == [0]


def test_they_decide_about_none_before_they_have_spoken(apart: Apart) -> None:
    with pytest.raises(base.Refused, match="Say first what you find"):
        decide(actor=apart.fay, evidence=apart.refuting, stance="supports")
    with pytest.raises(base.Refused, match="Say first what you find"):
        reject_rest(actor=apart.fay, claim=apart.review.claim)
    give_opinion(
        actor=apart.fay,
        panel=apart.panel,
        reason="So.",
        rating=Rating.objects.filter(scale=apart.panel.scale)[0],
    )
    assert _stances(apart, apart.fay)[apart.refuting.pk][0] == "refutes"
    assert decide(actor=apart.fay, evidence=apart.refuting, stance="partly").stance == "partly"


def test_a_note_reaches_them_once_they_have_spoken(apart: Apart) -> None:
    note = write_note(actor=apart.cast.ada, claim=apart.review.claim, text="It is plainly false, @Fay")
    mine = write_note(actor=apart.fay, claim=apart.review.claim, text="Where is the yearbook?")
    row, secret = make_key(actor=apart.cast.dana, desk=apart.cast.desk, name="k", scopes=["read"])
    ApiKey.objects.filter(pk=row.pk).update(user=apart.fay)
    told = list(Notice.objects.visible_to(apart.fay).filter(note=note))
    assert [line.words for line in lines(told, apart.fay)] == [""]
    for ended in (False, True):
        if ended:
            end_panel(actor=apart.cast.ada, panel=apart.panel)
        assert set(DeskNote.objects.visible_to(apart.fay)) == ({note, mine} if ended else {mine})
        answer = Client().get("/api/v1/notes/", headers={"authorization": f"Bearer {secret}"})
        assert (b"plainly false" in answer.content) is ended
        page = desk_pages.signed_in(apart.fay).get(f"/claims/{apart.review.claim_id}/").content
        assert (b"plainly false" in page) is ended
    assert [line.words for line in lines(told, apart.fay)] == ["It is plainly false, @Fay"]


def test_administrators_of_the_installation_are_no_exception(apart: Apart) -> None:
    root = User.objects.create_superuser("root@desk.example", people.PASSWORD, display_name="Root")
    end_panel(actor=apart.cast.ada, panel=apart.panel)
    ask_panel(actor=apart.cast.ada, review=apart.review, readers=[root], needed=1)
    write_note(actor=apart.cast.ada, claim=apart.review.claim, text="It is plainly false")
    client = desk_pages.signed_in(root)
    assert _stances(apart, root)[apart.refuting.pk][0] == ""
    for path in (
        "desknote/",
        f"evidence/{apart.refuting.pk}/change/",
        f"claim/{apart.review.claim_id}/change/",
    ):
        text = client.get(f"/admin/claims/{path}").content.decode()
        assert "plainly false" not in text, path
        assert "owns the bridge" not in text, path


# Who had seen the verdict before


def test_who_looked_at_the_verdict_is_asked_and_it_is_said_of_them(cast: Cast) -> None:
    change_desk(actor=cast.dana, desk=cast.desk, values={"panels": "possible"})
    verdict = submitted(cast)
    fay, gus = (people.person(name, cast.desk, Role.REVIEWER) for name in ("Fay", "Gus"))
    ada = desk_pages.signed_in(cast.ada)
    for _time in range(2):
        desk_pages.signed_in(fay).get(f"/claims/{verdict.claim_id}/")
    desk_pages.signed_in(gus).get("/desk/north/claims/")
    assert list(VerdictSight.objects.values_list("user", flat=True)) == [fay.pk]
    form = ada.get(f"/reviews/{verdict.review_id}/opinions/").content.decode()
    assert "Fay (has seen the verdict)" in form
    assert "Gus (has seen the verdict)" not in form
    panel = ask_panel(actor=cast.ada, review=verdict.review, readers=[fay, gus], needed=2)
    # Asked, they see nothing any more, and looking again changes nothing of it.
    assert (
        b"The counters say otherwise"
        not in desk_pages.signed_in(gus).get(f"/claims/{verdict.claim_id}/").content
    )
    assert dict(Opinion.objects.values_list("reader", "had_seen")) == {fay.pk: True, gus.pk: False}
    for who in (fay, gus):
        give_opinion(actor=who, panel=panel, reason="So.", rating=Rating.objects.filter(scale=panel.scale)[0])
    page = ada.get(f"/reviews/{verdict.review_id}/opinions/").content.decode()
    assert page.count("had seen the verdict") == 1
    assert [one.had_seen for one in review_facts(verdict.review).panel.opinions] == [True, False]  # type: ignore[union-attr]


def test_at_a_desk_without_panels_nobody_is_watched(cast: Cast) -> None:
    verdict = submitted(cast)
    desk_pages.signed_in(cast.ben).get(f"/claims/{verdict.claim_id}/")
    assert not VerdictSight.objects.exists()
