"""Opinions formed apart: who is asked, what they come to, and what is no secret any more when."""

from __future__ import annotations

import datetime as dt

import pytest

from claims.actions.base import NotAllowed, Refused, Stale
from claims.actions.claims import changes
from claims.actions.desk.accounts import set_roles
from claims.actions.desk.scales import RatingRow, new_scale
from claims.actions.desk.settings import change_desk
from claims.actions.review import verdicts
from claims.actions.review.drafts import save_draft
from claims.actions.review.handing import hand_over, take_over
from claims.actions.review.panels import ask_panel, decline_opinion, end_by_time, end_panel, give_opinion
from claims.models import AuditDetail, AuditEvent, Notice, Opinion, Panel, Rating, Review, User, Verdict
from claims.models.facts import review_facts
from claims.vocabulary import PanelOutcome, Role
from tests import builders, people
from tests.conftest import NOW
from tests.people import Cast
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db
Kind = Notice.Kind
LATER = NOW + dt.timedelta(hours=30)


def switched_on(cast: Cast, rule: str = "possible", **values: object) -> None:
    change_desk(actor=cast.dana, desk=cast.desk, values={"panels": rule, **values})
    cast.desk.refresh_from_db()


def readers(cast: Cast, count: int) -> list[User]:
    return [people.person(name, cast.desk, Role.FACT_CHECKER) for name in ("Fay", "Gus", "Hal")[:count]]


def begun(cast: Cast, rule: str = "possible") -> Review:
    switched_on(cast, rule)
    _claim, review, _source = desk_pages.ready(cast)
    changes.take_lease(actor=cast.ada, review=review, now=NOW)
    return Review.objects.select_related("desk", "claim").get(pk=review.pk)


def asked(cast: Cast, count: int = 3, needed: int = 2, **options: object) -> tuple[Panel, list[User]]:
    review, who = begun(cast), readers(cast, count)
    panel = ask_panel(actor=cast.ada, review=review, readers=who, needed=needed, now=NOW, **options)  # type: ignore[arg-type]
    return panel, who


def ratings(panel: Panel) -> list[Rating]:
    return list(Rating.objects.filter(scale=panel.scale).order_by("position"))


def say(who: User, panel: Panel, at: int, reason: str = "The counter says so.") -> Opinion:
    return give_opinion(actor=who, panel=panel, rating=ratings(panel)[at], reason=reason, now=NOW)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("id").values_list("kind", flat=True))


# --- asking ---------------------------------------------------------------------------------------------------


def test_a_desk_that_did_not_switch_them_on_asks_nobody(cast: Cast) -> None:
    _claim, review, _source = desk_pages.ready(cast)
    with pytest.raises(Refused, match="does without"):
        ask_panel(actor=cast.carla, review=review, readers=readers(cast, 1), needed=1)


def test_whoever_is_asked_is_told_with_the_word(cast: Cast) -> None:
    _panel, who = asked(cast, words="You know bridges.")
    assert [told(one) for one in who] == [[Kind.PANEL]] * 3
    assert Notice.objects.filter(kind=Kind.PANEL).values_list("words", flat=True)[0] == "You know bridges."
    assert AuditEvent.objects.get(verb="panel.asked").after == "2/3"


def test_only_who_has_the_claim_and_editors_ask(cast: Cast) -> None:
    review = begun(cast)
    fay, gus = readers(cast, 2)
    with pytest.raises(NotAllowed):
        ask_panel(actor=fay, review=review, readers=[gus], needed=1)
    with pytest.raises(NotAllowed):
        ask_panel(actor=cast.eli, review=review, readers=[gus], needed=1)
    assert ask_panel(actor=cast.carla, review=review, readers=[gus], needed=1)


def test_who_knows_the_verdict_is_no_reader(cast: Cast) -> None:
    """Whoever has the claim, wrote of it, drafted, or opened a version; and who writes no verdicts here."""
    switched_on(cast)
    verdict = desk_pages.submitted(cast)
    review = verdict.review
    fay, gus, _hal = readers(cast, 3)
    verdicts.open_verdict(actor=cast.ben, verdict=verdict)
    save_draft(actor=fay, review=review, data={"headline": "No"}, expected_version=None)
    save_draft(actor=gus, review=review, data={"headline": " "}, expected_version=None)
    for one in (cast.ada, cast.ben, fay, cast.eli, cast.otto):
        with pytest.raises(Refused, match=one.display_name):
            ask_panel(actor=cast.carla, review=review, readers=[one], needed=1)
    assert ask_panel(actor=cast.carla, review=review, readers=[gus], needed=1)


@pytest.mark.parametrize(("count", "needed"), [(0, 1), (2, 0), (2, 3)])
def test_the_numbers_must_fit(cast: Cast, count: int, needed: int) -> None:
    review = begun(cast)
    with pytest.raises(Refused):
        ask_panel(actor=cast.ada, review=review, readers=readers(cast, count), needed=needed)


def test_a_desk_sets_how_many_must_agree_at_least(cast: Cast) -> None:
    review = begun(cast)
    switched_on(cast, panel_least=2)
    review.refresh_from_db()
    with pytest.raises(Refused, match="at least 2"):
        ask_panel(actor=cast.ada, review=review, readers=readers(cast, 3), needed=1)


def test_one_panel_at_a_time(cast: Cast) -> None:
    panel, _who = asked(cast)
    with pytest.raises(Refused, match="already"):
        ask_panel(actor=cast.carla, review=panel.review, readers=[cast.ben], needed=1)


def test_a_time_that_has_passed_is_refused(cast: Cast) -> None:
    review = begun(cast)
    with pytest.raises(Refused, match="passed"):
        ask_panel(actor=cast.ada, review=review, readers=readers(cast, 1), needed=1, due_at=NOW, now=NOW)


# --- giving ---------------------------------------------------------------------------------------------------


def test_the_last_opinion_ends_it_and_all_can_be_read(cast: Cast) -> None:
    panel, (fay, gus, hal) = asked(cast)
    say(fay, panel, 0)
    say(gus, panel, 0)
    assert Panel.objects.get().closed_at is None
    say(hal, panel, 2, "Another count.")
    panel.refresh_from_db()
    assert (panel.outcome, panel.rating, panel.closed_at) == (PanelOutcome.AGREED, ratings(panel)[0], NOW)
    assert Opinion.objects.visible_to(cast.eli).count() == 3
    assert Kind.PANEL_IN in told(cast.ada)
    assert Kind.PANEL_IN in told(fay)
    assert [one.reason for one in Opinion.objects.filter(reader=hal)] == ["Another count."]


@pytest.mark.parametrize(
    ("said", "needed", "outcome"),
    [
        ((0, 0, 1), 2, PanelOutcome.AGREED),
        ((0, 1, 2), 2, PanelOutcome.DISSENT),
        ((0, 1, 2), 1, PanelOutcome.DISSENT),
        ((0, 0, 1), 3, PanelOutcome.DISSENT),
        ((0, 0, 1), 1, PanelOutcome.AGREED),
    ],
)
def test_what_opinions_come_to(cast: Cast, said: tuple[int, ...], needed: int, outcome: PanelOutcome) -> None:
    panel, who = asked(cast, needed=needed)
    for one, at in zip(who, said, strict=True):
        say(one, panel, at)
    panel.refresh_from_db()
    assert panel.outcome == outcome


def test_only_who_was_asked_speaks_and_with_a_reason(cast: Cast) -> None:
    panel, (fay, *_others) = asked(cast)
    with pytest.raises(NotAllowed):
        say(cast.ben, panel, 0)
    with pytest.raises(Refused, match="rests on"):
        say(fay, panel, 0, "  ")
    other = Rating.objects.filter(scale__desk=cast.other_desk).first() or Rating(pk=0)
    with pytest.raises(Refused, match="scale"):
        give_opinion(actor=fay, panel=panel, rating=other, reason="So.")


def test_an_opinion_can_be_changed_and_keeps_what_it_said_first(cast: Cast) -> None:
    panel, (fay, *_others) = asked(cast)
    first = say(fay, panel, 0, "At first sight.")
    changed = give_opinion(
        actor=fay, panel=panel, rating=ratings(panel)[1], reason="Looked again.",
        expected_version=first.version, now=LATER,
    )  # fmt: skip
    assert (changed.rating, changed.first_rating) == (ratings(panel)[1], ratings(panel)[0])
    assert changed.earlier == [[ratings(panel)[0].label, "At first sight.", NOW.isoformat()]]
    assert AuditEvent.objects.filter(verb="panel.opinion_changed", actor_id=fay.pk).exists()
    with pytest.raises(Stale, match="another window"):
        give_opinion(
            actor=fay, panel=panel, rating=ratings(panel)[0], reason="So.", expected_version=first.version
        )


def test_nothing_is_changed_once_it_could_be_read(cast: Cast) -> None:
    panel, (fay, *_others) = asked(cast)
    say(fay, panel, 0)
    end_panel(actor=cast.ada, panel=panel, now=NOW)
    with pytest.raises(Stale):
        say(fay, panel, 1)
    panel.refresh_from_db()
    assert panel.outcome == PanelOutcome.TOO_FEW


def test_the_scale_stays_that_on_which_it_was_asked(cast: Cast) -> None:
    panel, (fay, *_others) = asked(cast)
    old = ratings(panel)[0]
    new_scale(actor=cast.dana, desk=cast.desk, name="Short", rows=[
        RatingRow(key="true", label="Right", definition="It is so.", finding="Supported"),
        RatingRow(key="false", label="Wrong", definition="It is not so.", finding="Refuted"),
    ])  # fmt: skip
    newer = Rating.objects.exclude(scale=panel.scale).filter(scale__desk=cast.desk).first()
    assert newer is not None
    with pytest.raises(Refused, match="scale"):
        give_opinion(actor=fay, panel=panel, rating=newer, reason="So.")
    assert give_opinion(actor=fay, panel=panel, rating=old, reason="So.").rating == old


# --- declining and ending -------------------------------------------------------------------------------------


def test_who_declines_may_read_on_and_not_come_back(cast: Cast) -> None:
    panel, (fay, gus, hal) = asked(cast)
    decline_opinion(actor=fay, panel=panel, now=NOW)
    assert Kind.PANEL_LEFT in told(cast.ada)
    with pytest.raises(Refused, match="declined"):
        say(fay, panel, 0)
    say(gus, panel, 0)
    with pytest.raises(Refused, match="given already"):
        decline_opinion(actor=gus, panel=panel)
    say(hal, panel, 0)
    panel.refresh_from_db()
    assert panel.outcome == PanelOutcome.AGREED


def test_a_reader_does_not_end_what_they_have_not_spoken_in(cast: Cast) -> None:
    review = begun(cast)
    panel = ask_panel(actor=cast.ada, review=review, readers=[cast.carla, cast.ben], needed=1, now=NOW)
    with pytest.raises(Refused, match="Give it, or decline"):
        end_panel(actor=cast.carla, panel=panel)
    with pytest.raises(NotAllowed):
        end_panel(actor=readers(cast, 1)[0], panel=panel)


def test_time_ends_it_and_tells_who_asked(cast: Cast) -> None:
    panel, (fay, gus, hal) = asked(cast, due_at=LATER)
    say(fay, panel, 0)
    say(gus, panel, 0)
    assert end_by_time(LATER - dt.timedelta(hours=5)) == 0
    assert Kind.PANEL_SOON not in told(hal)
    assert end_by_time(LATER - dt.timedelta(hours=1)) == 0
    assert end_by_time(LATER - dt.timedelta(minutes=50)) == 0
    assert told(hal).count(Kind.PANEL_SOON) == 1
    assert Kind.PANEL_SOON not in told(fay)
    assert end_by_time(LATER) == 1
    panel.refresh_from_db()
    assert panel.outcome == PanelOutcome.AGREED
    assert told(cast.ada) == [Kind.PANEL_IN]
    assert AuditEvent.objects.get(verb="panel.ended").actor_id is None


def test_nobody_waits_for_who_works_here_no_longer(cast: Cast) -> None:
    panel, (fay, gus, hal) = asked(cast)
    say(fay, panel, 0)
    say(gus, panel, 1)
    assert end_by_time(NOW) == 0
    set_roles(actor=cast.dana, desk=cast.desk, user=hal, roles=[])
    assert end_by_time(NOW) == 1
    panel.refresh_from_db()
    assert panel.outcome == PanelOutcome.DISSENT


@pytest.mark.parametrize("how", ["closed", "merged", "off"])
def test_what_is_settled_otherwise_needs_no_opinion(cast: Cast, how: str) -> None:
    panel, (fay, gus, _hal) = asked(cast)
    say(fay, panel, 0)
    if how == "closed":
        changes.close(actor=cast.carla, review=panel.review, reason="not_worth_it")
    elif how == "merged":
        changes.merge_claims(actor=cast.carla, claim=panel.review.claim, into=builders.claim(cast))
    else:
        switched_on(cast, "off")
    if how != "off":
        with pytest.raises(Stale, match="ended"):
            say(gus, Panel.objects.get(), 0)
    assert end_by_time(NOW) == 1
    panel.refresh_from_db()
    assert (panel.outcome, panel.rating) == (PanelOutcome.OVERTAKEN, None)


def test_who_wrote_of_the_verdict_since_is_kept_and_not_counted(cast: Cast) -> None:
    panel, (fay, gus, hal) = asked(cast)
    say(fay, panel, 0)
    hand_over(actor=cast.ada, review=panel.review, to=fay, now=NOW)
    save_draft(actor=fay, review=panel.review, data={"headline": "No"}, expected_version=None)
    say(gus, panel, 0)
    say(hal, panel, 1)
    panel.refresh_from_db()
    assert panel.outcome == PanelOutcome.DISSENT
    assert [one.set_aside for one in Opinion.objects.order_by("id")] == [True, False, False]


# --- what is kept from whom -----------------------------------------------------------------------------------


def test_an_opinion_is_its_readers_alone_until_the_end(cast: Cast) -> None:
    panel, (fay, gus, _hal) = asked(cast)
    say(fay, panel, 0)
    root = User.objects.create_superuser(
        email="root@desk.example", password=people.PASSWORD, display_name="Root"
    )
    for one in (cast.ada, cast.ben, cast.carla, cast.dana, gus, root):
        assert not Opinion.objects.visible_to(one).filter(reader=fay).exists()
    assert Opinion.objects.visible_to(fay).filter(reader=fay).exists()
    assert not AuditDetail.objects.filter(event__verb__startswith="panel.opinion").exists()
    assert {row.after for row in AuditEvent.objects.filter(verb="panel.opinion_given")} == {""}
    shown = review_facts(panel.review).panel
    assert shown is not None
    assert {(one.rating, one.reason) for one in shown.opinions} == {("", "")}


def test_who_owes_an_opinion_sees_no_word_of_the_verdict(cast: Cast) -> None:
    switched_on(cast)
    verdict = desk_pages.submitted(cast)
    fay, gus = readers(cast, 2)
    root = User.objects.create_superuser(
        email="root@desk.example", password=people.PASSWORD, display_name="Root"
    )
    panel = ask_panel(actor=cast.ada, review=verdict.review, readers=[fay, gus, root], needed=2, now=NOW)
    for blind in (fay, root):
        assert not Verdict.objects.visible_to(blind).exists()
        assert not AuditDetail.objects.visible_to(blind).filter(event__verb="verdict.submitted").exists()
        assert AuditEvent.objects.visible_to(blind).filter(verb="verdict.submitted").exists()
    assert Verdict.objects.visible_to(cast.ben).exists()
    say(fay, panel, 0)
    assert Verdict.objects.visible_to(fay).exists()
    decline_opinion(actor=gus, panel=panel)
    assert Verdict.objects.visible_to(gus).exists()
    assert AuditDetail.objects.visible_to(gus).filter(event__verb="verdict.submitted").exists()


def test_who_owes_an_opinion_does_not_work_on_the_claim(cast: Cast) -> None:
    review = begun(cast)
    save_draft(actor=cast.ada, review=review, data={"headline": "No"}, expected_version=None)
    changes.drop_lease(actor=cast.ada, review=review)
    ask_panel(actor=cast.ada, review=review, readers=[cast.ben, cast.carla], needed=1, now=NOW)
    with pytest.raises(Refused, match="Give it, or decline"):
        changes.take_lease(actor=cast.carla, review=review)
    with pytest.raises(Refused, match="Give it, or decline"):
        take_over(actor=cast.ben, review=review)
    with pytest.raises(Refused, match="has not given it"):
        hand_over(actor=cast.ada, review=review, to=cast.ben)


# --- approval -------------------------------------------------------------------------------------------------


def approve(cast: Cast, verdict: Verdict) -> Review:
    verdicts.open_verdict(actor=cast.ben, verdict=verdict)
    return verdicts.approve(actor=cast.ben, verdict=verdict, unread_reason="Known.")


def test_a_desk_that_wants_opinions_first_approves_nothing_without(cast: Cast) -> None:
    switched_on(cast, "needed")
    verdict = desk_pages.submitted(cast)
    (fay,) = readers(cast, 1)
    with pytest.raises(Refused, match="nobody was asked"):
        approve(cast, verdict)
    panel = ask_panel(actor=cast.ada, review=verdict.review, readers=[fay], needed=1, now=NOW)
    with pytest.raises(Refused, match="0 of 1"):
        approve(cast, verdict)
    end_panel(actor=cast.ada, panel=panel)
    with pytest.raises(Refused, match="without enough"):
        approve(cast, verdict)
    say(fay, ask_panel(actor=cast.ada, review=verdict.review, readers=[fay], needed=1, now=NOW), 0)
    assert approve(cast, verdict).state == Review.State.PUBLISHED


def test_dissent_is_shown_and_stops_no_approval(cast: Cast) -> None:
    switched_on(cast, "needed")
    verdict = desk_pages.submitted(cast)
    fay, gus = readers(cast, 2)
    panel = ask_panel(actor=cast.ada, review=verdict.review, readers=[fay, gus], needed=2, now=NOW)
    say(fay, panel, 0)
    say(gus, panel, 1)
    assert approve(cast, verdict).state == Review.State.PUBLISHED


def test_who_owes_an_opinion_approves_and_returns_nothing(cast: Cast) -> None:
    switched_on(cast)
    verdict = desk_pages.submitted(cast)
    ask_panel(actor=cast.ada, review=verdict.review, readers=[cast.ben], needed=1, now=NOW)
    with pytest.raises(Refused, match="Give it, or decline"):
        approve(cast, verdict)
    with pytest.raises(Refused, match="Give it, or decline"):
        verdicts.return_verdict(actor=cast.ben, verdict=verdict, comment="No.")
