"""Are control and bidirectional characters shown as such, at every address and in every list?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.actions.evidence import decisions
from claims.actions.review import verdicts
from claims.actions.review.verdict_text import VerdictData
from claims.actions.triage import decisions as triage
from claims.forms.articles import find_words
from claims.language import control_characters as controls
from claims.language.control_characters import SIGN
from claims.models import Appearance, Evidence, FactCheck, Job, Rating
from claims.splitting.types import ClaimantKind
from claims.vocabulary import Attribution
from claims.workbench.articles.marked_text import Mark, marked
from claims.workbench.control_marks import marked_page
from tests import builders
from tests.checks_made import read_whole
from tests.people import Cast
from tests.visibility.addresses import ABOUT, first_ids, named_paths

RLO, RLI, ZWSP, SHY, FFFD, TAG, C1 = "\u202e", "\u2067", "\u200b", "\u00ad", "\ufffd", "\U000e0041", "\x9b"
ALL = f"{RLO}{RLI}{ZWSP}{SHY}{FFFD}{TAG}{C1}\u2069\u202c\u200f\u061c\ufeff\ufff9\x1b"
TEXT = f"""Memo {ALL} of Osk

The works of {RLO}ksO{ZWSP} let 400 tons of waste into the river in 2025. “We {SHY}knew{RLI} it,” said Ilse{RLO} Brandt.
"""


# The rule


@pytest.mark.parametrize("character", ALL)
def test_in_text_each_is_a_named_sign(character: str) -> None:
    html = marked_page(f"<p>a{character}b</p>")
    assert character not in html
    assert f'title="{controls.name(character)}"' in html
    assert f">{SIGN}</span>b</p>" in html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<title>a\u202eb</title>", "<title>a[U+202E]b</title>"),
        ('<option value="a\u202e">a\u202e</option>', '<option value="a&#x202E;">a[U+202E]</option>'),
        ("<textarea>a\u202eb</textarea>", "<textarea>a&#x202E;b</textarea>"),
        ('<input value="a\u202eb">', '<input value="a&#x202E;b">'),
        ('<a href="/x\u202e" title="a > \u202e">x</a>', '<a href="/x&#x202E;" title="a > [U+202E]">x</a>'),
        (
            "<p aria-label='\u200b' data-title=\ufeffx>y</p>",
            "<p aria-label='[U+200B]' data-title=[U+FEFF]x>y</p>",
        ),
        (
            "<b hx-get='/\u200b' hx-confirm='\u200b'>y</b>",
            "<b hx-get='/&#x200B;' hx-confirm='[U+200B]'>y</b>",
        ),
        ("<!-- \u202e --><b\u202e>x</b>", "<!-- [U+202E] --><b>x</b>"),
        ("<style>a</style>b\r\n\tc", "<style>a</style>b\r\n\tc"),
        ("<p>&#13;x</p>", "<p>&#13;x</p>"),
    ],
)
def test_where_no_markup_can_stand_it_is_written_out_or_sent_as_it_is(html: str, expected: str) -> None:
    assert marked_page(html) == expected


@pytest.mark.parametrize("words", ["می\u200cخواهم", "ශ්\u200dරී", "👩🏽\u200d🔬"])
def test_joiners_that_scripts_and_emoji_need_stay_as_they_are(words: str) -> None:
    page = f'<title>{words}</title><p title="{words}">{words}</p><textarea>{words}</textarea>'
    assert marked_page(page) == page
    assert SIGN in marked_page(page.replace("<p title", "<p>pay\u200dpal</p><p title"))
    assert find_words(f"x {words} y", words, 0) == (2, 2 + len(words))


def test_data_in_a_page_stays_the_same_data() -> None:
    data = {"name": f"a{ALL}b"}
    page = marked_page(f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>')
    assert not controls.CONTROL.search(page)
    assert json.loads(page.partition(">")[2].removesuffix("</script>")) == data


def test_a_long_run_is_one_mark_that_counts() -> None:
    html = marked_page("<p>" + "\u200b\u200c" * 500 + "</p>")
    assert html.count("<span") == 1
    assert "and 996 more" in html
    assert html.count(SIGN) == 1000


class _Text(HTMLParser):
    """The text of a page, as the selection script counts it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data


def test_offsets_in_a_marked_article_stay_those_of_the_text() -> None:
    marks = [Mark(1, 1, TEXT.index("The works"), TEXT.index(" in 2025")), Mark(2, 2, 5, 8)]
    shown = _Text(marked_page(str(marked(TEXT, marks)))).text
    assert shown == controls.CONTROL.sub(SIGN, TEXT)
    assert len(shown) == len(TEXT)


def test_words_copied_from_the_page_are_found_in_the_text() -> None:
    copied = f"works of {SIGN}ksO{SIGN} let 400"
    start = TEXT.index("works of")
    assert find_words(TEXT, copied, 0) == (start, start + len(copied))
    assert find_words(TEXT, f"works {SIGN}f", 0) is None


# Every page


@dataclass
class Marked:
    cast: Cast
    check: FactCheck


@pytest.fixture
def everything(cast: Cast) -> Marked:
    """A document, claimant, evidence, verdict and jobs of whom every name and text holds such characters."""
    added = builders.article(
        cast, TEXT, title=f"Memo{ALL}", outlet=f"Post{ALL}", authors=f"Penn{ALL}", url="https://osk.example/memo",
        published="2026-03-01",
    )  # fmt: skip
    words = f"The works of {RLO}ksO{ZWSP} let 400 tons of waste into the river in 2025"
    units = (
        builders.unit(
            TEXT,
            words,
            0,
            attribution=Attribution.REPORTED,
            claimant=f"Brandt{RLO}",
            claimant_kind=ClaimantKind.PERSON,
        ),
        builders.unit(
            TEXT, f"We {SHY}knew{RLI} it", 1, attribution=Attribution.QUOTED, claimant=f"Venn{RLI}"
        ),
    )
    builders.analysed(cast, added, units)
    first, _second = Appearance.objects.filter(document=added.document).order_by("start")
    claim = triage.accept(actor=cast.ada, appearance=first, claimant=f"Brandt{RLO} of{ZWSP} Osk")
    evidence = Evidence.objects.create(
        desk=cast.desk, claim=claim, kind=Evidence.Kind.PASSAGE, document=added.document, capture=added.capture,
        start=first.start, end=first.end, quotation=first.quotation, source_title=added.document.title,
        place_key="capture:1", rank=1,
    )  # fmt: skip
    decisions.decide(actor=cast.ada, evidence=evidence, stance="refutes", according_to=f"Venn{ALL}")
    now = timezone.now()
    Job.objects.create(
        kind="fetch", subject="https://osk.example", arguments={"url": "https://osk.example", "desk": cast.desk.pk},
        status="failed", error=f"No{ALL} answer", desk=cast.desk, run_after=now, finished_at=now,
    )  # fmt: skip
    review = claim.reviews.get()
    data = VerdictData(
        wording=f"The works of {RLO}ksO let waste into the river.",
        headline=f"No{RLO} waste{ZWSP}",
        rating_id=Rating.objects.get(scale__desk=cast.desk, key="false").pk,
        short_answer=f"An office{RLI} measured it.",
        justification=f"An office{RLO} has a paper. [e:{evidence.pk}]",
    )
    verdict = verdicts.submit_verdict(actor=cast.ada, review=review, data=data)
    read_whole(actor=cast.ben, verdict=verdict)
    verdicts.approve(actor=cast.ben, verdict=verdict)
    return Marked(cast, FactCheck.objects.get(claim=claim))


def answer(client: Client, path: str, data: Any, method: str) -> str:
    """Return the HTML at an address; empty for what is no page."""
    with transaction.atomic():
        response = getattr(client, method)(path, data)
        transaction.set_rollback(True)
    if not response.get("Content-Type", "").startswith("text/html"):
        return ""
    assert int(response.get("Content-Length", len(response.content))) == len(response.content)
    return str(response.content.decode())


def admin_paths() -> Iterator[tuple[str, str]]:
    for model in admin.site._registry:
        name = str(model._meta.model_name)
        base = f"/admin/claims/{name}/"
        yield f"admin-{name}", base
        most = 12 if model is Job else 1
        for pk in model._default_manager.order_by("pk").values_list("pk", flat=True)[:most]:
            yield f"admin-{name}", f"{base}{pk}/change/"
            yield f"admin-{name}", f"{base}{pk}/history/"


#: Where such a character is sure to be met.
SHOWN = {
    "document", "document-captures", "articles", "claim", "queue", "claimants", "sources", "jobs", "evidence",
    "approve", "public-home", "public-check", "published", "factcheck", "admin-document", "admin-claim",
    "admin-appearance", "admin-evidence", "admin-claimant", "admin-job", "admin-outlet", "admin-verdict",
}  # fmt: skip


@pytest.mark.django_db
def test_no_page_holds_one_and_each_page_names_it(everything: Marked) -> None:
    client = Client()
    client.force_login(everything.cast.ben)
    client.get("/desk/")
    named, raw = set(), set()
    paths = [
        *named_paths(everything.cast.desk.slug, everything.check.public_id, first_ids(2)),
        *admin_paths(),
    ]
    for name, path in paths:
        if name in ("logout", "leave-desk", "sessions-end", "session-end"):
            continue
        tries: list[tuple[dict[str, str], str]] = [({}, "get")]
        if ABOUT.get(name) is None and path.count("/") < 6:
            tries.append(({"q": f"x{RLO}"}, "get"))
        if not name.startswith("admin"):
            tries.append(
                ({"x": f"{RLO}1", "wording": f"a{RLO}b", "name": f"a{RLO}b", "title": f"a{RLO}"}, "post")
            )
        for data, method in tries:
            html = answer(client, path, data, method)
            if {ord(one) for one in controls.CONTROL.findall(html)} - {*range(0x7F, 0xA0)}:
                raw.add((name, path, method))
            # The two that cannot be written as references may stand in what a form sends back.
            if method == "get" and not data and 'class="ctrl"' in html and "RIGHT-TO-LEFT" in html:
                named.add(name)
    assert raw == set()
    assert SHOWN - named == set()


@pytest.mark.django_db
def test_a_visitor_sees_them_named_too_and_feeds_keep_the_data(everything: Marked) -> None:
    client = Client()
    page = client.get(reverse("public-check", args=[everything.check.public_id, "x"]), follow=True)
    html = page.content.decode()
    assert not controls.CONTROL.search(html)
    assert 'title="RIGHT-TO-LEFT OVERRIDE, U+202E"' in html
    head = html.partition("<title>")[2].partition("</title>")[0]
    assert "[U+202E]" in head
    feed = json.loads(client.get(reverse("feed-json")).content)
    assert RLO in json.dumps(feed, ensure_ascii=False)


def test_a_page_that_is_not_there_repeats_nothing_unseen(client: Client, db: None) -> None:
    html = client.get(f"/no/{RLO}such", {"q": RLO}).content.decode()
    assert not controls.CONTROL.search(html)
