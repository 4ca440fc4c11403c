"""Newer rules for tests: what they find in which text is said by the test, not by the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from claims.actions.documents import parsing
from claims.actions.documents.rereading import Scope, preview
from claims.actions.documents.storing import Added
from claims.models import AnalysisRun, Appearance, Job, RereadArticle, Rereading
from claims.splitting import ANALYSER
from claims.splitting.types import Split, Unit
from claims.vocabulary import Attribution
from tests import builders
from tests.people import Cast

FEES = "The harbour authority of Port Lenna raised its fees by 40 percent on 2 March 2026"
JOBS = "the port had lost 300 jobs since 2024"
PROMISE = "We never promised lower fees"
LAST = "Fees were last raised in 2019"
UNION = "The fishing union says the new fees will close eleven boats"

Found = Callable[[str], tuple[Unit, ...]]


def newer(text: str) -> tuple[Unit, ...]:
    """Return what newer rules find in the harbour article: one more, one less, one read differently."""
    fees, jobs, _promise = builders.harbour_units()
    return (
        replace(fees, score=0.71),
        replace(jobs, claimant="Minister Ilse Brandt"),
        builders.unit(text, LAST, 3, attribution=Attribution.ARTICLE),
    )


def rules_find(monkeypatch: pytest.MonkeyPatch, found: Found = newer, analyser: str = ANALYSER) -> None:
    """Let today's rules find these units."""

    def find_claims(text: str, **_options: Any) -> Split:
        return builders.split_of(text, found(text), analyser=analyser)

    monkeypatch.setattr(parsing, "find_claims", find_claims)


def old_article(cast: Cast, number: int = 0, **options: Any) -> Added:
    """Store an article that older rules have read; each number is another text."""
    text = builders.HARBOUR if not number else f"{builders.HARBOUR}\n\nEdition {number}."
    added = builders.article(cast, text, **options)
    builders.analysed(cast, added, builders.harbour_units(), analyser="rules 0.9")
    # It was read; nobody waits for it any more.
    Job.objects.filter(kind="analyse", arguments__capture=added.capture.pk).delete()
    return added


def rows_of(added: Added) -> dict[str, Appearance]:
    """Return the appearances of an article by their words."""
    return {row.quotation: row for row in Appearance.objects.filter(document=added.document)}


def current(added: Added) -> AnalysisRun:
    return AnalysisRun.objects.get(capture=added.capture, is_current=True)


def previewed_batch(cast: Cast, words: str = "The pier is closed") -> Rereading:
    """Make a batch over all that the desk has read, which waits to be taken over; each article would gain a claim."""
    batch = preview(actor=None, desk=cast.desk, scope=Scope())
    found = [{"kind": "new", "at": 0, "words": words, "says": {}}]
    batch.rows.update(state=RereadArticle.State.READ, read_by=ANALYSER, new=1, differences=found)
    Rereading.objects.filter(pk=batch.pk).update(state=Rereading.State.READY)
    Job.objects.filter(kind="reread").delete()
    batch.refresh_from_db()
    return batch
