"""How often is the database asked? As often for many rows as for few, and twelve times at most.

Every list, page, export and feed.

The table says which address shows which rows. Everything grows at once (``growing``): whatever an address shows,
there is three times as much of it the second time. ``NOT_ROWS`` says of every other address why it is not there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from claims.actions.review import bulk_acts, selections
from claims.admin.operations import _ForAdministrators
from claims.models import Claim, Review, User
from tests.people import Cast
from tests.queries.growing import Growing, begin, grow
from tests.visibility.addresses import addresses
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db
#: More than the three that the first page of a desk shows of a kind.
FEW = 4
#: Whatever is shown is asked for by so many statements, the session and the person included. Acts may take more.
MOST = 12
ACTS = ("bulk",)

#: Name of the address, what it shows that grows, and its path; ``{…}`` are the things that rows hang on.
TABLE = [
    ("desk", "what waits: suggestions, reviews, approvals, jobs, matches", "/desk/north/"),
    ("inbox", "what one was told", "/desk/north/inbox/"),
    ("inbox", "what one was told and has read", "/desk/north/inbox/?show=all"),
    ("my-desks", "desks and invitations", "/profile/desks/"),
    ("articles", "articles", "/desk/north/articles/"),
    ("articles", "articles to triage", "/desk/north/articles/?state=triage"),
    ("rereadings", "batches of readings by newer rules", "/desk/north/rereadings/"),
    ("rereading", "articles of a batch", "/rereadings/{batch}/"),
    ("document", "suggestions, claims and states of one article", "/documents/{document}/"),
    ("document", "the same, the state that was split", "/documents/{document}/?capture=1"),
    ("document-captures", "states of one article", "/documents/{document}/captures/"),
    ("document-origin", "articles of one origin", "/documents/{document}/origin/"),
    ("queue", "claims", "/desk/north/claims/"),
    ("queue", "claims with a tag", "/desk/north/claims/?tag=growing"),
    ("articles", "articles with a tag", "/desk/north/articles/?tag=growing"),
    ("dashboard", "figures of checks, tags, claimants", "/desk/north/dashboard/?since=2026-01-01"),
    ("dashboard-csv", "the same as a file", "/desk/north/dashboard/figures.csv?since=2026-01-01"),
    ("report", "the same, and corrections", "/desk/north/dashboard/report/?since=2026-01-01"),
    ("queue-csv", "claims as a file", "/desk/north/claims/list.csv"),
    ("articles-csv", "articles as a file", "/desk/north/articles/list.csv"),
    ("published-csv", "checks as a file", "/desk/north/published/list.csv"),
    ("document-units-csv", "claims of one article as a file", "/documents/{document}/claims.csv?capture=1"),
    ("document-units-json", "the same, with its text", "/documents/{document}/claims.json"),
    ("tags", "tags", "/desk/north/tags/"),
    ("log", "events", "/desk/north/log/"),
    ("log", "events of a claim", "/desk/north/log/?claim={claim}"),
    ("log-csv", "events as a file", "/desk/north/log/list.csv"),
    ("outlets-csv", "outlets as a file", "/desk/north/sources/list.csv"),
    ("tag-names", "tags whose name begins so", "/desk/north/tags/names/?tag=go"),
    ("claimant-names", "claimants whose name begins so", "/desk/north/claimants/names/?claimant=go"),
    ("queue", "claims of a state", "/desk/north/claims/?state=open&sort=score"),
    ("claim", "evidence, searches, matches, versions of one claim", "/claims/{claim}/"),
    ("claim", "sources beside the one that is read", "/claims/{claim}/?beside={source}"),
    ("claim", "proposals and versions of one claim", "/claims/{judged}/"),
    ("claim-evidence", "evidence of one claim", "/claims/{claim}/evidence/"),
    ("claim-weaker", "weaker passages of one claim", "/claims/{claim}/evidence/weaker/"),
    ("claim-searches", "questions of one claim with their answers", "/claims/{claim}/searches/"),
    ("searches-csv", "the same as a file", "/claims/{claim}/searches/list.csv"),
    ("approve", "readers and proposals of one version", "/verdicts/{verdict}/"),
    ("verdict-public", "the page of one version", "/verdicts/{verdict}/public/"),
    ("published", "checks, and what waits for publication", "/desk/north/published/"),
    ("published", "imported checks", "/desk/north/published/?show=imported"),
    ("factcheck", "versions of one check", "/factchecks/{check}/"),
    ("jobs", "jobs of every state", "/desk/north/jobs/"),
    ("sources", "outlets, owners, index", "/desk/north/sources/"),
    ("feeds", "feeds", "/desk/north/sources/feeds/"),
    ("reader-messages", "what readers wrote", "/desk/north/readers/"),
    ("feed", "askings and entries of one feed", "/sources/feeds/{feed}/"),
    ("checks-import", "imported files", "/desk/north/sources/checks/"),
    ("labels", "publishers and labels", "/desk/north/sources/labels/?site=checks.example"),
    ("claimants", "claimants and their names", "/desk/north/claimants/"),
    ("settings", "scales, ratings, keys", "/desk/north/settings/"),
    ("people", "people, roles, invitations", "/desk/north/settings/people/"),
    ("public-home", "checks", "/"),
    ("public-home", "checks of a claimant", "/?claimant=Ilse+Brandt"),
    ("public-check", "versions and sources of one check", "/checks/{public}/"),
    ("public-version", "the same, one version", "/checks/{public}/v1/"),
    ("public-corrections", "changed checks", "/corrections/"),
    ("public-method", "ratings", "/method/"),
    ("sitemap-part", "checks", "/sitemap-checks.xml"),
    ("feed-claimreview", "checks", "/feeds/claimreview.json"),
    ("feed-json", "checks", "/feeds/feed.json"),
    ("feed-atom", "checks", "/feeds/atom.xml"),
    ("feed-rss", "checks", "/feeds/rss.xml"),
    ("feed-csv", "checks", "/feeds/verdicts.csv"),
    ("feed-csv", "checks, for spreadsheets", "/feeds/verdicts.csv?spreadsheet=1"),
    ("google-claims-search", "checks", "/v1alpha1/claims:search?reviewPublisherSiteFilter={site}"),
    ("api-claim-list", "claims", "/api/v1/claims/"),
    ("api-claim-detail", "places, evidence, versions of one claim", "/api/v1/claims/{claim}/"),
    ("api-claim-searches", "questions of one claim", "/api/v1/claims/{claim}/searches/"),
    ("api-factcheck-list", "checks", "/api/v1/factchecks/"),
    ("api-document-list", "articles", "/api/v1/documents/"),
    ("api-note-list", "notes", "/api/v1/notes/"),
    ("api-panel-list", "panels and their opinions", "/api/v1/panels/"),
    ("panel", "panels that have ended", "/reviews/{review}/opinions/"),
    ("api-document-detail", "states and suggestions of one article", "/api/v1/documents/{document}/"),
]
#: Addresses that show no rows, and why; those that take no GET need no reason.
NOT_ROWS = {
    "healthz": "one word",
    "readyz": "figures",
    "metrics": "figures",
    "login": "a form",
    "forgotten": "a form",
    "openid_connect_callback": "only leads on",
    "password": "a form",
    "password-reset": "a form",
    "second-factor": "one's own two or three",
    "second-step": "a form",
    "sessions": "one's own",
    "sso": "only leads on",
    "login-link": "a form",
    "profile": "a form",
    "add": "a form",
    "adding": "one job",
    "claim-new": "a form",
    "claim-search": "the newest search",
    "api-factcheck-detail": "one check",
    "keys": "a fixed list",
    "help": "fixed words",
    "design": "a fixed list",
    "checks-imported": "one job",
    "search": "at most eight of a kind, read by their numbers",
    "palette": "at most six of a kind, read by their numbers",
    "public-about": "one text",
    "public-contact": "one text",
    "public-card": "one picture",
    "public-embed": "one check",
    "oembed": "one check",
    "favicon": "a fixed address",
    "robots": "a fixed list",
    "sitemap": "counts",
    "reader-message": "one message",
    "note": "one note",
    "api-note-detail": "one note",
    "api-panel-detail": "at most a dozen opinions, read in the same way as in the list",
    "inbox-feed": "at most fifty, by a token; read in the same way as the inbox",
    "mail-off": "one button",
    "review-take-over": "one draft",
    "feed-csv-schema": "a fixed list",
    "google-image-search": "refuses",
    "api-schema": "a fixed list",
    "desk-home": "goes on to a desk",
    "desk-next": "goes on to one thing",
    "document-progress": "one job",
    "document-publication": "goes back to the article",
    "document-metadata": "goes back to the article",
    "capture-file": "one file",
    "document-proposal": "one suggestion",
    "evidence": "one row",
}


@dataclass(frozen=True)
class Address:
    """One address that is looked at, by whom, and with what is sent."""

    name: str
    shows: str
    path: str
    who: str = "dana"
    sent: tuple[tuple[str, Any], ...] = ()


def _admin(on: Growing) -> Iterator[Address]:
    for model in sorted(admin.site._registry, key=lambda one: one.__name__):
        kind = model._meta.model_name
        yield Address("admin", f"list of {kind}", f"/admin/claims/{kind}/", "root")
        if not isinstance(admin.site._registry[model], _ForAdministrators):
            yield Address("admin", f"list of {kind} of a desk", f"/admin/claims/{kind}/")
    for kind, row in (
        ("claim", on.claim),
        ("claim", on.verdict.claim),
        ("document", on.document),
        ("review", on.verdict.review),
        ("verdict", on.verdict),
        ("factcheck", on.check),
        ("desk", on.cast.desk),
        ("user", on.cast.ada),
        ("capture", on.capture),
        ("analysisrun", on.run),
    ):
        yield Address("admin", f"page of a {kind}", f"/admin/claims/{kind}/{row.pk}/change/")
        yield Address("admin", f"history of a {kind}", f"/admin/claims/{kind}/{row.pk}/history/")


def _bulk(on: Growing) -> Iterator[Address]:
    """Acts on many claims: what they would do, for as many claims as there are made."""
    claims = tuple(
        ("claims", pk)
        for pk in Claim.objects.exclude(pk=on.claim.pk)
        .filter(reviews__state__in=Review.State.values, wording__startswith="The bridge")
        .distinct()
        .order_by("pk")
        .values_list("pk", flat=True)[: 2 * on.made]
    )
    for action in ("assign", "dismiss", "search", "tag", "verdict", "approve", "export"):
        sent = (("action", action), *claims)
        yield Address("bulk", f"{action}: what is kept", "/desk/north/claims/bulk/", "carla", sent)
    chosen = [pk for _name, pk in claims]
    kept = selections.select(actor=on.cast.carla, desk=on.cast.desk, claims=chosen)
    yield Address("selection", "claims that are selected", f"/selections/{kept.pk}/?act=assign", "carla")
    act = bulk_acts.preview(actor=on.cast.carla, selection=kept, action="assign", to=on.cast.ben)
    yield Address("bulk-act", "claims that an act would change", f"/bulk/{act.pk}/", "carla")
    yield Address("bulk-csv", "the same as a table", f"/bulk/{act.pk}/rows.csv", "carla")


def _all(on: Growing) -> Iterator[Address]:
    things = {
        "document": on.document.pk,
        "batch": on.batch.pk,
        "claim": on.claim.pk,
        "judged": on.verdict.claim_id,
        "verdict": on.verdict.pk,
        "review": on.verdict.review_id,
        "check": on.check.pk,
        "public": on.check.public_id,
        "site": on.check.site,
        "feed": on.feed.pk,
        "source": on.claim.evidence.order_by("pk").values_list("pk", flat=True)[0],
    }
    for name, shows, path in TABLE:
        yield Address(name, shows, path.format(**things))
    yield from _bulk(on)
    yield from _admin(on)


def _ask(client: Client, address: Address) -> tuple[int, int]:
    """Return the status and the length of the answer."""
    if not address.sent:
        answer = client.get(address.path)
    else:
        sent: dict[str, list[Any]] = {}
        for name, value in address.sent:
            sent.setdefault(name, []).append(value)
        answer = client.post(address.path, sent)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, len(content)


@dataclass(frozen=True)
class Look:
    """One answer: its status, its length, and the statements it took."""

    status: int
    length: int
    statements: Counter[str]


def _look(client: Client, address: Address) -> Look:
    """Look twice, and return the second one: the first fills what is kept."""
    _ask(client, address)
    with CaptureQueriesContext(connection) as asked:
        status, length = _ask(client, address)
    return Look(status, length, Counter(_shape(one["sql"]) for one in asked.captured_queries))


def _wrong(address: Address, few: Look, many: Look) -> str:
    """Return what is wrong with an address, in words."""
    if (few.status, many.status) not in ((200, 200), (303, 303)):
        return f"answered {few.status} and {many.status}"
    # A reader of a version is not shown what others opened and offered: only the statements are compared there.
    if many.length <= few.length and address.name not in ("admin", "bulk", "approve"):
        return "shows no more than before: what grows is not there"
    before, after = few.statements.total(), many.statements.total()
    if after > MOST and address.name not in ACTS:
        return f"{after} statements" + "".join(
            f"\n    {n} {words[:400]}" for words, n in many.statements.items()
        )
    if after > before:
        more = (many.statements - few.statements).most_common(4)
        return f"{before} -> {after} statements" + "".join(f"\n    +{n} {words[:400]}" for words, n in more)
    return ""


def _shape(statement: str) -> str:
    """Return a statement without its values: lists of any length are one."""
    words = re.sub(r"'[^']*'|\b\d+\b|%s", "?", statement)
    words = re.sub(r"\(\?(?:, \?)*\)", "(…)", words)
    return re.sub(r"_djp_sp_\S+|\"s\d+_x\d+\"|\bs\d+_x\d+\b", "point", words)


def _kind(path: str) -> str:
    """Return an address without the number of what was selected or asked for just now."""
    return re.sub(r"^/(selections|bulk)/\d+/", r"/\1/", path)


def test_every_address_asks_as_often_for_many_rows_as_for_few(cast: Cast) -> None:
    root = User.objects.create_superuser("root@desk.example", "a long enough password", display_name="Root")
    people = {"root": root, "dana": cast.dana, "carla": cast.carla}
    clients = {name: desk_pages.signed_in(user) for name, user in people.items()}
    on = begin(cast)
    grow(on, FEW)
    few = {(one.shows, _kind(one.path)): _look(clients[one.who], one) for one in _all(on)}
    grow(on, 2 * FEW)
    wrong = {
        (one.shows, one.path): words
        for one in _all(on)
        if (words := _wrong(one, few[one.shows, _kind(one.path)], _look(clients[one.who], one)))
    }
    assert not wrong, "\n".join(f"{shows}, {path}: {words}" for (shows, path), words in wrong.items())


def test_every_address_that_shows_rows_is_in_the_table(cast: Cast) -> None:
    client = desk_pages.signed_in(cast.dana)
    known = {name for name, _shows, _path in TABLE} | {"bulk", "selection", "bulk-act", "bulk-csv"}
    assert not known & NOT_ROWS.keys()
    for name in sorted({str(pattern.name) for pattern in addresses(get_resolver().url_patterns)} - known):
        for arguments in ([], ["north"], [1], ["north", 1], [1, "quotation"], ["x"]):
            try:
                path = reverse(name, args=arguments)
            except NoReverseMatch:
                continue
            assert name in NOT_ROWS or client.get(path).status_code == 405, (
                f"{name} {path} is not in the table"
            )
            break
        else:
            raise AssertionError(f"{name} has arguments of another kind")
