"""Logs as lists and as files, and the filters of evidence and of outlets: by an address that can be shared."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from claims.actions.claims.changes import edit_wording
from claims.actions.desk.settings import change_desk, set_owner
from claims.actions.discussion.notes import write_note
from claims.actions.documents.details import set_metadata
from claims.actions.evidence.decisions import decide
from claims.actions.evidence.search import log_outside_search
from claims.actions.review.panels import ask_panel
from claims.models import AuditEvent, Claim, Document, Evidence, Outlet
from tests import builders, people
from tests.admin.conftest import newest, quoted
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
LOG = "/desk/north/log/"


def read(client: Client, path: str, sent: Any = None) -> list[dict[str, str]]:
    answer = client.get(path, sent or {})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def shown(client: Client, sent: Any = None) -> list[int]:
    return [entry.event.pk for entry in client.get(LOG, sent or {}).context["rows"]]


# Logs


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"about": "evidence"},
        {"who": "ada"},
        {"who": "workbench"},
        {"claim": "first"},
        {"since": "2020-01-01"},
    ],
)
def test_the_log_as_a_file_holds_the_lines_of_the_screen(cast: Cast, sent: dict[str, str]) -> None:
    first, other = builders.claim(cast), builders.claim(cast)
    quoted(cast, first)
    quoted(cast, other)
    edit_wording(actor=cast.ada, claim=first, wording="=HYPERLINK(1)")
    asked = {
        name: {"ada": str(cast.ada.pk), "first": str(first.pk)}.get(value, value)
        for name, value in sent.items()
    }
    client = pages.signed_in(cast.ben)
    rows = read(client, f"{LOG}list.csv", asked)
    assert [int(row["id"]) for row in rows] == shown(client, asked)
    assert rows or sent == {"who": "workbench"}
    if "claim" in sent:
        assert {row["claim"] for row in rows} == {str(first.pk)}
        # What a spreadsheet would run is guarded.
        assert not [row for row in rows for cell in row.values() if cell.startswith("=")]
        assert any("HYPERLINK" in row["note"] for row in rows)
    if "about" in sent:
        assert {row["about"] for row in rows} == {"evidence"}
    if sent.get("who") == "ada":
        assert {row["who"] for row in rows} == {"Ada"}


def test_the_log_of_an_article_holds_what_was_done_to_it_and_to_what_it_says(cast: Cast) -> None:
    added = builders.article(cast)
    builders.analysed(cast, added)
    builders.accepted(cast)
    write_note(actor=cast.ben, document=added.document, desk=cast.desk, text="Read this one.")
    builders.article(cast, "Another article that says nothing of it.")
    client = pages.signed_in(cast.ben)
    rows = read(client, f"{LOG}list.csv", {"document": added.document.pk})
    assert {"document", "appearance", "desknote"} <= {row["about"] for row in rows}
    assert {row["number"] for row in rows if row["about"] == "document"} == {str(added.document.pk)}
    assert [int(row["id"]) for row in rows] == shown(client, {"document": added.document.pk})
    link = f"{LOG}?document={added.document.pk}"
    assert link in html.fromstring(client.get(f"/documents/{added.document.pk}/").content).xpath("//a/@href")


def test_the_file_is_whole_and_sent_as_it_is_made(cast: Cast) -> None:
    claim = builders.claim(cast)
    made = [
        AuditEvent(verb="claim.wording_set", object_kind="claim", object_id=claim.pk, claim_id=claim.pk,
                   desk_id=cast.desk.pk, actor_id=cast.ada.pk, created_at=builders.moment())
        for _ in range(1_100)
    ]  # fmt: skip
    AuditEvent.objects.bulk_create(made)
    client = pages.signed_in(cast.ben)
    answer = client.get(f"{LOG}list.csv", {"claim": claim.pk})
    assert answer.streaming
    with CaptureQueriesContext(connection) as asked:
        lines = b"".join(answer.streaming_content).count(b"\n")
    assert lines > 1_100
    # Three parts of 500, each with its details and its names.
    assert len(asked) <= 3 * 3 + 2
    assert len(shown(client, {"claim": claim.pk})) == 50


def test_an_address_by_hand_is_said_and_shows_nothing(cast: Cast) -> None:
    builders.claim(cast)
    client = pages.signed_in(cast.ben)
    for name in ("about", "who", "claim", "document", "since"):
        answer = client.get(LOG, {name: "nonsense"})
        assert answer.status_code == 200
        assert "means nothing under" in answer.content.decode(), name
        assert not answer.context["rows"]
        assert client.get(f"{LOG}list.csv", {name: "nonsense"}).status_code == 422
    assert "is no filter of this list" in client.get(LOG, {"tag": "bridges"}).content.decode()


def test_nobody_reads_of_what_is_kept_from_them(cast: Cast) -> None:
    added = builders.article(cast)
    builders.analysed(cast, added)
    claim = builders.accepted(cast)
    set_metadata(actor=cast.ada, document=added.document, visibility=Document.Visibility.NAMED)
    own, ben, otto = (pages.signed_in(one) for one in (cast.ada, cast.ben, cast.otto))
    about = {"document": added.document.pk}
    assert read(own, f"{LOG}list.csv", about)
    assert ben.get(f"{LOG}list.csv", about).status_code == 422
    assert "raised its fees" not in ben.get(LOG).content.decode()
    for path in (
        LOG,
        f"{LOG}list.csv",
        f"/claims/{claim.pk}/searches/list.csv",
        "/desk/north/sources/list.csv",
    ):
        assert otto.get(path).status_code == 404, path


def test_whoever_owes_an_opinion_reads_no_decision_in_the_log(cast: Cast) -> None:
    change_desk(actor=cast.dana, desk=cast.desk, values={"panels": "possible"})
    claim = builders.claim(cast)
    decide(actor=cast.ada, evidence=quoted(cast, claim), stance="refutes", reason="tamarindremark")
    fay = people.person("Fay", cast.desk, people.Role.REVIEWER)
    ask_panel(actor=cast.ada, review=newest(claim), readers=[fay], needed=1)
    for who, told in ((fay, False), (cast.carla, True)):
        text = str(read(pages.signed_in(who), f"{LOG}list.csv", {"claim": claim.pk}))
        assert ("tamarindremark" in text) is told


def test_the_log_of_searches_is_a_file(cast: Cast) -> None:
    claim = builders.claim(cast)
    log_outside_search(
        actor=cast.ada,
        claim=claim,
        where="Wikipedia",
        text="+cars per day",
        url="https://en.wikipedia.org/w/index.php",
    )
    (row,) = read(pages.signed_in(cast.ben), f"/claims/{claim.pk}/searches/list.csv")
    assert row["who"] == "Ada"
    assert row["questions"] == "'+cars per day"
    assert row["where"] == "https://en.wikipedia.org/w/index.php"
    assert row["hits"] == ""


# Filters


@pytest.fixture
def judged(cast: Cast) -> Claim:
    claim = builders.claim(cast)
    for n, stance in enumerate(("refutes", "refutes", "supports", "")):
        row = quoted(cast, claim, f"Source {n} counts.")
        Evidence.objects.filter(pk=row.pk).update(stance=stance)
    return claim


def _board(client: Client, claim: Claim, sent: Any) -> tuple[list[str], str]:
    text = client.get(f"/claims/{claim.pk}/", sent).content.decode()
    tree = html.fromstring(text)
    rows = tree.xpath("//*[@id='evidence']//article[@data-evidence]")
    return [row.get("data-evidence") for row in rows], " ".join(
        tree.xpath("//ul[@class='in-force']//bdi/text()")
    )


def test_evidence_is_narrowed_by_an_address(cast: Cast, judged: Claim) -> None:
    client = pages.signed_in(cast.ada)
    rows = {row.stance: [] for row in judged.evidence.all()}
    for row in judged.evidence.order_by("pk"):
        rows[row.stance].append(str(row.pk))
    assert len(_board(client, judged, {})[0]) == 4
    for value, stance in (("refutes", "refutes"), ("open", ""), ("supports", "supports")):
        found, said = _board(client, judged, {"stance": value})
        assert sorted(found) == rows[stance]
        assert said
    assert _board(client, judged, {"kind": "quotation", "stance": "supports"})[0] == rows["supports"]
    assert _board(client, judged, {"kind": "contact"})[0] == []
    links = html.fromstring(client.get(f"/claims/{judged.pk}/").content).xpath(
        "//*[@id='evidence']//nav//a/@href"
    )
    assert f"/claims/{judged.pk}/?stance=refutes#evidence" in links


def test_what_means_nothing_on_the_board_is_said(cast: Cast, judged: Claim) -> None:
    client = pages.signed_in(cast.ada)
    for sent in ({"stance": "wild"}, {"kind": "\x00"}, {"when": "someday", "stance": "refutes"}):
        answer = client.get(f"/claims/{judged.pk}/", sent)
        assert answer.status_code == 200
        if "\x00" not in sent.values():
            assert "means nothing under" in answer.content.decode()
            assert _board(client, judged, sent)[0] == []


def test_outlets_are_narrowed_and_come_as_a_file(cast: Cast) -> None:
    for outlet in ("Lenna Courier", "Lenna Times", "-Bergen Press"):
        builders.article(cast, f"{outlet} reports on the bridge of Lenna and its many cars.", outlet=outlet)
    owned = Outlet.objects.get(name="Lenna Times")
    set_owner(actor=cast.carla, desk=cast.desk, outlet=owned, owner="Falk Holding")
    client = pages.signed_in(cast.ben)
    for sent, names in (
        ({"name": "lenna"}, {"Lenna Courier", "Lenna Times"}),
        ({"owner": "falk"}, {"Lenna Times"}),
        ({"kind": "unowned"}, {"Lenna Courier", "-Bergen Press"}),
        ({"kind": "agency"}, set()),
    ):
        answer = client.get("/desk/north/sources/", sent)
        assert {row.name for row in answer.context["outlets"]} == names
        assert b'class="in-force"' in answer.content
        rows = read(client, "/desk/north/sources/list.csv", sent)
        assert {row["outlet"].lstrip("'") for row in rows} == names
    assert "'-Bergen Press" in {row["outlet"] for row in read(client, "/desk/north/sources/list.csv")}
    wrong = client.get("/desk/north/sources/", {"kind": "wild"})
    assert "means nothing under" in wrong.content.decode()
    assert client.get("/desk/north/sources/list.csv", {"kind": "wild"}).status_code == 422
