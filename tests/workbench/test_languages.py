"""In which language does somebody read? Their profile's, their browser's, the installation's, in this order."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import translation

from claims.actions.base import Refused
from claims.actions.desk.preferences import set_language
from claims.models import AuditEvent
from tests.people import Cast

pytestmark = pytest.mark.django_db
BrowserOf = Callable[..., Client]
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}


def tongue(answer: object) -> str:
    page = answer.content.decode()  # type: ignore[attr-defined]
    return page.partition('<html lang="')[2].partition('"')[0]


@pytest.fixture(autouse=True)
def _afterwards():
    yield
    translation.deactivate()


def test_who_is_not_signed_in_reads_the_language_of_their_browser(cast: Cast) -> None:
    for path in ("/login/", "/", "/method/", "/corrections/", "/contact/"):
        assert tongue(Client().get(path)) == "en"
        assert tongue(Client().get(path, **GERMAN)) == "de"


def test_public_pages_say_to_caches_what_they_depend_on(cast: Cast) -> None:
    answer = Client().get("/method/", **GERMAN)
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in answer["Vary"].split(",")}
    assert answer["Content-Language"] == "de"
    assert not answer.cookies


def test_a_language_of_none_is_the_installations(cast: Cast, settings) -> None:
    settings.LANGUAGE_CODE = "de"
    assert tongue(Client().get("/method/", HTTP_ACCEPT_LANGUAGE="pl")) == "de"


def test_a_choice_is_kept_in_the_browser_and_leads_back(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/language/", {"language": "de", "next": "/method/?desk=x"})
    assert (answer.status_code, answer["Location"]) == (303, "/method/?desk=x")
    assert tongue(client.get("/method/")) == "de"
    client.post("/language/", {"language": "en"})
    assert tongue(client.get("/method/", **GERMAN)) == "en"


@pytest.mark.parametrize("code", ["", "xx", "de-AT", "../etc", "tlh"])
def test_a_language_that_the_pages_do_not_speak_changes_nothing(cast: Cast, code: str) -> None:
    client = Client()
    answer = client.post("/language/", {"language": code, "next": "https://elsewhere.example/"})
    assert (answer.status_code, answer["Location"], dict(answer.cookies)) == (303, "/", {})


def test_who_is_signed_in_keeps_it_in_the_profile(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada)
    client.post("/language/", {"language": "de"}, HTTP_ORIGIN="http://testserver")
    cast.ada.refresh_from_db()
    assert cast.ada.language == "de"
    assert tongue(browser_of(cast.ada).get("/profile/")) == "de"


def test_another_site_changes_nobodys_profile(cast: Cast, browser_of: BrowserOf) -> None:
    browser_of(cast.ada).post("/language/", {"language": "de"}, HTTP_ORIGIN="https://elsewhere.example")
    cast.ada.refresh_from_db()
    assert cast.ada.language == ""


def test_the_profile_goes_before_the_browser(cast: Cast, browser_of: BrowserOf) -> None:
    set_language(actor=cast.ada, language="en")
    assert tongue(browser_of(cast.ada).get("/profile/", **GERMAN)) == "en"


def test_the_menu_and_the_profile_change_it(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada)
    client.post("/profile/switch/", {"language": "de", "next": "/profile/"})
    page = client.get("/profile/").content.decode()
    assert '<option value="de" selected>Deutsch</option>' in page
    assert 'value="de" lang="de"\n aria-pressed="true"' in page
    client.post("/profile/", {"display_name": "Ada", "theme": "dark", "language": "", "single_keys": "on"})
    cast.ada.refresh_from_db()
    assert cast.ada.language == ""


def test_an_unknown_language_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="do not speak this language"):
        set_language(actor=cast.ada, language="tlh")
    set_language(actor=cast.ada, language="de")
    set_language(actor=cast.ada, language="de")
    assert AuditEvent.objects.filter(verb="person.preferences").count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/feed.json", "/feeds/atom.xml", "/feeds/rss.xml", "/feeds/claimreview.json", "/feeds/verdicts.csv",
        "/feeds/feed.json?rating=nonsense", "/api/v1/claims/", "/v1alpha1/claims:search", "/robots.txt", "/sitemap.xml",
        "/healthz", "/oembed/?format=xml",
    ],
)  # fmt: skip
def test_programs_read_the_same_whatever_a_browser_prefers(cast: Cast, path: str) -> None:
    one, other = Client().get(path), Client().get(path, **GERMAN)

    def body(answer):
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    assert body(one) == body(other)
    assert (one.status_code, one.get("ETag")) == (other.status_code, other.get("ETag"))
    assert "Accept-Language" not in other.get("Vary", "")
    assert other["Content-Language"] == "en"


def test_every_language_offered_has_its_files() -> None:
    for code, _name in settings.LANGUAGES:
        assert code == "en" or translation.check_for_language(code)
        importlib.import_module(f"factcheck.formats.{code}.formats")


def test_a_setting_that_names_no_language_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import factcheck.settings as module

    monkeypatch.setenv("FACTCHECK_LANGUAGE", "tlh")
    with pytest.raises(ImproperlyConfigured, match="FACTCHECK_LANGUAGE must be one of en, de"):
        importlib.reload(module)
    monkeypatch.delenv("FACTCHECK_LANGUAGE")
    importlib.reload(module)
