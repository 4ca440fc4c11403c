"""The ask command: a question and its answers, the same question again, and what is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.actions.indexing import engines
from claims.models import Claim
from tests.builders import HARBOUR, accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "The list\n\nPort Lenna, 4 March 2026. The harbour authority raised its fees, its price list shows."


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def claim(cast: Cast, drain: Callable[..., int]) -> Claim:
    analysed(cast, article(cast, HARBOUR, published="2026-03-05"))
    made = accepted(cast)
    article(cast, LIST, published="2026-03-04")
    drain("index", "search")
    return made


def ask(claim: Claim, cast: Cast, *arguments: object) -> dict[str, Any]:
    out = io.StringIO()
    call_command("ask", str(claim.pk), *map(str, arguments), "--by", cast.ada.email, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def test_a_question_is_answered_and_asked_again(claim: Claim, cast: Cast, drain: Callable[..., int]) -> None:
    told = ask(claim, cast, 'fees "price list" -storm', "--since", "2026-03")
    assert [hit["text"][:8] for hit in told["hits"]] == ["The list"]
    assert told["question"]["asked"] == {"words": 'fees "price list" -storm', "since": "2026-03"}
    article(cast, LIST.replace("The list", "Printed again"), published="2026-03-09")
    drain("index")
    again = ask(claim, cast, "--again", told["search"])
    assert [hit["text"][:13] for hit in again["hits"] if hit["new"]] == ["Printed again"]
    assert again["question"]["since"]["run"] == told["search"]


def test_what_is_wrong_is_one_sentence_and_status_two(claim: Claim, cast: Cast) -> None:
    for arguments, said in (
        (('fees "price',), "character 6"),
        (("fees", "--outlet", "Nobody"), "no outlet"),
        (("--again", 10**6), "no question"),
    ):
        with pytest.raises(CommandError, match=said) as caught:
            ask(claim, cast, *arguments)
        assert caught.value.returncode == 2
    with pytest.raises(CommandError, match="no claim"):
        call_command("ask", "nothing", "x", "--by", cast.ada.email)
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("ask", str(claim.pk), "x", "--by", "x@nowhere.example")
