"""Make an installation of a backup again; the workbench must be stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.base import Refused
from claims.actions.installation.restore import check_backup, restore


class Command(BaseCommand):
    help = __doc__
    # What is here may be broken: that is why somebody restores.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--force", action="store_true", help="Replace what is here; a copy of the database is kept."
        )
        parser.add_argument("--check", action="store_true", help="Only read the file to its end.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, file: Path, force: bool, check: bool, as_json: bool, **options: Any) -> None:
        try:
            if check:
                manifest = check_backup(file=file)
                row: dict[str, object] = {"file": str(file), "whole": True}
            else:
                done = restore(file=file, force=force, say=self.stderr.write)
                manifest = done.manifest
                row = {
                    "file": str(file),
                    "migrated": done.migrated,
                    "kept": str(done.kept) if done.kept else None,
                    "missing_blobs": done.missing_blobs,
                }
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        row |= {"made_at": manifest.made_at, "database": manifest.vendor, "rows": manifest.rows}
        if as_json:
            self.stdout.write(json.dumps(row))
            return
        if check:
            self.stdout.write(f"{file} is whole: made at {manifest.made_at}, {manifest.rows:,} rows.")
            return
        self.stdout.write(f"Restored the state of {manifest.made_at}: {manifest.rows:,} rows.")
        if done.migrated:
            self.stdout.write(f"Brought to this release by {', '.join(done.migrated)}.")
        if done.kept:
            self.stdout.write(f"What was here lies in {done.kept}.")
        for name in done.missing_blobs:
            self.stderr.write(f"The stored file {name} was missing when the backup was made.")
        self.stdout.write("The search index is built anew when the workbench starts.")
