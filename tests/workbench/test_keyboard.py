"""Is there one table of keys, and does the palette lead where a person may go?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from claims.models import Claim, User
from claims.search.engine import EngineUnavailable
from claims.workbench.desk import palette
from claims.workbench.keyboard import KEYS, script_table
from tests import builders
from tests.people import Cast
from tests.workbench.desk_pages import signed_in

ROOT = Path(settings.BASE_DIR)
SCRIPT = ROOT / "claims" / "static" / "claims" / "desk" / "keys.js"
CARRIED = re.compile(r'data-key="([^"{]+)"')


def carried() -> set[str]:
    """Return every key that a template, or a piece of HTML made in Python, gives to a button."""
    places = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "claims").rglob("*.py")]
    return {key for place in places for key in CARRIED.findall(place.read_text("utf-8"))}


def test_every_key_of_a_page_is_in_the_table() -> None:
    known = {name for key in KEYS for name in key.keys}
    assert carried() - known == set()


def test_every_letter_of_the_table_is_bound_or_carried_by_something() -> None:
    named = carried() | {"1", "2", "3", "4", "5"}
    elsewhere = {"ArrowLeft", "ArrowRight", "Shift+ArrowLeft", "Shift+ArrowRight", "Enter", "Escape", "["}
    for key in KEYS:
        assert key.does or set(key.keys) <= named | elsewhere, key


def test_the_script_binds_exactly_what_the_table_says_it_does() -> None:
    block = re.search(r"const DOES = \{(.*?)\};", SCRIPT.read_text("utf-8"), re.S)
    assert block is not None
    bound = set(re.findall(r'^\s*"([a-z-]+)":', block.group(1), re.M))
    assert bound == {key.does for key in KEYS if key.does}


def test_no_key_is_bound_twice_by_the_script() -> None:
    names = [name for row in script_table() if row["does"] for name in row["keys"]]  # type: ignore[attr-defined]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_the_page_of_keys_shows_the_whole_table(cast: Cast) -> None:
    page = signed_in(cast.ada).get("/help/keys/").content.decode()
    for key in KEYS:
        assert str(key.words) in page


@pytest.mark.django_db
def test_a_number_finds_the_claim_of_that_number_of_this_desk_only(cast: Cast) -> None:
    claim = builders.claim(cast, wording="The bridge carries 5,000 cars.")
    address = f"/desk/north/palette/?q={claim.pk}"
    assert f"/claims/{claim.pk}/" in signed_in(cast.ada).get(address).content.decode()
    Claim.objects.filter(pk=claim.pk).update(desk=cast.other_desk)
    assert f"/claims/{claim.pk}/" not in signed_in(cast.ada).get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", "x", "%00", "\u202e", "9" * 40, "a" * 5000, "'\"<script>"])
def test_whatever_is_typed_is_answered(cast: Cast, words: str) -> None:
    client = signed_in(cast.ada)
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get("/desk/north/palette/", {"q": words}, headers=headers)
        assert answer.status_code == 200
        assert "<script>'" not in answer.content.decode()


@pytest.mark.django_db
def test_pages_are_found_while_the_engine_is_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: Any, **_options: Any) -> list[int]:
        raise EngineUnavailable("gone")

    monkeypatch.setattr(palette, "find_claims", gone)
    page = signed_in(cast.ada).get("/desk/north/palette/", {"q": "queue"}).content.decode()
    assert "/desk/north/claims/" in page
    assert "The search does not answer right now" in page


def _sends_for(client: Any, person: User, address: str, data: dict[str, Any]) -> Any:
    return client.post(address, data, headers={"X-Person": str(person.pk), "HX-Request": "true"})


@pytest.mark.django_db
def test_nothing_is_done_for_somebody_else_than_the_page_was_made_for(cast: Cast) -> None:
    builders.analysed(cast, builders.article(cast))
    row = builders.suggestion(cast)
    data = {"expected_version": row.version}
    refused = _sends_for(signed_in(cast.ben), cast.ada, f"/appearances/{row.pk}/accept/", data)
    assert (refused.status_code, refused["X-Person-Differs"]) == (409, "1")
    assert not Claim.objects.exists()
    done = _sends_for(signed_in(cast.ada), cast.ada, f"/appearances/{row.pk}/accept/", data)
    assert done.status_code == 303
    assert Claim.objects.count() == 1


@pytest.mark.django_db
def test_an_act_with_others_behind_it_is_answered_briefly_with_the_new_version(cast: Cast) -> None:
    builders.analysed(cast, builders.article(cast))
    row = builders.suggestion(cast)
    client = signed_in(cast.ada)
    answer = client.post(
        f"/appearances/{row.pk}/dismiss/",
        {"expected_version": row.version},
        headers={"X-Acts-Waiting": "2", "HX-Request": "true"},
    )
    row.refresh_from_db()
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="a{row.pk}" data-row data-version="{row.version}"' in page
    assert 'data-state="dismissed"' in page
    gesture = re.search(r'name="gesture" value="([^"]+)"', page)
    assert gesture is not None
    assert row.document is not None
    undo = f"/documents/{row.document.pk}/undo/"
    back = client.post(undo, {"gesture": gesture.group(1)})
    assert back["Location"].endswith(f"?focus={row.pk}#a{row.pk}")
    row.refresh_from_db()
    assert row.triage == "suggested"
