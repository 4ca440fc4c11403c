"""Which action is each step of the story files? One method per verb; nothing is written but by actions.

A step names claims, articles and pieces of evidence by the labels that earlier steps gave them. Where the
search did not find what a step expects, it stops with a sentence: the sample desk never invents evidence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils import timezone

from claims.actions.base import Refused
from claims.actions.claims import changes as claims
from claims.actions.discussion.notes import write_note
from claims.actions.evidence import decisions as evidence
from claims.actions.evidence.keeping import take_passage
from claims.actions.publishing import publish
from claims.actions.review import readings
from claims.actions.review import verdicts as review
from claims.actions.review.drafts import save_draft
from claims.actions.review.verdict_text import VerdictData
from claims.actions.triage import decisions as triage
from claims.actions.triage import outside, spans
from claims.management.sample.reading import BadSample, SampleStep
from claims.models import (
    Appearance,
    Claim,
    Desk,
    Document,
    Evidence,
    FactCheck,
    Match,
    Rating,
    Review,
    SearchHit,
    User,
    Verdict,
)

_CITED = re.compile(r"(?<=[\[ ])e:([a-z][\w-]*)(?=[,\]])")


@dataclass
class Newsroom:
    """The labels that steps use, and who is who."""

    desk: Desk
    people: dict[str, User]
    articles: dict[str, int] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)
    checks: dict[str, FactCheck] = field(default_factory=dict)
    #: (claim label, evidence label) → id
    evidence: dict[tuple[str, str], int] = field(default_factory=dict)

    #: Steps that read what the search has found.
    reads_found: ClassVar[frozenset[str]] = frozenset({"judge", "match"})

    def take(self, step: SampleStep) -> None:
        """Do one step; raises BadSample where it names something that is not there."""
        act: Callable[..., None] | None = getattr(self, f"do_{step.do}", None)
        if act is None:
            raise BadSample(f"{step.story}: there is no step “{step.do}”.")
        try:
            act(actor=self.people[step.by], now=step.at, **step.values)
        except (Refused, BadSample, KeyError, TypeError) as problem:
            raise BadSample(f"{step.story}, {step.at:%Y-%m-%d %H:%M} {step.do}: {problem}") from problem

    # --- from article to claim ----------------------------------------------------------------------------

    def do_accept(
        self,
        *,
        actor: User,
        now: dt.datetime,
        article: str,
        quotation: str,
        claim: str,
        wording: str | None = None,
        claimant: str | None = None,
        kind: str = "",
        checks: str | None = None,
        about: str | None = None,
        why: str = "",
    ) -> None:
        """Accept the suggestion at the quotation; with a known label, as another appearance of that claim."""
        known = self.claims.get(claim)
        made = triage.accept(
            actor=actor,
            appearance=self._suggestion(article, quotation, actor, now),
            why=why,
            wording=wording,
            claimant=claimant,
            checks=checks,
            claim=Claim.objects.get(pk=known) if known else None,
            now=now,
        )
        if known is None:
            self.claims[claim] = made.pk
        if kind and claimant:
            claims.set_claimant(actor=actor, claim=made, name=claimant, kind=kind, now=now)
        if about is not None:
            made.refresh_from_db()
            claims.set_dates(actor=actor, claim=made, about=about, now=now)

    def _suggestion(self, article: str, quotation: str, actor: User, now: dt.datetime) -> Appearance:
        """Return the open suggestion nearest to these words; where none overlaps, select them in the text."""
        document = Document.objects.get(pk=self.articles[article])
        capture = document.captures.order_by("-number")[0]
        start = capture.text.find(quotation)
        if start < 0:
            raise BadSample(f"“{quotation}” does not stand in {article}.")
        end = start + len(quotation)
        rows = Appearance.objects.filter(
            desk=self.desk, capture=capture, triage=Appearance.Triage.SUGGESTED, start__lt=end, end__gt=start
        )
        best = max(rows, key=lambda row: (_share(row, start, end), -row.pk), default=None)
        if best is not None and _share(best, start, end) >= 0.5:
            return best
        return spans.add_from_selection(
            actor=actor, document=document, capture=capture, start=start, end=end, now=now
        )

    def do_dismiss(self, *, actor: User, now: dt.datetime, article: str, quotation: str, reason: str) -> None:
        row = self._suggestion(article, quotation, actor, now)
        triage.dismiss(actor=actor, appearance=row, reason=reason, now=now)

    def do_finish(self, *, actor: User, now: dt.datetime, article: str) -> None:
        document = Document.objects.get(pk=self.articles[article])
        triage.finish_article(actor=actor, document=document, desk=self.desk, now=now)

    def do_hear(self, *, actor: User, now: dt.datetime, claim: str, **values: Any) -> None:
        """Make a claim of what was said outside the archive."""
        made = outside.claim_without_article(actor=actor, desk=self.desk, now=now, **values)
        self.claims[claim] = made.pk

    # --- whose work it is ---------------------------------------------------------------------------------

    def do_assign(self, *, actor: User, now: dt.datetime, claim: str, to: str) -> None:
        claims.assign(actor=actor, review=self._review(claim), to=self.people[to], now=now)

    def do_begin(self, *, actor: User, now: dt.datetime, claim: str) -> None:
        claims.take_lease(actor=actor, review=self._review(claim), now=now)

    def do_note(
        self,
        *,
        actor: User,
        now: dt.datetime,
        text: str,
        claim: str = "",
        article: str = "",
        source: str = "",
        quotation: str = "",
    ) -> None:
        """Write to the desk about a claim, a source of it, or an article."""
        if article:
            document = Document.objects.get(pk=self.articles[article])
            place: dict[str, Any] = {"document": document, "desk": self.desk}
        elif source:
            place = {"evidence": Evidence.objects.get(pk=self.evidence[claim, source])}
        else:
            place = {"claim": Claim.objects.get(pk=self.claims[claim])}
        write_note(actor=actor, text=text, quotation=quotation, now=now, **place)

    def do_close(self, *, actor: User, now: dt.datetime, claim: str, reason: str, note: str = "") -> None:
        claims.close(actor=actor, review=self._review(claim), reason=reason, note=note, now=now)

    # --- evidence -----------------------------------------------------------------------------------------

    def do_judge(
        self,
        *,
        actor: User,
        now: dt.datetime,
        claim: str,
        evidence: list[dict[str, Any]],
        rest: bool = False,
    ) -> None:
        """Decide about passages that the search has found; ``rest`` marks the others as seen."""
        for row in evidence:
            values = dict(row)
            name, article = values.pop("name", ""), values.pop("article")
            found = self._found(claim, article, values.pop("holding", ""), actor, now)
            _decide(actor, found, now, values)
            if name:
                self.evidence[claim, name] = found.pk
        if rest:
            _reject_rest(actor, Claim.objects.get(pk=self.claims[claim]), now)

    def _found(self, claim: str, article: str, holding: str, actor: User, now: dt.datetime) -> Evidence:
        """Return the row of an article among what the search found for a claim; else take a weaker passage of it."""
        about = {"claim": self.claims[claim], "document": self.articles[article]}
        rows = Evidence.objects.shown().filter(**about).order_by("rank", "pk")
        found = next((row for row in rows if holding in _words_of(row)), None)
        if found is not None:
            return found
        hits = SearchHit.objects.filter(run__claim=about["claim"], document=about["document"])
        for hit in hits.select_related("run__claim__desk", "document", "capture").order_by(
            "-run_id", "rank", "pk"
        ):
            if holding in hit.capture.text[hit.start : hit.end]:
                return take_passage(actor=actor, hit=hit, now=now)
        raise BadSample(
            f"The search for “{claim}” did not find {article}{' with ' if holding else ''}{holding}."
        )

    def do_ask(
        self,
        *,
        actor: User,
        now: dt.datetime,
        claim: str,
        name: str,
        who: str,
        asked: dt.datetime,
        quotation: str,
        question: str = "",
        how: str = "",
        answered: dt.datetime | None = None,
        stance: str = "",
    ) -> None:
        """Write down whom somebody asked, and the answer."""
        row = evidence.add_contact(
            actor=actor,
            claim=Claim.objects.get(pk=self.claims[claim]),
            who=who,
            how=how,
            asked_at=asked,
            answered_at=answered,
            question=question,
            quotation=quotation,
            stance=stance,
            now=now,
        )
        self.evidence[claim, name] = row.pk

    def do_quote(self, *, actor: User, now: dt.datetime, claim: str, name: str, **values: Any) -> None:
        """Add words from a place outside the archive."""
        row = evidence.add_quotation(
            actor=actor, claim=Claim.objects.get(pk=self.claims[claim]), now=now, **values
        )
        self.evidence[claim, name] = row.pk

    def do_look(self, *, actor: User, now: dt.datetime, claim: str, where: str, url: str, text: str) -> None:
        """Log a search made outside the archive."""
        evidence.log_outside_search(
            actor=actor,
            claim=Claim.objects.get(pk=self.claims[claim]),
            where=where,
            url=url,
            text=text,
            now=now,
        )

    def do_search(self, *, actor: User, now: dt.datetime, claim: str, words: str) -> None:
        evidence.search_claim(
            actor=actor, claim=Claim.objects.get(pk=self.claims[claim]), own_words=words, now=now
        )

    def do_match(self, *, actor: User, now: dt.datetime, claim: str, check: str, confirmed: bool) -> None:
        """Decide about an earlier check that the search suggested: ours by claim label, others by key."""
        wanted = self.checks[check] if check in self.checks else self._check(check)
        match = Match.objects.filter(claim=self.claims[claim], factcheck=wanted).first()
        if match is None:
            raise BadSample(f"The search for “{claim}” did not suggest the earlier check “{check}”.")
        evidence.decide_match(actor=actor, match=match, confirmed=confirmed, now=now)

    # --- from verdict to release --------------------------------------------------------------------------

    def do_submit(self, *, actor: User, now: dt.datetime, claim: str, **values: Any) -> None:
        review.submit_verdict(
            actor=actor, review=self._review(claim), data=self._data(claim, values), now=now
        )

    def do_draft(self, *, actor: User, now: dt.datetime, claim: str, **values: Any) -> None:
        data = self._data(claim, values).to_dict()
        save_draft(actor=actor, review=self._review(claim), data=data, expected_version=None, now=now)

    def do_approve(
        self,
        *,
        actor: User,
        now: dt.datetime,
        claim: str,
        comment: str = "",
        hold: bool = False,
        days_from_today: int | None = None,
    ) -> None:
        """Read the newest version and its sources and approve it: published at once, held, or on a day to come."""
        verdict = self._verdict(claim)
        review.open_verdict(actor=actor, verdict=verdict, now=now)
        for source in verdict.citations:
            readings.open_source(actor=actor, verdict=verdict, evidence=source, now=now)
            readings.tick_citation(actor=actor, verdict=verdict, evidence=source, now=now)
        if hold:
            publish.hold(actor=actor, review=verdict.review, now=now)
        at = timezone.now() + dt.timedelta(days=days_from_today) if days_from_today else None
        review.approve(actor=actor, verdict=verdict, comment=comment, publish_at=at, now=now)

    def do_return(self, *, actor: User, now: dt.datetime, claim: str, comment: str) -> None:
        verdict = self._verdict(claim)
        review.open_verdict(actor=actor, verdict=verdict, now=now)
        review.return_verdict(actor=actor, verdict=verdict, comment=comment, now=now)

    def do_correct(self, *, actor: User, now: dt.datetime, claim: str, kind: str, note: str) -> None:
        publish.start_correction(
            actor=actor, factcheck=self._check(claim), kind=kind, public_note=note, now=now
        )

    def do_suspend(self, *, actor: User, now: dt.datetime, claim: str, note: str) -> None:
        publish.suspend(actor=actor, factcheck=self._check(claim), note=note, now=now)

    def do_withdraw(self, *, actor: User, now: dt.datetime, claim: str, note: str) -> None:
        publish.withdraw(actor=actor, factcheck=self._check(claim), note=note, now=now)

    # --- labels -------------------------------------------------------------------------------------------

    def _review(self, claim: str) -> Review:
        return Review.objects.filter(claim=self.claims[claim]).order_by("-number")[0]

    def _verdict(self, claim: str) -> Verdict:
        return Verdict.objects.filter(review=self._review(claim)).order_by("-number")[0]

    def _check(self, claim: str) -> FactCheck:
        return FactCheck.objects.get(claim=self.claims[claim])

    def _data(self, claim: str, values: dict[str, Any]) -> VerdictData:
        """Return the verdict of a step: labels become ids, the wording is the claim's unless given."""
        row = dict(values)
        rating = row.pop("rating", None)
        if rating is not None:
            row["rating_id"] = Rating.objects.get(
                scale__desk=self.desk, scale__is_current=True, key=rating
            ).pk
        row.setdefault("wording", Claim.objects.get(pk=self.claims[claim]).wording)
        row["justification"] = self._cited(claim, row.get("justification", ""))
        row["points"] = tuple(
            (question, self._cited(claim, answer), finding)
            for question, answer, finding in row.pop("points", ())
        )
        return VerdictData(**row)

    def _cited(self, claim: str, text: str) -> str:
        return _CITED.sub(lambda match: f"e:{self.evidence[claim, match[1]]}", text).strip()


def _share(row: Appearance, start: int, end: int) -> float:
    """Return how much of the two stretches together is common to both."""
    common = min(row.end, end) - max(row.start, start)
    return common / (max(row.end, end) - min(row.start, start))


def _words_of(row: Evidence) -> str:
    """Return the passages of a row, the best first."""
    return "\n".join((row.quotation, *(one["quotation"] for one in row.further)))


def _decide(actor: User, row: Evidence, now: dt.datetime, values: dict[str, Any]) -> None:
    evidence.decide(actor=actor, evidence=row, now=now, **values)


def _reject_rest(actor: User, claim: Claim, now: dt.datetime) -> None:
    evidence.reject_rest(actor=actor, claim=claim, now=now)
