"""Addresses of claims, verdicts, approvals, publication, jobs, sources and settings."""

from __future__ import annotations

from django.urls import path

from claims.workbench.approval import views as approve
from claims.workbench.claim import evidence_views
from claims.workbench.claim import verdict_views as verdict
from claims.workbench.claim import views as claim
from claims.workbench.desk import feeds, foreign_checks, jobs, people, published, queue, sources
from claims.workbench.desk import settings as settings_pages

urlpatterns = [
    path("desk/<slug:slug>/claims/", queue.queue, name="queue"),
    path("desk/<slug:slug>/claims/bulk/", queue.bulk, name="bulk"),
    path("claims/<int:pk>/", claim.claim, name="claim"),
    path("claims/<int:pk>/wording/", claim.wording, name="claim-wording"),
    path("claims/<int:pk>/claimant/", claim.claimant, name="claim-claimant"),
    path("claims/<int:pk>/checks/", claim.checks, name="claim-checks"),
    path("claims/<int:pk>/dates/", claim.dates, name="claim-dates"),
    path("claims/<int:pk>/dates/article/", claim.article_dates, name="claim-article-dates"),
    path("claims/<int:pk>/merge/", claim.merge, name="claim-merge"),
    path("claims/<int:pk>/search/", evidence_views.search, name="claim-search"),
    path("claims/<int:pk>/searches/", evidence_views.searches, name="claim-searches"),
    path("searches/<int:pk>/again/", evidence_views.search_again, name="search-again"),
    path("claims/<int:pk>/outside/", evidence_views.outside, name="claim-outside"),
    path("claims/<int:pk>/evidence/", evidence_views.pane, name="claim-evidence"),
    path("claims/<int:pk>/evidence/weaker/", evidence_views.weaker, name="claim-weaker"),
    path("claims/<int:pk>/evidence/take/", evidence_views.take, name="evidence-take"),
    path("claims/<int:pk>/evidence/rest/", evidence_views.rest, name="evidence-rest"),
    path("claims/<int:pk>/evidence/add/<slug:kind>/", evidence_views.add, name="evidence-add"),
    path("evidence/<int:pk>/", evidence_views.evidence, name="evidence"),
    path("matches/<int:pk>/", evidence_views.match, name="match-decide"),
    path("reviews/<int:pk>/take/", claim.take, name="review-take"),
    path("reviews/<int:pk>/put-down/", claim.put_down, name="review-put-down"),
    path("reviews/<int:pk>/put-back/", claim.put_back, name="review-put-back"),
    path("reviews/<int:pk>/assign/", claim.assign, name="review-assign"),
    path("reviews/<int:pk>/close/", claim.close, name="review-close"),
    path("reviews/<int:pk>/reopen/", claim.reopen, name="review-reopen"),
    path("reviews/<int:pk>/draft/", verdict.draft, name="review-draft"),
    path("reviews/<int:pk>/preview/", verdict.preview, name="review-preview"),
    path("reviews/<int:pk>/submit/", verdict.submit, name="review-submit"),
    path("reviews/<int:pk>/publish/", approve.publish_now, name="review-publish"),
    path("reviews/<int:pk>/publish-at/", approve.publish_at, name="review-publish-at"),
    path("reviews/<int:pk>/hold/", approve.hold, name="review-hold"),
    path("verdicts/<int:pk>/", approve.approve, name="approve"),
    path("verdicts/<int:pk>/tick/", approve.tick, name="verdict-tick"),
    path("verdicts/<int:pk>/approve/", approve.give, name="verdict-approve"),
    path("verdicts/<int:pk>/return/", approve.send_back, name="verdict-return"),
    path("verdicts/<int:pk>/propose/", approve.propose, name="verdict-propose"),
    path("verdicts/<int:pk>/recall/", verdict.recall, name="verdict-recall"),
    path("proposals/<int:pk>/", verdict.proposal, name="proposal-decide"),
    path("desk/<slug:slug>/published/", published.published, name="published"),
    path("factchecks/<int:pk>/", published.factcheck, name="factcheck"),
    path("factchecks/<int:pk>/suspend/", published.suspend, name="factcheck-suspend"),
    path("factchecks/<int:pk>/reinstate/", published.reinstate, name="factcheck-reinstate"),
    path("factchecks/<int:pk>/withdraw/", published.withdraw, name="factcheck-withdraw"),
    path("factchecks/<int:pk>/correct/", published.correct, name="factcheck-correct"),
    path("desk/<slug:slug>/jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="job-retry"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job-cancel"),
    path("desk/<slug:slug>/sources/", sources.sources, name="sources"),
    path("desk/<slug:slug>/sources/owner/", sources.owner, name="source-owner"),
    path("desk/<slug:slug>/sources/reindex/", sources.reindex, name="reindex"),
    path("desk/<slug:slug>/sources/index-again/", sources.index_again, name="index-again"),
    path("desk/<slug:slug>/sources/feeds/", feeds.feeds, name="feeds"),
    path("desk/<slug:slug>/sources/feeds/list/", feeds.feed_list, name="feeds-list"),
    path("sources/feeds/<int:pk>/", feeds.feed, name="feed"),
    path("sources/feeds/<int:pk>/change/", feeds.feed_change, name="feed-change"),
    path("sources/feeds/<int:pk>/ask/", feeds.feed_act, {"act": "ask"}, name="feed-ask"),
    path("sources/feeds/<int:pk>/pause/", feeds.feed_act, {"act": "pause"}, name="feed-pause"),
    path("sources/feeds/<int:pk>/resume/", feeds.feed_act, {"act": "resume"}, name="feed-resume"),
    path("sources/feeds/<int:pk>/remove/", feeds.feed_remove, name="feed-remove"),
    path("desk/<slug:slug>/sources/checks/", foreign_checks.checks_import, name="checks-import"),
    path("desk/<slug:slug>/sources/checks/<int:pk>/", foreign_checks.checks_imported, name="checks-imported"),
    path("desk/<slug:slug>/sources/labels/", foreign_checks.labels, name="labels"),
    path("desk/<slug:slug>/sources/labels/confirm/", foreign_checks.labels_confirm, name="labels-confirm"),
    path("desk/<slug:slug>/claimants/", sources.claimants, name="claimants"),
    path("claimants/<int:pk>/change/", sources.claimant_change, name="claimant-change"),
    path("claimants/<int:pk>/alias/", sources.claimant_alias, name="claimant-alias"),
    path("claimants/<int:pk>/merge/", sources.claimant_merge, name="claimant-merge"),
    path("claimants/<int:pk>/split/", sources.claimant_split, name="claimant-split"),
    path("desk/<slug:slug>/settings/", settings_pages.settings, name="settings"),
    path("desk/<slug:slug>/settings/scale/", settings_pages.scale, name="settings-scale"),
    path("desk/<slug:slug>/settings/keys/", settings_pages.key, name="settings-key"),
    path("keys/<int:pk>/revoke/", settings_pages.key_revoke, name="key-revoke"),
    path("desk/<slug:slug>/settings/people/", people.people, name="people"),
    path("desk/<slug:slug>/settings/people/<int:pk>/roles/", people.roles, name="person-roles"),
    path("desk/<slug:slug>/settings/people/<int:pk>/link/", people.link, name="person-link"),
    path("desk/<slug:slug>/settings/people/<int:pk>/remove/", people.remove, name="person-remove"),
    path(
        "desk/<slug:slug>/settings/people/<int:pk>/deactivate/", people.deactivate, name="person-deactivate"
    ),
    path(
        "desk/<slug:slug>/settings/people/<int:pk>/reactivate/", people.reactivate, name="person-reactivate"
    ),
    path(
        "desk/<slug:slug>/settings/invitations/<int:pk>/withdraw/",
        people.withdraw,
        name="invitation-withdraw",
    ),
]
