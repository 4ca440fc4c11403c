"""What does a backup say about itself? Read last when it is written, first when it is restored.

Refuses a description that was not written by this program, or by a newer format of it.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field

FORMAT = 1


class BadArchive(Exception):
    """The file cannot be restored; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of one backup. Sizes are bytes, times ISO 8601 in UTC."""

    made_at: str
    vendor: str  # sqlite or postgresql
    #: application → names of the migrations that had been applied, in their order
    migrations: dict[str, list[str]]
    #: table → rows
    counts: dict[str, int]
    #: table → columns, in the order of the rows; only where tables are stored one by one
    columns: dict[str, list[str]] = field(default_factory=dict)
    #: table → (column, highest number given); so that no id is given twice
    sequences: dict[str, tuple[str, int]] = field(default_factory=dict)
    has_key: bool = False
    has_blobs: bool = True
    #: names of blobs that rows speak of and that were not there, or not whole
    missing_blobs: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    #: member → (size, SHA-256)
    members: dict[str, tuple[int, str]] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(dataclasses.asdict(self), indent=1, sort_keys=True).encode()

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def read_manifest(data: bytes) -> Manifest:
    """Return the description; raises BadArchive."""
    try:
        plain = json.loads(data)
        number = int(plain["format"])
        if number > FORMAT:
            raise BadArchive(
                f"was made by a newer release (format {number}, this one reads {FORMAT}): update the program"
            )
        plain["members"] = {
            str(name): (int(size), str(digest)) for name, (size, digest) in plain["members"].items()
        }
        plain["sequences"] = {
            str(table): (str(column), int(last)) for table, (column, last) in plain["sequences"].items()
        }
        return Manifest(**plain)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadArchive("is damaged: its description cannot be read") from error
