"""How many claim units does the sentence encoder turn into vectors on one core, and in how much memory?

``value`` is units a second of processor time at the last layer, batched; ``raw`` is the matrix products alone of the
same batches, in the same run. Beside it: the fourth layer, one unit alone, load time and resident memory.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any

from benchmarks.articles import articles


def run(size: int = 600, engine: str | None = None) -> dict[str, Any]:
    """Return the figures for ``size`` claim units; ``engine`` has no meaning here and is returned as given."""
    import numpy as np

    from claims.splitting import split

    units: list[str] = []
    for text in articles(40):
        units += [unit.text for unit in split(text).units]
    units = (units * (size // max(len(units), 1) + 1))[:size]
    before = _resident()
    began = time.process_time()
    from claims.language.encoder import FOR_HEADS, FOR_LIKENESS, LAYERS, WIDTH, shipped

    encoder = shipped()
    load = time.process_time() - began
    encoder.encode(units[:64])
    last = _seconds(lambda: encoder.encode(units, layer=FOR_LIKENESS))
    heads = _seconds(lambda: encoder.encode(units, layer=FOR_HEADS))
    alone = _seconds(lambda: [encoder.encode([unit]) for unit in units[:20]]) / 20
    pieces = sum(len(encoder.pieces(unit)) for unit in units)
    rng = np.random.default_rng(1)
    state = rng.standard_normal((min(pieces, 1536), WIDTH), dtype=np.float32)
    wide = rng.standard_normal((12 * WIDTH, WIDTH), dtype=np.float32)
    products = _seconds(lambda: [state @ wide.T for _ in range(10)]) / 10
    # A layer multiplies each piece with 12 x width x width numbers.
    raw = products * LAYERS * pieces / len(state)
    return {
        "name": "encode",
        "size": size,
        "engine": engine,
        "value": round(size / last, 1),
        "unit": "units/s",
        "raw": round(size / raw, 1),
        "ratio": round(raw / last, 3),
        "units/s at layer 4": round(size / heads, 1),
        "ms for one unit alone": round(alone * 1000, 1),
        "pieces a unit": round(pieces / size, 1),
        "load s": round(load, 2),
        "resident MB": round(_resident() - before, 1),
    }


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _resident() -> float:
    with open("/proc/self/statm", encoding="ascii") as numbers:
        return int(numbers.read().split()[1]) * resource.getpagesize() / 1e6
