"""Plant each written fault in a copy of the tree and run its tests: ``python -m tests.mutants``.

First the named tests run on the tree as it is: a test that fails anyhow notices nothing. Then every fault is
planted alone and its tests run on SQLite; it counts as noticed only where a test ran and failed, not where
nothing could be collected. Status 1 where a fault survives or the list is out of step, 2 for wrong use.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.planted import Fault, out_of_step, planted, read, touched

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that the tests of one fault may take before it counts as not noticed.
LIMIT = 240
NOTICED = 1
_WITHOUT = "not postgresql and not redis and not elasticsearch and not browser and not shared"
OPTIONS = ["-q", "-n0", "-p", "no:cacheprovider", "--reuse-db", "--no-header", "--tb=line", "-m", _WITHOUT]
_TEMPLATE = (
    "import django; django.setup(); from django.db import connection as c;"
    "c.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False); c.close()"
)


class Copy:
    """One copy of the tree with a data folder of its own; a fault at a time."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.data = tree / "var" / "mutants"
        self.data.mkdir(parents=True, exist_ok=True)
        left_out = ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_", "PYTEST_", "PYTHONDONTWRITEBYTECODE")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(left_out)},
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
            "FACTCHECK_DATA": str(self.data),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        self._nest: subprocess.Popen[str] | None = None

    def python(self, *arguments: str) -> tuple[int, str]:
        """Run Python here; what it compiles is kept for the runs with a fault."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.tree, env=self.environment, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    def plant(self, fault: Fault, template: Path) -> tuple[int, str]:
        """Run the tests of one fault with it in place, on a fresh database; put the file back."""
        path, kept = self.tree / fault.file, self.tree / "var" / "kept"
        old, new = path.read_text(encoding="utf-8"), planted(fault, self.tree)
        shutil.copy2(path, kept)
        self._fresh(template)
        path.write_text(new, encoding="utf-8")
        try:
            status, said = self._warm(fault, old, new)
            if status is None:
                self._fresh(template)
                status, said = self._cold(fault)
            return status, said
        finally:
            # With its times, so that what was compiled of it is not taken for older.
            shutil.move(kept, path)

    def warm_up(self, tests: Sequence[str]) -> None:
        """Start the process that reads product and tests once for all faults."""
        self._nest = subprocess.Popen(
            [sys.executable, "-m", "tests.mutants.nest"],
            cwd=self.tree,
            env={**self.environment, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._say([OPTIONS, list(tests)])

    def close(self) -> None:
        if self._nest is not None:
            self._nest.communicate()

    def _fresh(self, template: Path) -> None:
        for left in self.data.glob("test.sqlite3*"):
            left.unlink()
        shutil.copy2(template, self.data / "test.sqlite3")

    def _say(self, order: object) -> str:
        assert self._nest is not None
        assert self._nest.stdin is not None
        assert self._nest.stdout is not None
        print(json.dumps(order), file=self._nest.stdin, flush=True)
        return self._nest.stdout.readline().strip()

    def _warm(self, fault: Fault, old: str, new: str) -> tuple[int | None, str]:
        output = self.tree / "var" / "output"
        order = {
            "file": fault.file,
            "old": old,
            "new": new,
            "again": fault.again,
            "arguments": [*OPTIONS, "-x", *fault.tests],
            "output": str(output),
            "limit": LIMIT,
        }
        answer = self._say(order)
        if answer == "cold":
            return None, ""
        return int(answer), output.read_text(encoding="utf-8", errors="replace")

    def _cold(self, fault: Fault) -> tuple[int, str]:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *OPTIONS, "-x", *fault.tests],
                cwd=self.tree,
                env={**self.environment, "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired:
            return -1, f"not done after {LIMIT} seconds"
        return done.returncode, done.stdout + done.stderr


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--list", action="store_true", help="show the faults and end")
    parser.add_argument(
        "--changed", nargs="?", const="main", metavar="BASE", help="only files that differ from it"
    )
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="only faults whose name or file holds this"
    )
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, metavar="N", help="how many at a time")
    parser.add_argument("--verbose", action="store_true", help="show which test noticed a fault")
    given = parser.parse_args(arguments)
    faults = read()
    wrong = [problem for fault in faults if (problem := out_of_step(fault, ROOT))]
    if wrong:
        print("The list is out of step with the code:", *wrong, sep="\n  ")
        return 1
    if given.changed:
        changed = _changed(given.changed)
        if changed is None:
            return 2
        faults = touched(faults, changed)
    faults = [fault for fault in faults if given.only in str(fault) or given.only in fault.file]
    if given.list:
        for fault in faults:
            print(f"{fault}  ({fault.file}; {' '.join(fault.tests)})")
    if given.list or not faults:
        print(f"{len(faults)} faults.")
        return 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        left = _plant_all(faults, Path(folder), max(1, given.j), verbose=given.verbose)
    if left is None:
        return 1
    print(f"{len(faults) - len(left)} of {len(faults)} noticed, {time.monotonic() - begun:.0f} s.")
    for fault in left:
        print(f"  survives: {fault} ({fault.file})")
    return 1 if left else 0


def _changed(base: str) -> set[str] | None:
    """Return the files that differ from where this branch left the base, uncommitted ones included."""
    git = shutil.which("git") or "git"
    found: set[str] = set()
    for command in (
        ["diff", "--name-only", f"{base}...HEAD"],
        ["diff", "--name-only", "HEAD"],
        ["ls-files", "--others", "--exclude-standard"],
    ):
        done = subprocess.run([git, *command], cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            print(f"git does not know “{base}”: {done.stderr.strip()}", file=sys.stderr)
            return None
        found |= set(done.stdout.split("\n")) - {""}
    return found


def _plant_all(faults: list[Fault], folder: Path, workers: int, *, verbose: bool) -> list[Fault] | None:
    """Return the faults that no test noticed; None where nothing can be said, because the tests fail anyhow."""
    workers = min(workers, len(faults))
    first = Copy(_copied(folder / "0"))
    first.python("-m", "compileall", "-q", "claims", "factcheck", "tests")
    status, said = first.python("-c", _TEMPLATE)
    if status:
        print(f"No database could be made for the tests:\n{_end(said)}")
        return None
    template = shutil.copy2(first.data / "test.sqlite3", folder / "template.sqlite3")
    copies = [first]
    for number in range(1, workers):
        shutil.copytree(first.tree, folder / str(number))
        copies.append(Copy(folder / str(number)))
    tests = sorted({test for fault in faults for test in fault.tests})
    if not _stand(copies, tests):
        return None
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda copy: copy.warm_up(tests), copies))
    free: queue.Queue[Copy] = queue.Queue()
    for copy in copies:
        free.put(copy)

    def one(fault: Fault) -> bool:
        copy = free.get()
        begun = time.monotonic()
        try:
            status, said = copy.plant(fault, Path(template))
        finally:
            free.put(copy)
        noticed = status == NOTICED
        word = (
            "noticed" if noticed else "SURVIVES" if status == 0 else f"SURVIVES (pytest ended with {status})"
        )
        print(f"{word:>9}  {time.monotonic() - begun:5.1f} s  {fault}", flush=True)
        if verbose or status not in (0, NOTICED):
            print(_end(said), flush=True)
        return noticed

    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(one, faults))
    for copy in copies:
        copy.close()
    return [fault for fault, noticed in zip(faults, results, strict=True) if not noticed]


def _stand(copies: list[Copy], tests: list[str]) -> bool:
    """Run the named tests on the tree as it is: whether they pass."""
    # A test that is named by itself and by its file runs once.
    files = {test for test in tests if "::" not in test}
    tests = [test for test in tests if test in files or test.split("::")[0] not in files]
    begun = time.monotonic()
    with ThreadPoolExecutor(len(copies)) as pool:
        parts = [tests[number :: len(copies)] for number in range(len(copies))]
        done = list(pool.map(_passing, copies, parts))
    for status, said in done:
        if status:
            print(f"The tests do not pass on the tree as it is (pytest ended with {status}):\n{_end(said)}")
            return False
    print(
        f"{'stand':>9}  {time.monotonic() - begun:5.1f} s  {len(tests)} files or tests, without any fault",
        flush=True,
    )
    return True


def _passing(copy: Copy, tests: list[str]) -> tuple[int, str]:
    return copy.python("-m", "pytest", *OPTIONS, *tests) if tests else (0, "")


def _copied(target: Path) -> Path:
    """Copy what git knows or would add, with its times."""
    git = shutil.which("git") or "git"
    listed = subprocess.run(
        [git, "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def _end(said: str) -> str:
    return "\n".join(f"           {line}" for line in said.strip().splitlines()[-6:])


if __name__ == "__main__":
    sys.exit(main())
