"""A source that was corrected, withdrawn or denied: shown with its row, in the approval, and as work on the Desk."""

from __future__ import annotations

import pytest

from claims.actions.documents import intake, origin_decisions
from claims.actions.evidence import decisions
from claims.models import Capture, Claim, Document, Evidence
from claims.models.corrections import corrections_of
from claims.workbench.desk.waiting_work import corrected
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db(transaction=True)

URL = "https://post.example/bridge"
FIRST = (
    "The bridge of Lenna\n\nThe bridge of Lenna carries 900 cars a day, the road office counted in spring."
)
ABOUT = "Correction: cars on the bridge of Lenna"
NOTE = "Correction: An earlier version of this article gave the wrong number of cars on the bridge."


@pytest.fixture
def claim(cast: Cast) -> Claim:
    return builders.claim(cast, wording="The bridge of Lenna carries 5,000 cars a day.")


def stored(cast: Cast, text: str, url: str = URL, **options: object) -> Document:
    return intake.add_text(
        actor=cast.ada, desk=cast.desk, text=text, url=url, outlet="Harbour Post", **options
    ).document  # type: ignore[arg-type]


def evidence(cast: Cast, claim: Claim, document: Document, *, cited: bool = True) -> Evidence:
    row = Evidence.objects.create(
        desk=cast.desk, claim=claim, kind=Evidence.Kind.PASSAGE, document=document,
        capture=document.captures.get(number=1), quotation="The bridge of Lenna carries 900 cars a day",
        place_key=f"test:{document.pk}",
    )  # fmt: skip
    return decisions.decide(actor=cast.ada, evidence=row, stance="refutes", cited=cited)


def notes(cast: Cast, row: Evidence) -> list[tuple[str, bool, bool]]:
    row = Evidence.objects.select_related("document", "capture").get(pk=row.pk)
    return [
        (one.text, one.same_document, one.since_cited)
        for one in corrections_of([row], cast.ada).get(row.pk, [])
    ]


def test_a_newer_capture_with_a_note_corrects_what_was_cited(cast: Cast, claim: Claim) -> None:
    row = evidence(cast, claim, stored(cast, FIRST))
    assert notes(cast, row) == []
    assert not len(corrected(cast.desk.pk, cast.ada))
    stored(cast, FIRST.replace("900", "1,900") + "\n\n" + NOTE)
    assert notes(cast, row) == [(NOTE, True, True)]
    page = pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/").content.decode()
    assert "corrected since you cited it" in page
    assert NOTE in page
    assert [one.pk for one in corrected(cast.desk.pk, cast.ada)] == [row.pk]
    desk = pages.signed_in(cast.ada).get("/desk/north/").content.decode()
    assert "Cited sources corrected since" in desk
    assert f"/claims/{claim.pk}/#e{row.pk}" in desk
    # Whoever looks and cites it again has seen it.
    row.refresh_from_db()
    decisions.decide(actor=cast.ada, evidence=row, cited=True)
    assert not len(corrected(cast.desk.pk, cast.ada))
    assert notes(cast, row) == [(NOTE, True, False)]


def test_a_newer_capture_without_a_note_corrects_nothing(cast: Cast, claim: Claim) -> None:
    row = evidence(cast, claim, stored(cast, FIRST))
    stored(cast, FIRST + " The road is wet.")
    assert Capture.objects.filter(document=row.document).count() == 2
    assert notes(cast, row) == []


def test_what_was_only_found_is_no_work(cast: Cast, claim: Claim) -> None:
    row = evidence(cast, claim, stored(cast, FIRST), cited=False)
    stored(cast, FIRST + "\n\n" + NOTE)
    assert notes(cast, row) == [(NOTE, True, False)]
    assert not len(corrected(cast.desk.pk, cast.ada))


def test_an_article_of_the_same_origin_corrects_it_too(cast: Cast, claim: Claim) -> None:
    row = evidence(cast, claim, stored(cast, FIRST))
    other = stored(cast, "Bridge\n\n" + NOTE, "https://other.example/x")
    Document.objects.filter(pk=other.pk).update(outlet=None)
    assert notes(cast, row) == []
    assert row.document
    row.document.refresh_from_db()
    origin_decisions.set_origin(actor=cast.carla, document=row.document, origin=None, reason="own")
    row.document.refresh_from_db()
    other.refresh_from_db()
    origin_decisions.set_origin(
        actor=cast.carla, document=other, origin=row.document.origin, reason="one report"
    )
    assert notes(cast, row) == [(NOTE, False, True)]
    assert [one.pk for one in corrected(cast.desk.pk, cast.ada)] == [row.pk]


def test_a_later_article_of_the_same_outlet_about_the_same_matter_corrects_it(
    cast: Cast, claim: Claim
) -> None:
    row = evidence(cast, claim, stored(cast, FIRST, published="2026-03-01"))
    text = f"{ABOUT}\n\nWe gave the wrong number of cars that the bridge of Lenna carries."
    stored(cast, text, "https://post.example/correction", published="2026-03-04")
    stored(
        cast, "Correction: the mayor's name\n\nThe mayor is called Ilse Brandt.", "https://post.example/mayor"
    )
    found = notes(cast, row)
    assert [same for _text, same, _since in found] == [False]
    assert "cars on the bridge" in found[0][0]


def test_a_note_from_before_what_it_would_correct_is_none(cast: Cast, claim: Claim) -> None:
    text = (
        "Correction: cars on the bridge of Lenna\n\nWe gave the wrong number of cars that the bridge carries."
    )
    stored(cast, text, "https://post.example/correction", published="2026-02-04")
    row = evidence(cast, claim, stored(cast, FIRST, published="2026-03-01"))
    assert notes(cast, row) == []


def test_what_a_person_may_not_read_is_not_told(cast: Cast, claim: Claim) -> None:
    row = evidence(cast, claim, stored(cast, FIRST))
    text = f"{ABOUT}\n\nWe gave the wrong number of cars that the bridge of Lenna carries."
    hidden = stored(cast, text, "https://post.example/correction")
    Document.objects.filter(pk=hidden.pk).update(visibility=Document.Visibility.NAMED, added_by=cast.carla)
    assert notes(cast, row) == []


def test_our_own_check_of_an_article_is_told_with_it(cast: Cast, claim: Claim) -> None:
    check = pages.published(cast)
    document = stored(cast, FIRST)
    from claims.models import Appearance

    Appearance.objects.create(
        desk=cast.desk, claim=check.claim, document=document, capture=document.captures.get(), start=0, end=10,
        quotation="The bridge", triage="accepted",
    )  # fmt: skip
    row = evidence(cast, claim, document)
    (told,) = notes(cast, row)
    assert "5,000 cars" in told[0]
    assert "Checked by us" in pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/").content.decode()
