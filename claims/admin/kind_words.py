"""What are the rows of a table called, one and many? For the admin's headings, marked for translation.

A table that says it itself (``verbose_name``) keeps that.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

#: By the name of the model.
KINDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "Archive": (pgettext_lazy("one row", "archive"), pgettext_lazy("many rows", "archives")),
    "Owner": (pgettext_lazy("one row", "owner"), pgettext_lazy("many rows", "owners")),
    "Outlet": (pgettext_lazy("one row", "outlet"), pgettext_lazy("many rows", "outlets")),
    "Origin": (pgettext_lazy("one row", "origin"), pgettext_lazy("many rows", "origins")),
    "OriginParting": (
        pgettext_lazy("one row", "parting of origins"),
        pgettext_lazy("many rows", "partings of origins"),
    ),
    "Document": (pgettext_lazy("one row", "document"), pgettext_lazy("many rows", "documents")),
    "FinishedArticle": (
        pgettext_lazy("one row", "finished article"),
        pgettext_lazy("many rows", "finished articles"),
    ),
    "Capture": (pgettext_lazy("one row", "capture"), pgettext_lazy("many rows", "captures")),
    "Passage": (pgettext_lazy("one row", "passage"), pgettext_lazy("many rows", "passages")),
    "AnalysisRun": (pgettext_lazy("one row", "analysis"), pgettext_lazy("many rows", "analyses")),
    "DocumentFingerprint": (
        pgettext_lazy("one row", "document fingerprint"),
        pgettext_lazy("many rows", "document fingerprints"),
    ),
    "ShingleKey": (pgettext_lazy("one row", "shingle key"), pgettext_lazy("many rows", "shingle keys")),
    "Claim": (pgettext_lazy("one row", "claim"), pgettext_lazy("many rows", "claims")),
    "Claimant": (pgettext_lazy("one row", "claimant"), pgettext_lazy("many rows", "claimants")),
    "Appearance": (pgettext_lazy("one row", "appearance"), pgettext_lazy("many rows", "appearances")),
    "Desk": (pgettext_lazy("one row", "desk"), pgettext_lazy("many rows", "desks")),
    "Membership": (pgettext_lazy("one row", "membership"), pgettext_lazy("many rows", "memberships")),
    "Invitation": (pgettext_lazy("one row", "invitation"), pgettext_lazy("many rows", "invitations")),
    "User": (pgettext_lazy("one row", "user"), pgettext_lazy("many rows", "users")),
    "RatingScale": (pgettext_lazy("one row", "rating scale"), pgettext_lazy("many rows", "rating scales")),
    "Rating": (pgettext_lazy("one row", "rating"), pgettext_lazy("many rows", "ratings")),
    "ReaderMessage": (
        pgettext_lazy("one row", "message from a reader"),
        pgettext_lazy("many rows", "messages from readers"),
    ),
    "ContactNote": (pgettext_lazy("one row", "contact note"), pgettext_lazy("many rows", "contact notes")),
    "SearchRun": (pgettext_lazy("one row", "search"), pgettext_lazy("many rows", "searches")),
    "SearchHit": (pgettext_lazy("one row", "search hit"), pgettext_lazy("many rows", "search hits")),
    "SourceAlert": (pgettext_lazy("one row", "new source"), pgettext_lazy("many rows", "new sources")),
    "UnmatchedCapture": (
        pgettext_lazy("one row", "capture still to be compared"),
        pgettext_lazy("many rows", "captures still to be compared"),
    ),
    "Feed": (pgettext_lazy("one row", "feed"), pgettext_lazy("many rows", "feeds")),
    "FeedRun": (pgettext_lazy("one row", "asking of a feed"), pgettext_lazy("many rows", "askings of feeds")),
    "ForeignLabel": (
        pgettext_lazy("one row", "label of another publisher"),
        pgettext_lazy("many rows", "labels of other publishers"),
    ),
    "AuditEvent": (
        pgettext_lazy("one row", "event of the log"),
        pgettext_lazy("many rows", "events of the log"),
    ),
    "AuditDetail": (
        pgettext_lazy("one row", "words of an event"),
        pgettext_lazy("many rows", "words of events"),
    ),
    "Job": (pgettext_lazy("one row", "job"), pgettext_lazy("many rows", "jobs")),
    "Selection": (pgettext_lazy("one row", "selection"), pgettext_lazy("many rows", "selections")),
    "BulkAct": (pgettext_lazy("one row", "act on many"), pgettext_lazy("many rows", "acts on many")),
    "BulkActRow": (
        pgettext_lazy("one row", "row of an act on many"),
        pgettext_lazy("many rows", "rows of acts on many"),
    ),
    "Notice": (pgettext_lazy("one row", "notice"), pgettext_lazy("many rows", "notices")),
    "DeskNote": (pgettext_lazy("one row", "note"), pgettext_lazy("many rows", "notes")),
    "NoteVersion": (
        pgettext_lazy("one row", "earlier words of a note"),
        pgettext_lazy("many rows", "earlier words of notes"),
    ),
    "Rereading": (
        pgettext_lazy("one row", "reading by newer rules"),
        pgettext_lazy("many rows", "readings by newer rules"),
    ),
    "RereadArticle": (
        pgettext_lazy("one row", "article read again"),
        pgettext_lazy("many rows", "articles read again"),
    ),
    "IndexTarget": (pgettext_lazy("one row", "index"), pgettext_lazy("many rows", "indexes")),
    "CheckVector": (
        pgettext_lazy("one row", "vector of an earlier check"),
        pgettext_lazy("many rows", "vectors of earlier checks"),
    ),
    "OpenSession": (pgettext_lazy("one row", "open session"), pgettext_lazy("many rows", "open sessions")),
    "PassageMeaning": (
        pgettext_lazy("one row", "meaning of a passage"),
        pgettext_lazy("many rows", "meanings of passages"),
    ),
    "SentForm": (
        pgettext_lazy("one row", "form that was sent"),
        pgettext_lazy("many rows", "forms that were sent"),
    ),
    "Worker": (pgettext_lazy("one row", "worker"), pgettext_lazy("many rows", "workers")),
    "Review": (pgettext_lazy("one row", "review"), pgettext_lazy("many rows", "reviews")),
    "Panel": (pgettext_lazy("one row", "panel"), pgettext_lazy("many rows", "panels")),
    "Opinion": (pgettext_lazy("one row", "opinion"), pgettext_lazy("many rows", "opinions")),
    "VerdictSight": (
        pgettext_lazy("one row", "look at a verdict"),
        pgettext_lazy("many rows", "looks at verdicts"),
    ),
    "Verdict": (pgettext_lazy("one row", "verdict"), pgettext_lazy("many rows", "verdicts")),
    "VerdictAuthor": (
        pgettext_lazy("one row", "author of a verdict"),
        pgettext_lazy("many rows", "authors of verdicts"),
    ),
    "VerdictReading": (
        pgettext_lazy("one row", "reading of a verdict"),
        pgettext_lazy("many rows", "readings of verdicts"),
    ),
    "ReadingRequest": (
        pgettext_lazy("one row", "request to read"),
        pgettext_lazy("many rows", "requests to read"),
    ),
    "CitationReading": (
        pgettext_lazy("one row", "reading of a source"),
        pgettext_lazy("many rows", "readings of sources"),
    ),
    "Approval": (pgettext_lazy("one row", "approval"), pgettext_lazy("many rows", "approvals")),
    "Point": (pgettext_lazy("one row", "point"), pgettext_lazy("many rows", "points")),
    "VerdictDraft": (
        pgettext_lazy("one row", "draft of a verdict"),
        pgettext_lazy("many rows", "drafts of verdicts"),
    ),
    "FactCheck": (pgettext_lazy("one row", "fact check"), pgettext_lazy("many rows", "fact checks")),
    "Release": (pgettext_lazy("one row", "release"), pgettext_lazy("many rows", "releases")),
    "Tag": (pgettext_lazy("one row", "tag"), pgettext_lazy("many rows", "tags")),
    "ClaimTag": (pgettext_lazy("one row", "tag of a claim"), pgettext_lazy("many rows", "tags of claims")),
    "DocumentTag": (
        pgettext_lazy("one row", "tag of an article"),
        pgettext_lazy("many rows", "tags of articles"),
    ),
    "SavedView": (pgettext_lazy("one row", "saved view"), pgettext_lazy("many rows", "saved views")),
    "ClaimVector": (
        pgettext_lazy("one row", "vector of a claim"),
        pgettext_lazy("many rows", "vectors of claims"),
    ),
    "SuggestionVector": (
        pgettext_lazy("one row", "vector of a suggested claim"),
        pgettext_lazy("many rows", "vectors of suggested claims"),
    ),
    "Resemblance": (pgettext_lazy("one row", "resemblance"), pgettext_lazy("many rows", "resemblances")),
    "PassageReading": (
        pgettext_lazy("one row", "reading of a passage"),
        pgettext_lazy("many rows", "readings of passages"),
    ),
}
