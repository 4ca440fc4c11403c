"""How often is the database asked for one page at most? Few times, whatever stands on it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Verdict
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
FEW = 12
#: Of these it is known to be fewer; the numbers may fall and never rise.
FEWER = {"/claims/{claim}/": 7, "/verdicts/{verdict}/": 7, "/verdicts/{verdict}/public/": 8}


@pytest.mark.parametrize(
    "path",
    [
        "/desk/north/claims/",
        "/desk/north/claims/?state=open&sort=score",
        "/desk/north/claims/?state=closed&sort=origins",
        "/desk/north/claims/?claimant={claimant}&assignee=me",
        "/desk/north/articles/",
        "/desk/north/claimants/",
        "/desk/north/published/",
        "/desk/north/jobs/",
        "/desk/north/sources/feeds/",
        "/desk/north/readers/",
        "/desk/north/settings/",
        "/desk/north/settings/people/",
        "/factchecks/{check}/",
        "/",
        "/corrections/",
        "/method/",
        "/feeds/atom.xml",
        *FEWER,
    ],
)
def test_a_page_asks_few_times(cast: Cast, path: str) -> None:
    check, verdict = pages.published(cast), pages.submitted(cast)
    claim = Verdict.objects.select_related("claim").get(pk=verdict.pk).claim
    client = pages.signed_in(cast.carla)
    address = path.format(claim=claim.pk, claimant=claim.claimant_id, verdict=verdict.pk, check=check.pk)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    most = FEWER.get(path, FEW)
    assert len(asked) <= most, "\n".join(one["sql"][:150] for one in asked.captured_queries)
