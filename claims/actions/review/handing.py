"""How does work go from one person to another? Handed over with its draft and a word, taken over, or read by request.

Words that go along keep their writers: whoever wrote of a draft cannot approve what becomes of it. Whoever loses
work, or is given some, is told.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, telling, transitions
from claims.actions.claims.changes import LEASE
from claims.actions.review.verdicts import comment_text
from claims.models import Notice, ReadingRequest, Review, User, Verdict, VerdictDraft
from claims.models.facts import latest_verdict, member
from claims.review import policy, whose_work
from claims.vocabulary import Role

Kind = Notice.Kind
#: The parts of a draft that hold words, in the order in which they are read.
WORDS = ("headline", "short_answer", "justification", "not_found")


def words_of(draft: VerdictDraft | None) -> dict[str, str]:
    """Return what somebody has written in a draft, part by part; nothing for a proposal."""
    if draft is None or draft.data.get("proposal"):
        return {}
    parts = {name: str(draft.data.get(name) or "").strip() for name in WORDS}
    return {name: text for name, text in parts.items() if text}


def draft_at(review: Review, user: int | None) -> VerdictDraft | None:
    """Return what this person has written and not handed in, with who it is by."""
    return VerdictDraft.objects.filter(review=review, user=user).select_related("user").first()


@transaction.atomic
def hand_over(
    *, actor: User, review: Review, to: User, words: str = "", now: dt.datetime | None = None
) -> bool:
    """Give a claim to somebody with the draft of whoever has it, and a word; return whether the draft went along.

    A draft stays where it is if the other has words of their own already.
    """
    now = now or timezone.now()
    review = transitions.lock(review)
    facts, person = transitions.gather(review, actor, now=now)
    transitions.insist(whose_work.may_hand_over(facts, person, member(review.desk, to)))
    words = comment_text(words).strip()
    had = whose_work.holder_of(facts)
    moved = _pass_on(review, had, to, now)
    before = str(had or "")
    review = transitions.swap(review, now=now, assignee_id=to.pk, lease_user_id=None, lease_until=None)
    _log("review.handed_over", review, actor, now, before=before, after=str(to.pk), note=words, draft=moved)
    _tell(Kind.HANDED, [to.pk], review, actor, now, words)
    _tell(Kind.TAKEN, [had, facts.assignee], review, actor, now, words, besides=to.pk)
    return moved


@transaction.atomic
def take_over(
    *, actor: User, review: Review, with_draft: bool = False, now: dt.datetime | None = None
) -> Review:
    """Go on with a claim that another has, with their words where the actor has none; the other is told.

    It stays assigned to the other unless the actor may assign it.
    """
    now = now or timezone.now()
    review = transitions.lock(review)
    facts, person = transitions.gather(review, actor, now=now)
    transitions.insist(whose_work.may_take_over(facts, person))
    had = whose_work.holder_of(facts)
    if with_draft:
        _copy(review, had, actor, now)
    columns: dict[str, Any] = {
        "lease_user_id": actor.pk, "lease_until": now + LEASE, "state": Review.State.IN_PROGRESS,
    }  # fmt: skip
    if person.has(Role.DESK_EDITOR) or facts.assignee is None:
        columns["assignee_id"] = actor.pk
    review = transitions.swap(review, now=now, **columns)
    _log(
        "review.taken_over", review, actor, now, before=str(had or ""), after=str(actor.pk), draft=with_draft
    )
    _tell(Kind.OVERTAKEN, [had, facts.assignee], review, actor, now, "")
    return review


@transaction.atomic
def ask_reader(
    *, actor: User, verdict: Verdict, reader: User, words: str = "", now: dt.datetime | None = None
) -> ReadingRequest:
    """Ask somebody to be the second reader of what waits for approval; asking again changes the words."""
    now = now or timezone.now()
    review = transitions.lock(verdict.review)
    newest = latest_verdict(review)
    if newest is None or newest.pk != verdict.pk:
        raise base.Stale(_("There is a newer version of this verdict. Ask for that one."))
    facts, person = transitions.gather(review, actor, now=now)
    transitions.insist(policy.may_ask_reader(facts, person, member(review.desk, reader)))
    words = comment_text(words).strip()
    asked, made = ReadingRequest.objects.get_or_create(
        verdict=verdict, reader=reader, defaults={"asked_by": actor, "words": words, "created_at": now}
    )
    if not made and words == asked.words:
        return asked
    ReadingRequest.objects.filter(pk=asked.pk).update(words=words)
    base.audit(
        "verdict.reader_asked", verdict, actor=actor, desk=review.desk, claim_id=review.claim_id,
        after=str(reader.pk), now=now, note=words,
    )  # fmt: skip
    _tell(Kind.ASKED, [reader.pk], review, actor, now, words)
    return asked


def _pass_on(review: Review, had: int | None, to: User, now: dt.datetime) -> bool:
    given = draft_at(review, had)
    if given is None or not words_of(given) or not _make_room(review, to):
        return False
    VerdictDraft.objects.filter(pk=given.pk).update(
        user=to, writers=_writers(given, to), version=F("version") + 1, updated_at=now
    )
    return True


def _copy(review: Review, had: int | None, to: User, now: dt.datetime) -> None:
    given = draft_at(review, had)
    if given is None or not words_of(given):
        raise base.Refused(_("There is no draft to go on with."))
    if not _make_room(review, to):
        raise base.Refused(
            _("You have words of your own here, and they stay. Take it over without the other's draft.")
        )
    VerdictDraft.objects.create(
        review=review, user=to, data=given.data, writers=_writers(given, to), base=given.base, updated_at=now
    )


def _make_room(review: Review, to: User) -> bool:
    """Return whether this person has no words of their own here; an empty draft of theirs makes room."""
    own = draft_at(review, to.pk)
    if own is None:
        return True
    if words_of(own) or own.data.get("proposal"):
        return False
    own.delete()
    return True


def _writers(given: VerdictDraft, to: User) -> list[int]:
    return sorted({given.user_id, *given.writers} - {to.pk})


def _tell(
    kind: Notice.Kind,
    users: list[int | None],
    review: Review,
    actor: User,
    now: dt.datetime,
    words: str,
    *,
    besides: int | None = None,
) -> None:
    telling.tell(
        kind, desk=review.desk, users=[pk for pk in users if pk != besides], actor=actor, now=now,
        claims=[review.claim_id], words=words,
    )  # fmt: skip


def _log(
    verb: str, review: Review, actor: User, now: dt.datetime, *, before: str, after: str, **detail: Any
) -> None:
    base.audit(
        verb, review, actor=actor, desk=review.desk, claim_id=review.claim_id, before=before, after=after, now=now,
        **detail,
    )  # fmt: skip
