"""The keys by which documents find each other: written and asked for in one statement, and what they are worth."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from claims.actions.documents import intake, origin_keys, origins
from claims.independence.fingerprint import fingerprint
from claims.independence.origins import may_tell_one_story
from claims.models import Archive, Capture, Document, DocumentFingerprint, ShingleKey
from tests.independence.stories import AGENCY
from tests.independence.test_joining import REWRITE
from tests.people import Cast

pytestmark = pytest.mark.django_db

#: About the same words as the report at the lake, and nothing else of it.
ELSEWHERE = """Lake Ostra was the road to a gold medal for Novak, whose board beat eleven sailors on Wednesday.

Novak trained beside the weir all summer. Wind, waves and stamina decided the regatta, judges declared, while rivals
capsized twice near a buoy. Spectators cheered from ferries; sponsors promised yachts, coaches and scholarships.

“Sailing taught me patience,” Novak added before champagne, anthem, podium, photographs and television interviews.

Lake Ostra hosts another championship next spring, organisers revealed, inviting crews from thirteen nations."""


def put(cast: Cast, text: str, outlet: str, published: str = "2026-10-14") -> Document:
    return intake.add_text(
        actor=cast.ada, desk=cast.desk, text=text, outlet=outlet, published=published
    ).document


def test_keys_are_kept_once_and_found_in_their_own_archive_only(cast: Cast) -> None:
    one, other = put(cast, AGENCY, "Reuters"), put(cast, ELSEWHERE, "Sail")
    ShingleKey.objects.all().delete()
    foreign = Archive.objects.create(slug="foreign", name="Foreign")
    many = [*range(-3, 1_200)]
    for _twice in range(2):
        ShingleKey.objects.keep(document=one.pk, archive=one.archive_id, keys=many)
    ShingleKey.objects.keep(document=other.pk, archive=foreign.pk, keys=[5, 2**63 - 1])
    assert ShingleKey.objects.count() == len(many) + 2
    held = dict(ShingleKey.objects.holders(archive=one.archive_id, keys=[*many, 2**63 - 1]))
    assert held == dict.fromkeys(many, one.pk)
    assert list(ShingleKey.objects.holders(archive=foreign.pk, keys=[5, 6])) == [(5, other.pk)]
    assert list(ShingleKey.objects.holders(archive=one.archive_id, keys=[])) == []


def test_what_only_shares_what_it_is_about_is_sorted_out_by_its_beginning(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = put(cast, AGENCY, "Reuters")
    capture = Capture.objects.get(document=report)
    keys = origin_keys.keys_of(report, capture)
    held = {key: [7] for key in sorted(keys.told)[:3]}
    assert origin_keys.candidates(held, keys) == {7: False}
    wording = next(key for key in keys.kept if key not in keys.told)
    assert origin_keys.candidates({**held, wording: [7]}, keys) == {7: True}

    sailing = put(cast, ELSEWHERE, "Sail")

    def compared(found: dict[int, bool]) -> list[int]:
        return list(origins._neighbours(report, fingerprint(AGENCY), found))

    assert compared({sailing.pk: False}) == []
    assert compared({sailing.pk: True}) == [sailing.pk]
    rewrite = put(cast, REWRITE, "Herald")
    assert compared({sailing.pk: False, rewrite.pk: False}) == [rewrite.pk]


def test_a_further_copy_asks_for_no_more_however_many_there_are(cast: Cast) -> None:
    def asked(number: int) -> int:
        with CaptureQueriesContext(connection) as statements:
            put(cast, f"{AGENCY}\n\nEdition {number}.", f"Paper {number}")
        assert not any("COUNT(" in one["sql"] and "origin_id" in one["sql"] for one in statements)
        return len(statements)

    few = [asked(number) for number in range(4)][-1]
    many = [asked(number) for number in range(4, 30)]
    assert Document.objects.values("origin").distinct().count() == 1
    assert max(many) <= few
    held = ShingleKey.objects.values("key").annotate(count=Count("pk")).order_by("-count")
    assert held[0]["count"] == origin_keys.HOLDERS


def test_a_page_that_is_updated_again_and_again_keeps_the_keys_of_its_newest_text(cast: Cast) -> None:
    report = put(cast, AGENCY, "Reuters")
    texts = [f"{AGENCY}\n\nUpdate {number}: {'wind ' * number}" for number in range(12)]
    held = []
    for text in texts:
        document = intake.add_text(
            actor=cast.ada, desk=cast.desk, text=text, outlet="Post", url="https://post.example/live"
        ).document
        held.append(ShingleKey.objects.filter(document=document).count())
    assert Document.objects.count() == 2
    assert document.origin == report.origin
    assert DocumentFingerprint.objects.count() == 2
    assert max(held) < 2 * min(held)
    kept = set(ShingleKey.objects.filter(document=document).values_list("key", flat=True))
    assert kept <= set(origin_keys.keys_of(document, document.captures.order_by("-number")[0]).kept)


def test_a_beginning_decides_only_against_another_story() -> None:
    report, elsewhere, rewrite = map(fingerprint, (AGENCY, ELSEWHERE, REWRITE))
    assert not may_tell_one_story(report, elsewhere)
    assert may_tell_one_story(report, rewrite)
    assert may_tell_one_story(rewrite, report)
    assert may_tell_one_story(report, fingerprint(AGENCY[:300]))
