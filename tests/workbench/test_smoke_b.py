from tests.workbench import desk_pages as d
import pytest
pytestmark = pytest.mark.django_db
def test_all(cast):
    fc = d.published(cast)
    v = d.submitted(cast)
    c, r, s = d.working(cast)
    for user in (cast.ada, cast.ben, cast.carla, cast.dana, cast.eli):
        client = d.signed_in(user)
        for path in (f"/desk/north/claims/", f"/claims/{c.pk}/", f"/claims/{v.claim_id}/", f"/claims/{fc.claim_id}/", f"/verdicts/{v.pk}/", "/desk/north/published/", f"/factchecks/{fc.pk}/", "/desk/north/jobs/", "/desk/north/sources/", "/desk/north/claimants/", "/desk/north/settings/", "/desk/north/settings/people/", f"/evidence/{s.pk}/", "/desk/north/claims/?state=open&assignee=me&q=bridge&sort=score"):
            r2 = client.get(path)
            assert r2.status_code == 200, (user, path)
            text = r2.content.decode()
            assert "style=" not in text, path
            if user == cast.ada: open("/tmp/fc-b-" + path.strip("/").replace("/", "_").split("?")[0] + ".html", "w").write(text)
