"""What does a language model suggest besides the rules? Asked only where an operator configured an endpoint.

Each suggestion is a verbatim quotation found again in the text, stored as one more suggested appearance with
its provenance. No row that is there is changed. Where no answer comes, the job says so and the rules' result
stands.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.intake.decode import clean
from claims.jobs import rows
from claims.language.parser import tag
from claims.language.sentences import sentences
from claims.language.spans import Span
from claims.language.tokens import tokenize
from claims.models import Appearance, Capture, Desk, Document, FinishedArticle, Job, User
from claims.net import chat
from claims.splitting import suggestions
from claims.splitting.checkable import features as worth_features
from claims.splitting.checkable.worthiness import Worth
from claims.splitting.ranking.circumstances import RankCase, WholeArticle
from claims.splitting.ranking.head import by_words
from claims.splitting.suggestions import BadSuggestions, Suggestion
from claims.splitting.types import ClaimantKind, Unit

JOB = "suggest"
LIMITS = chat.LIMITS
#: A row of the rules that shares this part of both stretches makes the same suggestion.
SAME = 0.6
UNAVAILABLE = "Suggestions of a language model are unavailable; the rules' result stands."


def configured() -> bool:
    """Say whether an endpoint is configured; without one, nothing is offered anywhere."""
    return bool(settings.LLM["url"])


def suggest(*, actor: User, capture: Capture, desk: Desk, now: dt.datetime | None = None) -> Job:
    """Queue one question to the configured endpoint about a capture."""
    base.require(actor, desk, *base.ADDERS, what=_("ask for suggestions"))
    if not configured():
        raise base.Refused(_("No language model is configured for this installation."))
    document = capture.document
    if document.visibility == Document.Visibility.NAMED:
        raise base.Refused(_("This document is for named people only: its text is sent nowhere."))
    if FinishedArticle.objects.when(document, desk) is not None:
        raise base.Refused(_("This article is finished. Reopen it first."))
    with transaction.atomic():
        return rows.enqueue(
            JOB,
            desk=desk,
            subject=f"document {document.pk}",
            arguments={"capture": capture.pk, "desk": desk.pk},
            dedupe_key=f"{JOB}:{desk.pk}:{capture.pk}",
            now=now,
        )


def standing(*, desk: Desk, capture: Capture) -> str:
    """Return what the article page says about the last question, or nothing where none was asked."""
    last = (
        Job.objects.filter(kind=JOB, desk=desk, arguments__capture=capture.pk)
        .order_by("-id")
        .values("status", "result")
        .first()
    )
    if last is None:
        return ""
    if last["status"] in (Job.Status.QUEUED, Job.Status.RUNNING):
        return _("A language model is being asked.")
    if last["status"] != Job.Status.DONE or not last["result"]:
        return _(UNAVAILABLE)
    return str(last["result"]["note"])


def run_suggest(job: rows.Running) -> None:
    """Ask about each part of the text; store what stands in it."""
    desk = Desk.objects.get(pk=job.row.arguments["desk"])
    capture = Capture.objects.select_related("document").get(pk=job.row.arguments["capture"])
    endpoint = chat.Endpoint(**settings.LLM)
    found: list[Suggestion] = []
    dropped: Counter[str] = Counter()
    stretches = list(suggestions.parts(capture.text))
    model, failed = "", ""
    for number, stretch in enumerate(stretches):
        job.progress(number, len(stretches), "asking a language model")
        try:
            if not configured():
                raise chat.ChatUnavailable("No language model is configured any more.")
            model, checked = _ask(endpoint, capture.text, stretch)
        except chat.ChatUnavailable as error:
            # An endpoint that did not answer twice will not answer the next part either.
            failed = str(error)
            break
        found += checked.suggestions
        dropped.update(checked.dropped)
    with job.fenced():
        stored = _store(desk, capture, found, model) if found else []
        result = _result(stored, found, dropped, model, failed)
        base.audit("document.suggested", capture.document, actor=None, desk=desk, result=result)
        job.finish(result)


def _ask(endpoint: chat.Endpoint, text: str, stretch: Span) -> tuple[str, suggestions.Checked]:
    """Ask about one part; an answer that is no list of claims gets one more try."""
    messages = suggestions.messages(text[stretch.start : stretch.end])
    for last in (False, True):
        answer = chat.ask(
            endpoint, messages, user_agent=f"factcheck-workbench (+{settings.SITE_URL})", limits=LIMITS
        )
        try:
            return clean(answer.model), suggestions.check(answer.content, text, within=stretch)
        except BadSuggestions as error:
            if last:
                raise chat.ChatUnavailable(f"The model's answer was of no use: {error}.") from error
    raise AssertionError("the loop returns or raises")


def _result(
    stored: list[Appearance], found: list[Suggestion], dropped: Counter[str], model: str, failed: str
) -> dict[str, Any]:
    known = len(found) - len(stored)
    if failed and not found:
        note = f"{_(UNAVAILABLE)} {failed}"
    else:
        note = _("%(new)d more suggested by %(model)s; %(known)d are there already, %(dropped)d dropped.") % {
            "new": len(stored),
            "model": model or _("a language model"),
            "known": known,
            "dropped": sum(dropped.values()),
        }
        if failed:
            note += " " + _("The rest of the text could not be asked about. %(why)s") % {"why": failed}
    return {
        "available": not failed,
        "stored": len(stored),
        "known": known,
        "dropped": dict(dropped),
        "model": model,
        "note": note,
    }


def _store(desk: Desk, capture: Capture, found: Sequence[Suggestion], model: str) -> list[Appearance]:
    """Add a suggested row for what no row says yet; called in the job's transaction."""
    document = Document.objects.select_for_update(no_key=True).get(pk=capture.document_id)
    if FinishedArticle.objects.when(document, desk) is not None:
        return []
    places = list(Appearance.objects.filter(desk=desk, capture=capture).values_list("start", "end"))
    now = timezone.now()
    made = []
    for one in found:
        if any(_same(one, start, end) for start, end in places):
            continue
        places.append((one.start, one.end))
        made.append(_row(desk, document, capture, one, model, now))
    return made


def _row(
    desk: Desk, document: Document, capture: Capture, one: Suggestion, model: str, now: dt.datetime
) -> Appearance:
    text = capture.text
    top = text.rfind("\n", 0, one.start) + 1
    bottom = text.find("\n", one.end)
    bottom = len(text) if bottom < 0 else bottom
    around = [span for span in sentences(text, top, bottom) if span.start < one.end and span.end > one.start]
    places = [(span.start, span.end) for span in sentences(text, 0, len(text))]
    worth = _worth(one, around, WholeArticle.of(text, places))
    return Appearance.objects.create(
        desk=desk,
        document=document,
        capture=capture,
        start=one.start,
        end=one.end,
        sentence_start=min((span.start for span in around), default=one.start),
        sentence_end=max((span.end for span in around), default=one.end),
        paragraph_start=top,
        paragraph_end=bottom,
        quotation=one.quotation,
        attribution=str(one.attribution),
        claimant_text=one.claimant,
        checkable=str(one.checkable),
        score=round(worth.score, 4),
        reasons=[{"feature": r.feature, "weight": r.weight, "text": r.text} for r in worth.reasons],
        flags=["suggested by a language model"],
        wording=one.quotation,
        appeared_on=document.published,
        provenance={
            "by": "model",
            "adapter": chat.ADAPTER,
            "model": model,
            "prompt": suggestions.PROMPT,
            "at": now.isoformat(),
        },
        created_at=now,
    )


def _worth(one: Suggestion, around: Sequence[Span], article: WholeArticle) -> Worth:
    """Score a suggestion as splitting scores its units, by words alone."""
    words = [token.norm for token in tokenize(one.quotation)]
    tags = tag([words])[0].xpos
    sentence = (
        min((span.start for span in around), default=one.start),
        max((span.end for span in around), default=one.end),
    )
    unit = Unit(
        1,
        one.start,
        one.end,
        one.quotation,
        one.attribution,
        one.checkable,
        claimant=one.claimant,
        claimant_kind=ClaimantKind.PERSON if one.claimant else ClaimantKind.NONE,
        sentence=sentence,
    )
    (worth,) = by_words([RankCase(unit, words, tags, worth_features.read(words, tags))], article)
    return worth


def _same(one: Suggestion, start: int, end: int) -> bool:
    shared = min(one.end, end) - max(one.start, start)
    return shared > 0 and shared >= SAME * max(one.end - one.start, end - start)
