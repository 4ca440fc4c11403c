"""Addresses that somebody edited by hand: every page answers with a page or a plain "not there", never with a fault.

Which pages there are is read from the table of all addresses, and what they read from an address from the code: a
list that is added tomorrow is tried tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

import claims as package
from claims.actions.claims.tags import remove_tag, tag_claim
from claims.filters import ClaimFilter, DocumentFilter, FactCheckFilter
from claims.models import Membership, RatingScale, SavedView, Tag
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages
from tests.workbench.test_matrix import TABLE, engine, world

__all__ = ["engine", "world"]
pytestmark = pytest.mark.django_db

#: Marks of pages that say something else than the list has among them: [], {}, null, [9999,1], ["x", 1].
VALUES = (
    "\x00", "-1", "0", "9" * 40, "1e9", "١٢", "<b>", "'\")", "W10", "e30", "bnVsbA", "Wzk5OTksMV0", "WyJ4IiwgMV0",
    "2026-99-99", "0001-01-01", "9999-12-31", "2026-03-01T25:00", "💩" * 50, "x" * 5_000, "\u202e", "None",
)  # fmt: skip
#: What no form sends: half a character, a byte that is none, a percent sign alone, half a pair, names alone.
RAW = ("{}=%ff%fe", "{}=%C3", "{}=%", "{}=%ED%A0%80", "{}", "{}[]=1", "{}=1&{}=%00&{}=-1", "&&=&=")
_READ = re.compile(r"(?:GET|query|asked|params)\.(?:get|getlist|pop)\(\s*\"([a-z_]+)\"")
#: 400 is the plain answer of what programs read; 422 says that something is not of this verdict.
CALM = {200, 302, 303, 304, 400, 404, 405, 422, 501}


def names() -> list[str]:
    """Return every name that some page reads from its address."""
    # Names that are read in a loop, and those of the API and the admin.
    found = {
        "order",
        "least",
        "only",
        "view",
        "page",
        "cursor",
        "limit",
        "offset",
        "p",
        "o",
        "e",
        "_popup",
        "all",
    }
    for file in Path(package.__file__).parent.rglob("*.py"):
        found.update(_READ.findall(file.read_text("utf-8")))
    for filters in (ClaimFilter, DocumentFilter, FactCheckFilter):
        found.update(filters.base_filters)
    return sorted(found)


def read_pages(world: dict[str, Any]) -> Iterator[str]:
    """Yield the addresses of all pages of the workbench, the public, feeds and API that are only read."""
    for line in TABLE:
        if (
            line.send is None
            and "200" in line.expected
            and not line.name.startswith(("login", "logout", "readyz"))
        ):
            yield reverse(line.name, args=[world[name] for name in line.args.split()])


def tried(client: Client, addresses: list[str], query: Any) -> dict[str, int]:
    found = {}
    for address in addresses:
        for sent in query:
            asked = f"{address}?{sent}" if isinstance(sent, str) else address
            answer = client.get(asked, {} if isinstance(sent, str) else sent)
            if answer.status_code not in CALM:
                found[f"{address} {str(sent)[:80]}"] = answer.status_code
    return found


def mixed(known: list[str], turns: int) -> Iterator[dict[str, str]]:
    """Yield queries in which each name has another of the values; every turn gives every name its next one."""
    for turn in range(turns):
        yield {name: VALUES[(at + turn) % len(VALUES)] for at, name in enumerate(known)}


def raw(known: list[str]) -> list[str]:
    return ["&".join(one.replace("{}", name) for name in known for one in RAW)]


def test_an_address_edited_by_hand_breaks_no_page(cast: Cast, world: dict[str, Any]) -> None:
    client = pages.signed_in(cast.dana)
    client.raise_request_exception = False
    known = names()
    assert {"state", "least", "spreadsheet", "maxwidth", "assignee", "beside"} <= set(known)
    addresses = sorted(set(read_pages(world)))
    assert len(addresses) > 60
    same = [dict.fromkeys(known, value) for value in ("\x00", "9" * 40)]
    assert tried(client, addresses, [*same, *mixed(known, 2), *raw(known)]) == {}


def test_one_wrong_filter_beside_right_ones_breaks_no_list(cast: Cast, world: dict[str, Any]) -> None:
    """A filter that is wrong alone is not hidden by another that empties the list first."""
    client = pages.signed_in(cast.dana)
    client.raise_request_exception = False
    lists = {"queue": ClaimFilter, "articles": DocumentFilter, "published": FactCheckFilter}
    broken = {}
    for name, filters in lists.items():
        fields = [
            *filters.base_filters,
            "sort",
            "after",
            "before",
            "selection",
            "outlet",
            "state",
            "view",
            "q",
        ]
        for at, field in enumerate(fields):
            values = [VALUES[(at * 3 + turn) % len(VALUES)] for turn in range(4)]
            broken |= tried(client, [reverse(name, args=["north"])], [{field: value} for value in values])
        files = reverse(f"{name}-csv", args=["north"])
        broken |= tried(
            client, [files], [{field: VALUES[at % len(VALUES)]} for at, field in enumerate(fields)]
        )
    assert broken == {}


def test_lists_of_the_admin_hold_as_well(cast: Cast, world: dict[str, Any]) -> None:
    root = cast.dana
    root.is_staff = root.is_superuser = True
    root.save()
    client = pages.signed_in(root)
    client.raise_request_exception = False
    broken = {}
    for model, shown in admin.site._registry.items():
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        chosen = [str(getattr(one, "parameter_name", one)) for one in shown.get_list_filter(_request(root))]
        chosen = [one.split(",")[0].strip("('") for one in chosen]
        names = ["q", "p", "o", "all", "id", "desk__id__exact", *chosen]
        sent = [{name: VALUES[at % len(VALUES)]} for at, name in enumerate(names)]
        broken |= tried(client, [reverse(label)], [*sent, *mixed(names, 1)])
    assert broken == {}


def _request(user: Any) -> Any:
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = user
    return request


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("tag={tag}", "was removed from this desk"),
        ("tag=bridges", "was removed from this desk"),
        ("assignee={person}", "means nothing under"),
        ("rating={rating}", "means nothing under"),
        ("claimant=987654", "means nothing under"),
        ("state=forgotten", "means nothing under"),
    ],
)
def test_a_view_of_what_is_gone_is_there_says_so_and_selects_nothing(
    cast: Cast, query: str, said: str
) -> None:
    claim = builders.claim(cast)
    tag_claim(actor=cast.ada, claim=claim, typed="bridges")
    tag = Tag.objects.get()
    old = RatingScale.objects.get(desk=cast.desk, is_current=True)
    rating = old.ratings.first()
    assert rating is not None
    kept = query.format(tag=tag.pk, person=cast.ben.pk, rating=rating.pk)
    view = SavedView.objects.create(
        desk=cast.desk, owner=cast.carla, of="claims", name="Old", query=kept, shared=True
    )
    remove_tag(actor=cast.carla, tag=tag)
    Membership.objects.filter(user=cast.ben, desk=cast.desk).delete()
    RatingScale.objects.filter(pk=old.pk).update(is_current=False)
    client = pages.signed_in(cast.carla)
    address = f"/desk/north/claims/?{kept}&view={view.pk}"
    answer = client.get(address)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert list(answer.context["page"].rows) == []
    assert client.get(f"/desk/north/claims/list.csv?{kept}").status_code in (200, 303, 422)
    # Nor does an act on all that match take everything instead of nothing.
    sent = client.post(
        "/desk/north/claims/bulk/", {"which": "all", "filter": kept, "action": "assign", "next": address}
    )
    assert sent.status_code in (303, 409, 422)
    from claims.models import Selection

    assert not Selection.objects.filter(count__gt=0).exists()
