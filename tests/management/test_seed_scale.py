"""``seed_scale`` makes a desk as its pages would have left it: claims, and what lies around them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from claims.models import (
    Appearance,
    AuditEvent,
    Claim,
    Desk,
    Document,
    Evidence,
    SearchHit,
    SearchRun,
    User,
)

pytestmark = pytest.mark.django_db


def _seed(count: int, *options: str) -> Desk:
    call_command("seed_scale", str(count), *options, stdout=StringIO(), stderr=StringIO())
    return Desk.objects.get(slug="scale")


def test_every_claim_comes_from_a_place_in_an_article() -> None:
    desk = _seed(90)
    claims = Claim.objects.filter(desk=desk)
    assert claims.count() == 90
    assert Document.objects.filter(desk=desk).count() == 5
    appearances = list(Appearance.objects.select_related("capture").filter(desk=desk))
    assert len(appearances) == 90
    for row in appearances:
        assert row.capture is not None
        assert row.capture.text[row.start : row.end] == row.quotation
        assert (row.claim is None) == (row.triage == "suggested")
    assert {row.triage for row in appearances} == {"suggested", "accepted"}
    assert Evidence.objects.filter(claim__in=claims).count() > 60
    searched = claims.exclude(searched_at=None).count()
    assert SearchRun.objects.filter(claim__in=claims).count() == searched > 60
    assert SearchHit.objects.exists()
    assert AuditEvent.objects.filter(desk_id=desk.pk, verb="claim.added").count() == 90


def test_bare_claims_have_nothing_around_them() -> None:
    desk = _seed(30, "--bare")
    assert Claim.objects.filter(desk=desk).count() == 30
    assert not Document.objects.exists()
    assert not Evidence.objects.exists()


def test_more_of_them_go_to_the_same_desk_and_its_pages_open(client: Client) -> None:
    _seed(25)
    desk = _seed(25)
    assert Claim.objects.filter(desk=desk).count() == 50
    client.force_login(User.objects.get(email="person0@scale.invalid"))
    article = Document.objects.filter(desk=desk).latest("pk")
    claim = Evidence.objects.filter(desk=desk).latest("pk").claim
    for address in (
        reverse("desk", args=["scale"]),
        reverse("queue", args=["scale"]),
        reverse("articles", args=["scale"]),
        reverse("document", args=[article.pk]),
        reverse("claim", args=[claim.pk]),
        reverse("claim-searches", args=[claim.pk]),
    ):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("count", ["0", "5000001"])
def test_a_number_that_makes_no_sense_is_refused(count: str) -> None:
    with pytest.raises(CommandError, match="from 1 to 5,000,000"):
        call_command("seed_scale", count)
