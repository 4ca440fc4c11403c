"""People in the admin: signed-in clients, and a claim at any step of its way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from claims.actions.claims import changes as claim_actions
from claims.actions.evidence import decisions as evidence_actions
from claims.actions.review import verdicts as review_actions
from claims.actions.review.verdict_text import VerdictData
from claims.models import Claim, Evidence, FactCheck, Rating, Review, User, Verdict
from tests import builders
from tests.people import Cast


@pytest.fixture
def staff(cast: Cast) -> Cast:
    """The cast: everybody whom the workbench adds is let into the admin."""
    return cast


@pytest.fixture
def as_(staff: Cast) -> Callable[[User], Client]:
    """Return a browser in which this person is signed in."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=person.pk))
        return client

    return sign_in


def rating(cast: Cast, key: str = "false") -> Rating:
    return Rating.objects.get(scale__desk=cast.desk, key=key)


def quoted(
    cast: Cast, claim: Claim, words: str = "The counters on the bridge show 400 cars a day."
) -> Evidence:
    return evidence_actions.add_quotation(
        actor=cast.ada,
        claim=claim,
        quotation=words,
        source_title="Traffic yearbook of Lenna",
        source_date="2025",
        stance="refutes",
    )


def submitted(cast: Cast, claim: Claim | None = None, key: str = "false") -> Verdict:
    """Return a verdict by Ada that waits for approval."""
    claim = claim or builders.claim(cast)
    claim_actions.edit_wording(actor=cast.ada, claim=claim, wording=claim.wording)
    row = quoted(cast, claim)
    data = VerdictData(
        wording=claim.wording,
        headline="The counters say otherwise",
        rating_id=rating(cast, key).pk,
        short_answer="The counters show far fewer cars.",
        justification=f"The yearbook gives the counts. [e:{row.pk}]",
    )
    return review_actions.submit_verdict(actor=cast.ada, review=newest(claim), data=data)


def newest(claim: Claim) -> Review:
    found = Review.objects.filter(claim=claim).order_by("-number").first()
    assert found is not None
    return found


def here(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def page(client: Client, claim: Claim) -> str:
    answer = client.get(here(claim))
    assert answer.status_code == 200
    return answer.content.decode()


def address_of(claim: Claim, name: str) -> str:
    """Return where a form of the claim's page goes."""
    of = name.partition("-")[0]
    if of == "review":
        return reverse(name, args=[newest(claim).pk])
    if of == "factcheck":
        return reverse(name, args=[FactCheck.objects.get(claim=claim).pk])
    return reverse(name, args=[claim.pk])


def act(client: Client, claim: Claim, name: str, /, **fields: object) -> int:
    """Send a form of the claim's page in the admin, with what is hidden in it; the answer leads back there."""
    return sent(client, claim, address_of(claim, name), **fields)


def sent(client: Client, claim: Claim, address: str, /, **fields: object) -> int:
    tree = html.fromstring(page(client, claim))
    hidden = {
        str(one.get("name")): one.get("value", "")
        for form in tree.xpath("//form")
        if form.get("action") == address
        for one in form.xpath(".//input[@type='hidden']")
    }
    answer = client.post(address, {**hidden, "next": here(claim), **fields})
    if answer.status_code == 303:
        assert answer["Location"].partition("#")[0] == here(claim)
    elif answer.status_code != 403:
        assert here(claim).encode() in answer.content
    return answer.status_code
