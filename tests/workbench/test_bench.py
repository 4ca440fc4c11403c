"""The claim's bench: sources read beside the claim, added by hand in one form, fetched on their row, the live list."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils.html import escape

from claims.actions.evidence import decisions
from claims.models import Capture, Evidence, Job, VerdictDraft
from claims.review.standing import CountedPiece, standing
from claims.workbench.claim.standing_words import sides
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Autosave": "1"}
HTMX = {"HX-Request": "true"}


def passage(cast: Cast, words: str, **fields: Any) -> Evidence:
    """Return a passage of an article as evidence of a claim."""
    added = builders.article(cast)
    document, capture = added.document, added.capture
    start = capture.text.index(words)
    return Evidence.objects.create(
        desk=cast.desk, claim=fields.pop("claim", None) or builders.claim(cast), kind="passage",
        document=document, capture=capture, start=start, end=start + len(words), quotation=words,
        place_key=f"capture:{capture.pk}:{start}", matched=["port", "lost", "jobs"], **fields,
    )  # fmt: skip


# --- read beside ------------------------------------------------------------------------------------------


def test_a_source_is_read_beside_the_claim_with_its_passage_in_place(cast: Cast) -> None:
    row = passage(cast, "the port had lost 300 jobs since 2024")
    answer = pages.signed_in(cast.ada).get(f"/claims/{row.claim_id}/?beside={row.pk}")
    text = answer.content.decode()
    whole = Capture.objects.get(pk=row.capture_id).text
    assert '<span id="passage" class="here">' in text
    before, after = text.split('<span id="passage"')
    assert escape(whole[max(0, row.start - 60) : row.start].strip().split("\n")[-1]) in before
    assert escape(whole[row.end : row.end + 40].strip().split("\n")[0]) in after
    assert row.claim.wording in text
    assert 'name="stance"' in text
    assert 'name="headline"' in text, "the verdict stays in sight"


def test_previous_and_next_go_through_all_sources(cast: Cast) -> None:
    claim, _review, first = pages.ready(cast)
    second = pages.cited(cast, claim, "A second count showed 905.", source_title="Second count")
    client = pages.signed_in(cast.ada)
    shown = client.get(f"/claims/{claim.pk}/?beside={first.pk}").context["reader"]
    other = client.get(f"/claims/{claim.pk}/?beside={second.pk}").context["reader"]
    assert {shown.at, other.at} == {1, 2}
    assert (shown.after or shown.before).evidence.pk == second.pk
    assert (other.after or other.before).evidence.pk == first.pk


@pytest.mark.parametrize("wanted", ["0", "999999", "x", "-1", "9" * 30])
def test_a_source_that_is_none_of_the_claim_shows_the_board(cast: Cast, wanted: str) -> None:
    claim, _review, _source = pages.ready(cast)
    answer = pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/?beside={wanted}")
    assert answer.status_code == 200
    assert answer.context["reader"] is None
    assert b'id="evidence-pane"' in answer.content


def test_a_source_of_another_claim_is_not_read_beside_this_one(cast: Cast) -> None:
    claim, _review, _source = pages.ready(cast)
    other = pages.cited(cast, builders.claim(cast, wording="Another claim."), "Words of the other.")
    assert pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/?beside={other.pk}").context["reader"] is None


def test_a_decision_in_the_reader_stays_in_the_reader(cast: Cast) -> None:
    claim, _review, source = pages.ready(cast)
    client = pages.signed_in(cast.ada)
    sent = {"stance": "partly", "beside": "1", "expected_version": source.version}
    part = client.post(f"/evidence/{source.pk}/", sent, headers=HTMX).content.decode()
    assert 'id="reader-decide"' in part
    assert f'id="rail-{source.pk}" hx-swap-oob="true"' in part
    assert "<html" not in part
    source.refresh_from_db()
    sent = {"stance": "context", "beside": "1", "expected_version": source.version}
    plain = client.post(f"/evidence/{source.pk}/", sent)
    assert plain["Location"] == f"/claims/{claim.pk}/?beside={source.pk}#passage"
    source.refresh_from_db()
    assert source.stance == "context"


def test_a_long_text_is_cut_around_the_passage_and_says_so(cast: Cast) -> None:
    words = "The port lost 300 jobs, the chamber said."
    text = "Filler of the first part. " * 2_000 + words + " And filler of the last part." * 2_000
    added = builders.article(cast, text=text)
    document, capture = added.document, added.capture
    start = capture.text.index(words)
    row = Evidence.objects.create(
        desk=cast.desk, claim=builders.claim(cast), kind="passage", document=document, capture=capture,
        start=start, end=start + len(words), quotation=words, place_key="k", matched=["port", "job"],
    )  # fmt: skip
    answer = pages.signed_in(cast.ada).get(f"/claims/{row.claim_id}/?beside={row.pk}")
    reader = answer.context["reader"]
    assert reader.is_cut
    assert words in reader.text.replace("<mark>", "").replace("</mark>", "").replace(
        '<span class="around">', ""
    ).replace("</span>", "")
    assert len(reader.text) < 60_000


def test_markup_in_a_source_is_text(cast: Cast) -> None:
    added = builders.article(
        cast, text="Before <b>bold</b>. The port lost 300 jobs <script>x</script>. After <i>it</i>."
    )
    document, capture = added.document, added.capture
    start = capture.text.index("The port")
    row = Evidence.objects.create(
        desk=cast.desk, claim=builders.claim(cast), kind="passage", document=document, capture=capture,
        start=start, end=start + 30, quotation=capture.text[start : start + 30], place_key="k", matched=["port"],
    )  # fmt: skip
    text = pages.signed_in(cast.ada).get(f"/claims/{row.claim_id}/?beside={row.pk}").content.decode()
    assert "<script>x" not in text
    assert "<b>bold" not in text


# --- added by hand ----------------------------------------------------------------------------------------

KINDS: dict[str, dict[str, Any]] = {
    "url": {"url": "https://counts.example/2025", "quotation": "400 cars a day"},
    "quotation": {"quotation": "Four hundred.", "source_title": "Evening news", "source_url": ""},
    "contact": {"who": "Road office", "asked_at": "2026-03-01T10:00", "quotation": ""},
}


@pytest.mark.parametrize("kind", KINDS)
@override_settings(OUTBOUND=False)
def test_one_form_adds_every_kind_and_what_was_typed_for_others_refuses_nothing(
    cast: Cast, kind: str
) -> None:
    claim = builders.claim(cast)
    sent = {"url": "not an address", "asked_at": "never", "source_url": "x y", "date": "soon"} | KINDS[kind]
    answer = pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/evidence/add/chosen/", sent | {"kind": kind})
    if kind == "url":  # its date is one of its own fields
        assert answer.status_code == 422
        sent["date"] = ""
        answer = pages.signed_in(cast.ada).post(
            f"/claims/{claim.pk}/evidence/add/chosen/", sent | {"kind": kind}
        )
    assert answer.status_code == 303, answer.content.decode()[:2000]
    assert Evidence.objects.get(claim=claim).kind == kind


def test_a_file_goes_through_the_same_form(cast: Cast) -> None:
    claim = builders.claim(cast)
    file = SimpleUploadedFile("count.txt", b"The road office counted 400 cars a day.")
    sent = {"kind": "file", "file": file, "quotation": "400 cars"}
    assert pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/evidence/add/chosen/", sent).status_code == 303
    assert Job.objects.get(kind="read").arguments["evidence"]["quotation"] == "400 cars"


@pytest.mark.parametrize("kind", ["", "letter", "url\x00"])
def test_without_a_kind_everything_typed_stays_and_the_form_says_what_to_do(cast: Cast, kind: str) -> None:
    claim = builders.claim(cast)
    sent = {"kind": kind, "quotation": "Words that took an hour.", "who": "The road office"}
    answer = pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/evidence/add/chosen/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose what it is." in text
    assert "Words that took an hour." in text
    assert "The road office" in text
    assert not Evidence.objects.exists()


def test_what_is_missing_for_the_kind_is_said_beside_what_was_typed(cast: Cast) -> None:
    claim = builders.claim(cast)
    sent = {"kind": "contact", "quotation": "They said nothing.", "url": "https://kept.example/"}
    answer = pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/evidence/add/chosen/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert {"who", "asked_at"} <= set(answer.context["add_form"].errors)
    assert "They said nothing." in text
    assert "https://kept.example/" in text


def test_an_unknown_kind_in_the_address_is_404(cast: Cast) -> None:
    claim = builders.claim(cast)
    assert pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/evidence/add/letter/", {}).status_code == 404


# --- the fetch of a page ----------------------------------------------------------------------------------


@override_settings(OUTBOUND=True)
def test_the_row_of_an_address_tells_how_its_fetching_stands(cast: Cast) -> None:
    claim = builders.claim(cast)
    row = decisions.add_by_url(
        actor=cast.ada, claim=claim, url="https://counts.example/2025", quotation="400 cars"
    )
    job = Job.objects.get(kind="fetch")
    client = pages.signed_in(cast.ada)

    def shown() -> str:
        return client.get(f"/claims/{claim.pk}/").content.decode()

    assert "The page is being fetched into the archive." in shown()
    assert f'hx-get="/evidence/{row.pk}/?fetch=1"' in shown()
    part = client.get(f"/evidence/{row.pk}/?fetch=1", headers=HTMX)
    assert b"being fetched" in part.content
    assert "HX-Retarget" not in part
    Job.objects.filter(pk=job.pk).update(status="failed", error="The server answered 404.")
    text = shown()
    assert "The page could not be fetched:" in text
    assert "The server answered 404." in text
    assert f'action="/jobs/{job.pk}/retry/"' in text
    over = client.get(f"/evidence/{row.pk}/?fetch=1", headers=HTMX)
    assert over["HX-Retarget"] == f"#e{row.pk}"
    assert b"The server answered 404." in over.content


@override_settings(OUTBOUND=True)
def test_two_rows_of_two_addresses_tell_their_own_state(cast: Cast) -> None:
    claim = builders.claim(cast)
    for name in ("one", "two"):
        decisions.add_by_url(actor=cast.ada, claim=claim, url=f"https://{name}.example/", quotation=name)
    Job.objects.filter(arguments__url="https://two.example/").update(status="failed", error="Gone.")
    board = pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/").context["evidence"]
    states = {row.evidence.quotation: row.fetch for row in board.in_order}
    assert states["one"].busy
    assert states["two"].failed
    assert states["two"].reason == "Gone."


# --- the list and the tally -------------------------------------------------------------------------------


def test_saving_answers_with_the_checklist_as_the_words_stand(cast: Cast) -> None:
    _claim, review, source = pages.working(cast)
    client = pages.signed_in(cast.ada)
    sent = pages.words(cast, source, short_answer="")
    first = client.post(f"/reviews/{review.pk}/draft/", sent, headers=SCRIPT).json()
    done = client.post(
        f"/reviews/{review.pk}/draft/",
        pages.words(cast, source, expected_version=str(first["version"])),
        headers=SCRIPT,
    ).json()
    assert (first["checked"], done["checked"]) == ("6 of 7", "7 of 7")
    assert first["checklist"].count("is-open") == 1
    assert "is-open" not in done["checklist"]
    assert VerdictDraft.objects.get().data["short_answer"]


def test_the_preview_shows_kind_and_note_as_they_are_typed(cast: Cast) -> None:
    from claims.actions.publishing.publish import start_correction

    check = pages.published(cast)
    review = start_correction(
        actor=cast.ada, factcheck=check, kind="clarification", public_note="First note."
    )
    source = Evidence.objects.get(claim=check.claim)
    sent = pages.words(cast, source, release_kind="correction", public_note="The count was of 2023.")
    text = pages.signed_in(cast.ada).post(f"/reviews/{review.pk}/preview/", sent).content.decode()
    assert "The count was of 2023." in text
    assert "First note." not in text
    assert "Correction" in text


def piece(number: int, stance: str, **fields: Any) -> CountedPiece:
    return CountedPiece(id=number, article=f"a{number}", origin=f"o{number}", stance=stance, **fields)


def test_the_sides_of_the_tally_are_the_figures_of_the_one_count() -> None:
    rows = [
        piece(1, "refutes"), piece(2, "refutes", repeats=True), piece(3, "supports", repeats=True),
        piece(4, "supports", own=True), piece(5, "context"), piece(6, "supports", rejected=True), piece(7, ""),
        piece(8, "partly", fetched=False),
    ]  # fmt: skip
    found = {side.stance: (side.counted, side.besides) for side in sides(rows)}
    counted = standing(rows)
    assert found == {"refutes": (2, 0), "supports": (0, 2), "partly": (0, 1), "context": (1, 0)}
    assert (found["refutes"][0], found["supports"][0], found["partly"][0]) == (
        counted.refutes, counted.supports, counted.partly,
    )  # fmt: skip
