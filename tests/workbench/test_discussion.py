"""The discussion on the pages: written, read, changed and withdrawn without a script; never in anything public."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from lxml import html

from claims.actions.discussion.notes import withdraw_note, write_note
from claims.models import DeskNote, Notice
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_note_on_a_claim_is_read_on_its_page_with_the_name_marked(cast: Cast) -> None:
    claim = builders.claim(cast)
    answer = pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/notes/", {"text": "@Ben <b>look</b>\nhere"})
    note = DeskNote.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/claims/{claim.pk}/#n{note.pk}"
    page = text_of(pages.signed_in(cast.ben), f"/claims/{claim.pk}/")
    assert '<span class="mention">@Ben</span> &lt;b&gt;look&lt;/b&gt;\nhere' in page
    assert re.search(r"Discussion\s*<span class=\"count\">1</span>", page)
    assert Notice.objects.get().user == cast.ben


def test_people_can_be_ticked_instead_of_typed(cast: Cast) -> None:
    claim = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    page = text_of(client, f"/claims/{claim.pk}/")
    ticks = re.findall(r'name="tell" value="(\d+)"', page)
    assert {int(pk) for pk in ticks} == {cast.ben.pk, cast.carla.pk, cast.dana.pk, cast.eli.pk}
    client.post(f"/claims/{claim.pk}/notes/", {"text": "Look.", "tell": [cast.dana.pk]})
    assert Notice.objects.get().user == cast.dana


def test_a_note_on_a_passage_stands_beside_it_and_in_the_claims_discussion(cast: Cast) -> None:
    claim, _review, source = pages.ready(cast)
    client = pages.signed_in(cast.ada)
    sent = {"text": "Does this touch the claim?", "quotation": "900 cars a day"}
    answer = client.post(f"/evidence/{source.pk}/notes/", sent)
    assert answer["Location"].startswith(f"/claims/{claim.pk}/?beside={source.pk}#n")
    for path in (f"/claims/{claim.pk}/", f"/claims/{claim.pk}/?beside={source.pk}"):
        page = text_of(client, path)
        assert "Does this touch the claim?" in page
        assert '<blockquote class="quiet" dir="auto">900 cars a day</blockquote>' in page
        assert "Traffic count of the road office" in page
    assert f'action="/evidence/{source.pk}/notes/"' in page


def test_an_article_has_a_discussion_of_each_desk(cast: Cast) -> None:
    document = builders.article(cast).document
    document.archive.readers.add(cast.other_desk)
    client = pages.signed_in(cast.eli)
    assert client.post(f"/documents/{document.pk}/notes/", {"text": "Who is this?"}).status_code == 303
    assert "Who is this?" in text_of(pages.signed_in(cast.ada), f"/documents/{document.pk}/")
    assert "Who is this?" not in text_of(pages.signed_in(cast.otto), f"/documents/{document.pk}/")


@pytest.mark.parametrize("place", ["claims", "evidence", "documents"])
def test_what_was_typed_stays_beside_the_refusal(cast: Cast, place: str) -> None:
    claim, _review, source = pages.ready(cast)
    document = builders.article(cast).document
    pk = {"claims": claim.pk, "evidence": source.pk, "documents": document.pk}[place]
    client = pages.signed_in(cast.ada)
    answer = client.post(f"/{place}/{pk}/notes/", {"text": "word " * 1_001})
    assert answer.status_code == 422
    assert "at most 5000" in answer.content.decode()
    assert "word word word" in answer.content.decode()


def test_one_changes_and_withdraws_ones_own_note_only(cast: Cast) -> None:
    claim = builders.claim(cast)
    note = write_note(actor=cast.ada, claim=claim, text="First words.")
    client = pages.signed_in(cast.ada)
    assert "First words." in text_of(client, f"/notes/{note.pk}/")
    client.post(f"/notes/{note.pk}/", {"text": "Second words.", "expected_version": 1})
    page = text_of(pages.signed_in(cast.ben), f"/claims/{claim.pk}/")
    assert "Second words." in page
    assert "First words." in page, "what it said before is kept and can be read"
    assert f'href="/notes/{note.pk}/"' not in page
    assert pages.signed_in(cast.ben).post(f"/notes/{note.pk}/", {"text": "x"}).status_code == 403
    assert client.post(f"/notes/{note.pk}/withdraw/").status_code == 303
    page = text_of(pages.signed_in(cast.ben), f"/claims/{claim.pk}/")
    assert "Withdrawn" in page
    assert "Second words." not in page
    assert "Second words." in text_of(pages.signed_in(cast.carla), f"/claims/{claim.pk}/")


def test_nothing_of_it_is_public(cast: Cast) -> None:
    """Neither a page, a feed, an export nor the programs' interface holds a word of a discussion."""
    check = pages.published(cast)
    verdict = check.latest.verdict  # type: ignore[union-attr]
    source = verdict.claim.evidence.get()
    for place in ({"claim": verdict.claim}, {"evidence": source}):
        write_note(actor=cast.ben, text="Quillozar is in the discussion.", **place)
    withdraw_note(actor=cast.ben, note=write_note(actor=cast.ben, claim=verdict.claim, text="Quillozar."))
    visitor = Client()
    paths = [
        "/", f"/checks/{check.public_id}/", f"/checks/{check.public_id}/v1/", "/feeds/claimreview.json",
        "/feeds/feed.json", "/feeds/atom.xml", "/feeds/rss.xml", "/feeds/verdicts.csv", "/corrections/",
        "/method/", f"/embed/{check.public_id}/", "/sitemap-checks.xml",
    ]  # fmt: skip
    for path in paths:
        answer = visitor.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, path
        assert b"Quillozar" not in body, path
    preview = pages.signed_in(cast.carla).get(f"/verdicts/{verdict.pk}/public/").content
    assert b"Quillozar" not in preview
    assert "Quillozar" in text_of(pages.signed_in(cast.carla), f"/claims/{verdict.claim_id}/")


def test_what_is_wrong_with_a_note_is_said_at_its_field(cast: Cast) -> None:
    claim = builders.claim(cast)
    answer = pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/notes/", {"text": "look\x00here"})
    assert answer.status_code == 422
    tree = html.fromstring(answer.content)
    [field] = tree.xpath("//textarea[@name='text']")
    named = field.get("aria-describedby").split()
    said = [
        " ".join(one.text_content().split()) for name in named for one in tree.xpath(f"//*[@id='{name}']")
    ]
    assert len(said) == len(named)
    assert any("Null characters" in one for one in said), said
