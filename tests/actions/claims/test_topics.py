"""What a claim is about, in words for readers: who says it, where readers find it; it is approved with the rest."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

from claims.actions import base
from claims.actions.claims.topics import set_topics
from claims.models import AuditEvent, Review
from tests.checks_made import checked_claim, published, submitted
from tests.people import Cast
from tests.workbench.desk_pages import signed_in

pytestmark = pytest.mark.django_db


def test_topics_are_said_once_each_as_they_are_written(cast: Cast) -> None:
    made = checked_claim(cast)
    set_topics(actor=cast.ada, claim=made, typed=" water,  Lake   Ostra;Water |\n fire, ")
    made.refresh_from_db()
    assert made.topics == ["water", "Lake Ostra", "fire"]
    version = made.version
    set_topics(actor=cast.ada, claim=made, typed="water, Lake Ostra, fire")
    made.refresh_from_db()
    assert made.version == version
    assert AuditEvent.objects.filter(verb="claim.topics_set", claim_id=made.pk).count() == 1
    set_topics(actor=cast.ada, claim=made, typed="")
    made.refresh_from_db()
    assert made.topics == []


def test_what_cannot_be_is_refused(cast: Cast) -> None:
    made = checked_claim(cast)
    for actor, typed, said in (
        (cast.ada, ", ".join(f"topic {n}" for n in range(9)), "at most 8 topics"),
        (cast.ada, "x" * 61, "at most 60 characters"),
        (cast.eli, "water", "you are contributor"),
    ):
        with pytest.raises(base.Refused, match=said):
            set_topics(actor=actor, claim=made, typed=typed)
    with pytest.raises(base.Stale):
        set_topics(actor=cast.ada, claim=made, typed="water", expected_version=made.version - 1)
    verdict = submitted(cast, made)
    with pytest.raises(base.Refused, match="awaiting approval"):
        set_topics(actor=cast.ada, claim=made, typed="water")
    made.refresh_from_db()
    assert made.topics == []
    assert Review.objects.get(pk=verdict.review_id).state == Review.State.AWAITING_APPROVAL


def test_readers_choose_from_the_topics_there_are(cast: Cast, client: Client) -> None:
    made, other = checked_claim(cast), checked_claim(cast, "The mill of Lenna burned", who="Otto Brand")
    page = signed_in(cast.ada)
    sent = page.post(
        f"/claims/{made.pk}/topics/", {"topics": "Lake Ostra, water", "expected_version": made.version}
    )
    assert sent.status_code == 303
    assert "Lake Ostra, water" in page.get(f"/claims/{made.pk}/").content.decode()
    first, second = published(cast, made=made), published(cast, made=other)
    front = html.fromstring(client.get("/").content)
    assert front.xpath("//select[@id='topic']/option/text()") == ["any", "Lake Ostra", "water"]
    narrowed = html.fromstring(client.get("/?topic=lake+ostra").content)
    assert narrowed.xpath("//select[@id='topic']/option[@selected]/text()") == ["Lake Ostra"]
    links = " ".join(narrowed.xpath("//main//a/@href"))
    assert first.public_id in links
    assert second.public_id not in links
    check = html.fromstring(client.get(f"/checks/{first.public_id}/", follow=True).content)
    assert check.xpath("//p[@class='topics']/a/text()") == ["Lake Ostra", "water"]
