"""What a drill found, as a text for people and JSON for programs."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drill import Drill


def write(path: Path, drill: Drill, problem: str, *, seconds: float) -> None:
    """Write ``path`` and the same as JSON beside it."""
    result = {
        "schema": 1,
        "ended": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "held": not problem,
        "problem": problem,
        "at": drill.step if problem else "",
        "seconds": round(seconds),
        "processors": os.cpu_count(),
        "made": drill.here.engine.made,
        "took": drill.took,
        "came_back": drill.came_back,
        "checked": drill.held,
        "idle": drill.idle,
        "after": drill.after,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    path.write_text(_text(result), "utf-8")


def _text(result: dict) -> str:  # type: ignore[type-arg]
    lines = [
        f"docker-compose.yml run for real, {result['ended']}, {result['processors']} processors",
        "Everything held." if result["held"] else f"FAILED at “{result['at']}”: {result['problem']}",
        f"Whole run: {result['seconds']} s",
    ]
    if result["made"]:
        lines += ["", "Made before (s):", *_rows(result["made"])]
    lines += ["", "Took (s):", *_rows(result["took"])]
    lines += ["", "Ended by kill -9:", *_rows(result["came_back"])]
    for title, part in (("after the start", result["idle"]), ("after everything", result["after"])):
        if part:
            memory = part["memory_mb"]
            lines += ["", f"Memory {title} (MB held / limit):"]
            lines += [f"  {name:32} {row['held']:>6} / {row['limit']}" for name, row in memory.items()]
            held = sum(row["held"] for row in memory.values())
            lines += [f"  {'together':32} {held:>6} / {sum(row['limit'] for row in memory.values())}"]
    if result["after"]:
        lines += ["", "Disk (MB): volumes", *_rows(result["after"]["volumes_mb"])]
        lines += ["Disk (MB): images", *_rows(result["after"]["images_mb"])]
    lines += ["", "Checked:", *[f"  - {one}" for one in result["checked"]]]
    return "\n".join(lines) + "\n"


def _rows(values: dict[str, object]) -> list[str]:
    return [f"  {name:32} {value!s:>6}" for name, value in values.items()]
