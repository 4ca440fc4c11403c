"""How fast is an article split, where does the time go, and what does memory cost?

``value`` is words a second on one core over ``size`` articles of about 800 words; ``raw`` is the tagger and parser
alone on the same words, in the same run; both without the sentence encoder. Beside them: milliseconds an article
without and with it, sentences a second, the share of each stage, growth from one to ten articles in one text,
peak memory, import time. Hostile text has a benchmark of its own (``hostile``). CPU seconds, so that other processes
weigh less.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.articles import articles


def run(size: int = 40, engine: str | None = None) -> dict[str, Any]:
    """Return the figures for ``size`` articles; ``engine`` has no meaning here and is returned as given."""
    from claims.splitting import split

    texts = articles(size)
    split(texts[0])
    split(texts[0], judge=None)
    words = sum(len(text.split()) for text in texts)
    seconds, sentences = _timed(lambda: sum(_sentences(split(text, judge=None)) for text in texts))
    with_encoder, _ = _timed(lambda: [split(text) for text in texts])
    raw_seconds = _parser_alone(texts)
    one, _ = _timed(lambda: split(texts[0], judge=None))
    ten, _ = _timed(lambda: split("\n\n".join(texts[:1] * 10)[:200_000], judge=None))
    return {
        "name": "split",
        "size": size,
        "engine": engine,
        "value": round(words / seconds),
        "unit": "words/s",
        "raw": round(words / raw_seconds),
        "ratio": round(raw_seconds / seconds, 3),
        "ms_per_800_words": round(800_000 * seconds / words, 1),
        "ms_per_800_words_with_encoder": round(800_000 * with_encoder / words, 1),
        "sentences_per_second": round(sentences / seconds),
        "growth_at_ten_times": round(ten / one, 1),
        "stages": stages(texts[: min(len(texts), 10)]),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "import_seconds": _import_seconds(),
    }


def stages(texts: list[str]) -> dict[str, float]:
    """Return the share of each stage in the time of a split, from a profile (which weighs small calls more)."""
    import cProfile
    import pstats

    from claims.splitting import split

    profile = cProfile.Profile()
    profile.enable()
    for text in texts:
        split(text, judge=None)
    profile.disable()
    rows: dict[tuple[str, str], float] = {}
    for (file, _, name), row in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        rows[Path(file).stem, name] = rows.get((Path(file).stem, name), 0.0) + row[3]
    total = rows["pipeline", "split"]
    wanted = {
        "blocks": ("blocks", "layout"),
        "reading, with parser": ("document", "read"),
        "parser": ("parser", "parse"),
        "attribution": ("packs", "attribute"),
        "claimants": ("packs", "claimants"),
        "clauses and premises": ("units", "drafts"),
        "scores": ("pipeline", "_judge"),
        "date grammar": ("grammar", "find"),
        "dating": ("unit_dates", "attach"),
        "wording": ("wording", "worded"),
        "repeats": ("repeats", "mark"),
    }
    return {name: round(rows.get(key, 0.0) / total, 3) for name, key in wanted.items()}


def _sentences(result: Any) -> int:
    return len({unit.sentence for unit in result.units})


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    result = call()
    return max(time.process_time() - begun, 1e-9), result


def _parser_alone(texts: list[str]) -> float:
    from claims.language.blocks import layout
    from claims.language.document import read
    from claims.language.parser import parse

    articles = [[sentence.tree.words for sentence in read(layout(text)).sentences] for text in texts]
    return _timed(lambda: [parse(article) for article in articles])[0]


def _import_seconds() -> float:
    code = "import time; a = time.perf_counter(); import claims.splitting; print(time.perf_counter() - a)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    return round(float(done.stdout), 3)


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else 40), indent=1))
