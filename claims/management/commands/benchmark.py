"""Measure speed and memory as ratios to the raw engine, driver or library call of the same run."""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

NAMES = (
    "split",
    "hostile",
    "encode",
    "index",
    "search",
    "searches",
    "nearest",
    "standing",
    "jobs",
    "memory",
    "pages",
    "feeds",
    "bulk",
    "origins",
    "intake",
)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=NAMES)
        parser.add_argument("--size", type=int, help="How many items; each benchmark has its own default.")
        parser.add_argument(
            "--behind", type=int, default=0, help="jobs: so many imports are queued before what is timed."
        )
        parser.add_argument(
            "--data",
            type=Path,
            help="origins, intake: real texts to write from, a folder or a file of JSON lines.",
        )
        parser.add_argument("--desk", help="pages: visit every page of this desk, in the database at hand.")
        parser.add_argument("--times", type=int, help="pages: so often each page is visited and timed.")
        parser.add_argument(
            "--keep",
            type=Path,
            help="search, searches: keep what was filled in this folder, and use it the next time.",
        )
        parser.add_argument("--engine", choices=("embedded", "elasticsearch"), default="embedded")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self,
        *,
        name: str,
        size: int | None,
        engine: str,
        behind: int,
        data: Path | None,
        desk: str | None,
        times: int | None,
        keep: Path | None,
        as_json: bool,
        **options: Any,
    ) -> None:
        try:
            module = importlib.import_module(f"benchmarks.{name}")
        except ModuleNotFoundError as error:
            raise CommandError("Benchmarks run from a checkout of the project, in its folder.") from error
        run = module.run
        given: dict[str, Any] = {}
        parameters = inspect.signature(run).parameters
        if size is not None:
            if size < 1:
                raise CommandError("--size must be at least 1.")
            given["size"] = size
        if behind:
            if "behind" not in parameters:
                raise CommandError("Only the benchmark “jobs” knows --behind.")
            given["behind"] = behind
        if data is not None:
            if "data" not in parameters:
                raise CommandError("Only the benchmarks “origins” and “intake” know --data.")
            if not data.exists():
                raise CommandError(f"There is no {data}.")
            given["data"] = data
        if desk:
            if "desk" not in parameters:
                raise CommandError("Only the benchmark “pages” knows --desk.")
            given["desk"] = desk
        if times is not None:
            if "times" not in parameters or times < 1:
                raise CommandError("Only the benchmark “pages” knows --times, and it must be at least 1.")
            given["times"] = times
        if keep is not None:
            if "keep" not in parameters:
                raise CommandError("Only the benchmarks “search” and “searches” know --keep.")
            given["keep"] = keep.resolve()
        if "engine" in parameters:
            given["engine"] = engine
        self.stderr.write(f"Measuring {name} …")
        row = run(**given)
        if as_json:
            self.stdout.write(json.dumps(row))
        else:
            ratio = (
                f", ratio {row['ratio']:.2f} to the raw call ({row['raw']:.4g})" if row.get("ratio") else ""
            )
            if row.get("ratio_uncounted"):
                ratio += (
                    f", {row['ratio_uncounted']:.2f} to one that counts nothing ({row['raw_uncounted']:.4g})"
                )
            self.stdout.write(f"{row['name']} ({row['size']:,}): {row['value']:.4g} {row['unit']}{ratio}")
            for key, value in row.items():
                if key not in ("name", "size", "engine", "value", "unit", "raw", "ratio"):
                    self.stdout.write(f"  {key}: {value}")
