"""Which fact checks does a table hold? Each row becomes a ClaimReview; columns are known by name.

Knows the exports of Check, of the Duke Reporters' Lab (``author.name``, ``itemReviewed.appearance.1.url``), of
claimskg (``claimReview_claimReviewed``) and our own CSV, and names in several languages. Where claim and address
cannot be told, a person names the columns: nothing is guessed from what stands in them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Any

from claims.exports.imports import (
    ImportRefused,
    NotAReview,
    PassedOver,
    ReadElement,
    read_claimreview,
)
from claims.exports.loose_values import day_of, text_of
from claims.intake.checks.types import CheckFile, Columns, UnknownColumns
from claims.intake.csv_rows import DELIMITERS, CsvRow, MarksMakeNoSense, lines_of, rows_of
from claims.intake.types import IntakeError
from claims.language.dates.written_day import day_in_figures
from claims.ratings import normal_label
from claims.spoken import gettext as _

MOST_COLUMNS = 500
MOST_ROWS = 500_000
#: So many lines above the names of columns are passed over.
_BEFORE = 10
_FIGURES = re.compile(r"\s*(\d{1,2})[-/](\d{1,2})[-/](?:\d{4}|\d{2})(?!\d)", re.ASCII)
_DATES = ("published", "modified", "made_on")
#: Shown in place of a label where a table has no column for one.
UNRATED = "No rating given"

#: What a column can be taken for, in the order in which a person is asked.
FIELDS = (
    "claim", "label", "url", "publisher", "published", "modified", "claimant", "made_on", "title", "summary",
    "explanation", "language", "tags", "appearance", "value", "best", "worst", "id", "status", "publisher_url",
    "claimant_url", "claimant_title", "image",
)  # fmt: skip

_NAMES: dict[str, tuple[str, ...]] = {
    "claim": (
        "claim", "claimreviewed", "claimreviewclaimreviewed", "claimtext", "wording", "statement", "claimstatement",
        "factcheckclaim", "claimdescription", "claimtitle", "quote", "assertion", "rumor", "rumour", "behauptung",
        "aussage", "affirmation", "declaration", "afirmacion", "declaracion", "bulo", "afirmacao", "alegacao",
        "affermazione", "dichiarazione", "bewering", "twierdzenie", "wypowiedz", "iddia", "pastand", "pastaende",
    ),
    "label": (
        "label", "rating", "verdict", "ratingalternatename", "reviewratingalternatename", "textualrating",
        "textrating", "reviewrating", "truthrating", "credibility", "ruling", "conclusion", "factcheckrating",
        "claimrating", "ratinglabel", "veracity", "alternatename", "reviewratingname", "judgement", "judgment",
        "bewertung", "urteil", "einstufung", "note", "evaluation", "calificacion", "veredicto", "classificacao",
        "veredito", "valutazione", "giudizio", "oordeel", "ocena", "betyg", "vurdering", "sonuc",
    ),
    "url": (
        "url", "link", "reviewurl", "claimreviewurl", "factcheckurl", "articleurl", "pageurl", "address", "webpage",
        "permalink", "publishedurl", "factcheckarticle", "reporturl", "checkurl", "verdicturl", "adresse", "enlace",
        "lien", "sourceurl", "href",
    ),
    "publisher": (
        "publisher", "authorname", "claimreviewauthorname", "publishername", "organization", "organisation",
        "factchecker", "site", "claimreviewsource", "claimreviewauthor", "outlet", "medium", "herausgeber",
        "verlag", "editor", "organizacion", "organizacao", "editeur",
    ),
    "publisher_url": ("authorurl", "claimreviewauthorurl", "publisherurl", "publishersite"),
    "published": (
        "published", "datepublished", "publishedat", "publishedon", "claimreviewdatepublished", "reviewdate",
        "publicationdate", "publishdate", "date", "factcheckdate", "checkdate", "dateofpublication", "pubdate",
        "createdat", "datecreated", "datum", "veroeffentlicht", "fecha", "fechadepublicacion", "datedepublication",
        "datadepublicacao", "datadipubblicazione", "reportpublishedat",
    ),
    "modified": (
        "modified", "datemodified", "modifiedat", "updatedat", "lastupdated", "updated", "lastmodified",
        "claimreviewdatemodified",
    ),
    "claimant": (
        "claimant", "speaker", "itemreviewedauthorname", "creativeworkauthorname", "claimauthor", "claimedby",
        "saidby", "claimantname", "claimsource", "person", "sprecher", "urheber", "auteurdelaffirmation", "autor",
        "declarante", "orador",
    ),
    "claimant_url": ("itemreviewedauthorsameas", "claimantsameas", "itemreviewedauthorurl", "creativeworkauthorsameas"),
    "claimant_title": ("itemreviewedauthorjobtitle", "claimantjobtitle", "jobtitle"),
    "made_on": (
        "madeon", "claimdate", "dateofclaim", "itemrevieweddatepublished", "creativeworkdatepublished", "saidon",
        "claimmadeon", "statementdate", "dateclaimed",
    ),
    "title": (
        "title", "headline", "extratitle", "articletitle", "reviewtitle", "reporttitle", "factchecktitle", "titel",
        "titulo", "titre", "titolo", "claimreviewheadline", "factcheckheadline",
    ),
    "summary": (
        "summary", "shortanswer", "description", "text", "reportsummary", "factchecksummary", "abstract",
        "zusammenfassung", "resumen", "resume", "resumo", "reviewbody", "justification",
    ),
    "explanation": ("ratingexplanation", "reviewratingratingexplanation", "explanation", "reason"),
    "language": ("language", "inlanguage", "lang", "languagecode", "factchecklanguage", "sprache", "idioma", "langue"),
    "tags": ("tags", "extratags", "keywords", "topics", "topic", "tag"),
    "appearance": ("appearance", "appearedat", "itemreviewedfirstappearanceurl", "firstappearance", "originalclaimurl",
                   "claimurl", "originalurl", "socialmediaurl", "itemreviewedurl", "itemreviewedsameas"),
    "value": ("ratingvalue", "ratingratingvalue", "reviewratingratingvalue"),
    "best": ("bestrating", "ratingbestrating", "reviewratingbestrating", "ratingbest"),
    "worst": ("worstrating", "ratingworstrating", "reviewratingworstrating", "ratingworst"),
    "id": ("atid", "claimreviewid", "identifier"),
    "status": ("status", "reportstatus", "publicationstatus"),
    "image": ("image", "imageurl", "reportimage"),
}  # fmt: skip
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}
_APPEARANCE = re.compile(r"itemreviewed(?:first)?appearance\d*(?:url|contenturl)?\Z|appearance\d+(?:url)?\Z")
_WITHDRAWN = frozenset({"withdrawn", "retracted", "deleted", "removed"})
_SUSPENDED = frozenset({"suspended", "paused"})
_UNPUBLISHED = frozenset(
    {"unpublished", "draft", "not published", "in progress", "unstarted", "private", "trashed"}
)


def read_table(source: str, *, columns: Mapping[str, str] | None = None, **when: Any) -> CheckFile:
    """Read a table with a head; comma, semicolon, tab or bar between columns.

    ``columns`` says by field which column holds it, where a person named them. Raises UnknownColumns where
    claim or address cannot be told, IntakeError where this is no table.
    """
    head, rows = _parsed(source)
    return _read(head, rows, dict(columns or {}), "CSV", **when)


def read_rows(
    rows: Sequence[Mapping[str, Any]], *, columns: Mapping[str, str] | None = None, **when: Any
) -> CheckFile:
    """Read flat objects, such as lines of JSON, as the rows of a table."""
    head = list(dict.fromkeys(str(name) for row in rows for name in row))
    if len(head) > MOST_COLUMNS:
        raise _too_wide(len(head))
    cells = (
        (number, CsvRow(0, [row.get(name, "") for name in head])) for number, row in enumerate(rows, start=1)
    )
    return _read(head, cells, dict(columns or {}), "JSON rows", **when)


def field_of(name: str) -> str:
    """Return what a column of this name is taken for; empty where it is not known."""
    key = re.sub(r"[\W_]", "", normal_label(name))
    if name.strip() == "@id":
        return "id"
    return "appearance" if _APPEARANCE.match(key) else _FIELD_OF.get(key, "")


def _parsed(source: str) -> tuple[list[str], Iterator[tuple[int, CsvRow]]]:
    text = source.lstrip("\ufeff")
    told = re.match(r"\s*sep=(.)\r?\n", text, re.IGNORECASE)
    if told:
        text = text[told.end() :]
    before = len(source[: len(source) - len(text.lstrip("\r\n"))].splitlines())
    text = text.lstrip("\r\n")
    # A million columns are found out before they are split.
    line = text[:200_000].partition("\n")[0]
    delimiter = told[1] if told else max(DELIMITERS, key=lambda sign: _outside_quotes(line, sign))
    if _outside_quotes(line, delimiter) >= MOST_COLUMNS:
        raise _too_wide(_outside_quotes(line, delimiter) + 1)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    lines = lines_of(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=False)
    try:
        ends = [(row, reader.line_num) for row in islice(reader, _BEFORE + 1)]
    except csv.Error:
        raise _broken() from None
    first = [row for row, _end in ends]
    # A title, a date of export and empty lines may stand above the names of columns.
    at = next((at for at, row in enumerate(first) if _names_columns(row)), 0)
    head = [" ".join(name.split()) for name in first[at]] if first else []
    if len(head) < 2 or not any(head):
        raise IntakeError(
            "no_items",
            _(
                "This is no table: its first line does not name columns. Save it as CSV with a first "
                "line of names."
            ),
        )
    rows = rows_of(lines[ends[at][1] :], delimiter, begin=ends[at][1], width=len(head))
    return head, _numbered(rows, at + 1, before)


def _names_columns(row: Sequence[str]) -> bool:
    known = {field_of(name) for name in row}
    return "url" in known and not known.isdisjoint({"claim", "title", "label"})


def _outside_quotes(line: str, sign: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(sign)


def _numbered(rows: Iterator[CsvRow], number: int, before: int) -> Iterator[tuple[int, CsvRow]]:
    """Number the rows that are not empty; ``before`` lines were taken off above them."""
    try:
        for row in rows:
            number += 1
            if number > MOST_ROWS:
                raise IntakeError(
                    "too_large",
                    _("The table has more than %(most_rows)s rows. Add it in parts.")
                    % {"most_rows": f"{MOST_ROWS:,}"},
                )
            if any(cell.strip() for cell in row.cells):
                yield number, replace(row, line=row.line + before)
    except MarksMakeNoSense:
        raise _broken() from None


def _read(
    head: list[str],
    rows: Iterator[tuple[int, CsvRow]],
    named: dict[str, str],
    shape: str,
    **when: Any,
) -> CheckFile:
    fields = _fields(head, named)
    known = {name for name in fields if name}
    all_rows = list(rows)
    columns = Columns(
        tuple(head),
        tuple(fields),
        tuple(
            tuple(_short(row.cells[at]) if at < len(row.cells) else "" for at in range(len(head)))
            for _n, row in all_rows[:3]
        ),
    )
    if columns.missing:
        raise UnknownColumns(columns)
    kind = _kind(head)
    notes: list[str] = []
    if "label" not in known and "value" not in known:
        notes.append("The table has no column for a rating: its checks come in without one.")
    if kind == "claimskg":
        notes.append(
            "The column of the claimant holds the author of the check in most such files; it was left out."
        )
    day_first = _day_first(fields, [row.cells for _n, row in all_rows])
    if day_first is not None:
        order = "the day" if day_first else "the month"
        notes.append(
            f"Days such as 03/04/2024 were read with {order} first, as others of the table are written."
        )
    found: list[ReadElement] = []
    rated = not known.isdisjoint({"label", "value"})
    for number, row in all_rows:
        found.append(_element(number, head, fields, row, kind, rated=rated, day_first=day_first, when=when))
    return CheckFile(f"{shape} ({kind})" if kind else shape, tuple(found), (), tuple(notes), columns)


def _fields(head: list[str], named: dict[str, str]) -> list[str]:
    """Return what each column is taken for; a person's word goes before a name that is known."""
    by_name = {name: field for field, name in named.items() if name}
    unknown = [name for name in by_name if name not in head]
    if unknown:
        raise IntakeError(
            "unknown_columns",
            _("There is no column “%(unknown)s”. There are: %(names)s.")
            % {"unknown": unknown[0], "names": ", ".join(head[:30])[:600]},
        )
    wrong = [field for field in named if field not in FIELDS]
    if wrong:
        raise IntakeError(
            "unknown_columns",
            _("“%(wrong)s” is no field; fields are %(names)s.")
            % {"wrong": wrong[0], "names": ", ".join(FIELDS)},
        )
    taken = set(by_name.values())
    fields: list[str] = []
    for name in head:
        field = by_name.get(name, "")
        if not field:
            field = field_of(name)
            if field in taken or (field in fields and field != "appearance"):
                field = ""
        fields.append(field)
    return fields


def _kind(head: list[str]) -> str:
    names = set(head)
    if {"claimReview_claimReviewed", "claimReview_url"} <= names:
        return "claimskg"
    if "claimReviewed" in names and any(
        name.startswith(("reviewRating.", "itemReviewed.")) for name in names
    ):
        return "Duke Reporters' Lab"
    if "Report Status" in names or {"Imported?", "Summary"} <= names:
        return "Check"
    return ""


def _element(
    number: int,
    head: list[str],
    fields: list[str],
    given: CsvRow,
    kind: str,
    *,
    rated: bool,
    day_first: bool | None,
    when: Mapping[str, Any],
) -> ReadElement:
    row = given.cells
    if given.unclosed and len(row) != len(head):
        reason = f"line {given.line}: a quotation mark is missing, so that its columns cannot be told"
        return ImportRefused(number, reason, {"line": row})
    cells: dict[str, str] = {}
    places: list[str] = []
    for at, field in enumerate(fields):
        value = text_of(row[at]) if at < len(row) else ""
        if not value or value.lower() in ("nan", "none", "null", "n/a"):
            continue
        if field == "appearance":
            places.append(value)
        elif field:
            cells.setdefault(field, _dated(value, day_first) if field in _DATES else value)
    raw: dict[str, Any] = {
        name: row[at] for at, name in enumerate(head) if name and at < len(row) and row[at] not in ("", None)
    }
    status = normal_label(cells.get("status", ""))
    if status in _UNPUBLISHED:
        return PassedOver(number, f"row of a report that is not published ({status})")
    if not rated:
        cells.setdefault("label", UNRATED)
    review = _review(cells, places, kind)
    if kind == "claimskg" and "published" not in cells and "made_on" in cells:
        # Where such a file gives one day only, it is that of the check.
        review["datePublished"] = review["itemReviewed"].pop("datePublished")
    mended: list[str] = []
    if given.unclosed:
        mended.append(f"A quotation mark is missing in line {given.line}; it was read without it.")
    if "claim" not in cells and "title" in cells:
        mended.append(
            "The claim is missing; the title of the check stands in, which may already say what was found."
        )
    made_on, published = review["itemReviewed"].get("datePublished", ""), review.get("datePublished", "")
    if kind == "claimskg" and made_on and day_of(made_on) > day_of(published):
        review["itemReviewed"].pop("datePublished")
        mended.append("The day of the claim lies after that of its check and was left out.")
    if status in _WITHDRAWN or status in _SUSPENDED:
        review["creativeWorkStatus"] = "withdrawn" if status in _WITHDRAWN else "suspended"
    try:
        got = read_claimreview(review, **when)
    except NotAReview as problem:
        return ImportRefused(number, f"row {number}: {problem}", raw)
    review["row"] = raw
    return replace(got, raw=review, notes=(*mended, *got.notes))


def _day_first(fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool | None:
    """Return how the table writes days in figures, by those with one reading; None where they say both or nothing."""
    said = set()
    for at, field in enumerate(fields):
        if field not in _DATES:
            continue
        for row in rows:
            match = _FIGURES.match(row[at]) if at < len(row) and isinstance(row[at], str) else None
            if match and (int(match[1]) > 12) != (int(match[2]) > 12):
                said.add(int(match[1]) > 12)
    return said.pop() if len(said) == 1 else None


def _dated(value: str, day_first: bool | None) -> str:
    """Return the day of a spreadsheet's number, from 1954 to 2091, or of figures in a known order."""
    if day_first is not None and _FIGURES.match(value):
        return day_in_figures(value, day_first=day_first) or value
    if re.fullmatch(r"[2-6]\d{4}(?:\.\d+)?", value, re.ASCII):
        return (date(1899, 12, 30) + timedelta(days=int(float(value)))).isoformat()
    return value


def _review(cells: Mapping[str, str], places: list[str], kind: str) -> dict[str, Any]:
    author: dict[str, Any] = {"@type": "Organization", "name": cells.get("publisher", "")}
    if kind == "claimskg":
        # A short name of the crawler's own; the site says more.
        author = {}
    elif cells.get("publisher_url"):
        author["url"] = cells["publisher_url"]
    claimant: dict[str, Any] = {}
    if cells.get("claimant") and kind != "claimskg":
        claimant = {"@type": "Thing", "name": cells["claimant"]}
        claimant |= {"sameAs": cells["claimant_url"]} if cells.get("claimant_url") else {}
        claimant |= {"jobTitle": cells["claimant_title"]} if cells.get("claimant_title") else {}
    item: dict[str, Any] = {"@type": "Claim"}
    item |= {"author": claimant} if claimant else {}
    item |= {"datePublished": cells["made_on"]} if cells.get("made_on") else {}
    item |= {"appearance": places} if places else {}
    rating = {
        "alternateName": cells.get("label", ""),
        "ratingValue": cells.get("value", ""),
        "bestRating": cells.get("best", ""),
        "worstRating": cells.get("worst", ""),
        "ratingExplanation": cells.get("explanation", ""),
    }
    tags = re.split(r"\s*[,;|]\s*", cells.get("tags", "").strip("[]"))
    found: dict[str, Any] = {
        "@type": "ClaimReview",
        "@id": cells.get("id", ""),
        "claimReviewed": cells.get("claim") or cells.get("title", ""),
        "url": cells.get("url", ""),
        "headline": cells.get("title", ""),
        "text": cells.get("summary", ""),
        "datePublished": cells.get("published", ""),
        "dateModified": cells.get("modified", ""),
        "inLanguage": cells.get("language", ""),
        "image": cells.get("image", ""),
        "keywords": [tag.strip(" '\"") for tag in tags if tag.strip(" '\"")],
        "author": author,
        "reviewRating": {name: value for name, value in rating.items() if value},
        "itemReviewed": item,
    }
    return {name: value for name, value in found.items() if value}


def _short(value: Any) -> str:
    text = text_of(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _too_wide(columns: int) -> IntakeError:
    return IntakeError(
        "broken",
        f"The table has {columns:,} columns, more than {MOST_COLUMNS}; it may use another separator.",
    )


def _broken() -> IntakeError:
    return IntakeError(
        "broken", "The table cannot be read. Save it again as CSV with commas and quotation marks."
    )
