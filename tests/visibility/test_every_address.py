"""Where may the word of a document for named people be read? At every address there is, by everybody there is.

Addresses come from the project's own list of them: one without a line in ``ABOUT`` fails, and so do lines whose
address is gone. Whoever may not read the document must not meet its word anywhere; whoever may must find it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import models, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from claims.actions.desk.api_keys import make_key
from claims.actions.indexing import engines
from claims.models import ApiKey, Appearance, BulkAct, Claim, Job, User, Verdict
from claims.vocabulary import Role
from tests.people import Cast, person
from tests.visibility.addresses import ABOUT, addresses, first_ids, named_paths
from tests.visibility.world import BESIDE, MARK, World, make_world

pytestmark = pytest.mark.django_db

#: Where a reader of the document is sure to meet its word.
SHOWN = {
    "document", "document-captures", "articles", "capture-file", "claim", "queue", "claimants", "sources", "jobs",
    "evidence", "approve", "rereading", "api-claim-list", "api-claim-detail", "api-document-list",
    "api-document-detail",
}  # fmt: skip
#: What is asked for beside the bare address.
ASKED: dict[str, tuple[dict[str, str], ...]] = {
    "articles": ({"q": BESIDE}, {"state": "triage"}, {"outlet": "1"}),
    "queue": ({"q": BESIDE}, {"sort": "score"}, {"state": "queued"}),
    "google-claims-search": ({"query": BESIDE},),
    "claimant-names": ({"claimant": MARK[:3]}, {"claimant": BESIDE[:3]}),
    "document": ({"focus": "1"},),
}

#: Where htmx gets a part of its own.
PARTS = ("jobs", "claim-evidence", "claim-weaker", "claim-search", "document-progress", "adding", "evidence")


@pytest.fixture
def world(cast: Cast) -> Iterator[World]:
    engines.close_all()
    engines.writer().ensure()
    made = make_world(cast)
    from claims.models import Job as Row
    from claims.tasks.base import run_now

    # The index as it is after the change; what fails or waits else stays as it was made.
    for pk in Row.objects.filter(kind="index", status="queued").values_list("pk", flat=True):
        run_now(pk)
    yield made
    engines.writer().erase()
    engines.close_all()


def test_every_address_has_a_decision() -> None:
    known = {str(pattern.name) for pattern in addresses(get_resolver().url_patterns)}
    assert known - set(ABOUT) == set(), "say in ABOUT which objects the new address is about"
    assert set(ABOUT) - known == set()


def paths(world: World) -> list[tuple[str, str]]:
    """Return (name, path) of every address, about the first objects of each kind: those that matter come first."""
    return list(named_paths(world.cast.desk.slug, world.check.public_id, first_ids()))


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    head = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{head}\n{body.decode('utf-8', 'replace')}".casefold()


def meets(client: Client, path: str, data: Any, method: str, **headers: str) -> bool:
    """Return whether the word stands in the answer, or in what the next page would say of it."""
    with transaction.atomic():
        response = getattr(client, method)(path, data, **headers)
        said = " ".join(str(one) for one in get_messages(response.wsgi_request)) if method == "post" else ""
        transaction.set_rollback(True)
    return MARK.casefold() in text_of(response) or MARK.casefold() in said.casefold()


def walk(world: World, client: Client, *, posts: bool = True, **headers: str) -> set[tuple[str, str]]:
    """Return (name, path) of every answer in which the word stands."""
    found = set()
    for name, path in paths(world):
        if name in ("logout", "leave-desk"):
            continue
        for data in ({}, *ASKED.get(name, ())):
            if meets(client, path, data, "get", **headers):
                found.add((name, f"{path}?{data}"))
        if not posts:
            continue
        if name in PARTS and meets(client, path, {}, "get", HTTP_HX_REQUEST="true", **headers):
            found.add((name, f"{path} (htmx)"))
        if name not in ("document", "claim", "login") and meets(client, path, {"x": "1"}, "post", **headers):
            found.add((name, f"{path} (post)"))
    return found


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
        client.get("/desk/")
    return client


def outsiders(world: World) -> dict[str, User | None]:
    """Return everybody who may not read the document."""
    return {
        "a visitor": None,
        "a partner": world.pia,
        "somebody of another desk": world.cast.otto,
        "a contributor": world.cast.eli,
        "a desk editor": world.cast.carla,
        "a reviewer": world.cast.ben,
        "an administrator": world.cast.dana,
        "somebody new": person("Zoe", world.cast.desk, Role.ADMINISTRATOR, Role.REVIEWER),
    }


def test_who_may_not_read_it_meets_its_word_nowhere(world: World) -> None:
    tries = {"a reviewer", "an administrator"}
    found = {who: walk(world, signed_in(user), posts=who in tries) for who, user in outsiders(world).items()}
    assert {who: where for who, where in found.items() if where} == {}


def test_who_may_read_it_finds_its_word(world: World) -> None:
    for user in (world.nina, world.cast.ada, world.root):
        client = signed_in(user)
        found = {name for name, path in paths(world) if name in SHOWN and meets(client, path, {}, "get")}
        assert found == SHOWN, user


def test_a_key_shows_what_its_person_may_read(world: World) -> None:
    cast = world.cast
    for user, reads in ((cast.ben, False), (cast.dana, False), (world.nina, True)):
        for scopes in (["read"], ["write"], ["feeds"], ["read", "write"]):
            row, secret = make_key(actor=cast.dana, desk=cast.desk, name="k", scopes=scopes)
            ApiKey.objects.filter(pk=row.pk).update(user=user)
            found = walk_api(world, {"HTTP_AUTHORIZATION": f"Bearer {secret}"})
            assert bool(found) == (reads and "read" in scopes), (user, scopes, found)


def walk_api(world: World, headers: dict[str, str]) -> set[str]:
    client = Client()
    return {
        path
        for name, path in paths(world)
        if name.startswith(("api-", "feed-", "google-")) and meets(client, path, {}, "get", **headers)
    }


# The admin: every list, every row, their histories and what fields look rows up by


def admin_walk(client: Client) -> set[str]:
    found = set()
    for model in admin.site._registry:
        base = f"/admin/claims/{model._meta.model_name}/"
        tries: list[tuple[str, dict[str, str]]] = [(base, {}), (base, {"q": BESIDE})]
        for pk in model._default_manager.order_by().values_list("pk", flat=True):
            tries += [(f"{base}{pk}/change/", {}), (f"{base}{pk}/history/", {})]
        tries += [
            ("/admin/autocomplete/", {"app_label": "claims", "model_name": str(one.model._meta.model_name),
                                      "field_name": one.name, "term": BESIDE})
            for one in model._meta.get_fields() if isinstance(one, models.ForeignKey)
        ]  # fmt: skip
        found |= {f"{path} {data}" for path, data in tries if meets(client, path, data, "get")}
    for verdict in Verdict.objects.all():
        path = f"/admin/claims/claim/{verdict.claim_id}/verdict/{verdict.pk}/"
        found |= {path} if meets(client, path, {}, "get") else set()
    ids = [str(pk) for pk in Claim.objects.values_list("pk", flat=True)]
    for action in ("assign", "dismiss", "search", "verdict", "approve", "export"):
        data: dict[str, Any] = {"action": f"bulk_{action}", "_selected_action": ids, "index": "0"}
        if meets(client, "/admin/claims/claim/", data, "post"):
            found.add(f"bulk {action}")
    rows = [str(pk) for pk in Appearance.objects.values_list("pk", flat=True)]
    for action in ("accept", "dismiss"):
        data = {"action": action, "rows": rows, "step": "do", "reason": "x"}
        if meets(client, "/admin/claims/appearance/bulk/", data, "post"):
            found.add(f"bulk {action}")
    return found


def test_the_admin_shows_it_to_its_readers_only(world: World) -> None:
    found = {user.display_name: admin_walk(signed_in(user)) for user in (world.cast.ben, world.cast.dana)}
    assert {who: where for who, where in found.items() if where} == {}
    for user in (world.cast.otto, world.pia, world.cast.eli):
        client = signed_in(user)
        for model in admin.site._registry:
            assert not meets(client, f"/admin/claims/{model._meta.model_name}/", {}, "get"), model


def test_the_admin_shows_it_to_its_readers(world: World) -> None:
    client = signed_in(world.nina)
    for model, pk in (
        ("document", world.document.pk),
        ("capture", world.document.captures.get().pk),
        ("evidence", world.evidence.pk),
        ("claim", world.closed_claim.pk),
        ("job", Job.objects.filter(kind="analyse", status="failed").get().pk),
    ):
        assert meets(client, f"/admin/claims/{model}/{pk}/change/", {}, "get"), model


def test_the_queue_exported_by_a_colleague_holds_nothing_of_it(world: World) -> None:
    ids = [str(pk) for pk in Claim.objects.values_list("pk", flat=True)]
    path = reverse("bulk", args=[world.cast.desk.slug])
    client = signed_in(world.cast.carla)
    for action in ("export", "assign", "dismiss", "search", "approve", "verdict"):
        data = {"action": action, "claims": ids, "reason": "other", "lead": ids[0], "to": "", "comment": ""}
        assert not meets(client, path, data, "post"), action
        client.post(path, data)
    for act in BulkAct.objects.all():
        assert not meets(client, reverse("bulk-act", args=[act.pk]), {}, "get"), act
        assert not meets(client, reverse("selection", args=[act.selection_id]), {}, "get"), act
        client.post(reverse("bulk-start", args=[act.pk]))
        assert not meets(client, reverse("bulk-act", args=[act.pk]), {}, "get"), act
        assert not meets(client, reverse("bulk-csv", args=[act.pk]), {}, "get"), act
    assert BulkAct.objects.count() >= 4
    assert meets(signed_in(world.nina), path, {"action": "export", "claims": ids}, "post")
