"""Every table of the workbench. One application: the tables are one dense graph (ADR-0001)."""

from claims.models.alerts import SourceAlert, UnmatchedCapture
from claims.models.audit import AuditDetail, AuditEvent
from claims.models.bulk import BulkAct, BulkActRow, Selection
from claims.models.claims import Appearance, Claim, Claimant, ClaimantAlias
from claims.models.desks import (
    ApiKey,
    Archive,
    Desk,
    Invitation,
    Membership,
    Rating,
    RatingScale,
)
from claims.models.documents import (
    AnalysisRun,
    Capture,
    DateSource,
    Document,
    FinishedArticle,
    Origin,
    OriginParting,
    Outlet,
    Owner,
    Passage,
    ShingleKey,
)
from claims.models.evidence import ContactNote, Evidence, SearchHit, SearchRun
from claims.models.factchecks import FactCheck, Match, Release
from claims.models.feeds import Feed, FeedEntry, FeedRun, ForeignLabel
from claims.models.fingerprints import DocumentFingerprint
from claims.models.inbox import Notice
from claims.models.indexing import (
    CheckVector,
    IndexDue,
    IndexEntry,
    IndexTarget,
    PassageMeaning,
    PassageReading,
)
from claims.models.jobs import Job, Worker
from claims.models.notes import DeskNote, NoteVersion
from claims.models.panels import Opinion, Panel, VerdictSight
from claims.models.reader_messages import ReaderMessage
from claims.models.rereadings import RereadArticle, Rereading
from claims.models.resemblance import ClaimVector, Resemblance, SuggestionVector
from claims.models.reviews import (
    Approval,
    CitationReading,
    Point,
    ReadingRequest,
    Review,
    Verdict,
    VerdictAuthor,
    VerdictDraft,
    VerdictReading,
)
from claims.models.tags import ClaimTag, DocumentTag, SavedView, Tag
from claims.models.users import OpenSession, SentForm, User

__all__ = [
    "AnalysisRun",
    "ApiKey",
    "Appearance",
    "Approval",
    "Archive",
    "AuditDetail",
    "AuditEvent",
    "BulkAct",
    "BulkActRow",
    "Capture",
    "CheckVector",
    "CitationReading",
    "Claim",
    "ClaimTag",
    "ClaimVector",
    "Claimant",
    "ClaimantAlias",
    "ContactNote",
    "DateSource",
    "Desk",
    "DeskNote",
    "Document",
    "DocumentFingerprint",
    "DocumentTag",
    "Evidence",
    "FactCheck",
    "Feed",
    "FeedEntry",
    "FeedRun",
    "FinishedArticle",
    "ForeignLabel",
    "IndexDue",
    "IndexEntry",
    "IndexTarget",
    "Invitation",
    "Job",
    "Match",
    "Membership",
    "NoteVersion",
    "Notice",
    "OpenSession",
    "Opinion",
    "Origin",
    "OriginParting",
    "Outlet",
    "Owner",
    "Panel",
    "Passage",
    "PassageMeaning",
    "PassageReading",
    "Point",
    "Rating",
    "RatingScale",
    "ReaderMessage",
    "ReadingRequest",
    "Release",
    "RereadArticle",
    "Rereading",
    "Resemblance",
    "Review",
    "SavedView",
    "SearchHit",
    "SearchRun",
    "Selection",
    "SentForm",
    "ShingleKey",
    "SourceAlert",
    "SuggestionVector",
    "Tag",
    "UnmatchedCapture",
    "User",
    "Verdict",
    "VerdictAuthor",
    "VerdictDraft",
    "VerdictReading",
    "VerdictSight",
    "Worker",
]
