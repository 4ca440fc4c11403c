"""Addresses of the workbench: lists live under a desk, objects carry only their id.

Names in use, with the module that declares them (a name means one thing everywhere):

here                                             claims.workbench.urls_review
  login            /login/                         queue            /desk/<slug>/claims/
  login-link       /login/link/<token>/            bulk             /desk/<slug>/claims/bulk/
  logout           /logout/ (POST)                 claim            /claims/<pk>/
  profile          /profile/                       claim-…          /claims/<pk>/…/ (acts on a claim)
  switch           /profile/switch/ (POST)         evidence-…       /evidence/<pk>/…/
  forgotten        /login/forgotten/
  password-reset   /login/reset/<person>/<token>/
  password         /profile/password/
  sessions         /profile/sessions/
  session(s)-end   /profile/sessions/(<pk>/)end/
  my-desks         /profile/desks/ (and leaving)   person-…         /desk/<slug>/settings/people/<pk>/…/
  keys, design     /help/…/                        match-decide     /matches/<pk>/
  palette          /desk/<slug>/palette/
  desk-home        /desk/                          review-…         /reviews/<pk>/…/
  desk             /desk/<slug>/                   approve          /verdicts/<pk>/approve/
  desk-next        /desk/<slug>/next/              verdict-…        /verdicts/<pk>/…/
  add              /desk/<slug>/add/               published        /desk/<slug>/published/
  adding           /desk/<slug>/adding/<job>/      factcheck-…      /factchecks/<pk>/…/
  claim-new        /desk/<slug>/claims/new/        sources          /desk/<slug>/sources/
  articles         /desk/<slug>/articles/          jobs             /desk/<slug>/jobs/
  document         /documents/<pk>/                job-retry        /jobs/<pk>/retry/
  feeds            /desk/<slug>/sources/feeds/     labels           /desk/<slug>/sources/labels/
  feed, feed-…     /sources/feeds/<pk>/…/          checks-import    /desk/<slug>/sources/checks/
  document-…       /documents/<pk>/…/ (acts)       settings         /desk/<slug>/settings/
  appearance-…     /appearances/<pk>/…/ (acts)     people           /desk/<slug>/settings/people/
  rereadings       /desk/<slug>/rereadings/        rereading(-…)    /rereadings/<pk>/(…/)
  reader-messages  /desk/<slug>/readers/           reader-message-… /readers/<pk>/(…/)
  selection        /selections/<pk>/               bulk-act, bulk-… /bulk/<pk>/(…/)
  notice-seen      /notices/<pk>/seen/              note, note-withdraw  /notes/<pk>/(…/)
  inbox, inbox-…   /desk/<slug>/inbox/(…/)         mail-off         /mail/off/<token>/
  tags             /desk/<slug>/tags/
  capture-file     /captures/<pk>/file/            dashboard        /desk/<slug>/dashboard/
"""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from claims.workbench.articles import add, appearances, article_files, origin_page, rereadings
from claims.workbench.articles import article_list as articles
from claims.workbench.articles import article_page as document
from claims.workbench.desk import account_pages, accounts, memberships, tags
from claims.workbench.desk import help as about
from claims.workbench.desk import home as desk
from claims.workbench.desk import palette as palettes
from claims.workbench.desk import reader_messages as readers

urlpatterns = [
    path("login/", accounts.sign_in, name="login"),
    path("login/link/<str:token>/", accounts.login_link, name="login-link"),
    path("logout/", accounts.sign_out, name="logout"),
    path("profile/", accounts.profile, name="profile"),
    path("login/forgotten/", account_pages.forgotten, name="forgotten"),
    path("login/reset/<str:person>/<str:token>/", account_pages.reset, name="password-reset"),
    path("profile/password/", account_pages.password, name="password"),
    path("profile/sessions/", account_pages.sessions, name="sessions"),
    path("profile/sessions/end/", account_pages.sessions_end, name="sessions-end"),
    path("profile/sessions/<int:pk>/end/", account_pages.session_end, name="session-end"),
    path("profile/switch/", accounts.switch, name="switch"),
    path("profile/hints/", about.hints, name="hints"),
    path("profile/desks/", memberships.my_desks, name="my-desks"),
    path("profile/desks/<slug:slug>/leave/", memberships.leave, name="leave-desk"),
    path("invitations/<int:pk>/answer/", memberships.answer, name="invitation-answer"),
    path("desk/<slug:slug>/palette/", palettes.palette, name="palette"),
    path("help/keys/", about.keys, name="keys"),
    path("help/design/", about.design, name="design"),
    path("desk/", desk.home, name="desk-home"),
    path("desk/<slug:slug>/", desk.desk, name="desk"),
    path("desk/<slug:slug>/next/", desk.next_item, name="desk-next"),
    path("desk/<slug:slug>/add/", add.add, name="add"),
    path("desk/<slug:slug>/adding/<int:pk>/", add.adding, name="adding"),
    path("desk/<slug:slug>/claims/new/", add.claim_new, name="claim-new"),
    path("desk/<slug:slug>/articles/", articles.articles, name="articles"),
    path("documents/<int:pk>/", document.document, name="document"),
    path("documents/<int:pk>/progress/", document.progress, name="document-progress"),
    path("documents/<int:pk>/captures/", document.captures, name="document-captures"),
    path("documents/<int:pk>/origin/", origin_page.origin, name="document-origin"),
    path("documents/<int:pk>/origin/split/", origin_page.split, name="document-origin-split"),
    path("documents/<int:pk>/origin/join/", origin_page.join, name="document-origin-join"),
    path("documents/<int:pk>/origin/undo/", origin_page.undo, name="document-origin-undo"),
    path("documents/<int:pk>/claims.json", article_files.units_json, name="document-units-json"),
    path("documents/<int:pk>/claims.csv", article_files.units_csv, name="document-units-csv"),
    path("documents/<int:pk>/tags/", tags.document_tags, name="document-tags"),
    path("documents/<int:pk>/publication/", document.publication, name="document-publication"),
    path("documents/<int:pk>/metadata/", document.metadata, name="document-metadata"),
    path("documents/<int:pk>/claim/", appearances.select, name="document-select"),
    path("documents/<int:pk>/decide/", appearances.decide, name="document-decide"),
    path("documents/<int:pk>/merge/", appearances.merge, name="document-merge"),
    path("documents/<int:pk>/finish/", appearances.finish, name="document-finish"),
    path("documents/<int:pk>/search/", appearances.search, name="document-search"),
    path("documents/<int:pk>/reopen/", appearances.reopen_article, name="document-reopen"),
    path("documents/<int:pk>/undo/", appearances.undo, name="document-undo"),
    path("documents/<int:pk>/reanalyse/", appearances.reanalyse, name="document-reanalyse"),
    path("documents/<int:pk>/suggest/", appearances.suggest, name="document-suggest"),
    path("documents/<int:pk>/proposal/", appearances.proposal, name="document-proposal"),
    path("documents/<int:pk>/reread/", rereadings.reread_document, name="document-reread"),
    path("desk/<slug:slug>/readers/", readers.reader_messages, name="reader-messages"),
    path("readers/<int:pk>/", readers.reader_message, name="reader-message"),
    path("readers/<int:pk>/settle/", readers.settle, name="reader-message-settle"),
    path("readers/<int:pk>/claim/", readers.claim, name="reader-message-claim"),
    path("readers/<int:pk>/reopen/", readers.reopen, name="reader-message-reopen"),
    path("desk/<slug:slug>/rereadings/", rereadings.rereadings, name="rereadings"),
    path("rereadings/<int:pk>/", rereadings.rereading, name="rereading"),
    path("rereadings/<int:pk>/apply/", rereadings.apply, name="rereading-apply"),
    path("rereadings/<int:pk>/cancel/", rereadings.cancel, name="rereading-cancel"),
    path("rereadings/<int:pk>/go-on/", rereadings.go_on, name="rereading-go-on"),
    path("rereadings/<int:pk>/undo/", rereadings.undo, name="rereading-undo"),
    path("appearances/<int:pk>/accept/", appearances.accept, name="appearance-accept"),
    path("appearances/<int:pk>/dismiss/", appearances.dismiss, name="appearance-dismiss"),
    path("appearances/<int:pk>/reopen/", appearances.reopen, name="appearance-reopen"),
    path("appearances/<int:pk>/span/", appearances.span, name="appearance-span"),
    path("appearances/<int:pk>/split/", appearances.split, name="appearance-split"),
    path("captures/<int:pk>/file/", document.capture_file, name="capture-file"),
    path("", include("claims.workbench.urls_review")),
]
if settings.AUTH_EXTRA:
    urlpatterns.append(path("", include("claims.workbench.urls_extra")))
