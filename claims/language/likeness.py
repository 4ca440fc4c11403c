"""How alike in meaning are a sentence and others? The cosine of their vectors, by the encoder in the box.

Loads the encoder at its first call: for the worker and the commands, never the web process.
"""

from __future__ import annotations

from collections.abc import Sequence


def likeness(sentence: str, others: Sequence[str]) -> list[float]:
    """Return for each of the others how alike it is, -1 to 1; English, others poorly."""
    import numpy as np

    from claims.language.encoder import shipped

    if not others:
        return []
    vectors = shipped().encode([sentence, *others])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    return [float(alike) for alike in vectors[1:] @ vectors[0]]
