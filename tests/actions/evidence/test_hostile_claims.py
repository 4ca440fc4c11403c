"""Claims nobody should have to ask: each gets an answer that says what it is, soon, and keeps no other from its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from claims.actions.evidence.search import MANY, search_claim
from claims.actions.indexing import engines
from claims.jobs import rows
from claims.models import Claim, Evidence, Job, SearchHit, SearchRun
from claims.query.build import MAX_WORDS
from claims.tasks.base import run_now
from tests.builders import HARBOUR, accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = """Port fees

The harbour authority of Port Lenna raised its fees by 40 percent in March, its price list shows. Fishing boats pay \
nothing. The council was not asked."""
#: Seconds of processor; each takes hundredths of one, but for the first that loads the encoder.
SOON = 20.0
WORDLESS = {
    "stop words": "that it is not as such and this will be for them",
    "marks": "?!… — “ ” () [] {} <> ~^ && || \\ / * : ; + -",
    "emoji": "🙂 🙃 🤷 " * 50,
    "an address": "https://example.org/a?b=c#d www.example.org pic.twitter.com/abc",
}
HOSTILE = {
    "ten thousand words": "the harbour authority raised fees " * 2_000,
    "ten thousand different words": " ".join(f"word{number}" for number in range(10_000)),
    "one long word": "fees" * 5_000,
    "ten thousand numbers": " ".join(str(number) for number in range(10_000)),
    "a query": 'all:fees^1000 AND (title:* OR NOT "harbour"~9 TO [* TO *] fees~2 /f.*s/) }{',
    "brackets": "(" * 5_000 + "fees" + ")" * 5_000,
    "one letter words": "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 400,
    "no spaces": "港口当局在三月份将费用提高了百分之四十。" * 500,
    "marks upon marks": "f" + "\u0301" * 5_000 + " fees",
    "every direction": "\u202e\u202d\u2066fees\u2069\u200b\ufeff raised",
    "half of one letter": "fees \ud83d raised".encode("utf-8", "replace").decode(),
}


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def claim(cast: Cast, drain: Callable[..., int]) -> Claim:
    analysed(cast, article(cast, HARBOUR, published="2026-03-05"))
    article(cast, REPORT, published="2026-03-04", title="Port fees")
    made = accepted(cast)
    Job.objects.filter(kind="search").delete()
    drain("index")
    return made


def says(claim: Claim, wording: str, language: str = "en") -> None:
    Claim.objects.filter(pk=claim.pk).update(wording=wording, language=language)
    # Without words of its own a claim is asked by those of its place.
    claim.appearances.update(quotation=wording)
    claim.refresh_from_db()


def searched(cast: Cast, claim: Claim, **filters: str) -> SearchRun:
    job = search_claim(actor=cast.ada, claim=claim, **filters)
    begun = time.process_time()
    run_now(job.pk)
    assert time.process_time() - begun < SOON
    job.refresh_from_db()
    assert (job.status, job.error) == (Job.Status.DONE, "")
    return SearchRun.objects.get(pk=job.result["run"])


@pytest.mark.parametrize("wording", WORDLESS.values(), ids=WORDLESS)
def test_a_claim_without_words_finds_nothing_and_says_so(cast: Cast, claim: Claim, wording: str) -> None:
    says(claim, wording)
    run = searched(cast, claim)
    assert run.outcome in (SearchRun.Outcome.NOTHING, SearchRun.Outcome.NOT_COVERED)
    assert run.hits_found == 0
    assert not Evidence.objects.filter(claim=claim, folded=False).exists()


@pytest.mark.parametrize("wording", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_claim_is_answered_soon_and_logged_in_bounded_size(
    cast: Cast, claim: Claim, wording: str
) -> None:
    says(claim, wording)
    run = searched(cast, claim)
    assert SearchHit.objects.filter(run=run).count() <= 100
    assert len(run.questions[0]["terms"]) <= MAX_WORDS


@pytest.mark.parametrize("language", ["xx", "th", "zh-Hant", "tlh", "e", "!!", "EN-gb", ""])
def test_a_language_without_an_analyser_is_read_word_by_word(cast: Cast, claim: Claim, language: str) -> None:
    says(claim, "The harbour authority of Port Lenna raised its fees by 40 percent", language)
    assert searched(cast, claim).hits_found >= 1


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "1800", "until": "1801"},
        {"since": "2999-12-31"},
        {"until": "0001-01-01"},
        {"language": "tlh"},
    ],
    ids=str,
)
def test_filters_that_exclude_everything_are_told(cast: Cast, claim: Claim, filters: dict[str, str]) -> None:
    run = searched(cast, claim, **filters)
    assert run.outcome == SearchRun.Outcome.NOT_COVERED
    assert "widen them" in run.note
    assert not SearchHit.objects.filter(run=run).exists()


def test_a_window_of_the_claims_own_that_holds_nothing_is_told(cast: Cast, claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(about_earliest="1800-01-01", about_latest="1801-12-31")
    claim.refresh_from_db()
    run = searched(cast, claim)
    assert run.in_window == 0
    assert "Nothing in the archive lies between 17" in run.note


def test_one_job_of_all_of_them_answers_each(cast: Cast, claim: Claim) -> None:
    every = [*WORDLESS.values(), *HOSTILE.values()]
    made = [claim]
    for wording in every:
        one = Claim(desk=cast.desk, wording=wording, language="en", added_by=cast.ada)
        one.updated_at = claim.updated_at
        one.save()
        made.append(one)
    job = rows.enqueue(
        MANY, desk=cast.desk, arguments={"claims": [one.pk for one in made], "actor": cast.ada.pk}
    )
    begun = time.process_time()
    run_now(job.pk)
    assert time.process_time() - begun < 3 * SOON
    job.refresh_from_db()
    assert job.result == {"claims": len(made), "searched": len(made), "failed": {}}
    assert SearchRun.objects.values("claim").distinct().count() == len(made)
    assert Evidence.objects.filter(claim=claim).exists()
