"""How much memory do web and worker take, idle and after reading and splitting articles, child processes included?

``value`` is megabytes resident of web, worker and all their child processes a moment after the last of ``size``
articles was split, when the child still waits for more work. Resident memory is summed over processes, so what they
share is counted for each; ``shared_once`` divides shared pages among those who share them (PSS). ``highest`` is the
greatest sum of twice a second while the work went on. Articles are uploaded as files, pages and plain text in turn,
each of about 800 words in which no language is declared. Linux only: the kernel's own figures are read.
"""

from __future__ import annotations

import html
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from benchmarks.processes import family, running, wait_for
from benchmarks.throwaway import Installation, installation

TEXTS = Path(__file__).resolve().parents[1] / "tests" / "splitting" / "claim_units"
_QUIET = 5.0


def run(size: int = 10) -> dict[str, Any]:
    """Return megabytes resident after ``size`` articles."""
    with installation() as place, running(place.folder, place.environment) as (web, worker):
        processes = {"web": web, "worker": worker}
        wait_for(_idle, "the worker is idle")
        time.sleep(_QUIET)
        idle = {name: _memory(pid) for name, pid in processes.items()}
        with _Highest(processes) as highest:
            names = _upload(place, size)
            wait_for(lambda: _split() >= names, "all articles are split", seconds=60 + 30 * size)
        after = {name: _memory(pid) for name, pid in processes.items()}
    return {
        "name": "memory",
        "size": size,
        "engine": "redis" if settings.REDIS_URL else "embedded",
        "value": _sum(after, "resident"),
        "unit": "MB",
        "shared_once": _sum(after, "shared_once"),
        "idle": _sum(idle, "resident"),
        "idle_shared_once": _sum(idle, "shared_once"),
        "highest": round(highest.resident, 1),
        "highest_shared_once": round(highest.shared_once, 1),
        "idle_by_process": idle,
        "after_by_process": after,
    }


class _Highest:
    """The greatest sums while something goes on."""

    def __init__(self, processes: dict[str, int]) -> None:
        self.resident = self.shared_once = 0.0
        self._processes = processes
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Highest:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.5):
            now = [_memory(pid) for pid in self._processes.values()]
            self.resident = max(self.resident, sum(one["resident"] for one in now))
            self.shared_once = max(self.shared_once, sum(one["shared_once"] for one in now))


def _upload(place: Installation, count: int) -> int:
    """Upload articles as a person does, and return how many."""
    from claims.actions.documents.intake import add_file

    found = sorted(TEXTS.glob("*.txt"))
    for number in range(count):
        three = [found[(3 * number + one) % len(found)].read_text(encoding="utf-8") for one in range(3)]
        text = f"Article {number + 1}\n\n" + "\n\n".join(three)
        ending, data = ("txt", text) if number % 2 else ("html", _page(text))
        add_file(actor=place.person, desk=place.desk, name=f"{number}.{ending}", data=data.encode())
    return count


def _page(text: str) -> str:
    title, *paragraphs = [html.escape(one) for one in text.split("\n\n") if one.strip()]
    body = "".join(f"<p>{one}</p>\n" for one in paragraphs)
    return (
        f"<!doctype html><html><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>\n{body}</article></body></html>"
    )


def _split() -> int:
    from claims.models import AnalysisRun, Job

    for job in Job.objects.filter(status=Job.Status.FAILED):
        raise RuntimeError(f"The job {job.kind} failed: {job.error}")
    return AnalysisRun.objects.filter(is_current=True).count()


def _idle() -> bool:
    from claims.models import Job

    return not Job.objects.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING]).exists()


def _memory(pid: int) -> dict[str, float]:
    """Return megabytes of a process and all that come from it; one that ends meanwhile has none."""
    found = {"resident": 0.0, "shared_once": 0.0, "processes": 0}
    for one in family(pid):
        with suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
            found["resident"] += kilobytes["Rss"] * 1024 / 1e6
            found["shared_once"] += kilobytes["Pss"] * 1024 / 1e6
            found["processes"] += 1
    return {name: round(value, 1) for name, value in found.items()}


def _sum(by_process: dict[str, dict[str, float]], name: str) -> float:
    return round(sum(one[name] for one in by_process.values()), 1)
