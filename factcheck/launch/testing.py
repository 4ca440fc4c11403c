"""What `./run test` does: find the services that answer, run the suite on each combination, say what was exercised.

One pass runs everything on SQLite, the in-process broker and tantivy. Where PostgreSQL, Redis or
Elasticsearch answer, a second pass runs on them what depends on a database, a broker or an engine: of the folders
named here, the tests that ask for one.
``FACTCHECK_REQUIRE=postgresql,redis,elasticsearch`` turns a missing service into a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

SERVICES = {
    "postgresql": ("DATABASE_URL", 5432),
    "redis": ("REDIS_URL", 6379),
    "elasticsearch": ("ELASTICSEARCH_URL", 9200),
}
ON_SERVICES = [
    "models",
    "jobs",
    "actions",
    "search",
    "feeds",
    "api",
    "exports",
    "query",
    "queries",
    "upgrade",
    "ops",
]


def run_tests(root: Path, python: Path, arguments: list[str]) -> int:
    """Return pytest's exit status, the worst of all passes."""
    there = {name: _answers(*SERVICES[name]) for name in SERVICES}
    required = {name.strip() for name in os.environ.get("FACTCHECK_REQUIRE", "").split(",") if name.strip()}
    absent = sorted(name for name in required - {"browser"} if not there.get(name))
    if absent:
        names = ", ".join(f"{name} ({SERVICES[name][0]})" for name in absent if name in SERVICES)
        print(f"Required but not reachable: {names or ', '.join(absent)}.", file=sys.stderr)
        return 1
    browser = bool(shutil.which("chromium") or shutil.which("chromium-browser"))
    if "browser" in required and not browser:
        print("Required but not installed: chromium.", file=sys.stderr)
        return 1
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ELASTICSEARCH_")}
    for name in ("DATABASE_URL", "REDIS_URL"):
        plain.pop(name, None)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        plain[name] = os.environ[name] = "1"
    # What is compiled is kept: else each process that a test starts would compile the product again.
    for kept in (plain, os.environ):
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
    off = ["postgresql", "redis", "elasticsearch", *([] if browser else ["browser"])]
    exercised = ["SQLite + in-process broker + tantivy" + (" + Chromium" if browser else "")]
    with tempfile.TemporaryDirectory(prefix="factcheck-test-") as data:
        plain["FACTCHECK_DATA"] = os.path.join(data, "plain")
        base = [str(python), "-m", "pytest", *_workers(arguments)]
        chosen = ["-m", " and ".join(f"not {name}" for name in off)]
        worst = _call([*base, *chosen, *arguments], plain, root)
        with_services = any(there.values()) and not _names_tests(arguments)
        if with_services:
            env = {**os.environ, "FACTCHECK_DATA": os.path.join(data, "services")}
            folders = [f"tests/{name}" for name in ON_SERVICES if (root / "tests" / name).is_dir()]
            missing = [name for name, answers in there.items() if not answers]
            marks = [
                "-m",
                " and ".join(
                    f"not {name}"
                    for name in [*missing, "browser", *(["embedded"] if there["postgresql"] else [])]
                ),
            ]
            exercised.append(" + ".join(name for name, answers in there.items() if answers))
            worst = max(worst, _call([*base, "--second-pass", *marks, *arguments, *folders], env, root))
    left_out = [name for name, answers in there.items() if not answers] + ([] if browser else ["Chromium"])
    print("\nExercised: " + "; ".join(exercised) + ".")
    print("Not reachable, so not exercised: " + (", ".join(left_out) or "nothing") + ".", flush=True)
    return worst


def _call(command: list[str], env: dict[str, str], root: Path) -> int:
    status = subprocess.run(command, env=env, cwd=root, check=False).returncode  # noqa: S603
    # A narrowed run may leave a pass without tests; the other pass decides.
    return 0 if status == 5 else status


def _names_tests(arguments: list[str]) -> bool:
    return any(not word.startswith("-") and ("tests" in word or word.endswith(".py")) for word in arguments)


def _workers(arguments: list[str]) -> list[str]:
    if any(word.startswith("-n") or word == "--pdb" for word in arguments):
        return []
    # Neighbours stay together, so that what a module sets up is set up once; who is done takes from the other.
    # Browsers, live programs and servers make tests wait: half as many processes again as there are cores.
    cores = os.cpu_count() or 1
    return ["-n", str(min(4, cores + cores // 2)), "--dist", "worksteal"]


def _answers(variable: str, default_port: int) -> bool:
    """Say whether something listens where the variable points to; an unset variable is no service."""
    parts = urlsplit(os.environ.get(variable, ""))
    if not parts.hostname:
        return False
    try:
        with socket.create_connection((parts.hostname, parts.port or default_port), timeout=3):
            return True
    except OSError:
        return False
