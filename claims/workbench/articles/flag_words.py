"""What do the analyser's flags mean for a person? Flags are names of rules; pages show these words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from claims.splitting.types import OFFERED

_WORDS = {
    # of a date
    "ambiguous-day-month": _("day or month first?"),
    "ambiguous-year": _("which year?"),
    "compared": _("counted from the time it is compared with"),
    "names-its-event": _("when it was, the words say themselves"),
    "time-of-day": _("on the day that the story names"),
    "before-christ": _("before the common era"),
    "day-first": _("read with the day first"),
    "month-first": _("read with the month first"),
    "event-unknown": _("counted from an event that is not dated"),
    "fiscal-year": _("a fiscal year"),
    "future": _("in the future"),
    "no-calendar-place": _("has no place on the calendar"),
    "outside-calendar": _("outside the calendar"),
    "order-from-other-dates": _("order taken from the other dates"),
    "publication-date-unknown": _("the publication date is missing"),
    "season": _("a season"),
    "until": _("until then"),
    "week-of": _("the week of that day"),
    "year-unknown": _("which year?"),
    # of a claim
    "anonymous": _("anonymous source"),
    "anonymous-source": _("anonymous source"),
    "vague-source": _("vague source"),
    "checkable: close call": _("checkable or not: a close call"),
    "complex-negation": _("look at the negation"),
    "date-needs-publication": _("needs the publication date"),
    "expletive": _("who does it is not said"),
    "long-sentence": _("a long sentence: look at the words"),
    "possibly-continued": _("may go on in the next sentence"),
    "relayed": _("quoted from somebody else"),
    "role-unresolved": _("which person is meant by the office?"),
    "same-surname": _("two people share this surname"),
    "speaker-not-found": _("the speaker was not found"),
    "subject is content": _("the subject is itself a claim"),
    "recorder-label": _("a voice that the recorder only numbers: who is it?"),
    "whole-sentence": _("a whole sentence, not cut into claims"),
    "whole-sentence-wording": _("the wording is the whole sentence: cut it to the claim"),
    # of a whole text
    "language-without-clause-rules": _(
        "There are no rules for this language: whole sentences are suggested."
    ),
    "too-many-claims": _("The text holds more claims than are suggested; the rest is left out."),
}


def words_of(flag: str) -> str:
    """Return a flag in words; one that is not listed is shown as it is, without its hyphens."""
    if flag.startswith(OFFERED):
        # It says why in the flag itself.
        return _("offered, look at it: %(why)s") % {"why": flag.removeprefix(OFFERED)}
    known = _WORDS.get(flag)
    return str(known) if known is not None else flag.replace("-", " ").replace("_", " ")
