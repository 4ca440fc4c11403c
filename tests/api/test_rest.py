"""The REST API: what keys and people reach, and what they never do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.actions.desk.api_keys import make_key, revoke_key
from claims.models import AuditEvent, Document, Job, Membership, SearchRun
from claims.splitting.types import DateMention
from claims.tasks.base import run_now
from claims.vocabulary import Role
from tests.builders import HARBOUR, accepted, analysed, article, unit
from tests.checks_made import checked_claim, published
from tests.intake.office_files import docx, paragraph
from tests.people import Cast

pytestmark = pytest.mark.django_db


def key(cast: Cast, *scopes: str) -> dict[str, str]:
    """Return the header of a fresh key of Dana's."""
    _row, text = make_key(actor=cast.dana, desk=cast.desk, name="script", scopes=list(scopes))
    return {"HTTP_AUTHORIZATION": f"Bearer {text}"}


def get(client: Client, path: str, status: int = 200, **headers: Any) -> Any:
    response = client.get(f"/api/v1/{path}", **headers)
    assert response.status_code == status, response.content
    return response.json()


def test_without_a_key_or_a_session_nothing_is_read(client: Client, cast: Cast) -> None:
    for path in ("claims/", "factchecks/", "documents/", "claims/1"):
        get(client, path, 401)
    get(client, "claims/", 401, HTTP_AUTHORIZATION="Bearer nobody.knows")


def test_a_reading_key_lists_claims_checks_and_documents(client: Client, cast: Cast) -> None:
    made = checked_claim(cast)
    check = published(cast)
    added = article(cast)
    headers = key(cast, "read")
    claims = get(client, "claims", **headers)["results"]
    assert {row["id"] for row in claims} == {made.pk, check.claim_id}
    one = get(client, f"claims/{made.pk}", **headers)
    assert (one["wording"], one["claimant"], one["review"]["state"]) == (
        made.wording,
        "Ilse Brandt",
        "queued",
    )
    (row,) = get(client, "factchecks/?status=live&imported=false", **headers)["results"]
    assert (row["public_id"], row["payload"]["headline"]) == (
        check.public_id,
        "No, the bridge carries far fewer cars",
    )
    shown = get(client, f"documents/{added.document.pk}/", **headers)
    assert shown["capture"]["text"] == added.capture.text
    assert "text" not in get(client, "documents/", **headers)["results"][0]
    get(client, "claims/?state=nonsense", 400, **headers)
    assert [r["id"] for r in get(client, "claims/?state=queued", **headers)["results"]] == [made.pk]


def test_another_desks_objects_are_not_there(client: Client, cast: Cast) -> None:
    made, check, added = checked_claim(cast), published(cast), article(cast)
    client.force_login(cast.otto)
    for path in ("claims", "factchecks", "documents"):
        assert get(client, path)["results"] == []
    for path in (f"claims/{made.pk}", f"factchecks/{check.pk}", f"documents/{added.document.pk}"):
        get(client, path, 404)
    assert get(client, "claims/?desk=north")["results"] == []


def test_a_key_reaches_its_own_desk_only_and_its_scopes_only(client: Client, cast: Cast) -> None:
    Membership.objects.create(desk=cast.other_desk, user=cast.dana, role=Role.ADMINISTRATOR)
    made = checked_claim(cast)
    _row, text = make_key(actor=cast.dana, desk=cast.other_desk, name="south", scopes=["read"])
    south = {"HTTP_AUTHORIZATION": f"Bearer {text}"}
    assert get(client, "claims/", **south)["results"] == []
    get(client, f"claims/{made.pk}/", 404, **south)
    get(client, "claims/", 403, **key(cast, "feeds"))
    body = {"text": HARBOUR}
    refused = client.post("/api/v1/documents/", body, "application/json", **south)  # type: ignore[arg-type]
    assert refused.status_code == 403


def test_partners_and_revoked_keys_read_nothing(client: Client, cast: Cast) -> None:
    checked_claim(cast)
    row, text = make_key(actor=cast.dana, desk=cast.desk, name="old", scopes=["read"])
    revoke_key(actor=cast.dana, key=row)
    get(client, "claims/", 401, HTTP_AUTHORIZATION=f"Bearer {text}")
    Membership.objects.filter(user=cast.eli).update(role=Role.PARTNER)
    client.force_login(cast.eli)
    assert get(client, "claims/")["results"] == []


def test_a_writing_key_adds_a_text_once(client: Client, cast: Cast) -> None:
    headers = key(cast, "write")
    body = {"text": HARBOUR, "title": "Harbour fees", "outlet": "Lenna Post", "published": "2026-03"}

    def send(**more: str) -> Any:
        return client.post("/api/v1/documents", {**body, **more}, "application/json", **headers)  # type: ignore[arg-type]

    first, second = send(), send()
    assert (first.status_code, first.json()["outcome"]) == (201, "new")
    assert (second.status_code, second.json()["outcome"]) == (200, "same")
    document = Document.objects.get()
    assert (document.pk, document.published) == (first.json()["document"], "2026-03")
    assert set(AuditEvent.objects.filter(object_kind="document").values_list("via", flat=True)) == {"api"}
    empty = client.post("/api/v1/documents", {}, "application/json", **headers)  # type: ignore[arg-type]
    assert empty.status_code == 400
    refused = send(published="2199-01-01", text="Another text of the harbour, long enough to be one.")
    assert (refused.status_code, "detail" in refused.json()) == (422, True)


def test_an_address_becomes_a_job(client: Client, cast: Cast) -> None:
    client.force_login(cast.eli)
    body = {"url": "https://www.lenna-post.example/news/1"}
    answer = client.post("/api/v1/documents/", body, "application/json")
    assert answer.status_code == 202, answer.content
    assert answer.json()["job"]
    bad = client.post("/api/v1/documents/", {"url": "ftp://x.example/"}, "application/json")
    assert bad.status_code == 422


def test_a_file_becomes_a_job_that_reads_it(client: Client, cast: Cast) -> None:
    headers = key(cast, "write")
    name = "fees.docx"
    file = SimpleUploadedFile(name, docx(paragraph(HARBOUR)))
    answer = client.post("/api/v1/documents/", {"file": file}, **headers)
    assert answer.status_code == 202, answer.content
    assert run_now(answer.json()["job"])
    document = Document.objects.get()
    assert (document.title, document.captures.get().extractor) == ("fees", "docx/1")
    refused = client.post(
        "/api/v1/documents/", {"file": SimpleUploadedFile(name, b"PK\x03\x04no")}, **headers
    )
    assert refused.status_code == 422
    assert "packed file, but no Word" in refused.json()["detail"]


def test_the_schema_names_every_address_without_a_warning(client: Client, cast: Cast, capsys: Any) -> None:
    response = client.get("/api/v1/schema/?format=json")
    assert response.status_code == 200
    paths = response.json()["paths"]
    for name in ("claims", "factchecks", "documents"):
        assert any(path.startswith(f"/api/v1/{name}") for path in paths)
    assert "Warning" not in capsys.readouterr().err


def test_lists_ask_a_constant_number_of_questions(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _number in range(4):
        published(cast)
    client.force_login(cast.ada)
    get(client, "claims/")  # The first page of a session lists it.
    for path in ("claims/", "factchecks/", "documents/"):
        with django_assert_max_num_queries(10):
            get(client, path)


def test_a_publication_date_is_looked_at_and_entered_through_the_api(client: Client, cast: Cast) -> None:
    text = "The poll showed Reed ahead in the Nov. 8 election."
    added = article(cast, text)
    at = text.index("Nov. 8")
    mention = DateMention("Nov. 8", at, at + 6, "XXXX-11-08", direction="")
    analysed(cast, added, (unit(text, text[:-1], dates=(mention,)),))
    claim = accepted(cast, "Reed ahead")
    path = f"/api/v1/documents/{added.document.pk}/publication/"

    def post(status: int, *scopes: str, **body: Any) -> Any:
        sent = client.post(path, body, content_type="application/json", **key(cast, *scopes))
        assert sent.status_code == status, sent.content
        return sent.json()

    seen = post(200, "read", "write", published="2025-09-27", preview=True)
    assert seen["written"] is False
    assert [(row["expr"], row["before"], row["after"]) for row in seen["changes"]] == [
        ("Nov. 8", "XXXX-11-08", "2025-11-08")
    ]
    assert {(row["name"], row["after"]) for row in seen["claims"]} == {
        ("made_on", "2025-09-27"),
        ("about", "2025-11-08"),
    }
    assert Document.objects.get(pk=added.document.pk).published == ""
    assert post(200, "read", "write", published="2025-09-27")["written"] is True
    claim.refresh_from_db()
    assert (claim.made_on, claim.about) == ("2025-09-27", "2025-11-08")
    assert "future" in post(422, "read", "write", published="2999")["detail"]
    post(403, "read", published="2024")
    assert client.post(path, {"published": "2024"}, content_type="application/json").status_code == 401


def test_the_archive_is_asked_and_the_log_read_through_the_api(client: Client, cast: Cast) -> None:
    made = checked_claim(cast)
    headers = key(cast, "read", "write")
    path = f"/api/v1/claims/{made.pk}/searches/"

    def post(sent: dict[str, Any], status: int) -> Any:
        answer = client.post(path, sent, content_type="application/json", **headers)
        assert answer.status_code == status, answer.content
        return answer.json()

    assert "character 1 is never closed" in post({"words": '"new pier'}, 422)["detail"]
    assert "no outlet" in post({"words": "pier", "outlets": ["Nobody's"]}, 422)["detail"]
    post({"words": "x" * 1001}, 400)
    job = Job.objects.get(pk=post({"words": "pier -storm", "since": "2026"}, 202)["job"])
    assert job.arguments["asked"] == {"words": "pier -storm", "since": "2026"}
    run = SearchRun.objects.create(
        desk=made.desk, claim=made, kind="own_words", outcome="nothing",
        questions=[{"text": "quay", "asked": {"words": "quay", "language": "de"}}],
    )  # fmt: skip
    (line,) = get(client, f"claims/{made.pk}/searches/", **headers)["results"]
    assert (line["id"], line["questions"]) == (run.pk, run.questions)
    again = Job.objects.get(pk=post({"again": run.pk}, 202)["job"])
    assert again.arguments["asked"] == {"words": "quay", "language": "de"}
    other = SearchRun.objects.create(desk=made.desk, claim=published(cast).claim, outcome="found")
    post({"again": other.pk}, 404)
    post({"again": 10**12}, 404)
    reader = key(cast, "read")
    assert client.post(path, {"words": "pier"}, content_type="application/json", **reader).status_code == 403
