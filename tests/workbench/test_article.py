"""The article page: the text with its claims, every act on them, dates, captures, progress."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from claims.actions.base import NotAllowed
from claims.actions.documents import blobs
from claims.actions.documents.analysis import hasten_analysis, store_split
from claims.actions.documents.intake import set_publication
from claims.actions.documents.storing import queue_analysis, store
from claims.intake.types import Extracted
from claims.jobs.turns import ASKED
from claims.models import Appearance, AuditEvent, Capture, Claim, Document, Job
from claims.splitting.types import DateMention, LeftOut
from claims.vocabulary import Checkable
from claims.workbench.articles.claims_beside import cards_of, marks_of, next_open
from claims.workbench.articles.marked_text import Mark, marked, with_marks
from tests import builders
from tests.builders import HARBOUR
from tests.page_words import whole_words
from tests.people import Cast

BrowserOf = Callable[..., Client]


@pytest.fixture
def added(cast: Cast):
    added = builders.article(cast, title="Harbour fees", outlet="Lenna Courier")
    builders.analysed(cast, added)
    return added


@pytest.fixture
def client(cast: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(cast.ada)


def page(client: Client, added, query: str = "") -> str:
    answer = client.get(f"/documents/{added.document.pk}/{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def text_of(markup: str) -> str:
    """Return the text content of marked HTML, as a browser has it."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


# --- the text -----------------------------------------------------------------------------------------------

spans = st.tuples(st.integers(0, 90), st.integers(1, 40))


@given(text=st.text(max_size=100), places=st.lists(spans, max_size=8))
def test_whatever_is_marked_the_text_stays_the_text(text: str, places: list[tuple[int, int]]) -> None:
    marks = [Mark(pk, pk, start, start + length) for pk, (start, length) in enumerate(places, start=1)]
    assert text_of(marked(text, marks)) == text


def test_nested_and_overlapping_spans_are_marked_with_all_their_claims() -> None:
    text = "The union said the fees doubled and the port lost jobs."
    markup = marked(text, [Mark(1, 1, 0, 55), Mark(2, 2, 15, 31), Mark(3, 3, 25, 54)])
    stretches = re.findall(r'<span class="m (d\d)[^"]*" data-a="([\d ]+)"[^>]*>([^<]*)</span>', markup)
    assert ("d1", "1", "The union said ") in stretches
    assert ("d2", "1 2", "the fees d") in stretches
    assert ("d3", "1 3 2", "oubled") in stretches
    assert "".join(words for _depth, _ids, words in stretches) == text


def test_a_span_over_two_paragraphs_is_marked_in_both() -> None:
    markup = marked("One ends.\n\nTwo begins.", [Mark(7, 1, 4, 14)])
    assert re.findall(r'data-a="7"[^>]*>([^<]+)</span>', markup) == ["ends.", "Two"]


def test_markup_in_the_text_is_text() -> None:
    markup = marked('<script>alert("1")</script> & <b>', [Mark(1, 1, 2, 12)])
    assert "<script" not in markup
    assert "<b>" not in markup
    assert text_of(markup) == '<script>alert("1")</script> & <b>'


def test_a_lone_carriage_return_does_not_move_offsets() -> None:
    assert "&#13;&#13;\n" in marked("a\r\r\nb", [])


def test_what_is_unresolved_in_a_wording_is_marked_with_its_question() -> None:
    assert with_marks("<The> port", [(0, 5, 'which "port"?')]) == (
        '<mark title="which &quot;port&quot;?">&lt;The&gt;</mark> port'
    )


# --- the page -----------------------------------------------------------------------------------------------


def test_the_page_shows_text_claims_speakers_dates_and_reasons(client: Client, added) -> None:
    shown = page(client, added)
    assert text_of(re.search(r"data-text[^>]*>(.*?)</article>", shown, re.S).group(1)) == HARBOUR  # type: ignore[union-attr]
    assert "3 waiting · 0 accepted · 3 found" in shown
    assert "Ilse Brandt" in shown
    assert "check that it was said" in shown
    assert "Check-worthy 70 %: gives a figure: 300" in shown
    assert '<mark title="which port">The port</mark>' in shown
    assert "not known" in shown


def test_the_page_says_what_was_odd_when_the_text_was_taken(cast: Cast, client: Client) -> None:
    note = "3 paragraphs of the page were left out of this text."
    added = store(actor=None, desk=cast.desk, extracted=Extracted(text=HARBOUR, notes=(note,)), analyse=False)
    assert note in page(client, added)


def test_claims_are_numbered_in_text_order_and_the_first_open_one_is_in_focus(cast: Cast, added) -> None:
    cards = cards_of(cast.desk, added.capture, cast.ada)
    assert [(card.number, card.row.quotation[:12]) for card in cards] == [
        (1, "The harbour "),
        (2, "the port had"),
        (3, "We never pro"),
    ]
    assert next_open(cards, None) == cards[0].row.pk
    assert next_open(cards, cards[2].row.pk) == cards[0].row.pk


def test_the_focused_claim_is_filled_in_the_text(cast: Cast, client: Client, added) -> None:
    row = builders.suggestion(cast, "lost 300 jobs")
    shown = page(client, added, f"?focus={row.pk}")
    focused = re.findall(r'<span class="m[^"]*is-focused[^"]*" data-a="(\d+)"', shown)
    assert focused == [str(row.pk)]
    assert re.search(rf'id="a{row.pk}" class="claim-card worth-[123] is-current', shown)


def test_what_is_not_checkable_says_so_in_its_line_and_what_is_left_out_has_its_reason(
    cast: Cast, client: Client
) -> None:
    added = builders.article(cast)
    units = (builders.unit(HARBOUR, "Fees were last raised in 2019", checkable=Checkable.NO),)
    start = HARBOUR.index("The fishing union")
    builders.analysed(cast, added, units, left_out=(LeftOut(start, start + 17, "question"),))
    shown = page(client, added)
    card = shown[shown.index('class="claim-card') :]
    assert "not checkable" in card[: card.index('class="open-part"')]
    assert "“The fishing union”" in shown
    assert ">question<" in shown


def test_whole_sentences_are_folded_behind_the_claims_and_come_last(
    cast: Cast, client: Client, added
) -> None:
    Appearance.objects.filter(checkable="no").update(checkable="fact")
    first, *others = Appearance.objects.order_by("start")
    first.flags = ["whole-sentence"]
    first.save()
    shown = page(client, added)
    assert shown.index(f'id="a{others[-1].pk}"') < shown.index(f'id="a{first.pk}"')
    assert "1 more sentence with a figure, a name or a date" in shown
    cards = cards_of(cast.desk, added.capture, cast.ada)
    assert next_open(cards, None) == others[0].pk
    Appearance.objects.exclude(pk=first.pk).update(triage="dismissed")
    assert next_open(cards_of(cast.desk, added.capture, cast.ada), None) == first.pk


def test_where_all_are_whole_sentences_they_are_the_list(cast: Cast, client: Client, added) -> None:
    Appearance.objects.update(flags=["whole-sentence"])
    assert "more sentence" not in page(client, added)


def test_a_repeat_in_the_article_is_a_appearance_with_the_same_number(cast: Cast, client: Client) -> None:
    text = "Fees rose by 40 percent. Nobody noticed. Fees rose by 40 percent."
    added = builders.article(cast, text)
    first = builders.unit(text, "Fees rose by 40 percent")
    again = builders.unit(text, "Fees rose by 40 percent", 1, repeats=0)
    from dataclasses import replace

    again = replace(again, start=41, end=64, sentence=(41, 64))
    builders.analysed(cast, added, (first, again))
    cards = cards_of(cast.desk, added.capture, cast.ada)
    assert [(card.number, len(card.appearances)) for card in cards] == [(1, 1)]
    assert [mark.number for mark in marks_of(cards)] == [1, 1]
    assert "Said again in this article" in page(client, added)
    client.post(f"/appearances/{cards[0].row.pk}/accept/")
    assert Claim.objects.get().appearances.count() == 2


def test_an_earlier_claim_that_says_the_same_is_offered(cast: Cast, client: Client, added) -> None:
    row = builders.suggestion(cast)
    claim = builders.claim(
        cast, "The harbour authority of Port Lenna raised its fees by 40 percent on 2 March 2026"
    )
    assert "Says what an earlier claim says" in page(client, added)
    client.post(f"/appearances/{row.pk}/accept/", {"claim": claim.pk})
    row.refresh_from_db()
    assert row.claim_id == claim.pk


def test_an_earlier_claim_that_may_say_the_same_is_offered_for_a_look(
    cast: Cast, client: Client, added
) -> None:
    builders.suggestion(cast)
    builders.claim(cast, "The harbour authority of Port Lenna raised some fees by 40 percent on 2 March 2026")
    shown = page(client, added)
    assert "May say what an earlier claim says; words alone cannot tell:" in shown
    assert "only there “some”" in shown
    assert "Says what an earlier claim says" not in shown


def test_another_desk_sees_nothing(cast: Cast, browser_of: BrowserOf, added) -> None:
    other = browser_of(cast.outsider)
    row = builders.suggestion(cast)
    assert other.get(f"/documents/{added.document.pk}/").status_code == 404
    assert other.post(f"/appearances/{row.pk}/accept/").status_code == 404
    assert other.get(f"/captures/{added.capture.pk}/file/").status_code == 404


def test_a_contributor_reads_and_is_told_who_decides(cast: Cast, browser_of: BrowserOf, added) -> None:
    shown = page(browser_of(cast.contributor), added)
    assert "Only fact-checkers, reviewers and desk editors accept or dismiss claims" in shown
    assert 'data-key="a"' not in shown


def test_the_page_costs_the_same_whatever_it_holds(
    cast: Cast, client: Client, added, django_assert_max_num_queries
) -> None:
    address = f"/documents/{added.document.pk}/"
    client.get(address)
    with django_assert_max_num_queries(24) as few:
        client.get(address)
    count = len(few)
    text = "\n\n".join(f"The bridge number {n} of Lenna cost {n + 2} million crowns." for n in range(40))
    long = builders.article(cast, text)
    units = tuple(
        builders.unit(text, f"The bridge number {n} of Lenna cost {n + 2} million crowns", n)
        for n in range(40)
    )
    builders.analysed(cast, long, units)
    for row in Appearance.objects.filter(document=long.document)[:5]:
        client.post(f"/appearances/{row.pk}/accept/")
    client.get(f"/documents/{long.document.pk}/")
    with django_assert_max_num_queries(count + 2):
        # Two more: the claims that it repeats, and their earlier fact checks.
        client.get(f"/documents/{long.document.pk}/")


# --- acts ---------------------------------------------------------------------------------------------------


def test_accepting_makes_a_claim_and_leads_to_the_next_suggestion(cast: Cast, client: Client, added) -> None:
    row, following = builders.suggestion(cast), builders.suggestion(cast, "lost 300 jobs")
    answer = client.post(
        f"/appearances/{row.pk}/accept/",
        {"wording": row.wording, "why": "harm", "expected_version": row.version},
    )
    claim = Claim.objects.get()
    assert answer["Location"] == f"/documents/{added.document.pk}/?focus={following.pk}#a{following.pk}"
    assert claim.why == "it can do harm"
    assert claim.wording_confirmed_by is None
    shown = page(client, added)
    assert f'href="/claims/{claim.pk}/"' in shown
    assert "1 accepted" in shown


def test_a_changed_wording_counts_as_confirmed(cast: Cast, client: Client, added) -> None:
    row = builders.suggestion(cast, "lost 300 jobs")
    client.post(
        f"/appearances/{row.pk}/accept/", {"wording": "Port Lenna lost 300 jobs.", "claimant": "Mayor Ek"}
    )
    claim = Claim.objects.get()
    assert (claim.wording, claim.wording_confirmed_by) == ("Port Lenna lost 300 jobs.", cast.ada)
    assert claim.claimant is not None
    assert claim.claimant.name == "Mayor Ek"


def test_dismissing_reopening_and_undo(cast: Cast, client: Client, added) -> None:
    row = builders.suggestion(cast)
    client.post(
        f"/appearances/{row.pk}/dismiss/", {"reason": "an old story", "expected_version": row.version}
    )
    row.refresh_from_db()
    assert (row.triage, row.dismiss_reason) == ("dismissed", "an old story")
    assert "Undo dismissing" in page(client, added)
    client.post(f"/documents/{added.document.pk}/undo/")
    row.refresh_from_db()
    assert row.triage == "suggested"
    assert "Dismissing is undone" in page(client, added)
    client.post(f"/appearances/{row.pk}/dismiss/")
    client.post(f"/appearances/{row.pk}/reopen/")
    row.refresh_from_db()
    assert row.triage == "suggested"


def test_words_are_changed_by_offsets_or_by_shortening_them(cast: Cast, client: Client, added) -> None:
    row = builders.suggestion(cast)
    client.post(f"/appearances/{row.pk}/span/", {"quotation": " raised its \n fees by 40 percent "})
    row.refresh_from_db()
    assert row.quotation == "raised its fees by 40 percent"
    start = HARBOUR.index("Port Lenna raised")
    client.post(f"/appearances/{row.pk}/span/", {"quotation": "ignored", "start": start, "end": start + 26})
    row.refresh_from_db()
    assert row.quotation == HARBOUR[start : start + 26]


def test_words_that_stand_twice_mean_the_nearest_place() -> None:
    from claims.forms.articles import find_words

    text = "fees rose. The fees rose again."
    assert find_words(text, "fees rose", 0) == (0, 9)
    assert find_words(text, "fees  rose", 20) == (15, 24)
    assert find_words(text, "fees fell", 0) is None


def test_cutting_in_two_and_merging_again(cast: Cast, client: Client, added) -> None:
    row = builders.suggestion(cast)
    words = row.quotation.replace(" on 2 March", " |on 2 March")
    client.post(f"/appearances/{row.pk}/split/", {"quotation": words})
    halves = list(Appearance.objects.filter(document=added.document).exclude(touched_at=None))
    assert halves[0].quotation.endswith("40 percent")
    assert halves[1].quotation == "on 2 March 2026"
    address, ticks = (
        f"/documents/{added.document.pk}/merge/",
        [f"{half.pk}.{half.version}" for half in halves],
    )
    asked = client.post(address, {"appearance": ticks}).content.decode()
    assert "raised its fees by 40 percent on 2 March 2026" in asked[asked.index('id="joining"') :]
    row.refresh_from_db()
    assert row.quotation.endswith("40 percent"), "looking changes nothing"
    client.post(address, {"appearance": ticks, "confirmed": "1"})
    row.refresh_from_db()
    assert row.quotation.endswith("2 March 2026")


@pytest.mark.parametrize("words", ["no bar at all", "two | bars | here", "|"])
def test_a_cut_that_is_none_is_refused(cast: Cast, client: Client, added, words: str) -> None:
    row = builders.suggestion(cast)
    answer = client.post(f"/appearances/{row.pk}/split/", {"quotation": words})
    assert answer.status_code == 422
    assert words in html.unescape(answer.content.decode())


def test_a_claim_from_selected_text_and_from_typed_words(cast: Cast, client: Client, added) -> None:
    address = f"/documents/{added.document.pk}/claim/"
    start = HARBOUR.index("eleven boats")
    client.post(address, {"capture": added.capture.pk, "start": start, "end": start + 12})
    client.post(address, {"capture": added.capture.pk, "quotation": "Fees were last raised in 2019"})
    found = Appearance.objects.filter(provenance__by="person").order_by("start")
    assert [row.quotation for row in found] == ["eleven boats", "Fees were last raised in 2019"]
    assert "added by hand" in page(client, added)


def test_a_selection_of_another_article_is_refused(cast: Cast, client: Client, added) -> None:
    other = builders.article(cast, "Another text about the fees of Port Lenna.")
    answer = client.post(
        f"/documents/{added.document.pk}/claim/", {"capture": other.capture.pk, "start": 0, "end": 7}
    )
    assert answer.status_code == 422
    assert "belongs to another article" in answer.content.decode()


def test_finishing_reopening_and_undoing_the_finish(cast: Cast, client: Client, added) -> None:
    address = f"/documents/{added.document.pk}/"
    client.post(address + "finish/")
    assert added.document.finished.get().desk == cast.desk
    assert set(Appearance.objects.values_list("triage", flat=True)) == {"not_selected"}
    assert "3 suggestions were not selected" in page(client, added)
    client.post(address + "reopen/")
    assert set(Appearance.objects.values_list("triage", flat=True)) == {"suggested"}
    client.post(address + "finish/")
    client.post(address + "undo/")
    assert not added.document.finished.exists()


def test_a_double_click_accepts_once(cast: Cast, client: Client, added) -> None:
    row = builders.suggestion(cast)
    for _click in range(2):
        answer = client.post(f"/appearances/{row.pk}/accept/", {"expected_version": row.version})
        assert answer.status_code == 303
    assert Claim.objects.count() == 1


# --- what is known about it ---------------------------------------------------------------------------------


def test_dates_of_every_kind_are_shown_in_words(cast: Cast, client: Client) -> None:
    text = "Rents fell for the sixth straight week, against 20 a year earlier, during the war. He later left at 6am."
    added = builders.article(cast, text)
    rows = [
        ("the sixth straight week", "P6W", ()),
        ("a year earlier", "2023-03", ("compared",)),
        ("during the war", "event-relative", ("names-its-event",)),
        ("later", "event-relative", ("event-unknown",)),
        ("6am", "2024-05-07", ("time-of-day",)),
    ]
    dates = tuple(
        DateMention(expr, text.index(expr), text.index(expr) + len(expr), value, flags=flags)
        for expr, value, flags in rows
    )
    builders.analysed(cast, added, (builders.unit(text, text[:-1], dates=dates),))
    shown = " ".join(page(client, added).split())
    for chip in (
        '> the sixth straight week <span class="arrow">→</span> 6 weeks </span>',
        '> a year earlier <span class="arrow">→</span> March 2023 </span>',
        "> during the war </span>",
        "> later · counted from another event; counted from an event that is not dated</span>",
        '> 6am <span class="arrow">→</span> 7 May 2024 </span>',
    ):
        assert chip in shown, chip
    assert "P6W" not in whole_words(shown)


def test_a_publication_date_resolves_dates_again_and_lists_what_changed(cast: Cast, client: Client) -> None:
    text = "The minister said yesterday that the bridge is closed."
    added = builders.article(cast, text)
    at = text.index("yesterday")
    mention = DateMention("yesterday", at, at + 9, "XXXX-XX-XX", flags=("publication-date-unknown",))
    builders.analysed(cast, added, (builders.unit(text, text[:-1], dates=(mention,)),))
    assert "yesterday · the publication date is missing" in " ".join(page(client, added).split())
    answer = client.post(
        f"/documents/{added.document.pk}/publication/",
        {"value": "2026-03-02", "expected_version": added.document.version},
    )
    assert answer.status_code == 303
    shown = page(client, added)
    assert "1 date changed" in shown
    assert 'yesterday <span class="arrow">→</span> 1 March 2026' in shown
    assert "entered by a person" in shown
    assert "1 date changed" not in page(client, added)


@pytest.mark.parametrize(
    ("value", "said"), [("2999", "lies in the future"), ("tomorrow-ish", "tomorrow-ish")]
)
def test_a_date_that_is_none_is_refused_beside_the_field(
    cast: Cast, client: Client, added, value: str, said: str
) -> None:
    answer = client.post(f"/documents/{added.document.pk}/publication/", {"value": value})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown
    assert f'value="{value}"' in shown


def test_a_guessed_date_is_marked_and_can_be_confirmed(cast: Cast, client: Client, added) -> None:
    Document.objects.filter(pk=added.document.pk).update(
        published="2020-10",
        published_earliest=dt.date(2020, 10, 1),
        published_latest=dt.date(2020, 10, 31),
        published_source="suggested",
    )
    shown = page(client, added)
    assert "October 2020" in shown
    assert "suggested, not confirmed" in shown
    assert "Confirm" in shown
    client.post(f"/documents/{added.document.pk}/publication/", {"value": "2020-10"})
    assert "entered by a person" in page(client, added)


def test_metadata_is_corrected_and_a_stale_form_is_a_conflict(cast: Cast, client: Client, added) -> None:
    fields = {
        "title": "New title",
        "outlet": "Osk Post",
        "authors": "Jo Lind",
        "language": "en",
        "visibility": "archive",
    }
    address = f"/documents/{added.document.pk}/metadata/"
    version = Document.objects.get(pk=added.document.pk).version
    assert client.post(address, {**fields, "expected_version": version}).status_code == 303
    assert "Osk Post" in page(client, added)
    answer = client.post(address, {**fields, "title": "Mine", "expected_version": version})
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.content.decode()


def test_who_may_see_a_document_is_chosen_by_name(cast: Cast, client: Client, added) -> None:
    document = added.document
    address = f"/documents/{document.pk}/metadata/"

    def store(**fields: object) -> int:
        version = Document.objects.get(pk=document.pk).version
        values = {"title": "Memo", "visibility": "named", "expected_version": version, **fields}
        return client.post(address, values).status_code

    shown = page(client, added)
    assert f'<option value="{cast.ben.pk}">Ben</option>' in shown
    assert "Otto" not in whole_words(shown)
    assert store(named=[cast.ben.pk, cast.eli.pk]) == 303
    assert set(document.named.all()) == {cast.ben, cast.eli}
    assert Document.objects.visible_to(cast.ben).filter(pk=document.pk).exists()
    assert not Document.objects.visible_to(cast.carla).filter(pk=document.pk).exists()
    assert f'<option value="{cast.ben.pk}" selected>Ben</option>' in page(client, added)
    # A form that says the same changes nobody; one that leaves somebody out shuts them out.
    assert store(title="Other", named=[cast.ben.pk, cast.eli.pk]) == 303
    assert set(document.named.all()) == {cast.ben, cast.eli}
    assert store(named=[cast.eli.pk]) == 303
    assert not Document.objects.visible_to(cast.ben).filter(pk=document.pk).exists()
    assert store(named=[cast.otto.pk]) == 422
    assert store(named=["x"]) == 422
    # Where others may see it, the choice says nothing.
    assert store(visibility="desk", named=[cast.carla.pk]) == 303
    assert set(document.named.all()) == {cast.eli}


# --- captures, files, progress, proposals -------------------------------------------------------------------


def test_every_capture_is_listed_and_an_older_one_can_be_read(cast: Cast, client: Client) -> None:
    first = builders.article(cast, url="https://courier.example/fees")
    builders.article(cast, HARBOUR + "\n\nCorrected.", url="https://courier.example/fees")
    listed = client.get(f"/documents/{first.document.pk}/captures/").content.decode()
    assert f"/documents/{first.document.pk}/?capture=1" in listed
    assert "This is capture 1, not the newest." in page(client, first, "?capture=1")
    assert "Corrected." in page(client, first)
    assert client.get(f"/documents/{first.document.pk}/?capture=9").status_code == 404


def test_the_stored_file_is_only_a_download(client: Client, added) -> None:
    Capture.objects.filter(pk=added.capture.pk)
    answer = client.get(f"/captures/{added.capture.pk}/file/")
    assert answer.content == blobs.read(added.capture.blob)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_progress_is_shown_while_the_article_is_read_and_then_stops(
    cast: Cast, client: Client, drain: Callable[..., int]
) -> None:
    added = builders.article(cast)
    shown = page(client, added)
    assert "waits to be read for claims" in shown
    assert 'hx-trigger="every 1s"' in shown
    part = f"/documents/{added.document.pk}/progress/?first=1"
    assert 'hx-trigger="every 1s"' in client.get(part, HTTP_HX_REQUEST="true").content.decode()
    drain("analyse")
    done = client.get(part, HTTP_HX_REQUEST="true").content.decode()
    assert "every 1s" not in done
    assert 'hx-trigger="load"' in done
    assert 'hx-trigger="every 1s"' not in page(client, added)


def test_a_failed_analysis_says_why_and_can_be_tried_again(cast: Cast, client: Client) -> None:
    added = builders.article(cast)
    Job.objects.filter(kind="analyse").update(status="failed", error="The text is not there any more.")
    shown = page(client, added)
    assert "The text is not there any more." in shown
    client.post(f"/documents/{added.document.pk}/reanalyse/")
    assert Job.objects.filter(kind="analyse", status="queued").count() == 1


def test_proposals_of_a_newer_analysis_are_taken_over_or_left(cast: Cast, client: Client, added) -> None:
    row = builders.suggestion(cast, "lost 300 jobs")
    client.post(f"/appearances/{row.pk}/accept/")
    from dataclasses import replace

    units = tuple(
        replace(one, claimant="Mayor Ek") if one.id == 1 else one for one in builders.harbour_units()
    )
    split = builders.split_of(HARBOUR, units, analyser="test/2")
    run = store_split(desk=cast.desk, capture=added.capture, split=split)
    assert "A newer analysis would change 1 thing that people decided" in page(client, added)
    client.post(f"/documents/{added.document.pk}/proposal/", {"run": run.pk, "number": 0, "take": "1"})
    row.refresh_from_db()
    assert row.claimant_text == "Mayor Ek"
    assert client.post(
        f"/documents/{added.document.pk}/proposal/", {"run": run.pk, "number": 0, "take": "1"}
    ).status_code in (409, 422)


def test_every_act_is_in_the_log(cast: Cast, client: Client, added) -> None:
    row = builders.suggestion(cast)
    client.post(f"/appearances/{row.pk}/accept/")
    event = AuditEvent.objects.filter(verb="appearance.accepted").get()
    assert (event.actor_id, event.object_id, event.after) == (cast.ada.pk, row.pk, "accepted")


def test_a_language_model_is_offered_only_where_one_is_configured(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = builders.article(cast)
    builders.analysed(cast, added)
    address = f"/documents/{added.document.pk}/"
    assert "language model" not in client.get(address).content.decode()
    endpoint = {"url": "http://127.0.0.1:9/v1", "model": "local", "key": ""}
    monkeypatch.setattr("django.conf.settings.LLM", endpoint)
    assert "Ask the language model" in client.get(address).content.decode()
    assert client.post(f"{address}suggest/").status_code == 303
    assert "being asked" in client.get(address).content.decode()


def test_where_accepted_claims_are_concerned_the_change_is_shown_first_and_confirmed(
    cast: Cast, client: Client
) -> None:
    text = "The poll showed Reed ahead in the Nov. 8 election."
    added = builders.article(cast, text)
    at = text.index("Nov. 8")
    mention = DateMention("Nov. 8", at, at + 6, "XXXX-11-08", direction="")
    builders.analysed(cast, added, (builders.unit(text, text[:-1], dates=(mention,)),))
    claim = builders.accepted(cast, "Reed ahead")
    address = f"/documents/{added.document.pk}/publication/"
    asked = client.post(address, {"value": "2025-09-27", "expected_version": added.document.version})
    assert asked.status_code == 200
    shown = " ".join(asked.content.decode().split())
    assert "With 27 September 2025 as its day of publication these dates change" in shown
    assert "<strong>8 November 2025</strong>" in shown
    assert "Reed ahead" in shown
    claim.refresh_from_db()
    assert (claim.made_on, claim.about) == ("", "")
    answer = client.post(
        address, {"value": "2025-09-27", "expected_version": added.document.version, "confirmed": "True"}
    )
    assert answer.status_code == 303
    claim.refresh_from_db()
    assert (claim.made_on, claim.about) == ("2025-09-27", "2025-11-08")
    after = page(client, added)
    assert "Undo the publication date" in after
    assert "8 November 2025" in after


def test_a_claim_whose_article_says_something_else_offers_the_dates_of_the_article(
    cast: Cast, client: Client
) -> None:
    text = "The poll showed Reed ahead in the Nov. 8 election."
    added = builders.article(cast, text)
    at = text.index("Nov. 8")
    mention = DateMention("Nov. 8", at, at + 6, "XXXX-11-08", direction="")
    builders.analysed(cast, added, (builders.unit(text, text[:-1], dates=(mention,)),))
    claim = builders.accepted(cast, "Reed ahead")
    quiet = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "The article says something else" not in quiet
    set_publication(actor=cast.eli, document=added.document, value="2025-09-27")
    shown = " ".join(client.get(f"/claims/{claim.pk}/").content.decode().split())
    assert "The article says something else:" in shown
    assert "8 November 2025" in shown
    claim.refresh_from_db()
    taken = client.post(f"/claims/{claim.pk}/dates/article/", {"expected_version": claim.version})
    assert taken.status_code == 303
    claim.refresh_from_db()
    assert (claim.made_on, claim.about) == ("2025-09-27", "2025-11-08")


def test_opening_an_article_whose_analysis_waits_among_imports_lets_it_go_first(
    cast: Cast, client: Client
) -> None:
    added = builders.article(cast, queue=Job.Queue.BULK)
    job = Job.objects.get(kind="analyse")
    Job.objects.filter(pk=job.pk).update(handed_until=job.created_at + dt.timedelta(days=1))
    page(client, added)
    job.refresh_from_db()
    assert (job.queue, job.turn, job.handed_until) == (Job.Queue.INTERACTIVE, ASKED, None)
    page(client, added)
    assert Job.objects.get(kind="analyse").queue == Job.Queue.INTERACTIVE


@pytest.mark.parametrize("queue", [Job.Queue.PUBLISHING, Job.Queue.INTERACTIVE, Job.Queue.INDEX])
def test_opening_never_moves_an_analysis_back(cast: Cast, client: Client, queue: str) -> None:
    added = builders.article(cast)
    Job.objects.filter(kind="analyse").update(queue=queue, turn=7)
    page(client, added)
    assert list(Job.objects.filter(kind="analyse").values_list("queue", "turn")) == [(queue, 7)]


@pytest.mark.parametrize("status", ["running", "failed", "cancelled"])
def test_opening_moves_only_what_waits(cast: Cast, client: Client, status: str) -> None:
    added = builders.article(cast, queue=Job.Queue.BULK)
    Job.objects.filter(kind="analyse").update(status=status)
    page(client, added)
    assert Job.objects.get(kind="analyse").queue == Job.Queue.BULK


def test_opening_moves_the_analysis_of_ones_own_desk_alone(
    cast: Cast, client: Client, browser_of: BrowserOf
) -> None:
    added = builders.article(cast, queue=Job.Queue.BULK)
    elsewhere = queue_analysis(desk=cast.other_desk, capture=added.capture)
    page(client, added)
    elsewhere.refresh_from_db()
    assert elsewhere.queue == Job.Queue.BULK
    assert Job.objects.get(desk=cast.desk, kind="analyse").queue == Job.Queue.INTERACTIVE
    with pytest.raises(NotAllowed):
        hasten_analysis(actor=cast.ada, capture=added.capture, desk=cast.other_desk)


# --- the list beside the text -----------------------------------------------------------------------------


def scored(cast: Cast, *scores: float) -> list[Appearance]:
    """Give the suggestions of the desk these scores, in text order."""
    rows = list(Appearance.objects.filter(desk=cast.desk).order_by("start"))
    for row, score in zip(rows, scores, strict=False):
        Appearance.objects.filter(pk=row.pk).update(score=score, checkable="fact")
    return rows


def listed(shown: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<li id="a(\d+)" class="claim-card', shown)]


def test_claims_are_listed_by_worth_or_as_in_the_text_and_the_choice_is_remembered(
    cast: Cast, client: Client, added
) -> None:
    rows = scored(cast, 0.2, 0.9, 0.5)
    first, second, third = (row.pk for row in rows[:3])
    # Until somebody chooses, what is weak is folded below the others.
    assert listed(page(client, added))[:3] == [second, third, first]
    assert listed(page(client, added, "?least=1"))[:3] == [first, second, third]
    assert listed(page(client, added, "?order=worth"))[:3] == [second, third, first]
    assert listed(page(client, added))[:3] == [second, third, first]
    assert listed(page(client, added, "?order=sideways&least=9"))[:3] == [second, third, first]


def test_what_lies_below_the_threshold_is_folded_with_its_count_unless_it_is_looked_at(
    cast: Cast, client: Client, added
) -> None:
    rows = scored(cast, 0.2, 0.9, 0.5)
    shown = page(client, added, f"?least=3&focus={rows[1].pk}")
    assert "2 claims below the threshold" in shown
    assert (
        shown.index(f'id="a{rows[1].pk}"')
        < shown.index("below the threshold")
        < shown.index(f'id="a{rows[0].pk}"')
    )
    assert "1 claim below the threshold" in page(client, added, f"?focus={rows[0].pk}")


def test_underlines_of_the_text_say_the_worth(cast: Cast, client: Client, added) -> None:
    scored(cast, 0.2, 0.9, 0.5)
    marks = re.findall(r'<span class="m d\d (w[123])', page(client, added))
    assert marks[:3] == ["w1", "w3", "w2"]


def test_deciding_leads_on_in_the_order_of_the_list(cast: Cast, client: Client, added) -> None:
    rows = scored(cast, 0.2, 0.9, 0.5)
    page(client, added, "?order=worth")
    answer = client.post(f"/appearances/{rows[1].pk}/dismiss/", {"expected_version": rows[1].version})
    assert answer["Location"].endswith(f"#a{rows[2].pk}")


def test_ticked_claims_are_accepted_or_dismissed_together_and_taken_back_together(
    cast: Cast, client: Client, added
) -> None:
    rows = scored(cast, 0.2, 0.9, 0.5)[:3]
    address = f"/documents/{added.document.pk}/decide/"
    ticks = [f"{row.pk}.{row.version}" for row in rows[:2]]
    client.post(address, {"appearance": ticks, "act": "accept"})
    assert [
        row.triage for row in Appearance.objects.filter(pk__in=[r.pk for r in rows]).order_by("start")
    ] == [
        "accepted",
        "accepted",
        "suggested",
    ]
    client.post(f"/documents/{added.document.pk}/undo/", {})
    assert set(Appearance.objects.filter(pk__in=[r.pk for r in rows]).values_list("triage", flat=True)) == {
        "suggested"
    }
    client.post(address, {"appearance": [str(row.pk) for row in rows], "act": "dismiss"})
    assert set(Appearance.objects.filter(pk__in=[r.pk for r in rows]).values_list("triage", flat=True)) == {
        "dismissed"
    }


def test_a_tick_that_is_out_of_date_is_left_and_said_while_the_others_are_done(
    cast: Cast, client: Client, added
) -> None:
    rows = scored(cast, 0.2, 0.9, 0.5)[:2]
    ticks = [f"{rows[0].pk}.{rows[0].version}", f"{rows[1].pk}.{rows[1].version + 7}"]
    answer = client.post(
        f"/documents/{added.document.pk}/decide/", {"appearance": ticks, "act": "accept"}, follow=True
    )
    said = answer.content.decode()
    assert "1 claim accepted." in said
    assert "Left as it is" in said
    assert [Appearance.objects.get(pk=row.pk).triage for row in rows] == ["accepted", "suggested"]


@pytest.mark.parametrize("ticks", [[], ["x"], ["99999999999999999999.1"], ["0"]])
def test_nothing_ticked_is_a_sentence_and_no_error(
    cast: Cast, client: Client, added, ticks: list[str]
) -> None:
    for path in ("decide", "merge"):
        answer = client.post(f"/documents/{added.document.pk}/{path}/", {"appearance": ticks})
        assert answer.status_code in (409, 422)


def test_what_the_heads_weighed_stands_in_the_open_details(client: Client, added) -> None:
    row = Appearance.objects.order_by("start").first()
    weighed = {"question": "checkable", "decided": "fact", "chance": 0.8, "spoke_for": ["a figure"]}
    row.provenance = {**row.provenance, "weighed": [weighed]}
    row.save(update_fields=["provenance"])
    shown = page(client, added)
    assert "weighed: content can be checked, 80 %; for it: a figure" in shown
    assert shown.count("weighed: ") == 1
