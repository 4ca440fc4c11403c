"""Does anything that is stored, or leaves for programs, speak the language of whoever happened to act?

People work here in a language whose every sentence is marked; no row and no feed may hold a mark.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from claims.actions.claims import changes
from claims.actions.indexing import engines
from claims.actions.review import bulk_acts, selections
from claims.models import Notice, User
from tests import builders
from tests.languages import pseudo
from tests.people import Cast
from tests.visibility.world import make_world

pytestmark = pytest.mark.django_db


def test_what_people_do_is_stored_in_the_language_of_the_installation(cast: Cast, marked: None) -> None:
    engines.close_all()
    with translation.override(pseudo.CODE):
        world = make_world(cast, restrict=False)
        one = builders.claim(cast, "Fees rose", wording="Fees rose by 40 percent.")
        other = builders.claim(cast, "Fees grew", wording="Fees grew by 40 percent.")
        third = builders.claim(cast, "Fees fell", wording="Fees fell by 4 percent.")
        changes.merge_claims(actor=cast.ada, claim=other, into=one)
        kept = selections.select(actor=cast.carla, desk=cast.desk, claims=[one.pk, third.pk])
        bulk_acts.preview(actor=cast.carla, selection=kept, action="search")
        Notice.objects.create(desk=cast.desk, user=cast.ada, actor=cast.carla, kind="given")
        assert world.check.public_id
    engines.close_all()
    assert [part for part in pseudo.content_parts() if pseudo.OPEN in part] == []


def test_programs_read_no_readers_language(cast: Cast, marked: None) -> None:
    engines.close_all()
    world = make_world(cast, restrict=False)
    User.objects.update(language=pseudo.CODE)
    client = Client()
    client.force_login(cast.ada)
    paths = ["feed.json", "atom.xml", "rss.xml", "claimreview.json", "verdicts.csv", "verdicts.schema.json"]
    for path in [f"/feeds/{name}" for name in paths] + ["/robots.txt", "/oembed/?format=xml"]:
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert pseudo.OPEN not in body.decode(), path
    page = client.get(f"/checks/{world.check.public_id}/").content.decode()
    markup = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert '"ClaimReview"' in markup
    assert pseudo.OPEN in page
    assert pseudo.OPEN not in markup
    engines.close_all()
