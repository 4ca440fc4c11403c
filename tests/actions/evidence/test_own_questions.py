"""A reviewer's own questions: what they find, what is refused with which words, and asking again from the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from claims.actions import base
from claims.actions.evidence import search
from claims.actions.indexing import engines
from claims.models import Claim, Document, Evidence, Outlet, SearchHit, SearchRun
from tests.builders import HARBOUR, accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

LIST = """Pier price list

Port Lenna, 4 March 2026. The harbour authority raised its fees in Port Lenna by 40 percent, its price list shows."""
STORM = """Storm at the pier

Port Lenna, 5 March 2026. A storm closed the new pier in Port Lenna. The harbour authority raised its fees before."""
HAFEN = """Neue Gebühren

Port Lenna, 6. März 2026. Die Hafenbehörde von Port Lenna hat ihre Gebühren um 40 Prozent erhöht."""


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def claim(cast: Cast) -> Claim:
    added = article(cast, HARBOUR, published="2026-03-05")
    analysed(cast, added)
    return accepted(cast)


@pytest.fixture
def archive(cast: Cast) -> dict[str, Document]:
    """Three articles: of two outlets, of three days, in two languages."""
    courier = Outlet.objects.create(name="Lenna Courier", name_key="lenna courier", site="courier.example")
    post = Outlet.objects.create(name="Lenna Post", name_key="lenna post")
    made = {
        "list": (LIST, "2026-03-04", courier, "en"),
        "storm": (STORM, "2026-03-05", post, "en"),
        "hafen": (HAFEN, "2026-03-06", courier, "de"),
    }
    found = {}
    for name, (text, day, outlet, language) in made.items():
        row = article(cast, text, published=day).document
        Document.objects.filter(pk=row.pk).update(outlet=outlet, language=language)
        found[name] = row
    return found


def asked(
    cast: Cast, claim: Claim, drain: Callable[..., int], words: str = "", **filters: object
) -> SearchRun:
    search.search_claim(actor=cast.ada, claim=claim, own_words=words, **filters)  # type: ignore[arg-type]
    drain("index", "search")
    return SearchRun.objects.filter(claim=claim).latest("id")


def documents(run: SearchRun) -> set[int]:
    return set(SearchHit.objects.filter(run=run).values_list("document_id", flat=True))


@pytest.mark.parametrize(
    ("words", "filters", "found"),
    [
        ("harbour authority fees", {}, {"list", "storm"}),
        ("harbour authority fees -storm", {}, {"list"}),
        ('harbour fees -"price list"', {}, {"storm"}),
        ('"new pier"', {}, {"storm"}),
        ('"pier new"', {}, set()),
        ("fees", {"outlets": ["Lenna Courier"]}, {"list"}),
        ("fees", {"outlets": ["courier.example", "lenna post"]}, {"list", "storm"}),
        ("fees", {"since": "2026-03-05"}, {"storm"}),
        ("fees", {"until": "2026-03-04"}, {"list"}),
        ("fees", {"since": "2026", "until": "2026"}, {"list", "storm"}),
        ("fees", {"since": "2027"}, set()),
        ("Gebühren Hafenbehörden", {"language": "de"}, {"hafen"}),
        ('"hat ihre Gebühr"', {"language": "de"}, {"hafen"}),
        ("fees", {"language": "de"}, set()),
        ("fees", {"language": "tlh"}, set()),
    ],
)
def test_a_question_keeps_to_its_words_and_filters(
    cast: Cast,
    claim: Claim,
    archive: dict[str, Document],
    drain: Callable[..., int],
    words: str,
    filters: dict[str, object],
    found: set[str],
) -> None:
    # What the indexer reads is what the rows say once outlet and language are known.
    base_ = {archive[name].pk for name in found}
    from claims.actions.indexing.outbox import touch_index

    for row in archive.values():
        touch_index("documents", row.pk)
    run = asked(cast, claim, drain, words, **filters)
    assert documents(run) == base_
    assert run.kind == SearchRun.Kind.OWN_WORDS


def test_the_claims_own_words_within_filters_fold_nothing(
    cast: Cast, claim: Claim, archive: dict[str, Document], drain: Callable[..., int]
) -> None:
    whole = asked(cast, claim, drain)
    assert whole.kind == SearchRun.Kind.CLAIM
    shown = set(Evidence.objects.filter(claim=claim, folded=False).values_list("pk", flat=True))
    kept = asked(cast, claim, drain, since="2026-03-05", until="2026-03-05")
    assert kept.kind == SearchRun.Kind.OWN_WORDS
    assert documents(kept) == {archive["storm"].pk}
    assert kept.questions[0]["text"] == claim.wording
    assert shown <= set(Evidence.objects.filter(claim=claim, folded=False).values_list("pk", flat=True))


def test_filters_that_leave_nothing_say_so(
    cast: Cast, claim: Claim, archive: dict[str, Document], drain: Callable[..., int]
) -> None:
    run = asked(cast, claim, drain, "fees", since="1999", until="1999")
    assert (run.outcome, run.searched) == (SearchRun.Outcome.NOT_COVERED, 0)
    assert "widen" in run.note


@pytest.mark.parametrize(
    ("words", "filters", "said"),
    [
        ('fees "new pier', {}, "character 6 is never closed"),
        ("vaccin* deaths", {}, "* at character 7"),
        ("the of", {}, "too common"),
        ("-fees", {}, "add a word to look for"),
        ("x" * 1001, {}, "1,000 characters"),
        ("fees", {"outlets": ["Lenna Cou"]}, "“Lenna Courier”"),
        ("fees", {"outlets": ["Nowhere Times"]}, "no outlet “Nowhere Times”"),
        ("fees", {"outlets": [str(n) for n in range(51)]}, "50 outlets"),
        ("fees", {"since": "yesterday"}, "From: "),
        ("fees", {"until": "2026-02-30"}, "To: "),
        ("fees", {"since": "2026-03", "until": "2026-02"}, "end before they begin"),
        ("fees", {"language": "english!"}, "no language"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_before_it_is_asked(
    cast: Cast,
    claim: Claim,
    archive: dict[str, Document],
    words: str,
    filters: dict[str, object],
    said: str,
) -> None:
    with pytest.raises(base.Refused, match=r".") as caught:
        search.search_claim(actor=cast.ada, claim=claim, own_words=words, **filters)  # type: ignore[arg-type]
    assert said in str(caught.value)
    assert not claim.desk.jobs.filter(kind="search", arguments__has_key="asked").exists()


def test_an_outlet_that_only_a_hidden_article_has_is_not_told(
    cast: Cast, claim: Claim, archive: dict[str, Document]
) -> None:
    Document.objects.filter(outlet__name="Lenna Post").update(
        visibility=Document.Visibility.NAMED, added_by=cast.dana
    )
    with pytest.raises(base.Refused, match="no outlet") as caught:
        search.search_claim(actor=cast.ada, claim=claim, own_words="fees", outlets=["Lenna P"])
    assert "Post" not in str(caught.value)


def test_a_question_is_asked_again_from_its_line_and_says_what_is_new(
    cast: Cast, claim: Claim, archive: dict[str, Document], drain: Callable[..., int]
) -> None:
    first = asked(cast, claim, drain, 'harbour "fees" -storm', since="2026-03-01", until="2026-03-31")
    assert "since" not in first.questions[0]
    late = article(cast, LIST.replace("Pier price list", "The list again, in print"), published="2026-03-09")
    article(cast, LIST.replace("Pier price list", "A list of April"), published="2026-04-09")
    drain("index")
    search.search_again(actor=cast.ben, run=first)
    drain("search")
    again = SearchRun.objects.filter(claim=claim).latest("id")
    line, before = again.questions[0], first.questions[0]
    assert {name: line[name] for name in ("text", "terms", "language", "key", "asked")} == {
        name: before[name] for name in ("text", "terms", "language", "key", "asked")
    }
    new = SearchHit.objects.filter(run=again, rank__in=line["since"]["new"])
    assert {hit.document_id for hit in new} == {late.document.pk}
    assert line["since"]["run"] == first.pk
    assert line["since"]["gone"] == 0
    assert again.asked_by == cast.ben


def test_what_is_not_found_any_more_is_told(
    cast: Cast, claim: Claim, archive: dict[str, Document], drain: Callable[..., int]
) -> None:
    first = asked(cast, claim, drain, "harbour fees")
    Document.objects.filter(pk=archive["storm"].pk).update(
        visibility=Document.Visibility.NAMED, added_by=cast.dana
    )
    from claims.actions.indexing.outbox import touch_index

    touch_index("documents", archive["storm"].pk)
    drain("index")
    search.search_again(actor=cast.ada, run=first)
    drain("search")
    since = SearchRun.objects.filter(claim=claim).latest("id").questions[0]["since"]
    assert (since["new"], since["gone"]) == ([], 1)


def test_a_whole_claim_is_asked_again_in_the_wording_of_then(
    cast: Cast, claim: Claim, archive: dict[str, Document], drain: Callable[..., int]
) -> None:
    first = asked(cast, claim, drain)
    then = claim.wording
    Claim.objects.filter(pk=claim.pk).update(wording="A storm closed the new pier")
    search.search_again(actor=cast.ada, run=first)
    drain("search")
    again = SearchRun.objects.filter(claim=claim).latest("id")
    assert again.questions[0]["text"] == then
    assert again.questions[0]["terms"] == first.questions[0]["terms"]
    assert documents(again) == documents(first)


def test_lines_from_before_questions_were_whole_are_asked_by_their_words(
    cast: Cast, claim: Claim, archive: dict[str, Document], drain: Callable[..., int]
) -> None:
    old = SearchRun.objects.create(
        desk=claim.desk, claim=claim, kind="own_words", outcome="found",
        questions=[{"text": '"new pier"', "terms": ["new", "pier"]}],
    )  # fmt: skip
    search.search_again(actor=cast.ada, run=old)
    drain("index", "search")
    again = SearchRun.objects.filter(claim=claim).latest("id")
    assert documents(again) == {archive["storm"].pk}


def test_a_search_made_outside_is_not_asked_here(cast: Cast, claim: Claim) -> None:
    run = search.log_outside_search(
        actor=cast.ada, claim=claim, where="News", url="https://news.example/?q=x", text="x"
    )
    with pytest.raises(base.Refused, match="outside"):
        search.search_again(actor=cast.ada, run=run)


def test_equal_questions_that_wait_are_joined_and_others_are_not(cast: Cast, claim: Claim) -> None:
    one = search.search_claim(actor=cast.ada, claim=claim, own_words="Ferry  fees", since="2026")
    same = search.search_claim(actor=cast.ben, claim=claim, own_words="ferry fees", since="2026")
    other = search.search_claim(actor=cast.ben, claim=claim, own_words="ferry fees", since="2025")
    assert one.pk == same.pk != other.pk
