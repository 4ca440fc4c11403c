"""Random walks of several people over real requests: pages, admin, bulk acts and the API.

``FACTCHECK_WALKS`` says how many, ``FACTCHECK_WALK_STEPS`` how long each; ``FACTCHECK_WALKS_FROM`` is the first seed,
to walk a found one again. Ten thousand steps: a hundred walks of a hundred.
"""

from __future__ import annotations

import copy
import os
from collections import Counter

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from claims.models import Approval, Claim, Document, Verdict
from tests.builders import moment
from tests.people import Cast
from tests.walks.pages import Page
from tests.walks.rules import Broken
from tests.walks.walker import Walk
from tests.walks.world import World, make_world

pytestmark = pytest.mark.django_db
WALKS = int(os.environ.get("FACTCHECK_WALKS", "40"))
FIRST = int(os.environ.get("FACTCHECK_WALKS_FROM", "0"))
STEPS = int(os.environ.get("FACTCHECK_WALK_STEPS", "12"))


@pytest.fixture
def world(cast: Cast, engine: None) -> World:
    return make_world(cast)


def signed_in(world: World) -> dict[int | None, Client]:
    clients: dict[int | None, Client] = {None: Client()}
    for user in world.walkers:
        clients[user.pk] = Client()
        clients[user.pk].force_login(user)
    return clients


def walk(world: World, clients: dict[int | None, Client], seed: int, steps: int = STEPS) -> Walk:
    """Walk once, and take everything back that happened on the way."""
    kept = {pk: copy.deepcopy(client.cookies) for pk, client in clients.items()}
    cache.clear()
    with transaction.atomic():
        walked = Walk(world, seed, clients)
        walked.go(steps)
        walked.insist()
        transaction.set_rollback(True)
    for pk, client in clients.items():
        client.cookies = kept[pk]
    return walked


def test_no_walk_finds_a_way_around_the_rules(world: World) -> None:
    clients = signed_in(world)
    taken: Counter[str] = Counter()
    strangers, found = 0, []
    for seed in range(FIRST, FIRST + WALKS):
        try:
            walked = walk(world, clients, seed)
        except Broken as broken:
            found.append(str(broken))
            print(broken, flush=True)
            if len(found) >= 20:
                break
            continue
        taken += walked.taken
        strangers += walked.strangers
        if (seed + 1 - FIRST) % 50 == 0:
            print(f"{seed + 1 - FIRST} walks", flush=True)
    print(
        f"{WALKS} walks of {STEPS} steps; {strangers} times at another desk's door; done: {dict(taken.most_common())}"
    )
    assert not found, "\n\n".join(found)
    assert strangers > WALKS // 4, "The walks never tried another desk's doors."
    assert len(taken) > min(20, WALKS // 4), "The walks reached too few acts to prove anything."


# Walks that could not fail would prove nothing: each rule, broken on purpose, is noticed.


def test_a_door_left_open_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "claims.workbench.articles.article_page.access_document",
        lambda _user, pk: Document.objects.get(pk=pk),
    )
    monkeypatch.setattr(
        "claims.workbench.articles.article_page.desk_of_document", lambda *_rest: world.south.desk
    )
    walked = Walk(world, 0, signed_in(world))
    theirs = Document.objects.filter(desk=world.north.desk)[0]
    with pytest.raises(Broken, match="another desk"):
        walked.ask(world.north.otto, "get", f"/documents/{theirs.pk}/")


def test_words_of_another_desk_are_noticed(world: World) -> None:
    walked = Walk(world, 0, signed_in(world))
    with pytest.raises(Broken, match="northmarktext"):
        walked._insist_no_foreign_words(b"<p>Only northmarktext reads this.</p>", {"south"})
    walked._insist_no_foreign_words(b"<p>Only northmarktext reads this.</p>", {"north"})


def test_an_approval_by_who_never_opened_the_version_is_noticed(world: World) -> None:
    walked = Walk(world, 0, signed_in(world))
    rules = {desk.pk: (1, 0) for desk in (world.north.desk, world.south.desk)}
    verdict = Verdict.objects.filter(desk=world.north.desk, approvals=None)[0]
    before = set(Approval.objects.values_list("pk", flat=True))
    Approval.objects.create(verdict=verdict, user=world.north.carla, created_at=moment())
    with pytest.raises(Broken, match="never opened"):
        walked._insist_approvals(before, set(), rules, {})


def test_a_publication_without_approvals_is_noticed(world: World) -> None:
    walked = Walk(world, 0, signed_in(world))
    rules = {desk.pk: (2, 0) for desk in (world.north.desk, world.south.desk)}
    with pytest.raises(Broken, match=r"published with 1\+0 approvals of 2\+0"):
        walked._insist_approvals(set(Approval.objects.values_list("pk", flat=True)), set(), rules, {})


def test_a_change_that_nobody_tells_is_noticed(world: World) -> None:
    walked = Walk(world, 0, signed_in(world))
    before, last = walked._known()
    Claim.objects.filter(desk=world.north.desk).update(wording="Somebody else's words.")
    with pytest.raises(Broken, match="without a row in the log"):
        walked._insist_told(before, last, "behind everybody's back")


@pytest.mark.parametrize(
    ("flaw", "said"),
    [
        (b'<p id="a"></p><p id="a"></p>', "two elements are called a"),
        (b'<label for="gone">Name</label>', "for leads to gone"),
        (
            b'<section aria-labelledby="one gone"><h2 id="one">One</h2></section>',
            "aria-labelledby leads to gone",
        ),
        (b"<p>{{ claim.wording }}</p>", "a template shows through"),
        (b"<p>{% if claim %}</p>", "a template shows through"),
        (b"<h1>Twice</h1>", "2 headings of the first level"),
        (b'<form method="post" action="/x/"><button>Go</button></form>', "a form without a token"),
    ],
)
def test_a_page_that_is_not_whole_is_noticed(world: World, flaw: bytes, said: str) -> None:
    walked = Walk(world, 0, signed_in(world))
    whole = b'<html lang="en"><title>A page</title><main id="main"><h1>A page</h1>%s</main></html>'
    walked._insist_whole(whole % b"", "text/html; charset=utf-8")
    walked._insist_whole(whole % flaw, "application/json")
    with pytest.raises(Broken, match=said):
        walked._insist_whole(whole % flaw, "text/html; charset=utf-8")


def test_a_link_that_leads_nowhere_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    walked = Walk(world, 0, signed_in(world))
    ada = world.north.ada
    walked.ask(ada, "get", "/desk/north/")
    page = walked.pages[ada.pk]
    walked.follow(ada, page, "/desk/north/claims/")
    # What was there once and is no more is no fault of the page.
    walked.follow(ada, page, "/claims/99999/")
    monkeypatch.setattr("tests.walks.walker.read", lambda *_rest: Page(page.address, ["/claims/99999/"]))
    with pytest.raises(Broken, match="a link that leads nowhere"):
        walked.follow(ada, page, "/claims/99999/")
