"""The import command: any shape, any place, everything counted."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.models import FactCheck
from tests.actions.publishing.test_publish import FOREIGN
from tests.net.server import Site, answer, redirect, serve
from tests.people import Cast

pytestmark = pytest.mark.django_db


def run(*arguments: str | Path, code: int = 0) -> tuple[dict[str, Any], str]:
    """Run the command with --json; return what it counts and what it says on standard error."""
    out, err = io.StringIO(), io.StringIO()
    said = ""
    if code:
        with pytest.raises(CommandError) as refusal:
            call_command("import_factchecks", *map(str, arguments), "--json", stdout=out, stderr=err)
        assert refusal.value.returncode == code
        said = str(refusal.value)
    else:
        call_command("import_factchecks", *map(str, arguments), "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue() or "{}"), err.getvalue() + said


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serve() as running:
        settings.FETCH_ALLOW = [f"127.0.0.1:{running.port}"]
        yield running


def other(number: int, **changes: Any) -> dict[str, Any]:
    return FOREIGN | {
        "url": f"https://checks.example/{number}",
        "claimReviewed": f"The ferry of Osk carried {number} people.",
        **changes,
    }


def html(*reviews: dict[str, Any]) -> bytes:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in reviews)
    return f"<!doctype html><html><head>{scripts}</head><body>x</body></html>".encode()


def google(*numbers: int, token: str = "") -> bytes:
    claims = [
        {
            "text": f"The ferry of Osk carried {n} people.",
            "claimReview": [
                {
                    "url": f"https://checks.example/{n}",
                    "reviewDate": "2026-02-01T00:00:00Z",
                    "textualRating": "False",
                }
            ],
        }
        for n in numbers
    ]
    return json.dumps({"claims": claims, **({"nextPageToken": token} if token else {})}).encode()


def test_a_folder_of_every_shape(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps({"dataFeedElement": [{"item": [other(1)]}]}), encoding="utf-8"
    )
    (tmp_path / "b.html").write_bytes(html({"@type": "WebSite"}, other(2)))
    (tmp_path / "c.csv").write_text(
        "claim;rating;url;date\nC;False;https://c.example/1;2026-01-01\n", encoding="utf-8"
    )
    (tmp_path / "d.jsonl").write_text(json.dumps(other(4)) + "\n{\n" + json.dumps(other(5)), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as packed:
        packed.writestr("in/e.json", json.dumps(other(6)))
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    told, said = run(tmp_path)
    assert (told["new"], told["refused"]) == (6, 2)
    assert "Line 2 is no JSON" in said
    assert "picture.png" in said
    assert sorted(told["shapes"]) == ["CSV", "ClaimReview", "DataFeed", "JSON lines", "page"]
    again, _said = run(tmp_path)
    assert (again["new"], again["unchanged"]) == (0, 6)


def test_an_api_is_read_page_by_page_to_its_end(cast: Cast, site: Site) -> None:
    site.routes["/v1alpha1/claims:search?query=ferry"] = answer(google(1, 2, token="t1"))
    site.routes["/v1alpha1/claims:search?query=ferry&pageToken=t1"] = answer(google(3, token="t2"))
    site.routes["/v1alpha1/claims:search?query=ferry&pageToken=t2"] = answer(google(4))
    told, _said = run(site.url("/v1alpha1/claims:search?query=ferry"))
    assert (told["new"], told["refused"]) == (4, 0)


def test_an_api_that_never_ends_is_left_and_said(cast: Cast, site: Site) -> None:
    site.routes["/s?query=x"] = answer(google(1, token="same"))
    site.routes["/s?query=x&pageToken=same"] = answer(google(2, token="same"))
    told, _said = run(site.url("/s?query=x"))
    assert told["new"] == 2
    for n in range(9):
        site.routes[f"/n?query=x&pageToken={n}"] = answer(google(10 + n, token=str(n + 1)))
    site.routes["/n?query=x"] = answer(google(9, token="0"))
    told, said = run(site.url("/n?query=x"), "--pages", "3")
    assert (told["new"], told["refused"]) == (3, 1)
    assert "more pages" in said


def test_a_later_page_that_fails_keeps_what_came_before(cast: Cast, site: Site) -> None:
    site.routes["/s?query=x"] = answer(google(1, token="gone"))
    told, said = run(site.url("/s?query=x"))
    assert (told["new"], told["refused"]) == (1, 1)
    assert "404" in said


def test_the_key_goes_to_google_alone_and_stands_in_no_address(settings: Any) -> None:
    from claims.actions.publishing.check_sources import _short, headers_for

    settings.GOOGLE_KEY = "secret"
    assert headers_for("https://factchecktools.googleapis.com/v1alpha1/claims:search") == {
        "X-Goog-Api-Key": "secret"
    }
    assert headers_for("https://factchecktools.googleapis.com.example/v1alpha1/claims:search") == {}
    assert "secret" not in _short("https://a.example/?query=x&key=secret")


def test_search_results_do_not_say_what_else_stands_on_a_page(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "g.json"
    for text in ("The ferry is full.", "The ferry is blue."):
        review = {"url": "https://checks.example/ferry", "reviewDate": "2026-02-01", "textualRating": "False"}
        body = {"claims": [{"text": text, "claimReview": [review]}]}
        path.write_text(json.dumps(body), encoding="utf-8")
        assert run(path)[0]["new"] == 1
    assert FactCheck.objects.count() == 2


def test_a_page_a_feed_and_a_list_of_addresses(cast: Cast, site: Site, tmp_path: Path) -> None:
    for n in (1, 2):
        site.routes[f"/{n}"] = answer(html(other(n)), Content_Type="text/html")
    site.routes["/moved"] = redirect("/1", 301)
    told, _said = run(site.url("/moved"))
    assert told["new"] == 1
    feed = "".join(f"<item><title>x</title><link>{site.url(path)}</link></item>" for path in ("/2", "/none"))
    site.routes["/rss"] = answer(
        f'<rss version="2.0"><channel>{feed}</channel></rss>'.encode(), Content_Type="text/xml"
    )
    told, _said = run(site.url("/rss"), code=1)
    assert told["passed_over_kinds"] == {"page named by a feed, not fetched (--follow)": 2}
    told, said = run(site.url("/rss"), "--follow")
    assert (told["new"], told["refused"]) == (1, 1)
    assert "404" in said
    path = tmp_path / "addresses.txt"
    path.write_text("\n".join(site.url(one) for one in ("/1", "/2")), encoding="utf-8")
    assert run(path)[0]["unchanged"] == 2


def test_unknown_columns_are_shown_and_named(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Frage,Antwort,Wo,Wann\nIst sie neu?,Nein,https://a.example/1,2026-01-01\n", encoding="utf-8"
    )
    _told, said = run(path, code=2)
    assert "Frage, Antwort, Wo, Wann" in said
    out = io.StringIO()
    call_command("import_factchecks", str(path), "--columns", stdout=out)
    shown = json.loads(out.getvalue())
    assert shown["missing"] == ["claim", "url"]
    assert shown["columns"][0] == {"column": "Frage", "taken_for": "", "sample": ["Ist sie neu?"]}
    assert not FactCheck.objects.exists()
    named = [
        "--column",
        "claim=Frage",
        "--column",
        "label=Antwort",
        "--column",
        "url=Wo",
        "--column",
        "published=Wann",
    ]
    assert run(path, *named)[0]["new"] == 1
    assert run(path, "--column", "nonsense=Frage", code=2)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "empty"),
        (b"<!doctype html><html><body>Sorry</body></html>", "no fact check"),
        (b'{"error": {"code": 403, "message": "Key needed", "status": "PERMISSION_DENIED"}}', "Key needed"),
        (b'{"dataFeedElement": [', "no JSON"),
    ],
)
def test_an_address_without_a_check_says_why(body: bytes, sentence: str, cast: Cast, site: Site) -> None:
    site.routes["/x"] = answer(
        body, Content_Type="text/html" if body.startswith(b"<") else "application/json"
    )
    code = 1 if body.startswith(b"<") else 2
    assert sentence in run(site.url("/x"), code=code)[1]


def test_standard_input_is_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(json.dumps(FOREIGN).encode())

    monkeypatch.setattr(sys, "stdin", Input)
    assert run("-")[0]["new"] == 1
