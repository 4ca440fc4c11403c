"""One row per fact check, in columns that never move: the contract of ``verdicts.csv``.

UTF-8, RFC 4180, times in UTC. Suspended and withdrawn checks stay as rows with their status and without
rating, finding, summary and sources, so that nobody counts a verdict that does not stand. Values are raw
data; a spreadsheet guard is asked for explicitly, because it changes the data.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from claims.exports.payload import Payload, rfc3339

#: Name, Frictionless type, description; columns are only ever added, at the end.
_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("id", "string", "The check's own id; the same in every feed, and it never changes."),
    ("url", "string", "The page for readers."),
    ("version", "integer", "Number of the release shown, from 1."),
    ("status", "string", "live, suspended or withdrawn."),
    ("published_at", "datetime", "First publication, UTC."),
    ("modified_at", "datetime", "This release, UTC."),
    ("headline", "string", ""),
    ("wording", "string", "The claim as checked, in one sentence."),
    ("quotation", "string", "The claim as it was said or written."),
    ("checks", "string", "content, said or exact_wording."),
    ("claimant", "string", "Who made the claim."),
    ("claimant_same_as", "string", "Addresses that identify the claimant, separated by spaces."),
    ("made_on", "string", "When it was made: a date that may be partial (2020-10) or an interval."),
    ("appeared_at", "string", "Where it first appeared: an address, or words where there is none."),
    ("outlet", "string", "Who published it there."),
    ("rating", "string", "The label in the language of the check."),
    ("finding", "string", "Supported, Refuted, Not Enough Evidence or Conflicting Evidence."),
    ("rating_value", "integer", "Empty for labels that have no place between worst and best."),
    ("rating_best", "integer", ""),
    ("rating_worst", "integer", ""),
    ("scale_version", "integer", "Version of the publisher's rating scale."),
    ("summary", "string", "The short answer."),
    ("language", "string", "BCP-47."),
    ("topics", "string", "Separated by semicolons."),
    ("cited", "string", "Addresses of the cited sources in their order, separated by spaces."),
    ("origins", "integer", "How many independent origins the cited sources have."),
    ("last_correction", "datetime", "The last change that readers were told of, UTC."),
    ("licence", "string", "Licence of the check's text."),
)
COLUMNS = tuple(name for name, _, _ in _COLUMNS)
CONTENT_TYPE = "text/csv; charset=utf-8"
#: What begins a formula, in every width; the empty text is no sign.
_SIGNS = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")
#: White space, controls and characters without a shape at the beginning of a value.
_UNSEEN = re.compile(
    r"\A[\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+"
)


def row(payload: Payload) -> dict[str, str | int]:
    """Return one row by column name; empty values are empty strings."""
    first = payload.first_appearance
    correction = payload.last_correction
    values: dict[str, Any] = {
        "id": payload.id,
        "url": payload.url,
        "version": payload.number,
        "status": payload.status.value,
        "published_at": rfc3339(payload.published_at),
        "modified_at": rfc3339(payload.modified_at),
        "headline": payload.headline,
        "wording": payload.wording,
        "quotation": payload.quotation,
        "checks": payload.checks.value,
        "claimant": payload.claimant.name if payload.claimant else "",
        "claimant_same_as": " ".join(payload.claimant.same_as) if payload.claimant else "",
        "made_on": payload.made_on,
        "appeared_at": (first.url or first.locator) if first else "",
        "outlet": payload.outlet or (first.outlet if first else ""),
        "language": payload.language,
        "topics": "; ".join(payload.topics),
        "last_correction": rfc3339(correction.at) if correction else "",
        "licence": payload.licence_url or payload.licence,
    }
    if payload.is_live:
        rating = payload.rating
        values |= {
            "rating": rating.label,
            "finding": rating.finding.value if rating.finding else "",
            "rating_value": rating.value,
            "rating_best": rating.best,
            "rating_worst": rating.worst,
            "scale_version": rating.scale_version,
            "summary": payload.short_answer,
            "cited": " ".join(c.url for c in payload.citations if c.url),
            "origins": payload.origins,
        }
    return {name: "" if values.get(name) is None else values[name] for name in COLUMNS}


def stream(payloads: Iterable[Payload], *, spreadsheet: bool = False) -> Iterator[bytes]:
    """Yield the header and then one line per check."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)

    def line(values: Iterable[str | int]) -> bytes:
        out.seek(0)
        out.truncate()
        writer.writerow(values)
        return out.getvalue().encode()

    # Without the mark, a spreadsheet reads the file in the code page of its computer.
    yield (b"\xef\xbb\xbf" if spreadsheet else b"") + line(COLUMNS)
    for payload in payloads:
        values = row(payload).values()
        yield line([guard(v) if isinstance(v, str) else v for v in values] if spreadsheet else values)


def guard(value: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula, also after what it does not show."""
    bare = _UNSEEN.sub("", value)
    risky = bare[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫", "−") or value[
        :1
    ] in ("\t", "\r", "\n")
    return "'" + value if risky else value


def table_schema() -> dict[str, Any]:
    """Return the Frictionless table schema that lies beside the file."""
    fields = []
    for name, kind, description in _COLUMNS:
        field: dict[str, Any] = {"name": name, "type": kind}
        if description:
            field["description"] = description
        if kind == "datetime":
            field["format"] = "%Y-%m-%dT%H:%M:%SZ"
        if name in ("id", "url", "version", "status", "published_at", "modified_at"):
            field["constraints"] = {"required": True}
        if name == "status":
            field["constraints"]["enum"] = ["live", "suspended", "withdrawn"]
        fields.append(field)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields,
        "primaryKey": ["id"],
        "missingValues": [""],
    }
