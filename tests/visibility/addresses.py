"""Which addresses are there, and what is each of them about? Read from the project's own list of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from claims.models import (
    ApiKey,
    Appearance,
    BulkAct,
    Capture,
    Claim,
    Claimant,
    DeskNote,
    Document,
    Evidence,
    FactCheck,
    Feed,
    Invitation,
    Job,
    Match,
    Notice,
    OpenSession,
    Panel,
    ReaderMessage,
    Rereading,
    Review,
    SavedView,
    SearchRun,
    Selection,
    SourceAlert,
    Tag,
    User,
    Verdict,
    VerdictDraft,
)

#: Which objects an address is about; ``None`` where it names none. Every address has a line.
ABOUT: dict[str, type[models.Model] | None] = {
    **dict.fromkeys(
        (
            "healthz", "readyz", "metrics", "public-home", "public-corrections", "public-method", "public-about",
            "public-contact", "favicon", "robots", "sitemap", "sitemap-part", "oembed",
            "reader-messages", "feed-claimreview", "feed-json", "feed-atom", "feed-rss", "feed-csv",
            "feed-csv-schema", "google-claims-search", "google-image-search", "api-schema", "api-claim-list",
            "api-factcheck-list", "api-document-list", "api-note-list",
            "api-panel-list", "login", "login-link", "logout", "profile", "switch",
            "choose-language",
            "second-step", "sso", "second-factor", "second-factor-app", "second-factor-passkey", "second-factor-codes",
            "openid_connect_callback",
            "forgotten", "password-reset", "password", "sessions", "sessions-end",
            "help", "hints", "keys", "design", "palette",
            "inbox", "inbox-seen", "inbox-telling", "inbox-feed-renew", "inbox-feed", "mail-off",
            "my-desks", "leave-desk", "desk-home", "desk", "desk-next", "add", "claim-new", "articles",
            "queue", "bulk", "claimant-names", "tags", "tag-names", "view-save", "queue-csv", "search",
            "dashboard", "dashboard-csv", "report",
            "articles-csv", "published-csv", "published", "log", "log-csv", "outlets-csv",
            "jobs", "sources", "source-owner", "reindex",
            "claimants", "settings",
            "settings-scale", "settings-key", "people", "index-again", "rereadings", "feeds", "feeds-list",
            "checks-import", "labels", "labels-confirm",
        )
    ),
    **dict.fromkeys(("public-check", "public-version", "public-card", "public-embed",
                     "factcheck", "factcheck-suspend", "factcheck-reinstate",
                     "factcheck-withdraw", "factcheck-correct", "api-factcheck-detail"), FactCheck),
    **dict.fromkeys(("document-origin", "document-origin-split", "document-origin-join",
                     "document-origin-undo"), Document),
    **dict.fromkeys(("document", "document-progress", "document-captures", "document-publication",
                     "document-metadata", "document-select", "document-merge", "document-decide", "document-finish",
                     "document-search", "document-reopen", "document-undo", "document-suggest", "document-reanalyse",
                     "document-proposal", "document-reread", "document-note", "document-tags",
                     "document-units-json", "document-units-csv",
                     "api-document-detail",
                     "api-document-publication"), Document),
    **dict.fromkeys(("appearance-accept", "appearance-dismiss", "appearance-reopen", "appearance-span",
                     "appearance-split"), Appearance),
    "capture-file": Capture,
    **dict.fromkeys(("rereading", "rereading-apply", "rereading-cancel", "rereading-go-on",
                     "rereading-undo"), Rereading),
    "selection": Selection,
    **dict.fromkeys(("bulk-act", "bulk-start", "bulk-stop", "bulk-go-on", "bulk-undo", "bulk-csv"), BulkAct),
    "notice-seen": Notice,
    **dict.fromkeys(("note", "note-withdraw", "api-note-detail"), DeskNote),
    **dict.fromkeys(("feed", "feed-change", "feed-ask", "feed-pause", "feed-resume", "feed-remove"), Feed),
    **dict.fromkeys(("claim", "claim-wording", "claim-claimant", "claim-checks", "claim-dates", "claim-merge",
                     "claim-search", "claim-searches", "claim-outside", "claim-evidence", "claim-weaker",
                     "evidence-take", "evidence-rest", "evidence-add", "api-claim-detail", "api-claim-searches",
                     "claim-article-dates", "claim-watch", "claim-note", "claim-due", "claim-tags", "claim-topics",
                     "searches-csv"), Claim),
    "tag-change": Tag,
    "view-change": SavedView,
    **dict.fromkeys(("reader-message", "reader-message-settle", "reader-message-claim",
                     "reader-message-reopen"), ReaderMessage),
    "alert-decide": SourceAlert,
    **dict.fromkeys(("evidence", "evidence-note"), Evidence),
    "search-again": SearchRun,
    "match-decide": Match,
    **dict.fromkeys(("review-take", "review-take-over",
                     "review-hand-over", "panel", "panel-ask",
                     "review-put-down", "review-put-back", "review-assign", "review-close",
                     "review-reopen", "review-draft", "review-preview", "review-submit", "review-publish",
                     "review-publish-at", "review-hold"), Review),
    **dict.fromkeys(("approve", "verdict-public", "verdict-tick", "verdict-approve", "verdict-return",
                     "verdict-propose", "verdict-recall", "verdict-ask"), Verdict),
    **dict.fromkeys(("opinion-give", "opinion-decline", "panel-end", "api-panel-detail", "api-panel-opinion"), Panel),
    "proposal-decide": VerdictDraft,
    **dict.fromkeys(("adding", "job-cancel", "job-retry", "checks-imported"), Job),
    **dict.fromkeys(("claimant-merge", "claimant-split", "claimant-alias", "claimant-change"), Claimant),
    "session-end": OpenSession,
    "key-revoke": ApiKey,
    **dict.fromkeys(("invitation-answer", "invitation-withdraw"), Invitation),
    **dict.fromkeys(("person-roles", "person-link", "person-deactivate", "person-reactivate", "person-remove",
                     "person-factor"), User),
    # Which of one's own it is; of others there is none.
    "second-factor-remove": None,
}  # fmt: skip


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from addresses(pattern.url_patterns)
        else:
            yield pattern


def named_paths(
    desk: str, check: str, objects: Mapping[type[models.Model], list[int]]
) -> Iterator[tuple[str, str]]:
    """Yield (name, path) of every address, about each of these objects it can be about.

    ``desk`` is a slug, ``check`` the public id of a published check, ``objects`` ids by kind.
    """
    for name in sorted({str(pattern.name) for pattern in addresses(get_resolver().url_patterns)}):
        model = ABOUT[name]
        if name.startswith("public-") and model is not None:
            tries: list[list[Any]] = [[check], [check, 1], [check, "x"]]
        elif model is None:
            tries = [[], [desk], ["no-token"], ["nobody", "no-token"]]
        else:
            tries = [
                arguments for pk in objects[model] for arguments in ([pk], [desk, pk], [pk, "quotation"])
            ]
        for arguments in tries:
            try:
                yield name, reverse(name, args=arguments)
            except NoReverseMatch:
                continue


#: How many objects of a kind are enough, where it is not four: the world makes first those that matter.
ENOUGH: dict[type[models.Model], int] = {Job: 12, Claimant: 6, User: 2}


def first_ids(most: int | None = None) -> dict[type[models.Model], list[int]]:
    """Return the ids of the first objects of each kind that an address can be about."""
    kinds = {model for model in ABOUT.values() if model is not None}
    return {
        model: list(
            model._default_manager.order_by("pk").values_list("pk", flat=True)[: most or ENOUGH.get(model, 4)]
        )
        for model in kinds
    }
