"""The cast is made in few statements: are its rows such as the product itself would let be made?"""

from __future__ import annotations

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from claims.models import Archive, Desk, Membership, Rating, RatingScale, User
from tests.people import PASSWORD, Cast, make_cast, person

pytestmark = pytest.mark.django_db


def test_every_row_of_the_cast_is_a_valid_one(cast: Cast) -> None:
    rows = [
        row
        for model in (User, Desk, Archive, Membership, RatingScale, Rating)
        for row in model._default_manager.all()
    ]
    assert len(rows) == 6 + 2 + 2 + 9 + 2 + 8
    for row in rows:
        row.full_clean()


def test_its_people_are_such_as_are_made_by_themselves(cast: Cast) -> None:
    alone = person("Zoe")
    own = {"id", "email", "display_name", "public_name", "password"}
    for user in (cast.ada, cast.ben, cast.carla, cast.dana, cast.eli, cast.otto):
        assert user.check_password(PASSWORD)
        made = User.objects.get(email_key=f"{user.display_name.lower()}@desk.example")
        assert made == user
        assert {
            name for name, value in model_to_dict(made).items() if value != model_to_dict(alone)[name]
        } <= own


def test_it_takes_few_statements(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        make_cast()
    assert len(asked) <= 6
