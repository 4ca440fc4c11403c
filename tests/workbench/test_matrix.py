"""Who gets what at which address? Every address of the project, with a decision for every role.

The columns: a visitor, Otto of another desk, Eli the contributor, Ada the fact-checker, Ben the reviewer, Carla
the desk editor, Dana the administrator. An address that is not in the table fails the test, as does one in the
table that is gone. The admin has such a table of its own.

2xx, 303 done or read · 302 to the sign-in form · 401 the sign-in form carrying what was typed · 403 not allowed,
saying who is · 404 not there, for people of other desks · 405 only the other method · 409 too late · 422 refused.
"""

# The table reads best unwrapped.
# ruff: noqa: E501

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from claims.actions.desk import inbox
from claims.actions.desk.accounts import login_link, make_person
from claims.actions.discussion.notes import write_note
from claims.actions.indexing import engines
from claims.actions.review import bulk_acts, selections
from claims.actions.review.verdicts import propose_wording
from claims.jobs import presence
from claims.models import (
    AnalysisRun,
    Claim,
    Claimant,
    Desk,
    Document,
    Evidence,
    Feed,
    Job,
    Match,
    Notice,
    OpenSession,
    Opinion,
    Outlet,
    Panel,
    RatingScale,
    ReaderMessage,
    Review,
    SavedView,
    SearchHit,
    SearchRun,
    SourceAlert,
    Tag,
)
from claims.vocabulary import Role
from tests import builders, reread
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
    Line("healthz", "", "200 200 200 200 200 200 200"),
    Line("readyz", "", "200 200 200 200 200 200 200"),
    Line("metrics", "", "200 200 200 200 200 200 200"),
    Line("public-home", "", "200 200 200 200 200 200 200"),
    Line("public-check", "public", "200 200 200 200 200 200 200"),
    Line("public-check", "public text", "200 200 200 200 200 200 200", note="slug"),
    Line("public-version", "public one", "200 200 200 200 200 200 200"),
    Line("public-corrections", "", "200 200 200 200 200 200 200"),
    Line("public-method", "", "200 200 200 200 200 200 200"),
    Line("public-about", "", "200 200 200 200 200 200 200"),
    Line("public-contact", "", "200 200 200 200 200 200 200"),
    Line("public-contact", "", "303 303 303 303 303 303 303", POST | {"kind": "suggestion", "words": "The crane is new."}, "writing"),
    Line("public-card", "public", "200 200 200 200 200 200 200"),
    Line("public-embed", "public", "200 200 200 200 200 200 200"),
    Line("oembed", "", "404 404 404 404 404 404 404", note="no address"),
    Line("favicon", "", "302 302 302 302 302 302 302"),
    Line("robots", "", "200 200 200 200 200 200 200"),
    Line("sitemap", "", "200 200 200 200 200 200 200"),
    Line("sitemap-part", "section", "200 200 200 200 200 200 200"),
    Line("reader-messages", "slug", "302 404 200 200 200 200 200"),
    Line("reader-message", "letter", "302 404 200 200 200 200 200"),
    Line("reader-message-settle", "letter", "401 404 403 303 303 303 303", POST | {"state": "dismissed"}),
    Line("reader-message-claim", "letter", "401 404 403 303 303 303 303", POST | {"quotation": "The crane is new.", "checks": "content"}),
    Line("reader-message-reopen", "letter", "401 404 403 303 303 303 303", POST),
    Line("feed-claimreview", "", "200 200 200 200 200 200 200"),
    Line("feed-json", "", "200 200 200 200 200 200 200"),
    Line("feed-atom", "", "200 200 200 200 200 200 200"),
    Line("feed-rss", "", "200 200 200 200 200 200 200"),
    Line("feed-csv", "", "200 200 200 200 200 200 200"),
    Line("feed-csv-schema", "", "200 200 200 200 200 200 200"),
    Line("google-claims-search", "", "200 200 200 200 200 200 200", also={"query": "bridge"}),
    Line("google-image-search", "", "501 501 501 501 501 501 501"),
    Line("api-schema", "", "200 200 200 200 200 200 200"),
    Line("api-claim-list", "", "401 200 200 200 200 200 200"),
    Line("api-claim-detail", "claim", "401 404 200 200 200 200 200"),
    Line("api-claim-searches", "claim", "401 404 200 200 200 200 200"),
    Line("api-claim-searches", "claim", "401 404 403 202 202 202 202", send={"words": "bridge"}, note="asking"),
    Line("api-note-list", "", "401 200 200 200 200 200 200"),
    Line("api-note-list", "", "401 400 201 201 201 201 201", send={"claim": "=claim", "text": "Look."}, note="writing"),
    Line("api-note-detail", "note", "401 404 200 200 200 200 200"),
    Line("api-panel-list", "", "401 200 200 200 200 200 200"),
    Line("api-panel-detail", "panel", "401 404 200 200 200 200 200"),
    Line("api-panel-opinion", "panel", "401 404 400 400 400 400 400", send={"reason": "So."}, note="no rating"),
    Line("api-factcheck-list", "", "401 200 200 200 200 200 200"),
    Line("api-factcheck-detail", "factcheck", "401 404 200 200 200 200 200"),
    Line("api-document-list", "", "401 200 200 200 200 200 200"),
    Line("api-document-detail", "document", "401 404 200 200 200 200 200"),
    Line("api-document-publication", "document", "401 404 200 200 200 200 200", send={"published": "2026-03"}),
    Line("login", "", "200 303 303 303 303 303 303"),
    Line("login", "", "200 303 303 303 303 303 303", send=POST, note="signing in"),
    Line("login-link", "link", "200 200 200 200 200 200 200"),
    Line("logout", "", "303 303 303 303 303 303 303", send=POST),
    Line("profile", "", "302 200 200 200 200 200 200"),
    Line("profile", "", "401 200 200 200 200 200 200", send=POST, note="changing"),
    # Not switched on: there is nothing.
    Line("second-step", "", "404 404 404 404 404 404 404"),
    Line("second-step", "", "404 404 404 404 404 404 404", POST, "with a code"),
    Line("sso", "", "404 404 404 404 404 404 404"),
    Line("openid_connect_callback", "slug", "404 404 404 404 404 404 404"),
    Line("second-factor", "", "302 404 404 404 404 404 404"),
    Line("second-factor-app", "", "401 404 404 404 404 404 404", POST),
    Line("second-factor-passkey", "", "401 404 404 404 404 404 404", POST),
    Line("second-factor-codes", "", "401 404 404 404 404 404 404", POST),
    Line("second-factor-remove", "person", "401 404 404 404 404 404 404", POST),
    Line("person-factor", "slug person", "401 404 404 404 404 404 404", POST),
    Line("forgotten", "", "200 200 200 200 200 200 200"),
    Line("forgotten", "", "422 422 422 422 422 422 422", POST | {"email": "nobody@elsewhere.example"}, "no mail is set up"),
    Line("password-reset", "person token", "410 410 410 410 410 410 410"),
    Line("password", "", "302 200 200 200 200 200 200"),
    Line("password", "", "401 422 422 422 422 422 422", POST, "changing"),
    Line("sessions", "", "302 200 200 200 200 200 200"),
    Line("sessions-end", "", "401 303 303 303 303 303 303", POST),
    Line("session-end", "session", "401 404 404 404 404 404 404", POST, "of somebody else"),
    Line("switch", "", "401 303 303 303 303 303 303", send=POST),
    Line("help", "", "200 200 200 200 200 200 200"),
    Line("hints", "", "401 303 303 303 303 303 303", send={"away": "desk"}),
    Line("choose-language", "", "303 303 303 303 303 303 303", send=POST),
    Line("keys", "", "302 200 200 200 200 200 200"),
    Line("design", "", "302 200 200 200 200 200 200"),
    Line("desk-home", "", "302 303 303 303 303 303 303"),
    Line("desk", "slug", "302 404 200 200 200 200 200"),
    Line("desk-next", "slug", "302 404 303 303 303 303 303"),
    Line("add", "slug", "302 404 200 200 200 200 200"),
    Line("add", "slug", "401 404 303 303 303 303 303", send={"what": "Fees rose in Osk."}, note="adding"),
    Line("adding", "slug job", "302 404 200 200 200 200 200"),
    Line("claim-new", "slug", "302 404 200 200 200 200 200"),
    Line("claim-new", "slug", "401 404 403 303 303 303 303", send={"quotation": "Fees rose in Osk.", "checks": "content"}, note="making"),
    Line("articles", "slug", "302 404 200 200 200 200 200"),
    Line("palette", "slug", "302 404 200 200 200 200 200"),
    Line("document", "document", "302 404 200 200 200 200 200"),
    Line("document-progress", "document", "302 404 303 303 303 303 303"),
    Line("document-captures", "document", "302 404 200 200 200 200 200"),
    Line("document-origin", "document", "302 404 200 200 200 200 200"),
    Line("document-origin-split", "document", "401 404 403 422 422 422 422", send={"reason": "Own reporter."}, note="alone"),
    Line("document-origin-join", "document", "401 404 422 422 422 422 422", send={"other": "0", "reason": "One report."}),
    Line("document-origin-undo", "document", "401 404 403 422 422 422 422", send=POST),
    Line("document-publication", "document", "401 404 303 303 303 303 303", send={"value": "2026-03"}),
    Line("document-metadata", "document", "401 404 303 303 303 303 303", send={"title": "Fees", "visibility": "archive"}),
    Line("document-select", "document", "401 404 303 303 303 303 303", send={"capture": "=capture", "quotation": "eleven boats"}),
    Line(
        "document-merge",
        "document",
        "401 404 403 303 303 303 303",
        send={"appearance": "=pair", "confirmed": "1"},
    ),
    Line("document-decide", "document", "401 404 403 303 303 303 303", send={"appearance": "=pair"}),
    Line("document-finish", "document", "401 404 403 303 303 303 303", send=POST),
    Line("document-search", "document", "401 404 403 422 422 422 422", send=POST),
    Line("document-reopen", "document", "401 404 403 303 303 303 303", send=POST),
    Line("document-undo", "document", "401 404 422 422 422 422 422", send=POST),
    Line("document-suggest", "document", "401 404 422 422 422 422 422", send=POST),
    Line("document-reread", "document", "401 404 403 303 303 303 303", send=POST),
    Line("rereadings", "slug", "302 404 200 200 200 200 200"),
    Line("rereadings", "slug", "401 404 403 403 403 303 303", send=POST, note="asking"),
    Line("rereading", "batch", "302 404 200 200 200 200 200"),
    Line("rereading-apply", "batch", "401 404 403 403 403 303 303", send={"which": "all"}),
    Line("rereading-cancel", "batch", "401 404 403 403 403 409 409", send=POST),
    Line("rereading-go-on", "batch", "401 404 403 403 403 422 422", send=POST),
    Line("rereading-undo", "batch", "401 404 422 422 422 422 422", send=POST),
    Line("document-reanalyse", "document", "401 404 303 303 303 303 303", send=POST),
    Line("document-proposal", "document", "401 404 403 409 409 409 409", send={"run": "=run", "number": "0"}),
    Line("appearance-accept", "appearance", "401 404 403 303 303 303 303", send=POST),
    Line("appearance-dismiss", "appearance", "401 404 403 303 303 303 303", send=POST),
    Line("appearance-reopen", "appearance", "401 404 403 303 303 303 303", send=POST),
    Line("appearance-span", "appearance", "401 404 403 303 303 303 303", send={"quotation": "raised its fees"}),
    Line("appearance-split", "appearance", "401 404 403 303 303 303 303", send={"quotation": "=cut"}),
    Line("capture-file", "capture", "302 404 200 200 200 200 200"),
    Line("queue", "slug", "302 404 200 200 200 200 200"),
    Line("bulk", "slug", "401 404 403 303 303 303 303", send={"action": "assign", "claims": "=claim", "to": "=ada"}),
    Line("claimant-names", "slug", "302 404 200 200 200 200 200", also={"claimant": "il"}),
    Line("selection", "selection", "302 404 404 404 404 200 404"),
    Line("selection", "selection", "401 404 404 404 404 303 404", send={"act": "search"}, note="asking"),
    Line("bulk-act", "bulkact", "302 404 404 404 404 200 404"),
    Line("bulk-start", "bulkact", "401 404 404 404 404 303 404", send=POST),
    Line("bulk-stop", "bulkact", "401 404 404 404 404 409 404", send=POST),
    Line("bulk-go-on", "bulkact", "401 404 404 404 404 303 404", send=POST),
    Line("bulk-undo", "bulkact", "401 404 404 404 404 409 404", send=POST),
    Line("bulk-csv", "bulkact", "302 404 404 404 404 200 404"),
    Line("view-save", "slug", "401 404 303 303 303 303 303", send={"of": "claims", "name": "Open", "query": "state=open"}),
    Line("view-change", "view", "401 404 403 403 403 303 303", send={"act": "delete"}),
    Line("search", "slug", "302 404 200 200 200 200 200", also={"q": "bridge"}),
    Line("dashboard", "slug", "302 404 200 200 200 200 200"),
    Line("dashboard-csv", "slug", "302 404 200 200 200 200 200"),
    Line("report", "slug", "302 404 200 200 200 200 200"),
    Line("queue-csv", "slug", "302 404 200 200 200 200 200"),
    Line("articles-csv", "slug", "302 404 200 200 200 200 200"),
    Line("published-csv", "slug", "302 404 200 200 200 200 200"),
    Line("document-units-json", "document", "302 404 200 200 200 200 200"),
    Line("document-units-csv", "document", "302 404 200 200 200 200 200"),
    Line("tags", "slug", "302 404 200 200 200 200 200"),
    Line("log", "slug", "302 404 200 200 200 200 200"),
    Line("log-csv", "slug", "302 404 200 200 200 200 200"),
    Line("outlets-csv", "slug", "302 404 200 200 200 200 200"),
    Line("tag-names", "slug", "302 404 200 200 200 200 200", also={"tag": "ha"}),
    Line("tag-change", "tag", "401 404 403 403 403 303 303", send={"act": "rename", "name": "harbours"}),
    Line("claim-tags", "claim", "401 404 403 303 303 303 303", send={"typed": "fees"}),
    Line("document-tags", "document", "401 404 303 303 303 303 303", send={"typed": "fees"}),
    Line("notice-seen", "notice", "401 404 404 404 404 303 404", send=POST),
    Line("inbox", "slug", "302 404 200 200 200 200 200"),
    Line("inbox-seen", "slug", "401 404 303 303 303 303 303", send={"upto": "9"}),
    Line("inbox-telling", "slug", "401 404 303 303 303 303 303", send={"told_by_mail": "digest", "digest_hour": "9"}),
    Line("inbox-feed-renew", "slug", "401 404 303 303 303 303 303", send=POST),
    Line("inbox-feed", "feedtoken", "200 200 200 200 200 200 200"),
    Line("inbox-feed", "text", "404 404 404 404 404 404 404", note="damaged"),
    Line("mail-off", "mailtoken", "200 200 200 200 200 200 200"),
    Line("mail-off", "mailtoken", "200 200 200 200 200 200 200", send=POST, note="ending"),
    Line("claim-note", "claim", "401 404 303 303 303 303 303", send={"text": "Look."}),
    Line("evidence-note", "evidence", "401 404 303 303 303 303 303", send={"text": "Look."}),
    Line("document-note", "document", "401 404 303 303 303 303 303", send={"text": "Look."}),
    Line("note", "note", "302 404 200 200 200 200 200"),
    Line("note", "note", "401 404 403 403 403 303 403", send={"text": "Look again."}, note="changing"),
    Line("note-withdraw", "note", "401 404 403 403 403 303 403", send=POST),
    Line("claim", "claim", "302 404 200 200 200 200 200"),
    Line("claim-wording", "claim", "401 404 403 303 303 303 303", send={"wording": "Another sentence."}),
    Line("claim-claimant", "claim", "401 404 403 303 303 303 303", send={"name": "Mayor Ek", "kind": "person"}),
    Line("claim-checks", "claim", "401 404 403 303 303 303 303", send={"checks": "said"}),
    Line("claim-article-dates", "claim", "401 404 403 422 422 422 422", send={}),
    Line("claim-dates", "claim", "401 404 403 303 303 303 303", send={"made_on": "2026-02"}),
    Line("claim-topics", "claim", "401 404 403 303 303 303 303", send={"topics": "Water"}),
    Line("claim-due", "claim", "401 404 403 303 403 303 303", send={"day": "2999-01-01"}),
    Line("claim-merge", "claim", "401 404 403 303 303 303 303", send={"into": "=other"}),
    Line("claim-search", "claim", "401 404 403 303 303 303 303", send=POST),
    Line("claim-searches", "claim", "302 404 200 200 200 200 200"),
    Line("searches-csv", "claim", "302 404 200 200 200 200 200"),
    Line("search-again", "search", "401 404 403 303 303 303 303", send=POST),
    Line("claim-outside", "claim", "401 404 403 200 200 200 200", send={"where": "news", "text": "bridge cars"}),
    Line("claim-evidence", "claim", "302 404 200 200 200 200 200"),
    Line("claim-weaker", "claim", "302 404 200 200 200 200 200"),
    Line("evidence-take", "claim", "401 404 403 303 303 303 303", send={"hit": "=hit"}),
    Line("claim-watch", "claim", "401 404 403 303 303 303 303", send={"watched": "false"}),
    Line("alert-decide", "alert", "401 404 403 303 303 303 303", send={"decision": "dismiss"}),
    Line("evidence-rest", "claim", "401 404 403 303 303 303 303", send=POST),
    Line("evidence-add", "claim kind", "401 404 403 303 303 303 303", send={"quotation": "412 cars.", "source_title": "A count"}),
    Line("evidence", "evidence", "401 404 403 303 303 303 303", send={"stance": "refutes"}),
    Line("match-decide", "match", "401 404 403 303 303 303 303", send={"decision": "reject"}),
    Line("review-take", "review", "401 404 403 303 303 303 303", send=POST),
    Line("review-put-down", "review", "401 404 403 303 303 303 303", send=POST),
    Line("review-put-back", "review", "401 404 403 409 403 409 409", send=POST),
    Line("review-assign", "review", "401 404 403 303 403 303 303", send={"to": "=ada"}),
    Line("review-close", "review", "401 404 403 303 403 303 303", send={"reason": "other", "note": "Not ours."}),
    Line("review-reopen", "review", "401 404 403 409 409 409 409", send=POST),
    Line("review-draft", "review", "401 404 403 303 303 303 303", send={"headline": "A draft"}),
    Line("review-preview", "review", "401 404 403 200 200 200 200", send={"*": "draft"}),
    Line("review-submit", "review", "401 404 403 303 303 303 403", send={"*": "draft"}),
    Line("review-publish", "held", "401 404 403 403 303 303 403", send=POST),
    Line("review-publish-at", "held", "401 404 403 403 303 303 403", send={"at": "2030-01-01T12:00"}),
    Line("review-hold", "held", "401 404 403 403 303 303 403", send=POST),
    Line("approve", "verdict", "302 404 200 200 200 200 200"),
    Line("verdict-public", "verdict", "302 404 200 200 200 200 200"),
    Line("verdict-tick", "verdict", "401 404 422 422 422 422 422", send=POST, note="not opened yet"),
    Line("verdict-approve", "verdict", "401 404 403 403 422 422 403", send={"comment": "Well done."}, note="not opened yet"),
    Line("verdict-return", "verdict", "401 404 403 403 303 303 403", send={"comment": "Name the source."}),
    Line("verdict-propose", "verdict", "401 404 403 403 303 303 303", send={"*": "draft"}),
    Line("verdict-ask", "verdict", "401 404 403 303 403 303 403", send={"to": "=ben", "words": "Please."}),
    Line("review-take-over", "review", "302 404 200 200 200 200 200"),
    Line("review-take-over", "review", "401 404 403 422 303 303 403", send=POST, note="taking"),
    Line("review-hand-over", "review", "401 404 403 303 403 303 403", send={"to": "=ben", "words": "Please."}),
    Line("panel", "review", "302 404 200 200 200 200 200"),
    Line("panel-ask", "review", "401 404 422 422 422 422 422", send={"needed": "1"}, note="nobody"),
    Line("opinion-give", "panel", "401 404 422 422 422 422 422", send={"reason": "So."}, note="no rating"),
    Line("opinion-decline", "panel", "401 404 403 403 303 403 403", send=POST),
    Line("panel-end", "panel", "401 404 403 303 403 303 403", send=POST),
    Line("verdict-recall", "verdict", "401 404 403 303 403 403 403", send=POST),
    Line("proposal-decide", "proposal", "401 404 403 303 303 403 403", send={"decision": "decline"}),
    Line("published", "slug", "302 404 200 200 200 200 200"),
    Line("factcheck", "factcheck", "302 404 200 200 200 200 200"),
    Line("factcheck-suspend", "factcheck", "401 404 403 403 403 303 403", send={"note": "A doubt."}),
    Line("factcheck-reinstate", "factcheck", "401 404 403 403 403 409 403", send={"note": "Settled."}),
    Line("factcheck-withdraw", "factcheck", "401 404 403 403 403 303 403", send={"note": "Wrong."}),
    Line("factcheck-correct", "factcheck", "401 404 403 303 303 303 403", send={"kind": "correction", "public_note": "We had miscounted."}),
    Line("jobs", "slug", "302 404 200 200 200 200 200"),
    Line("job-cancel", "queued", "401 404 403 303 303 303 303", send=POST),
    Line("job-retry", "job", "401 404 403 303 303 303 303", send=POST),
    Line("sources", "slug", "302 404 200 200 200 200 200"),
    Line("feeds", "slug", "302 404 200 200 200 200 200"),
    Line("feeds", "slug", "401 404 403 403 403 303 303", POST | {"url": "https://b.example/rss", "kind": "articles", "every_minutes": 60}, "add"),
    Line("feeds-list", "slug", "401 404 422 422 422 422 422", POST, "without a file"),
    Line("feed", "feed", "302 404 200 200 200 200 200"),
    Line("feed-change", "feed", "401 404 403 403 403 303 303", POST | {"title": "x", "every_minutes": 60}),
    Line("feed-ask", "feed", "401 404 403 303 303 303 303", POST),
    Line("feed-pause", "feed", "401 404 403 403 403 303 303", POST),
    Line("feed-resume", "feed", "401 404 403 403 403 303 303", POST),
    Line("feed-remove", "feed", "401 404 403 403 403 303 303", POST),
    Line("checks-import", "slug", "302 404 200 200 200 200 200"),
    Line("checks-import", "slug", "401 404 422 422 422 422 422", POST, "without a file"),
    Line("checks-imported", "slug import", "302 404 200 200 200 200 200"),
    Line("checks-imported", "slug import", "401 404 403 303 303 303 303", POST, "columns"),
    Line("labels", "slug", "302 404 200 200 200 200 200"),
    Line("labels-confirm", "slug", "401 404 403 403 403 303 303", POST),
    Line("source-owner", "slug", "401 404 403 403 403 303 303", send={"outlet": "=outlet", "owner": "Osk Media"}),
    Line("reindex", "slug", "401 404 403 403 403 403 303", send=POST),
    Line("index-again", "slug", "401 404 403 403 403 403 303", send=POST),
    Line("claimants", "slug", "302 404 200 200 200 200 200"),
    Line("claimant-change", "claimant", "401 404 403 303 303 303 303", send={"name": "Ilse Brandt-Weiss", "kind": "person"}),
    Line("claimant-alias", "claimant", "401 404 403 403 403 303 303", send={"alias": "the fees minister"}),
    Line("claimant-merge", "claimant", "401 404 403 403 403 422 422", send={"into": "=claimant"}),
    Line("claimant-split", "claimant", "401 404 403 403 403 422 422", send={"alias": "Nobody"}),
    Line("settings", "slug", "302 404 200 200 200 200 200"),
    Line("settings", "slug", "401 404 403 403 403 303 303", send={"*": "settings"}, note="changing"),
    Line("settings-scale", "slug", "401 404 422 422 422 422 422", send=POST),
    Line("settings-key", "slug", "401 404 403 403 403 403 200", send={"name": "Script", "scopes": "read", "days": "30"}),
    Line("key-revoke", "key", "401 404 403 403 403 403 303", send=POST),
    Line("people", "slug", "302 404 200 200 200 200 200"),
    Line("people", "slug", "401 404 403 403 403 403 200", send={"email": "new@desk.example", "display_name": "New", "roles": "contributor"}, note="adding"),
    Line("person-roles", "slug person", "401 404 403 403 403 403 303", send={"roles": "contributor"}),
    Line("person-link", "slug person", "401 404 403 403 403 403 200", send=POST),
    Line("person-remove", "slug person", "401 404 403 403 403 403 303", send=POST),
    Line("person-deactivate", "slug person", "401 404 403 403 403 403 303", send=POST),
    Line("person-reactivate", "slug person", "401 404 403 403 403 403 303", send=POST),
    Line("invitation-withdraw", "slug invitation", "401 404 403 403 403 403 303", send=POST),
    Line("my-desks", "", "302 200 200 200 200 200 200"),
    Line("invitation-answer", "invitation", "401 303 404 404 404 404 404", send={"decision": "accept"}),
    Line("leave-desk", "slug", "401 404 303 303 303 303 422", send=POST),
]
# fmt: on


def _many(cast: Cast, claim: Claim) -> dict[str, Any]:
    """Carla's selection, what an act would do with it, and what she was told."""
    kept = selections.select(actor=cast.carla, desk=cast.desk, claims=[claim.pk])
    act = bulk_acts.preview(actor=cast.carla, selection=kept, action="search")
    told = Notice.objects.create(desk=cast.desk, user=cast.carla, actor=cast.ben, kind="given")
    written = write_note(actor=cast.carla, claim=claim, text="Look at this.")
    return {
        "selection": kept.pk,
        "bulkact": act.pk,
        "notice": told.pk,
        "note": written.pk,
        "feedtoken": inbox.renew_feed(actor=cast.carla),
        "mailtoken": inbox.mail_token(cast.carla),
    }


@pytest.fixture
def engine() -> Iterator[None]:
    engines.close_all()
    engines.writer().ensure()
    yield
    engines.writer().erase()
    engines.close_all()


def _hit(claim: Claim, added: Any) -> SearchHit:
    run = SearchRun.objects.create(desk=claim.desk, claim=claim, outcome="found")
    return SearchHit.objects.create(
        run=run, rank=1, document=added.document, capture=added.capture, start=0, end=9
    )


def _panel(cast: Cast) -> int:
    """An open panel that Ada asked Ben for, on a claim of its own."""
    Desk.objects.filter(pk=cast.desk.pk).update(panels="possible")
    review = Review.objects.get(claim=builders.claim(cast))
    scale = RatingScale.objects.get(desk=cast.desk, is_current=True)
    panel = Panel.objects.create(desk=cast.desk, review=review, asked_by=cast.ada, scale=scale, needed=1)
    Opinion.objects.create(panel=panel, reader=cast.ben)
    return panel.pk


@pytest.fixture
def world(cast: Cast, engine: None) -> dict[str, Any]:
    """One of everything that addresses are made of, all of the desk of the cast."""
    presence.report()
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
        actor=cast.ben,
        verdict=waiting,
        data=replace(words(cast, None), headline="No, far fewer"),
        comment="Shorter.",
    )
    other = checked_claim(cast)
    # Due since the fixed moment of the tests: nobody should conclude that no worker runs.
    Job.objects.update(run_after=timezone.now())
    from claims.actions.desk.api_keys import make_key

    key, _secret = make_key(actor=cast.dana, desk=cast.desk, name="Partner", scopes=["feeds"])
    return {
        "slug": cast.desk.slug,
        "document": added.document.pk,
        "capture": added.capture.pk,
        "run": run.pk,
        "batch": reread.previewed_batch(cast).pk,
        **_many(cast, builders.claim(cast)),
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
        "feed": Feed.objects.create(
            desk=cast.desk, kind="articles", url="https://a.example/", url_key="a"
        ).pk,
        "letter": ReaderMessage.objects.create(
            desk=cast.desk, kind="suggestion", words="The crane is new."
        ).pk,
        "tag": Tag.objects.create(desk=cast.desk, name="harbour", name_key="harbour").pk,
        "view": SavedView.objects.create(
            desk=cast.desk, owner=cast.dana, of="claims", name="Shared", query="state=open", shared=True
        ).pk,
        "section": "checks",
        "import": Job.objects.create(
            desk=cast.desk, kind="import", status="done", arguments={"name": "t.csv", "blob": "b"}
        ).pk,
        "queued": Job.objects.create(desk=cast.desk, kind="fetch", arguments={"url": "y"}).pk,
        "claim": open_claim.pk,
        "evidence": cited.pk,
        "hit": _hit(open_claim, added).pk,
        "search": SearchRun.objects.filter(claim=open_claim).latest("pk").pk,
        "alert": SourceAlert.objects.create(
            desk=cast.desk, claim=open_claim, document=added.document, capture=added.capture, start=0, end=9
        ).pk,
        "review": Review.objects.get(claim=open_claim).pk,
        "held": held.pk,
        "panel": _panel(cast),
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
        "link": login_link(
            actor=cast.dana, desk=cast.desk, user=person("Late", cast.desk, Role.CONTRIBUTOR)
        ).split("/")[3],
        "invitation": make_person(
            actor=cast.dana,
            desk=cast.desk,
            email=cast.otto.email,
            display_name="Otto",
            roles=[Role.CONTRIBUTOR],
        ).pk,
        "ada": cast.ada.pk,
        "token": "no-token",
        "session": OpenSession.objects.create(
            user=person("Lena"), session_key="x", last_seen=timezone.now()
        ).pk,
        "ben": cast.ben.pk,
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
                    send[name] = (
                        world[value[1:]] if isinstance(value, str) and value.startswith("=") else value
                    )
            status = client.post(address, send, **HERE).status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status


@pytest.mark.django_db
def test_every_role_gets_what_was_decided(cast: Cast, world: dict[str, Any], settings: Any) -> None:
    # All of them write to the desk from one network.
    settings.MESSAGE_RATE = 1_000
    clients = [Client() for _role in range(7)]
    for client, user in zip(
        clients[1:], (cast.otto, cast.eli, cast.ada, cast.ben, cast.carla, cast.dana), strict=True
    ):
        client.force_login(user)
        client.get("/desk/")
    found = {
        (line.name, line.note): " ".join(str(ask(client, line, world)) for client in clients)
        for line in TABLE
    }
    decided = {(line.name, line.note): line.expected for line in TABLE}
    assert len(decided) == len(TABLE), "two lines of one name need notes"
    assert found == decided


def test_every_page_of_the_workbench_passes_the_doors() -> None:
    """What is not public asks for a person before anything else, so that a carried form can be sent on."""
    public = (
        "login",
        "login-link",
        "logout",
        "forgotten",
        "password-reset",
        "second-step",
        "sso",
        "openid_connect_callback",
        "mail-off",
    )
    for pattern in get_resolver().url_patterns:
        if (
            isinstance(pattern, URLResolver)
            and getattr(pattern.urlconf_name, "__name__", "") == "claims.workbench.urls"
        ):
            for one in walk(pattern.url_patterns):
                assert one.name in public or getattr(one.callback, "needs_person", False), one.name


def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns)
        else:
            yield pattern
