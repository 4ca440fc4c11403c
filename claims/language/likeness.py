"""How alike in meaning are a sentence and others? The cosine of their vectors, by the encoder in the box.

Vectors of texts are rounded to what is kept of them, so that it is all one whether they were kept or made. Loads the
encoder at its first call: for the worker and the commands, never the web process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Kept = NDArray[np.float16]


class Likenable(Protocol):
    """A sentence and others to compare it with."""

    @property
    def claim(self) -> str: ...

    @property
    def sentences(self) -> Sequence[str]: ...


#: So many sentences that were asked about are remembered: a claim is compared with passages and with earlier checks.
REMEMBERED = 200

_asked: OrderedDict[str, Floats] = OrderedDict()


def likeness(sentence: str, others: Sequence[str]) -> list[float]:
    """Return for each of the others how alike it is, -1 to 1; English, others poorly."""
    if not others:
        return []
    return alike(vectors_of_asked([sentence])[sentence], others, kept_form(others))


def likeness_of(asked: Sequence[Likenable]) -> list[list[float]]:
    """Return the same for many sentences with others, read in one go; nothing is kept."""
    kept = kept_form(text for one in asked for text in one.sentences)
    claims = vectors_of_asked(one.claim for one in asked)
    return [alike(claims[one.claim], one.sentences, kept) for one in asked]


def alike(asked: Floats, others: Sequence[str], kept: Mapping[str, Kept]) -> list[float]:
    """Return how alike each of the others is to a vector of length one, by the vectors that are kept of them."""
    import numpy as np

    if not others:
        return []
    rows = np.stack([kept[text] for text in others]).astype(np.float32)
    return [float(one) for one in rows @ asked]


def kept_form(texts: Iterable[str]) -> dict[str, Kept]:
    """Return the vector of each text as it is kept: of length one, in float16."""
    import numpy as np

    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, _encoded(distinct).astype(np.float16), strict=True)) if distinct else {}


def vectors_of_asked(sentences: Iterable[str]) -> dict[str, Floats]:
    """Return vectors of length one of sentences that something is compared with; the last ones are remembered."""
    import numpy as np

    wanted = list(dict.fromkeys(sentences))
    found = {one: _asked[one] for one in wanted if one in _asked}
    missing = [one for one in wanted if one not in found]
    if missing:
        found |= {one: kept.astype(np.float32) for one, kept in kept_form(missing).items()}
    _remember(found)
    return found


def remember_asked(kept: Mapping[str, bytes]) -> None:
    """Take vectors of sentences as rows keep them (float16, of length one), so that these are not encoded."""
    import numpy as np

    _remember({one: np.frombuffer(vector, dtype="<f2").astype(np.float32) for one, vector in kept.items()})


def _remember(vectors: Mapping[str, Floats]) -> None:
    for one, vector in vectors.items():
        _asked[one] = vector
        _asked.move_to_end(one)
    while len(_asked) > REMEMBERED:
        _asked.popitem(last=False)


def _encoded(texts: Sequence[str]) -> Floats:
    import numpy as np

    from claims.language.encoder import shipped

    vectors = shipped().encode(texts)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    return vectors
