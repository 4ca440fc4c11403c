"""A question in a reviewer's own words: what it asks, on which filters, and how it is asked again as it was.

The whole question is written into the line of the log: words, filters, language and rules. AskedQuestion again from
there it is the same question, whatever the claim is called today, and what it finds now is held against what it
found then. Refuses a question it cannot read, by the character and with what to do; refuses an outlet that
nobody may know of and dates that end before they begin. Nothing is dropped from a question silently.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.indexing.documents import passage_texts
from claims.language.partial_dates import PartialDate
from claims.models import Claim, Outlet, SearchHit, SearchRun, User
from claims.models.fields import key_of, row_number
from claims.query.analysis import ANALYSER_VERSION
from claims.query.build import normalise, weight_of
from claims.query.own_words import OwnQuestion, Unreadable, WrongQuestion, own_question
from claims.query.types import Dates, Query
from claims.search.asking import Answer, Scored
from claims.search.engine import Engine

#: So many outlets one question may keep to.
OUTLETS = 50
#: Where hits have to be looked at in our own text, so many are; elsewhere the best hundred.
VERIFIED = 500
#: So many of a claim's newest askings are looked through for the same question.
LOOKED_THROUGH = 50


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question as somebody put it: their words, or the claim's ``wording`` of then, and what it keeps to.

    Without words the whole claim is asked. Days are partial dates as typed; ``outlets`` are ids.
    """

    words: str = ""
    wording: str = ""
    outlets: tuple[int, ...] = ()
    since: str = ""
    until: str = ""
    language: str = ""

    @property
    def filtered(self) -> bool:
        return bool(self.outlets or self.since or self.until or self.language)

    @property
    def plain(self) -> bool:
        """Tell whether it is what the claim itself asks today."""
        return not (self.words or self.wording or self.filtered)

    @property
    def key(self) -> str:
        """Return what two askings of the same question share."""
        told = {**asdict(self), "words": " ".join(self.words.casefold().split())}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]

    @property
    def dates(self) -> Dates | None:
        """Return the window it keeps to; a text without a date is in none."""
        if not (self.since or self.until):
            return None
        return Dates(
            PartialDate.parse(self.since).earliest if self.since else None,
            PartialDate.parse(self.until).latest if self.until else None,
        )

    def within(self, query: Query) -> Query:
        """Return the same question kept to what it keeps to."""
        return replace(
            query,
            outlets=self.outlets,
            languages=(self.language,) if self.language else (),
            dates=self.dates,
        )

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> AskedQuestion:
        known = {
            name: str(stored.get(name) or "") for name in ("words", "wording", "since", "until", "language")
        }
        return cls(outlets=tuple(int(one) for one in stored.get("outlets") or ()), **known)


def asked_by(
    *,
    actor: User | None,
    claim: Claim,
    words: str = "",
    outlets: Sequence[str | int] = (),
    since: str = "",
    until: str = "",
    language: str = "",
) -> AskedQuestion:
    """Return the question, read and resolved; raise Refused with the character, or the filter, and what to do.

    ``outlets`` are names, sites or ids. With an ``actor`` only those of documents that they may read are known.
    """
    words, language = words.strip(), language.strip().lower()
    if words:
        read_question(words, language or claim.language or "en")
    if language and not (language.replace("-", "").isalpha() and language.isascii() and len(language) <= 10):
        raise base.Refused(
            _("“%(shown)s” is no language: give its code, such as en, de or ar.") % {"shown": language[:40]}
        )
    bounds = []
    for label, value in ((_("From"), since.strip()), (_("To"), until.strip())):
        try:
            bounds.append(PartialDate.parse(value) if value else None)
        except ValueError as problem:
            raise base.Refused(
                _("%(label)s: %(problem)s") % {"label": label, "problem": problem}
            ) from problem
        if value and bounds[-1] is not None and (bounds[-1].earliest is None or bounds[-1].latest is None):
            raise base.Refused(
                _("%(label)s: “%(shown)s” is no day of the calendar: give 2020-10-05, 2020-10 or 2020.")
                % {"label": label, "shown": value[:40]}
            )
    first, last = bounds
    if first and last and first.earliest and last.latest and first.earliest > last.latest:
        raise base.Refused(
            _("The dates end before they begin: from %(since)s to %(until)s. Exchange them.")
            % {"since": since.strip(), "until": until.strip()}
        )
    return AskedQuestion(
        words=words,
        outlets=_outlets(actor, outlets),
        since=since.strip(),
        until=until.strip(),
        language=language,
    )


def _outlets(actor: User | None, named: Sequence[str | int]) -> tuple[int, ...]:
    """Return the ids of outlets given by name, site or id; a name may belong to several."""
    wanted = [text for one in named if (text := str(one).strip())]
    if len(wanted) > OUTLETS:
        raise base.Refused(_("Keep to %(n)d outlets at most.") % {"n": OUTLETS})
    known = Outlet.objects.all() if actor is None else Outlet.objects.visible_to(actor)
    found: set[int] = set()
    for one in wanted:
        match = Q(name_key=key_of(one)[:200]) | Q(site=one.lower()[:253])
        if (number := row_number(one)) is not None:
            match |= Q(pk=number)
        ids = list(known.filter(match).order_by("pk").values_list("pk", flat=True)[:OUTLETS])
        if not ids:
            begun = known.filter(name_key__startswith=key_of(one)[:200]).order_by("name_key", "pk")
            like = list(begun.values_list("name", flat=True)[:3])
            hint = _("Did you mean %(names)s?") % {"names": ", ".join(f"“{name}”" for name in like)}
            raise base.Refused(
                _("There is no outlet “%(shown)s” in the archive.") % {"shown": one[:100]}
                + " "
                + (hint if like else _("Sources lists them all; leave the field empty to ask all of them."))
            )
        found.update(ids)
    return tuple(sorted(found))


def read_question(words: str, language: str) -> OwnQuestion:
    """Return what the words ask; raise Refused with the character it fails at and what to do about it."""
    try:
        return own_question(words, language)
    except WrongQuestion as problem:
        raise base.Refused(_explained(problem)) from problem


def _explained(problem: WrongQuestion) -> str:
    words = {
        Unreadable.LONG: _("Ask in no more than 1,000 characters; these are %(shown)s."),
        Unreadable.EMPTY: _("There is no word to look for: write at least one."),
        Unreadable.CONTROL: _(
            "Character %(at)d cannot be seen and cannot be searched (%(shown)s): take it out."
        ),
        Unreadable.OPEN_MARK: _(
            "The quotation mark %(shown)s at character %(at)d is never closed: close it, or take it away."
        ),
        Unreadable.STRAY_MARK: _(
            "The quotation mark %(shown)s at character %(at)d closes nothing: open it, or take it away."
        ),
        Unreadable.EMPTY_PHRASE: _("There is nothing between the quotation marks at character %(at)d."),
        Unreadable.COMMON_PHRASE: _(
            "“%(shown)s” at character %(at)d has only words that are too common to be searched, such as “the”: "
            "put a telling word into the phrase."
        ),
        Unreadable.COMMON: _(
            "“%(shown)s” has only words that are too common to be searched, such as “the”: add a telling word."
        ),
        Unreadable.EXCLUDES_NOTHING: _(
            "The minus sign at character %(at)d leaves out “%(shown)s”, which is not searched: take it away."
        ),
        Unreadable.ONLY_EXCLUDED: _(
            "Everything here is left out and nothing is asked: add a word to look for."
        ),
        Unreadable.BOTH: _(
            "“%(shown)s” is asked for and, at character %(at)d, left out: take one of them away."
        ),
        Unreadable.WILD: _(
            "The %(shown)s at character %(at)d is not needed: words are found in all their endings. Take it away."
        ),
        Unreadable.WEIGHT: _(
            "The %(shown)s at character %(at)d means nothing here: take it away, or quote it in “…”."
        ),
        Unreadable.FIELD: _(
            "“%(shown)s” at character %(at)d means nothing here: outlet, dates and language have fields of "
            "their own. Take it away, or quote it in “…”."
        ),
        Unreadable.OPERATOR: _(
            "“%(shown)s” at character %(at)d means nothing here: any word counts, “…” must occur, a minus sign "
            "leaves out. Take it away, or write it small."
        ),
        Unreadable.MANY: _("Ask for %(shown)s phrases at most, and leave out %(shown)s things at most."),
        Unreadable.LONG_PHRASE: _(
            "The phrase at character %(at)d is longer than %(shown)s words: shorten it."
        ),
    }
    return words[problem.why] % {"at": problem.at, "shown": problem.shown[:100]}


def own_answer(engine: Engine, asked: OwnQuestion, within: Query, limit: int) -> Answer:
    """Ask a reviewer's own words; phrases, asked for and left out, are verified in our own text.

    A passage that holds every phrase is wanted whatever its score; words alone are measured as a claim's are.
    """
    query = replace(
        within, clauses=asked.question.clauses, required=asked.required, forbidden=asked.forbidden
    )
    answer = engine.search(query, VERIFIED if asked.verified else limit, matched=True)
    hits = list(answer.hits)
    if asked.verified:
        texts = passage_texts([hit.passage for hit in hits])
        # Apart, as they are indexed: the end of a title and the beginning of its text are no phrase.
        hits = [hit for hit in hits if _holds(asked, texts.get(hit.passage))][:limit]
    if asked.phrases:
        return Answer(asked.question, tuple(Scored(hit, 1.0) for hit in hits))
    frequencies = engine.document_frequencies(asked.question.words, within.collection)
    z = weight_of(asked.question.words, frequencies)
    ranked = tuple(Scored(hit, normalise(hit.score, z)) for hit in hits)
    return Answer(asked.question, ranked, frequencies)


def _holds(asked: OwnQuestion, read: tuple[str, str] | None) -> bool:
    """Tell whether title and text together have all phrases, each within one of them, and none left out."""
    if read is None:
        return False
    one = replace(asked, without=())
    wanted = all(
        any(replace(one, phrases=(phrase,)).holds(part) for part in read) for phrase in asked.phrases
    )
    return wanted and all(replace(asked, phrases=()).holds(part) for part in read)


@dataclass(frozen=True, slots=True)
class Since:
    """What an asking finds that an earlier one of the same question did not, by ranks, and how much it misses."""

    run: int
    at: dt.datetime
    new: tuple[int, ...] = ()
    gone: int = 0

    def to_json(self) -> dict[str, Any]:
        return {"run": self.run, "at": self.at.isoformat(), "new": list(self.new), "gone": self.gone}


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier asking of the same question and the places it answered with."""

    run: int
    at: dt.datetime
    places: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    def since(self, places: Sequence[tuple[int, int]], kept: int) -> Since:
        """Hold what is found now, as (capture, start) best first, against what was found then.

        Of what is found now only the first ``kept`` can be new: no more were kept then.
        """
        now = set(places)
        new = tuple(rank for rank, place in enumerate(places[:kept], 1) if place not in self.places)
        return Since(self.run, self.at, new, len(self.places - now))


def asked_before(claims: Sequence[int], asked: AskedQuestion, again: int | None = None) -> dict[int, Before]:
    """Return by claim the asking that this one repeats: ``again``, else the newest of the same question.

    Two statements for however many claims; of each claim its newest askings are looked through.
    """
    runs = SearchRun.objects.filter(claim__in=claims).exclude(kind=SearchRun.Kind.OUTSIDE).order_by("-pk")
    found: dict[int, tuple[int, dt.datetime]] = {}
    if again is not None:
        runs = runs.filter(pk=again)
    columns = runs.values_list("pk", "claim_id", "created_at", "questions")
    for pk, claim, at, questions in columns[: LOOKED_THROUGH * len(claims)]:
        if claim not in found and (again or (questions and questions[0].get("key") == asked.key)):
            found[claim] = pk, at
    places: dict[int, set[tuple[int, int]]] = {pk: set() for pk, _at in found.values()}
    hits = SearchHit.objects.filter(run__in=places).order_by()
    for run, capture, start in hits.values_list("run_id", "capture_id", "start") if places else ():
        places[run].add((capture, start))
    return {claim: Before(pk, at, frozenset(places[pk])) for claim, (pk, at) in found.items()}


def line_of(
    asked: AskedQuestion, *, text: str, terms: Sequence[str], language: str, since: Since | None
) -> dict[str, Any]:
    """Return the question as the log keeps it: everything that is needed to ask it again."""
    return {
        "text": text,
        "terms": list(terms),
        "language": language,
        "rules": ANALYSER_VERSION,
        "key": asked.key,
        "asked": asked.to_json(),
        **({"since": since.to_json()} if since is not None else {}),
    }


def asked_of(run: SearchRun) -> AskedQuestion:
    """Return the question of a line of the log, as it is asked again; raise Refused where it was asked elsewhere.

    Of the whole claim the wording of then is asked: the claim may say something else today. Lines from before
    questions were kept whole have their words alone.
    """
    if run.kind == SearchRun.Kind.OUTSIDE:
        raise base.Refused(_("This search was made outside: its line leads to where it was made."))
    line = run.questions[0] if run.questions else {}
    asked = AskedQuestion.from_json(line["asked"]) if "asked" in line else AskedQuestion()
    text = str(line.get("text") or "")
    if "asked" not in line and run.kind == SearchRun.Kind.OWN_WORDS:
        asked = AskedQuestion(words=text)
    if not asked.words and not asked.wording and text and text != run.claim.wording:
        asked = replace(asked, wording=text)
    return asked
