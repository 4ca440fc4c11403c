import pytest
import warnings
warnings.simplefilter("ignore")
from tests.checks_made import *
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db
def test_x(cast, drain, client):
    made = checked_claim(cast, "The mill of Lenna burned down in spring")
    check = published(cast, made=made, headline="Yes, the mill burned", label="true")
    other = published(cast)
    drain("index")
    from claims.actions.asking import find_factchecks
    from claims.models import Job, IndexEntry
    print(list(Job.objects.values_list("kind","status","error")))
    print(list(IndexEntry.objects.values_list("collection","version","indexed","error")))
    print(find_factchecks("mill burned", desks=[cast.desk]), check.pk, other.pk)
    import feedparser
    r=client.get("/feeds/feed.json"); print(r.content[:300])
    g=feedparser.parse(r.content); print(g.keys(), g.get("bozo_exception"), len(g.entries))
    assert 0
