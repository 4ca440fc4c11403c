"""How a check travels: picture, card for other pages, oEmbed; and what crawlers are told."""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from PIL import Image

from claims.actions.publishing.publish import suspend
from claims.models import FactCheck
from tests.checks_made import published
from tests.people import Cast

pytestmark = pytest.mark.django_db
SITE = "https://check.example"


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = SITE


def stopped(cast: Cast) -> FactCheck:
    check = published(cast)
    suspend(actor=cast.carla, factcheck=check, note="Under review.")
    return check


def test_the_picture_is_a_png_and_asked_for_again_only_where_it_changed(cast: Cast, client: Client) -> None:
    check = published(cast)
    answer = client.get(f"/checks/{check.public_id}/card.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    again = client.get(f"/checks/{check.public_id}/card.png", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_names_picture_and_card_by_whole_addresses(cast: Cast, client: Client) -> None:
    check = published(cast)
    page = client.get(f"/checks/{check.public_id}/").content.decode()
    assert f'<meta property="og:image" content="{SITE}/checks/{check.public_id}/card.png">' in page
    assert f"&lt;iframe src=&quot;{SITE}/embed/{check.public_id}/&quot;" in page
    assert f"{SITE}/oembed/?url=https%3A%2F%2Fcheck.example%2Fchecks%2F{check.public_id}%2F" in page


def test_what_does_not_stand_is_no_picture_and_its_card_says_so(cast: Cast, client: Client) -> None:
    check = stopped(cast)
    assert client.get(f"/checks/{check.public_id}/card.png").status_code == 404
    page = client.get(f"/checks/{check.public_id}/").content.decode()
    assert "card.png" not in page
    assert "iframe" not in page
    card = client.get(f"/embed/{check.public_id}/").content.decode()
    assert check.claim_text not in card
    assert "Under review." in card or "suspended" in card.lower()
    asked = client.get("/oembed/", {"url": f"{SITE}/checks/{check.public_id}/"})
    assert asked.status_code == 404


def test_only_the_card_may_stand_in_other_pages(cast: Cast, client: Client) -> None:
    check = published(cast)
    card = client.get(f"/embed/{check.public_id}/")
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert "script" not in card.content.decode().replace("script-src", "")
    page = client.get(f"/checks/{check.public_id}/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_oembed_gives_a_frame_no_larger_than_asked_for(cast: Cast, client: Client) -> None:
    check = published(cast)
    found = client.get(
        "/oembed/", {"url": f"{SITE}/checks/{check.public_id}/any-slug/", "maxwidth": "400"}
    ).json()
    assert (found["version"], found["type"], found["width"]) == ("1.0", "rich", 400)
    assert f'src="{SITE}/embed/{check.public_id}/"' in found["html"]
    assert 'width="400"' in found["html"]


@pytest.mark.parametrize(
    "url",
    ["", "https://else.example/checks/{id}/", "ftp://check.example/checks/{id}/", SITE, SITE + "/checks/none/",
     SITE + "/claims/1/", "https://[", "\x00"],
)  # fmt: skip
def test_other_addresses_embed_as_nothing(cast: Cast, client: Client, url: str) -> None:
    check = published(cast)
    assert client.get("/oembed/", {"url": url.replace("{id}", check.public_id)}).status_code == 404


def test_xml_is_not_answered(cast: Cast, client: Client) -> None:
    assert client.get("/oembed/", {"url": SITE, "format": "xml"}).status_code == 501


def test_the_sitemap_lists_what_stands_by_the_sites_own_address(cast: Cast, client: Client) -> None:
    check = published(cast)
    gone = stopped(cast)
    index = client.get("/sitemap.xml").content.decode()
    assert f"{SITE}/sitemap-checks.xml" in index
    found = client.get("/sitemap-checks.xml").content
    places = [one.text or "" for one in ElementTree.fromstring(found).iter() if one.tag.endswith("loc")]
    assert len(places) == 1
    assert places[0].startswith(f"{SITE}/checks/{check.public_id}/")
    assert gone.public_id not in found.decode()
    page = client.get(places[0].removeprefix(SITE)).content.decode()
    assert f'rel="canonical" href="{places[0]}"' in page
    pages = client.get("/sitemap-pages.xml").content.decode()
    assert f"{SITE}/method/" in pages
    assert f"{SITE}/contact/?desk=south" in pages


def test_robots_are_kept_out_of_the_desk_and_led_to_the_sitemap(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /desk/" in lines
    assert "Disallow: /checks/" not in lines
    assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"
