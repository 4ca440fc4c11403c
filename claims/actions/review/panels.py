"""How do several people judge a claim without seeing each other? Asked, given apart, and read by all at once.

For desks that switch it on. An opinion publishes nothing and replaces no approval. While a panel is open the log says
who has spoken, and not what they said; a dissent is kept whatever the verdict says. What was said first is kept where
somebody changes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions import base, telling, transitions
from claims.actions.review.handing import words_of
from claims.actions.review.verdicts import comment_text
from claims.models import (
    Notice,
    Opinion,
    Panel,
    Rating,
    RatingScale,
    Review,
    User,
    VerdictDraft,
    VerdictReading,
    VerdictSight,
)
from claims.models.facts import member
from claims.review import panels
from claims.vocabulary import PanelOutcome, PanelRule

Kind = Notice.Kind
#: When readers who have said nothing yet are reminded, before the panel is due.
REMINDED = dt.timedelta(hours=4)
_ENDED = (Review.State.APPROVED, Review.State.PUBLISHED, Review.State.CLOSED)


@transaction.atomic
def ask_panel(
    *,
    actor: User,
    review: Review,
    readers: Collection[User],
    needed: int,
    words: str = "",
    due_at: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> Panel:
    """Ask readers what they find; where ``needed`` of them find the same, that is the panel's outcome.

    Whoever has the claim asks, or wrote its verdict, or a desk editor. Nobody is asked who knows what others found.
    """
    now = now or timezone.now()
    review = transitions.lock(review)
    facts, person = transitions.gather(review, actor, now=now)
    transitions.insist(panels.may_ask_panel(facts, person))
    people = {reader.pk: reader for reader in readers}
    least = review.desk.panel_least
    if not 1 <= len(people) <= panels.MOST:
        raise base.Refused(_("Choose one to %(most)d people.") % {"most": panels.MOST})
    if not max(least, 1) <= needed <= len(people):
        raise base.Refused(
            ngettext(
                "Say how many of the %(asked)d must find the same: at least %(least)d, as the desk has it.",
                "Say how many of the %(asked)d must find the same: at least %(least)d, as the desk has it.",
                len(people),
            )
            % {"asked": len(people), "least": max(least, 1)}
        )
    read = who_has_read(review)
    for reader in people.values():
        transitions.insist(panels.may_be_reader(facts, member(review.desk, reader), read=read))
    if due_at is not None and due_at <= now:
        raise base.Refused(_("That time has passed. Choose a later one, or none."))
    scale = RatingScale.objects.filter(desk=review.desk, is_current=True).first()
    if scale is None:
        raise base.Refused(_("This desk has no rating scale yet."))
    said = comment_text(words).strip()
    try:
        with transaction.atomic():
            panel = Panel.objects.create(
                desk=review.desk, review=review, asked_by=actor, scale=scale, needed=needed, words=said,
                due_at=due_at, created_at=now,
            )  # fmt: skip
    except IntegrityError as problem:
        raise base.Stale(_("Opinions on this claim are being given already.")) from problem
    looked = who_has_looked(review)
    Opinion.objects.bulk_create(
        Opinion(panel=panel, reader=one, created_at=now, had_seen=pk in looked) for pk, one in people.items()
    )
    _log("panel.asked", panel, actor, now, after=f"{needed}/{len(people)}", note=said)
    _tell(Kind.PANEL, panel, list(people), actor, now, said)
    return panel


def who_has_read(review: Review) -> frozenset[int]:
    """Return who has opened a version of this review's verdict, or holds words of one that are not handed in."""
    found = set(VerdictReading.objects.filter(verdict__review=review).values_list("user_id", flat=True))
    return frozenset(found | _drafting(review))


def who_has_looked(review: Review) -> frozenset[int]:
    """Return who was shown what the verdict says on the page of the claim: they are asked, and it is said of them."""
    return frozenset(VerdictSight.objects.filter(review=review).values_list("user_id", flat=True))


def note_look(*, actor: User, review: Review, now: dt.datetime | None = None) -> None:
    """Keep that somebody was shown what the verdict says, once; at desks that ask for opinions alone."""
    if not VerdictSight.objects.filter(review=review, user=actor).exists():
        row = VerdictSight(review=review, user=actor, created_at=now or timezone.now())
        VerdictSight.objects.bulk_create([row], ignore_conflicts=True)


def _drafting(review: Review) -> set[int]:
    """Return who wrote words of a verdict that are not handed in."""
    found: set[int] = set()
    for draft in VerdictDraft.objects.filter(review=review):
        found.update(draft.writers)
        if draft.data.get("proposal") or words_of(draft):
            found.add(draft.user_id)
    return found


@transaction.atomic
def give_opinion(
    *,
    actor: User,
    panel: Panel,
    rating: Rating,
    reason: str,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Opinion:
    """Say what one finds and why; with the last one that is awaited all can be read.

    It can be changed as long as the panel is open; what it said before is kept. Raises Stale where the panel has
    ended, the work on the claim has, or another window of the same person was faster than ``expected_version``.
    """
    now = now or timezone.now()
    panel = _locked(panel)
    opinion = _own(actor, panel)
    if expected_version is not None and opinion.version != expected_version:
        raise base.Stale(_("You gave or changed this opinion in another window; look at it again."))
    if opinion.declined_at is not None:
        raise base.Refused(
            _("You have declined to give an opinion here, and may have read the verdict since.")
        )
    if rating.scale_id != panel.scale_id:
        raise base.Refused(_("Choose a rating of the scale on which this panel was asked."))
    reason = comment_text(reason).strip()
    if not reason:
        raise base.Refused(_("Say in a sentence what it rests on."))
    first = opinion.given_at is None
    if not first and opinion.rating_id == rating.pk and opinion.reason == reason:
        return opinion
    earlier = list(opinion.earlier)
    if opinion.given_at is not None and opinion.rating is not None:
        earlier.append([opinion.rating.label, opinion.reason, opinion.given_at.isoformat()])
    Opinion.objects.filter(pk=opinion.pk).update(
        rating=rating,
        first_rating=rating if first else opinion.first_rating_id,
        reason=reason,
        earlier=earlier,
        given_at=now,
        version=F("version") + 1,
    )
    opinion.refresh_from_db()
    _log("panel.opinion_given" if first else "panel.opinion_changed", panel, actor, now)
    _end_where_nobody_is_awaited(panel, actor, now)
    return opinion


@transaction.atomic
def decline_opinion(*, actor: User, panel: Panel, now: dt.datetime | None = None) -> None:
    """Give no opinion: one may see the verdict from then on, and is no reader of this panel any more."""
    now = now or timezone.now()
    panel = _locked(panel)
    opinion = _own(actor, panel)
    if opinion.given_at is not None:
        raise base.Refused(
            _("Your opinion is given already. It can be changed as long as the panel is open.")
        )
    if opinion.declined_at is not None:
        return
    Opinion.objects.filter(pk=opinion.pk).update(declined_at=now, version=F("version") + 1)
    _log("panel.declined", panel, actor, now)
    _tell(Kind.PANEL_LEFT, panel, [panel.asked_by_id], actor, now, "")
    _end_where_nobody_is_awaited(panel, actor, now)


@transaction.atomic
def end_panel(*, actor: User, panel: Panel, now: dt.datetime | None = None) -> Panel:
    """Have what was said be read although not all have spoken; too few opinions are an outcome of their own."""
    now = now or timezone.now()
    panel = _locked(panel)
    facts, person = transitions.gather(panel.review, actor, now=now)
    if panel.closed_at is not None:
        raise base.Stale(_("This panel has ended already."))
    transitions.insist(panels.may_end_panel(facts, person, panel.asked_by_id))
    return _end(panel, actor, now)


def end_by_time(now: dt.datetime | None = None) -> int:
    """End panels that are due, that nobody has to speak in any more, or whose claim is settled; return how many.

    Somebody may have left the desk, the claim may have been closed, merged or published, the desk may have switched
    panels off. Who has said nothing is reminded before the time is up.
    """
    now = now or timezone.now()
    waits = Opinion.objects.awaited().filter(reader__is_active=True).order_by()
    here = waits.filter(
        reader__memberships__desk=F("panel__desk"), reader__memberships__role__in=base.WORKERS
    )
    over = (
        Q(due_at__lte=now)
        | Q(review__state__in=_ENDED)
        | Q(review__claim__merged_into__isnull=False)
        | Q(desk__panels=PanelRule.OFF)
        | (
            ~Q(pk__in=here.values("panel"))
            & ~Q(pk__in=waits.filter(reader__is_superuser=True).values("panel"))
        )
    )
    count = 0
    for pk in list(Panel.objects.open().filter(over).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            panel = _locked(Panel(pk=pk))
            if panel.closed_at is None:
                _end(panel, None, now)
                count += 1
    _remind(now)
    return count


def _remind(now: dt.datetime) -> None:
    soon = Panel.objects.open().filter(due_at__gt=now, due_at__lte=now + REMINDED)
    for panel in soon.select_related("desk", "review", "asked_by"):
        waiting = set(Opinion.objects.awaited().filter(panel=panel).values_list("reader_id", flat=True))
        told = Notice.objects.filter(kind=Kind.PANEL_SOON, desk=panel.desk, claims=[panel.review.claim_id])
        waiting -= set(told.filter(created_at__gt=panel.created_at).values_list("user_id", flat=True))
        if waiting:
            with transaction.atomic():
                _tell(Kind.PANEL_SOON, panel, sorted(waiting), panel.asked_by, now, "")


def _locked(panel: Panel) -> Panel:
    """Lock the review before the panel, as every other act does, so that two answers wait for each other."""
    review = transitions.lock(Review(pk=Panel.objects.values_list("review_id", flat=True).get(pk=panel.pk)))
    found = Panel.objects.select_for_update(of=("self",)).select_related("desk", "asked_by").get(pk=panel.pk)
    found.review = review
    return found


def _own(actor: User, panel: Panel) -> Opinion:
    opinion = Opinion.objects.filter(panel=panel, reader=actor).select_related("rating").first()
    if opinion is None:
        raise base.NotAllowed(_("Only who was asked gives an opinion here."))
    base.require(actor, panel.desk, *base.WORKERS, what=_("judge claims"))
    if panel.closed_at is not None:
        raise base.Stale(_("This panel has ended; opinions are read and not changed any more."))
    if panel.review.state in _ENDED or panel.review.claim.merged_into_id is not None:
        raise base.Stale(_("The work on this claim has ended, so no opinion is needed any more."))
    return opinion


def _end_where_nobody_is_awaited(panel: Panel, actor: User, now: dt.datetime) -> None:
    if not Opinion.objects.awaited().filter(panel=panel).exists():
        _end(panel, actor, now)


def _end(panel: Panel, actor: User | None, now: dt.datetime) -> Panel:
    review = panel.review
    settled = review.state in _ENDED or review.claim.merged_into_id is not None
    overtaken = settled or panel.desk.panels == PanelRule.OFF
    facts, _person = transitions.gather(review, panel.asked_by, now=now)
    wrote = facts.authors | _drafting(review)
    given = Opinion.objects.filter(panel=panel, given_at__isnull=False)
    given.filter(reader__in=wrote).update(set_aside=True)
    counted = list(given.filter(set_aside=False).order_by("id").values_list("rating_id", flat=True))
    outcome, rating = panels.outcome_of([pk for pk in counted if pk is not None], panel.needed)
    if overtaken:
        outcome, rating = PanelOutcome.OVERTAKEN, None
    Panel.objects.filter(pk=panel.pk).update(closed_at=now, outcome=outcome.value, rating=rating)
    panel.closed_at, panel.outcome, panel.rating_id = now, outcome.value, rating
    _log("panel.ended", panel, actor, now, after=outcome.value)
    readers = list(given.values_list("reader_id", flat=True))
    people = {panel.asked_by_id, review.assignee_id, *readers, *facts.authors}
    _tell(Kind.PANEL_IN, panel, people, actor or panel.asked_by, now, "")
    if actor is None:
        # Nobody is told of their own acts, and here the clock acted: who asked is told as if by a reader.
        by = User.objects.get(
            pk=(readers or [Opinion.objects.filter(panel=panel).earliest("id").reader_id])[0]
        )
        _tell(Kind.PANEL_IN, panel, [panel.asked_by_id], by, now, "")
    return panel


def _tell(
    kind: Notice.Kind,
    panel: Panel,
    users: Collection[int | None],
    actor: User,
    now: dt.datetime,
    words: str,
) -> None:
    claims = [panel.review.claim_id]
    telling.tell(kind, desk=panel.desk, users=users, actor=actor, now=now, claims=claims, words=words)


def _log(
    verb: str, panel: Panel, actor: User | None, now: dt.datetime, after: str = "", **detail: str
) -> None:
    base.audit(
        verb,
        panel,
        actor=actor,
        desk=panel.desk,
        claim_id=panel.review.claim_id,
        after=after,
        now=now,
        **detail,
    )
