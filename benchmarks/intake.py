"""How fast articles come in from a file of JSON lines, and how much memory that takes: ``manage.py ingest`` itself.

The file is written by ``newspaper``, from the texts of ``--data`` where that is given. The command runs in a process
of its own, as at a desk, with origins found, passages cut and the index marked; nothing is split into claims. Raw is
the same number of lines read as JSON and nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from benchmarks.newspaper import Newspaper, read
from benchmarks.throwaway import installation


def run(size: int = 1_000, data: Path | None = None) -> dict[str, Any]:
    """Return articles a second, with the start of the command taken off, and its largest memory in MB."""
    paper = Newspaper(read(data))
    with installation() as place:
        lines = place.folder / "articles.jsonl"
        with lines.open("w", encoding="utf-8") as file:
            for number, one in enumerate(paper.articles(size)):
                row = {
                    "url": f"https://paper.example/{number}",
                    "title": one.title,
                    "text": one.text,
                    "outlet": one.outlet,
                    "published": one.published,
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        nothing = place.folder / "nothing.jsonl"
        nothing.write_text("\n", encoding="utf-8")
        start, _, _ = _ingest(nothing, place.environment, expected=1)
        seconds, processor, memory = _ingest(lines, place.environment, expected=0)
        begun = time.perf_counter()
        for line in lines.read_bytes().splitlines():
            json.loads(line)
        raw = size / (time.perf_counter() - begun)
    rate = size / (seconds - start)
    return {
        "name": "intake",
        "size": size,
        "engine": connection.vendor,
        "value": round(rate, 1),
        "unit": "articles/s",
        "raw": round(raw),
        "ratio": round(rate / raw, 4),
        "processor ms for an article": round(1000 * processor / size, 1),
        "MB": round(memory),
        "load": round(os.getloadavg()[0], 1),
    }


def _ingest(file: Path, environment: dict[str, str], *, expected: int) -> tuple[float, float, float]:
    """Run the command; return seconds of the clock, of the processor, and the largest memory in MB."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "manage.py", "ingest", str(file), "--desk", "desk", "--json"],
        env=environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != expected:
        raise RuntimeError(f"ingest ended with {child.returncode}")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
