"""Write database, stored files and secret key into one file, while the workbench runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.base import Refused
from claims.actions.installation.backup import make_backup


class Command(BaseCommand):
    help = __doc__
    # A broken installation may still be saved.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="Where to write it; a folder gets a file named by its time."
        )
        parser.add_argument(
            "--without-blobs",
            action="store_true",
            help="The database and the key only, without stored files.",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, file: Path, without_blobs: bool, as_json: bool, **options: Any) -> None:
        try:
            made = make_backup(to=file, with_blobs=not without_blobs, say=self.stderr.write)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        manifest = made.manifest
        for name in manifest.missing_blobs:
            self.stderr.write(f"The stored file {name} is missing or damaged; the backup goes without it.")
        if not manifest.has_key:
            self.stderr.write(
                "The secret key is not in the data folder: keep FACTCHECK_SECRET_KEY beside the backup."
            )
        row = {
            "file": str(made.path),
            "bytes": made.size,
            "made_at": manifest.made_at,
            "database": manifest.vendor,
            "rows": manifest.rows,
            "blobs": sum(name.startswith("blobs/") for name in manifest.members),
            "missing_blobs": manifest.missing_blobs,
            "key": manifest.has_key,
        }
        if as_json:
            self.stdout.write(json.dumps(row))
        else:
            self.stdout.write(
                f"{made.path}: {made.size:,} bytes, {manifest.rows:,} rows, {row['blobs']:,} stored files."
                " It holds the secret key: keep it where only you can read it."
            )
