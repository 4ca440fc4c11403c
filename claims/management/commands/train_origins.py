"""Learn from stories with labelled origins when two articles rest on one report, and write the weights in place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from claims.management.training import TrainingCommand


class Command(TrainingCommand):
    help = (
        "Learn the model that joins rewrites. FOLDER holds stories as `evaluate origins` reads them; figures that "
        "leave out the story judged go to standard error."
    )

    takes_desk = False

    def rows(self, folder: Path) -> list[Any]:
        from claims.evaluation import origins

        return [origins.table(story) for story in origins.read(folder)]

    def train(
        self, learned: dict[Path, list[Any]], aside: dict[Path, list[Any]], output: Path | None
    ) -> Path:
        from claims.evaluation import origins
        from claims.independence.joining import SHIPPED
        from claims.independence.pairs import sign_names

        tables = [one for found in learned.values() for one in found]
        beside = origins.taught_beside()
        model = origins.learn(tables, beside)
        left_out = []
        for one in tables:
            other = origins.learn([table for table in tables if table is not one], beside)
            left_out.append((one.story, origins.groups_of(one.story, other)))
        self._figures("each story left out", origins.scores(left_out))
        for folder, found in aside.items():
            grouped = [(one.story, origins.groups_of(one.story, model)) for one in found]
            self._figures(f"{folder.name}, kept aside", origins.scores(grouped))
        desk = [(story, origins.groups_of(story, model)) for story in origins.read(origins.SAMPLE)]
        self._figures("the sample desk, learned from", origins.scores(desk))
        path = output or SHIPPED
        row = {
            "weights": dict(zip(sign_names(), (round(one, 4) for one in model.weights), strict=True)),
            "bias": round(model.bias, 4),
            "threshold": model.threshold,
            "learned": sorted(model.learned),
        }
        path.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
        self.stderr.write(f"{len(tables)} stories, threshold {model.threshold}; weights: {path}")
        return path

    def _figures(self, how: str, made: dict[str, float]) -> None:
        self.stderr.write(f"{how}: {', '.join(f'{name} {value:.3f}' for name, value in made.items())}")
