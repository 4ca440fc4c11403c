"""Who gets what at which address? Every address of the project, with a decision for every role.

The columns: a visitor, Otto of another desk, Eli the contributor, Ada the fact-checker, Ben the reviewer, Carla
the desk editor, Dana the administrator. An address that is not in the table fails the test, as does one in the
table that is gone. The admin has such a table of its own.

2xx, 303 done or read · 302 to the sign-in form · 401 the sign-in form carrying what was typed · 403 not allowed,
saying who is · 404 not there, for people of other desks · 405 only the other method · 409 too late · 422 refused.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from claims.actions import engines
from claims.actions.accounts import login_link
from claims.actions.review import propose_wording
from claims.models import AnalysisRun, Claimant, Document, Evidence, Job, Match, Outlet, Review, Role
from tests import builders
from tests.checks_made import approved, checked_claim, published, source, submitted, words
from tests.people import Cast, person

HERE = {"HTTP_ORIGIN": "http://testserver"}


@dataclass(frozen=True)
class Line:
    """One address: arguments (names of the world), what is sent, and the status for each role."""

    name: str
    args: str = ""
    expected: str = ""
    send: dict[str, Any] | None = None
    note: str = ""
    also: dict[str, Any] = field(default_factory=dict)


GET, POST = None, dict[str, Any]()

# fmt: off
TABLE = [
    Line("healthz", "", "?"),
    Line("readyz", "", "?"),
    Line("metrics", "", "?"),
    Line("public-home", "", "?"),
    Line("public-check", "public", "?"),
    Line("public-check", "public text", "?", note="slug"),
    Line("public-version", "public one", "?"),
    Line("public-corrections", "", "?"),
    Line("public-method", "", "?"),
    Line("public-about", "", "?"),
    Line("public-contact", "", "?"),
    Line("feed-claimreview", "", "?"),
    Line("feed-json", "", "?"),
    Line("feed-atom", "", "?"),
    Line("feed-rss", "", "?"),
    Line("feed-csv", "", "?"),
    Line("feed-csv-schema", "", "?"),
    Line("google-claims-search", "", "?", also={"query": "bridge"}),
    Line("google-image-search", "", "?"),
    Line("api-schema", "", "?"),
    Line("api-claim-list", "", "?"),
    Line("api-claim-detail", "claim", "?"),
    Line("api-factcheck-list", "", "?"),
    Line("api-factcheck-detail", "factcheck", "?"),
    Line("api-document-list", "", "?"),
    Line("api-document-detail", "document", "?"),
    Line("login", "", "?"),
    Line("login", "", "?", send=POST, note="signing in"),
    Line("login-link", "link", "?"),
    Line("logout", "", "?", send=POST),
    Line("profile", "", "?"),
    Line("profile", "", "?", send=POST, note="changing"),
    Line("switch", "", "?", send=POST),
    Line("keys", "", "?"),
    Line("desk-home", "", "?"),
    Line("desk", "slug", "?"),
    Line("desk-next", "slug", "?"),
    Line("add", "slug", "?"),
    Line("add", "slug", "?", send={"what": "Fees rose in Osk."}, note="adding"),
    Line("adding", "slug job", "?"),
    Line("claim-new", "slug", "?"),
    Line("claim-new", "slug", "?", send={"quotation": "Fees rose in Osk.", "checks": "content"}, note="making"),
    Line("articles", "slug", "?"),
    Line("document", "document", "?"),
    Line("document-progress", "document", "?"),
    Line("document-captures", "document", "?"),
    Line("document-publication", "document", "?", send={"value": "2026-03"}),
    Line("document-metadata", "document", "?", send={"title": "Fees", "visibility": "archive"}),
    Line("document-select", "document", "?", send={"capture": "=capture", "quotation": "eleven boats"}),
    Line("document-merge", "document", "?", send={"appearance": "=pair"}),
    Line("document-finish", "document", "?", send=POST),
    Line("document-reopen", "document", "?", send=POST),
    Line("document-undo", "document", "?", send=POST),
    Line("document-reanalyse", "document", "?", send=POST),
    Line("document-proposal", "document", "?", send={"run": "=run", "number": "0"}),
    Line("appearance-accept", "appearance", "?", send=POST),
    Line("appearance-dismiss", "appearance", "?", send=POST),
    Line("appearance-reopen", "appearance", "?", send=POST),
    Line("appearance-span", "appearance", "?", send={"quotation": "raised its fees"}),
    Line("appearance-split", "appearance", "?", send={"quotation": "=cut"}),
    Line("capture-file", "capture", "?"),
    Line("queue", "slug", "?"),
    Line("bulk", "slug", "?", send={"action": "assign", "claims": "=claim", "to": "=ada"}),
    Line("claim", "claim", "?"),
    Line("claim-wording", "claim", "?", send={"wording": "Another sentence."}),
    Line("claim-claimant", "claim", "?", send={"name": "Mayor Ek", "kind": "person"}),
    Line("claim-checks", "claim", "?", send={"checks": "said"}),
    Line("claim-dates", "claim", "?", send={"made_on": "2026-02"}),
    Line("claim-merge", "claim", "?", send={"into": "=other"}),
    Line("claim-search", "claim", "?", send=POST),
    Line("claim-outside", "claim", "?", send={"where": "news", "text": "bridge cars"}),
    Line("claim-evidence", "claim", "?"),
    Line("evidence-rest", "claim", "?", send=POST),
    Line("evidence-add", "claim kind", "?", send={"quotation": "412 cars.", "source_title": "A count"}),
    Line("evidence", "evidence", "?", send={"stance": "refutes"}),
    Line("match-decide", "match", "?", send={"decision": "reject"}),
    Line("review-take", "review", "?", send=POST),
    Line("review-put-down", "review", "?", send=POST),
    Line("review-put-back", "review", "?", send=POST),
    Line("review-assign", "review", "?", send={"to": "=ada"}),
    Line("review-close", "review", "?", send={"reason": "other", "note": "Not ours."}),
    Line("review-reopen", "review", "?", send=POST),
    Line("review-draft", "review", "?", send={"headline": "A draft"}),
    Line("review-preview", "review", "?", send={"*": "draft"}),
    Line("review-submit", "review", "?", send={"*": "draft"}),
    Line("review-publish", "held", "?", send=POST),
    Line("review-publish-at", "held", "?", send={"at": "2030-01-01T12:00"}),
    Line("review-hold", "held", "?", send=POST),
    Line("approve", "verdict", "?"),
    Line("verdict-tick", "verdict", "?", send=POST),
    Line("verdict-approve", "verdict", "?", send={"comment": "Well done."}, note="not opened yet"),
    Line("verdict-return", "verdict", "?", send={"comment": "Name the source."}),
    Line("verdict-propose", "verdict", "?", send={"*": "draft"}),
    Line("verdict-recall", "verdict", "?", send=POST),
    Line("proposal-decide", "proposal", "?", send={"decision": "decline"}),
    Line("published", "slug", "?"),
    Line("factcheck", "factcheck", "?"),
    Line("factcheck-suspend", "factcheck", "?", send={"note": "A doubt."}),
    Line("factcheck-reinstate", "factcheck", "?", send={"note": "Settled."}),
    Line("factcheck-withdraw", "factcheck", "?", send={"note": "Wrong."}),
    Line("factcheck-correct", "factcheck", "?", send={"kind": "correction", "public_note": "We had miscounted."}),
    Line("jobs", "slug", "?"),
    Line("job-retry", "job", "?", send=POST),
    Line("sources", "slug", "?"),
    Line("source-owner", "slug", "?", send={"outlet": "=outlet", "owner": "Osk Media"}),
    Line("reindex", "slug", "?", send=POST),
    Line("claimants", "slug", "?"),
    Line("claimant-merge", "claimant", "?", send={"into": "=claimant"}),
    Line("claimant-split", "claimant", "?", send={"alias": "Nobody"}),
    Line("settings", "slug", "?"),
    Line("settings", "slug", "?", send={"*": "settings"}, note="changing"),
    Line("settings-scale", "slug", "?", send=POST),
    Line("settings-key", "slug", "?", send={"name": "Script", "scopes": "read", "days": "30"}),
    Line("key-revoke", "key", "?", send=POST),
    Line("people", "slug", "?"),
    Line("person-roles", "slug person", "?", send={"roles": "contributor"}),
    Line("person-link", "slug person", "?", send=POST),
    Line("person-deactivate", "slug person", "?", send=POST),
]
# fmt: on


@pytest.fixture
def engine() -> Iterator[None]:
    engines.close_all()
    engines.writer().ensure()
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def world(cast: Cast, engine: None) -> dict[str, Any]:
    """One of everything that addresses are made of, all of the desk of the cast."""
    added = builders.article(cast)
    run: AnalysisRun = builders.analysed(cast, added)
    check = published(cast)
    waiting = submitted(cast)
    done = submitted(cast)
    held = approved(cast, done, publish_at=builders.moment(3000))
    open_claim = checked_claim(cast)
    cited = source(cast, open_claim)
    Review.objects.filter(claim=open_claim).update(assignee=cast.ada)
    outlet = Outlet.objects.create(name="Lenna Courier", name_key="lenna courier")
    Document.objects.filter(pk=added.document.pk).update(outlet=outlet)
    proposed = propose_wording(
        actor=cast.ben, verdict=waiting, data=replace(words(cast, None), headline="No, far fewer"), comment="Shorter."
    )
    other = checked_claim(cast)
    # Due since the fixed moment of the tests: nobody should conclude that no worker runs.
    Job.objects.update(run_after=timezone.now())
    from claims.actions.apikeys import make_key

    key, _secret = make_key(actor=cast.dana, desk=cast.desk, name="Partner", scopes=["feeds"])
    return {
        "slug": cast.desk.slug,
        "document": added.document.pk,
        "capture": added.capture.pk,
        "run": run.pk,
        "appearance": builders.suggestion(cast).pk,
        "pair": [builders.suggestion(cast).pk, builders.suggestion(cast, "lost 300 jobs").pk],
        "cut": builders.suggestion(cast).quotation.replace(" on 2", " |on 2"),
        "proposal": proposed.pk,
        "settings": {
            "name": "North Desk",
            "editorial_approvals": 1,
            "legal_approvals": 0,
            "publish_mode": "at_once",
            "time_zone": "UTC",
        },
        "job": Job.objects.create(desk=cast.desk, kind="fetch", status="failed", arguments={"url": "x"}).pk,
        "claim": open_claim.pk,
        "evidence": cited.pk,
        "review": Review.objects.get(claim=open_claim).pk,
        "held": held.pk,
        "verdict": waiting.pk,
        "draft": review_words(cast, cited),
        "match": Match.objects.create(claim=open_claim, factcheck=check).pk,
        "factcheck": check.pk,
        "public": check.public_id,
        "claimant": Claimant.objects.filter(desk=cast.desk).first().pk,  # type: ignore[union-attr]
        "outlet": outlet.pk,
        "key": key.pk,
        "person": cast.eli.pk,
        "other": other.pk,
        "kind": "quotation",
        "one": 1,
        "text": "some-words",
        "link": login_link(person("Late", cast.desk, Role.CONTRIBUTOR)).split("/")[3],
        "ada": cast.ada.pk,
    }


def review_words(cast: Cast, cited: Evidence) -> dict[str, Any]:
    data = words(cast, cited)
    return {
        "wording": cited.claim.wording,
        "headline": data.headline,
        "rating": data.rating_id,
        "short_answer": data.short_answer,
        "justification": data.justification,
        "byline": "Ada Example",
    }


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from names(pattern.url_patterns)
        else:
            assert pattern.name, f"{pattern} has no name"
            yield pattern.name


def test_every_address_is_in_the_table_and_every_line_has_an_address() -> None:
    assert sorted({line.name for line in TABLE}) == sorted(set(names(get_resolver().url_patterns)))


def ask(client: Client, line: Line, world: dict[str, Any]) -> int:
    """Send what the line says, and take back whatever it did."""
    address = reverse(line.name, args=[world[name] for name in line.args.split()])
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        if line.send is None:
            status = client.get(address, line.also).status_code
        else:
            send: dict[str, Any] = {}
            for name, value in line.send.items():
                if name == "*":
                    send |= world[value]
                else:
                    send[name] = world[value[1:]] if isinstance(value, str) and value.startswith("=") else value
            status = client.post(address, send, **HERE).status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status


@pytest.mark.django_db
def test_every_role_gets_what_was_decided(cast: Cast, world: dict[str, Any]) -> None:
    clients = [Client() for _role in range(7)]
    for client, user in zip(clients[1:], (cast.otto, cast.eli, cast.ada, cast.ben, cast.carla, cast.dana), strict=True):
        client.force_login(user)
        client.get("/desk/")
    found = {
        (line.name, line.note): " ".join(str(ask(client, line, world)) for client in clients) for line in TABLE
    }
    decided = {(line.name, line.note): line.expected for line in TABLE}
    assert len(decided) == len(TABLE), "two lines of one name need notes"
    import json, pathlib; pathlib.Path("/tmp/fc-pages-a/found.json").write_text(json.dumps({"|".join(k): v for k, v in found.items()}))
    assert found == decided


def test_every_page_of_the_workbench_passes_the_doors() -> None:
    """What is not public asks for a person before anything else, so that a carried form can be sent on."""
    public = ("login", "login-link", "logout")
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and getattr(pattern.urlconf_name, "__name__", "") == "claims.workbench.urls":
            for one in walk(pattern.url_patterns):
                assert one.name in public or getattr(one.callback, "needs_person", False), one.name


def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns)
        else:
            yield pattern

