"""Which outlet a document is given, and whether it is known as a news agency."""

from __future__ import annotations

import pytest

from claims.actions.documents.outlets import outlet_for
from claims.models import Outlet

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("Reuters", True),
        ("AFP", True),
        ("Meridian News Agency", True),
        ("Tarn Press Agency", True),
        ("Lenna Newswire", True),
        ("Deutsche Presse-Agentur", True),
        ("Lenna Post", False),
        ("Environment Agency", False),
        ("Press Gazette", False),
    ],
)
def test_a_new_outlet_is_known_as_an_agency_by_its_name(name: str, agency: bool) -> None:
    made = outlet_for(name=name, url="https://outlet.example/a")
    assert made is not None
    assert made.is_agency is agency
    bare = outlet_for(name=f"{name}")
    assert bare == made


def test_what_an_editor_set_is_kept() -> None:
    made = outlet_for(name="Reuters")
    assert made is not None
    Outlet.objects.filter(pk=made.pk).update(is_agency=False)
    again = outlet_for(name="Reuters")
    assert again is not None
    assert not again.is_agency
