"""How good is the workbench on a labelled set? Runs one evaluation task and prints its metrics.

Every task is a function ``run(data, *, train=None, …) -> Evaluation`` in a module of ``claims.evaluation``; a
task whose module is not installed is not offered. Which options a task understands is read from its
signature, so that an option it does not know is refused instead of ignored. Needs no database.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.evaluation.types import BadData, Evaluation
from claims.search.engine import EngineError

MODULES = {
    "claim-units": "claims.evaluation.claim_units",
    "editor-top": "claims.evaluation.editor_top",
    "rules": "claims.evaluation.rules",
    "check-worthiness": "claims.evaluation.checkworthiness",
    "transcript-ranking": "claims.evaluation.transcripts",
    "repeats": "claims.evaluation.repeats",
    "earlier-checks": "claims.evaluation.earlier_checks",
    "evidence": "claims.evaluation.evidence",
    "evidence-rows": "claims.evaluation.evidence_rows",
    "sample-rows": "claims.evaluation.sample_rows",
    "attribution": "claims.evaluation.attribution",
    "dates": "claims.evaluation.dates",
    "origins": "claims.evaluation.origins",
    "reliance": "claims.evaluation.reliance",
}
ENGINES = ("embedded", "elasticsearch")
WRONG_USE = 2

Run = Callable[..., Evaluation]


def available() -> list[str]:
    """Return the tasks whose module is there, without importing any."""
    return [task for task, module in MODULES.items() if importlib.util.find_spec(module)]


class Command(BaseCommand):
    help = "Measure quality on a labelled set, without a database."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("task", metavar="TASK", nargs="?", help=f"one of: {', '.join(available())}")
        parser.add_argument("--data", metavar="PATH", type=Path, help="the labelled set: a file or a folder")
        parser.add_argument("--train", metavar="PATH", type=Path, help="learn from this split first")
        parser.add_argument("--engine", metavar="NAME", help="search engine: embedded or elasticsearch")
        parser.add_argument("--semantic", action="store_true", help="learn from sentence vectors too")
        parser.add_argument("--cut", action="store_true", help="texts are cut as an archive cuts them")
        parser.add_argument("--vectors", action="store_true", help="passages are found by their meaning too")
        parser.add_argument(
            "--only", metavar="NAMES", help="only these items, such as 05, 01-27 or 03,07,20-25"
        )
        parser.add_argument(
            "--among", metavar="PATH", type=Path, nargs="*", help="texts that have nothing to do with the set"
        )
        parser.add_argument("--judged", metavar="PATH", type=Path, help="labels of rows made by hand")
        parser.add_argument(
            "--cache",
            metavar="FOLDER",
            type=Path,
            help="keep index and answers here: a run goes on where it was",
        )
        parser.add_argument("--size", metavar="N", type=int, help="passages the archive is filled up to")
        parser.add_argument("--branches", action="store_true", help="conditions inside functions, not rules")
        parser.add_argument(
            "--list", metavar="PATH", type=Path, dest="listed", help="bring this list up to date"
        )
        parser.add_argument("--details", action="store_true", help="say for each item what went wrong")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        task: str | None = options["task"]
        if task is None:
            raise _wrong_use(f"Name a task: one of {', '.join(available())}.")
        run = _task(task)
        data, train = options["data"], options["train"]
        if data is None:
            raise _wrong_use("Say where the labelled set lies: --data PATH.")
        for path in (data, train, options["judged"], *(options["among"] or ())):
            if path is not None and not path.exists():
                raise _wrong_use(f"{path} does not exist.")
        evaluation = self._run(task, run, data, train, options)
        if options["json"]:
            self.stdout.write(json.dumps(evaluation.as_json()))
            return
        effort = f"{evaluation.n:,} items, {evaluation.seconds:.1f} s"
        engine = f", engine {evaluation.engine}" if evaluation.engine else ""
        self.stdout.write(f"{evaluation.task} on {evaluation.data}: {effort}{engine}")
        width = max(map(len, evaluation.metrics), default=0)
        for name, value in evaluation.metrics.items():
            self.stdout.write(f"  {name:<{width}}  {value:.3f}")

    def _run(
        self, task: str, run: Run, data: Path, train: Path | None, options: dict[str, Any]
    ) -> Evaluation:
        if options["engine"] is not None and options["engine"] not in ENGINES:
            raise _wrong_use(f"“{options['engine']}” is no engine: choose embedded or elasticsearch.")
        known = inspect.signature(run).parameters
        takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values())
        given: dict[str, Any] = {"train": train}
        for name in (
            "engine",
            "semantic",
            "cut",
            "vectors",
            "only",
            "details",
            "among",
            "size",
            "judged",
            "branches",
            "listed",
            "cache",
        ):
            if not options[name]:
                continue
            if name not in known and not takes_all:
                raise _wrong_use(f"The task {task} takes no --{'list' if name == 'listed' else name}.")
            given[name] = options[name]
        if options["details"]:
            # With --json the object stays alone on standard output.
            given["details"] = self.stderr.write if options["json"] else self.stdout.write
        if "progress" in known:
            given["progress"] = self._progress
        try:
            return run(data, **given)
        except BadData as error:
            raise _wrong_use(_sentence(str(error))) from error
        except EngineError as error:
            raise CommandError(_sentence(f"The search engine did not answer: {error}")) from error
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise CommandError(_sentence(f"The set could not be read: {error}")) from error

    def _progress(self, line: str) -> None:
        self.stderr.write(line)


def _task(task: str) -> Run:
    tasks = available()
    if task not in tasks:
        raise _wrong_use(f"“{task}” is no task: choose one of {', '.join(tasks)}.")
    run: Run = importlib.import_module(MODULES[task]).run
    return run


def _wrong_use(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=WRONG_USE)


def _sentence(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else f"{message}."
