"""What reading bytes returns, and how intake refuses: values shared by every reader of this package.

Says nothing about storing: duplicates, archives and captures are decided where rows are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: The longest text that is analysed and offered to people, in code points.
TEXT_LIMIT = 200_000
#: The largest upload or page that is read at all, in bytes.
BYTES_LIMIT = 5 * 1024 * 1024

OFFICE_ENDINGS = (".docx", ".odt")
FEED_ENDINGS = (".rss", ".atom", ".xml")
#: The endings of files that are read; forms offer them.
ACCEPTED = (
    ".txt", ".html", ".htm", ".md", ".csv", ".json", ".jsonl", ".pdf", ".srt", ".vtt", *OFFICE_ENDINGS, *FEED_ENDINGS,
)  # fmt: skip


class IntakeError(Exception):
    """A document cannot be taken in; ``sentence`` tells a person what is wrong and what to do.

    ``code`` is one of the closed list below and never shown; tests and callers branch on it.
    """

    CODES = frozenset(
        {
            "empty",
            "too_large",
            "too_long",
            "binary",
            "wrong_type",
            "image",
            "encrypted",
            "scanned",
            "broken",
            "no_article",
            "no_items",
            "bad_date",
            "future_date",
            "unknown_columns",
        }
    )

    def __init__(self, code: str, sentence: str) -> None:
        if code not in self.CODES:
            raise ValueError(f"unknown intake code {code!r}")
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[IntakeError], tuple[str, str]]:
        return IntakeError, (self.code, self.sentence)


class PublishedSource(StrEnum):
    """How a publication date is known; only PERSON is more than a suggestion."""

    UNKNOWN = ""
    METADATA = "metadata"
    STRUCTURED = "structured"
    URL = "url"
    VISIBLE = "visible"
    FEED = "feed"
    FILE = "file"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paginated document: its number from 1 and its offsets in the extracted text."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of one document and what its own bytes say about it.

    ``text`` is what offsets mean from here on. ``published`` is a partial date (``2020``, ``2020-10``,
    ``2020-10-14`` or an interval ``2020-10-12/2020-10-14``), empty when unknown; ``published_evidence`` is
    the place it was read from, in words. ``language`` is what the document declares, lower-case BCP-47
    primary tag, empty when it does not. ``outlet_url`` is the outlet's own site where an aggregator's address shows
    its text, empty where only its name is known, None where the address is the outlet's. ``notes`` are sentences a
    person should see.
    """

    text: str
    title: str = ""
    authors: tuple[str, ...] = ()
    site: str = ""
    outlet_url: str | None = None
    language: str = ""
    published: str = ""
    published_source: PublishedSource = PublishedSource.UNKNOWN
    published_evidence: str = ""
    canonical_url: str = ""
    notes: tuple[str, ...] = ()
    encoding: str = ""
    extractor: str = ""
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One document found inside an upload or a feed, before it is stored.

    ``url`` and ``outlet`` are what the container said; ``place`` names the item for people ("row 7",
    "entry 3"). ``source`` is ``text``, ``html``, ``markdown``, ``pdf``, ``docx``, ``odt``, ``subtitles``, ``csv``,
    ``json`` or ``feed``. ``extra`` keeps what else the container said, as strings.
    """

    extracted: Extracted
    source: str
    url: str = ""
    outlet: str = ""
    place: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of an upload that could not become a document, and why."""

    place: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Everything one uploaded file holds: documents in their order, and what was left out."""

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...] = ()
    media_type: str = ""
