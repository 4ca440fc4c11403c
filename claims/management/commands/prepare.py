"""Make an installation ready to start: migrations, static files, the sample desk; prints how to come in."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.base import Refused
from claims.actions.installation.preparing import bring_up_to_date
from claims.models import Desk
from factcheck.launch.private import tighten


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="Do not load the sample desk.")
        parser.add_argument("--no-desk", action="store_true", help="Make no desk and no login at all.")
        parser.add_argument(
            "--without-copy", action="store_true", help="Migrate a filled database without keeping a copy."
        )

    def handle(self, *, empty: bool, no_desk: bool, without_copy: bool, **options: Any) -> None:
        try:
            bring_up_to_date(with_copy=not without_copy, say=self._say)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        tighten(Path(settings.DATA_DIR))
        self._static_files()
        if no_desk:
            return
        if not Desk.objects.exists():
            if empty:
                call_command("make_desk", verbosity=0, stdout=sys.stderr)
            else:
                self._say("Loading the sample desk …")
                call_command("seed_demo", verbosity=0, stdout=sys.stderr)
        logins = Path(settings.DATA_DIR) / "logins.txt"
        if logins.exists():
            self.stdout.write(logins.read_text(encoding="utf-8").strip())

    def _static_files(self) -> None:
        """Collect static files where any of ours, or Django's version, changed since the last time."""
        digest = hashlib.sha256()
        folder = Path(settings.BASE_DIR) / "claims" / "static"
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(
                    f"{path.relative_to(folder)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode()
                )
        lock = Path(settings.BASE_DIR) / "requirements" / "base.lock"
        digest.update(lock.read_bytes())
        stamp = Path(settings.STATIC_ROOT) / ".stamp"
        if stamp.exists() and stamp.read_text(encoding="ascii") == digest.hexdigest():
            return
        self._say("Collecting static files …")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(digest.hexdigest(), encoding="ascii")

    def _say(self, sentence: str) -> None:
        self.stderr.write(sentence)
        self.stderr.flush()
