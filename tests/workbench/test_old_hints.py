"""What earlier versions guessed about a stance: kept in the row, shown to nobody, counted nowhere."""

from __future__ import annotations

import pytest

from claims.actions.evidence.decisions import reject_rest
from claims.models import Claim, Evidence, SearchRun
from claims.workbench.claim.evidence_board import evidence_part
from tests.builders import claim
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def guessed(cast: Cast) -> Claim:
    made = claim(cast, "Fees rose by 11 percent")
    run = SearchRun.objects.create(desk=cast.desk, claim=made, outcome="found")
    Evidence.objects.create(
        desk=cast.desk, claim=made, kind="passage", run=run, rank=1, quotation="Not so.", place_key="capture:1",
        stance_hint="refutes", stance_cue="zounds",
    )  # fmt: skip
    return made


@pytest.mark.parametrize(
    "path", ["/claims/{pk}/", "/claims/{pk}/evidence/", "/admin/claims/claim/{pk}/change/"]
)
def test_an_old_guess_is_shown_on_no_page(cast: Cast, guessed: Claim, path: str) -> None:
    answer = pages.signed_in(cast.dana).get(path.format(pk=guessed.pk))
    assert answer.status_code == 200
    assert "zounds" not in answer.content.decode()
    assert "hint:" not in answer.content.decode()


def test_an_old_guess_is_no_decision(cast: Cast, guessed: Claim) -> None:
    assert evidence_part(guessed, cast.ada).unjudged == 1
    assert reject_rest(actor=cast.ada, claim=guessed) == 1
    row = Evidence.objects.get(claim=guessed)
    assert (row.stance, row.stance_hint) == ("", "refutes")
