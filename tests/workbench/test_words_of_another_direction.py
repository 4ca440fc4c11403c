"""Words that run the other way than their page: wherever somebody's words stand, they are isolated or find their own
direction. Otherwise a full stop, a number or the next name jumps to the wrong side.
"""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from claims.actions.claims.tags import tag_claim, tag_document
from claims.models import Desk, User
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
BRIDGE = "جسر"  # in all that somebody typed
WORDS = f"قال الوزير إن {BRIDGE} لينا يحمل 5,000 سيارة في اليوم."
#: What shows no text of its own, is a field, or has no direction to give.
SILENT = {"script", "style", "title", "option", "textarea"}


def left_alone(content: bytes) -> list[str]:
    """Return the places where such words stand in the direction of the page, with what is around them."""
    found = []
    for element in html.document_fromstring(content).iter():
        if not isinstance(element.tag, str) or element.tag in SILENT:
            continue
        # What is only spoken has no place on the line.
        if "sr" in (element.get("class") or "").split():
            continue
        own = [element.text or "", *(child.tail or "" for child in element)]
        if not any(BRIDGE in one for one in own):
            continue
        at: Any = element
        while at is not None and at.tag not in ("body", "html"):
            if at.tag == "bdi" or at.get("dir"):
                break
            at = at.getparent()
        else:
            at = None
        if at is None or at.tag in ("body", "html"):
            names = " ".join(
                f"{one.tag}.{one.get('class', '')}" for one in [*reversed(list(element.iterancestors()))][-3:]
            )
            found.append(f"{names} > {html.tostring(element, encoding='unicode')[:160]}")
    return found


@pytest.fixture
def addresses(cast: Cast) -> dict[str, str]:
    """A desk whose every word is Arabic, and the pages that show them."""
    User.objects.filter(pk=cast.ada.pk).update(display_name=f"آدا {BRIDGE}", public_name=f"آدا {BRIDGE}")
    Desk.objects.filter(pk=cast.desk.pk).update(name=f"مكتب {BRIDGE}")
    cast.ada.refresh_from_db()
    cast.desk.refresh_from_db()
    added = builders.article(cast, f"{WORDS}\n\n{WORDS}", title=WORDS, outlet=f"صحيفة {BRIDGE}")
    builders.analysed(
        cast, added, (builders.unit(added.capture.text, WORDS.rstrip("."), 0, claimant=f"وزير {BRIDGE}"),)
    )
    verdict = pages.submitted(
        cast, headline=WORDS, short_answer=WORDS, byline=f"آدا {BRIDGE}", not_found=WORDS, wording=WORDS
    )
    check = pages.published(cast)
    claim = builders.claim(
        cast, quotation=WORDS, wording=WORDS, who=f"وزير {BRIDGE}", where=f"إذاعة {BRIDGE}"
    )
    source = pages.cited(cast, claim, WORDS, source_title=f"عد {BRIDGE}")
    tag_claim(actor=cast.ada, claim=claim, typed=BRIDGE)
    tag_document(actor=cast.ada, desk=cast.desk, document=added.document, typed=BRIDGE)
    return {
        "desk": "/desk/north/", "queue": "/desk/north/claims/", "articles": "/desk/north/articles/",
        "article": f"/documents/{added.document.pk}/", "origin": f"/documents/{added.document.pk}/origin/",
        "captures": f"/documents/{added.document.pk}/captures/", "claim": f"/claims/{claim.pk}/",
        "submitted": f"/claims/{verdict.claim_id}/", "approve": f"/verdicts/{verdict.pk}/",
        "source": f"/verdicts/{verdict.pk}/?source={verdict.citations[0]}", "evidence": f"/evidence/{source.pk}/",
        "beside": f"/claims/{claim.pk}/?beside={source.pk}", "searches": f"/claims/{claim.pk}/searches/",
        "claimants": "/desk/north/claimants/", "published": "/desk/north/published/?show=live",
        "factcheck": f"/factchecks/{check.pk}/", "public": f"/checks/{check.public_id}/", "home": "/",
        "tags": "/desk/north/tags/", "inbox": "/desk/north/inbox/?show=all", "people": "/desk/north/settings/people/",
        "settings": "/desk/north/settings/", "filtered": f"/desk/north/claims/?tag={BRIDGE}&claimant={BRIDGE}",
        "dashboard": "/desk/north/dashboard/", "sources": "/desk/north/sources/", "profile": "/profile/",
    }  # fmt: skip


def test_words_of_another_direction_keep_their_own_everywhere(cast: Cast, addresses: dict[str, str]) -> None:
    client = pages.signed_in(cast.carla)
    broken = {}
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        if alone := left_alone(answer.content):
            broken[name] = alone
    assert broken == {}
