"""Very much of something on one page: 400 claims of an article, 500 sources of a claim, 50,000 characters of reasons.

Pages stay pages: they answer, they do not grow with the product of two numbers, and no word is lost.
"""

from __future__ import annotations

import pytest

from claims.models import Appearance, Claim, Evidence, Verdict, VerdictDraft
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db


def big_article(cast: Cast, count: int) -> str:
    sentences = [f"The port of place {n} lost {30 + n} jobs in {1600 + n}" for n in range(count)]
    text = ". ".join(sentences) + "."
    added = builders.article(cast, text, title="Ports")
    builders.analysed(cast, added, tuple(builders.unit(text, one, n) for n, one in enumerate(sentences)))
    return f"/documents/{added.document.pk}/"


def test_four_hundred_claims_of_one_article(cast: Cast) -> None:
    address = big_article(cast, 400)
    client = pages.signed_in(cast.ada)
    rows = list(Appearance.objects.order_by("start"))
    before = client.get(address).content
    # Half of them accepted: what is offered at each of the others stays a short list.
    for row in rows[:60]:
        client.post(f"/appearances/{row.pk}/accept/", {"expected_version": row.version})
    assert Claim.objects.count() == 60
    after = client.get(address)
    assert after.status_code == 200
    assert after.content.count(b'class="claim-card') >= 400
    assert len(after.content) < 2.5 * len(before)
    # In one paragraph of 400 nobody has seen the rest: no key puts 400 aside at once.
    assert before.count(b'name="appearance"') < 400 + 12 * 12
    ticked = [f"{row.pk}.{row.version}" for row in rows[60:]]
    done = client.post(f"{address}decide/", {"appearance": ticked, "act": "dismiss"})
    assert done.status_code == 303
    assert Appearance.objects.filter(triage="dismissed").count() == 340


def test_five_hundred_sources_of_one_claim(cast: Cast) -> None:
    claim, _review, source = pages.working(cast)
    columns = [field.attname for field in Evidence._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(source, name) for name in columns}
    Evidence.objects.bulk_create(
        Evidence(
            **{**values, "quotation": f"Count {n} showed {n} cars.", "place_key": f"many-{n}", "cited": False}
        )
        for n in range(500)
    )
    answer = pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/")
    assert answer.status_code == 200
    assert answer.content.count(b'id="e') >= 500
    assert b"Submit for approval" in answer.content


def test_fifty_thousand_characters_of_reasons_go_the_whole_way(cast: Cast) -> None:
    claim, review, source = pages.working(cast)
    client = pages.signed_in(cast.ada)
    reasons = ("Der Donaudampfschifffahrtsgesellschaftskapitän zählte 900 Autos. جسر لينا " * 800)[:50_000]
    reasons = f"{reasons.strip()} [e:{source.pk}]"
    typed = pages.words(cast, source, justification=reasons, expected_version="0")
    kept = client.post(f"/reviews/{review.pk}/draft/", typed, HTTP_X_AUTOSAVE="1")
    assert kept.status_code == 200
    assert VerdictDraft.objects.get(review=review).data["justification"] == reasons
    assert client.post(f"/reviews/{review.pk}/preview/", typed).status_code == 200
    assert client.post(f"/reviews/{review.pk}/submit/", typed).status_code == 303
    verdict = Verdict.objects.get(review=review)
    assert verdict.justification == reasons
    assert pages.signed_in(cast.ben).get(f"/verdicts/{verdict.pk}/?source=next").status_code == 200
    # Too much is refused with all of it still there.
    other_claim, other, other_source = pages.working(cast)
    long = "x" * 100_001 + f" [e:{other_source.pk}]"
    refused = client.post(f"/reviews/{other.pk}/submit/", pages.words(cast, other_source, justification=long))
    assert refused.status_code == 422
    assert b"x" * 100_001 in refused.content
    assert VerdictDraft.objects.get(review=other).data["justification"] == long
    assert other_claim.pk != claim.pk
