"""What texts of a labelled set mean, as vectors: made once and kept in one file, by text, for every set and size.

A run that is broken off goes on where it was: each handful is written before the next is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from claims.language.likeness import kept_form, vectors_of_asked
from claims.language.weights import encoder_key
from claims.query.types import Query
from claims.search.asking import Answer
from claims.search.engine import VECTOR_WIDTH, Engine
from claims.search.nearest import said_in, with_near

#: So many texts are encoded at once.
HANDFUL = 100
_KEY, _VECTOR = 16, 2 * VECTOR_WIDTH


def vectors_of(
    texts: Sequence[tuple[str, str]],
    cache: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> list[bytes]:
    """Return the vector of each (title, text) as an index keeps it; ``cache`` is a folder."""
    place = None if cache is None else cache / f"vectors-{encoder_key()}.bin"
    known = {} if place is None else _read(place)
    said = [said_in(title, text) for title, text in texts]
    missing = [text for text in dict.fromkeys(said) if _key(text) not in known]
    for at in range(0, len(missing), HANDFUL):
        some = missing[at : at + HANDFUL]
        made = {_key(text): vector.astype("<f2").tobytes() for text, vector in kept_form(some).items()}
        if place is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("ab") as file:
                file.write(b"".join(key + vector for key, vector in made.items()))
        known |= made
        progress(f"{at + len(some):,} of {len(missing):,} texts read")
    return [known[_key(text)] for text in said]


def found_by_meaning(engine: Engine, answer: Answer, claim: str, within: Query) -> Answer:
    """Return the answer to a claim joined with what its vector finds, as a desk does that wants it."""
    vector = vectors_of_asked([claim])[claim].tolist()
    return with_near(engine, [answer], [within], [vector])[0]


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:_KEY]


def _read(place: Path) -> dict[bytes, bytes]:
    """Read what was kept; a record that was cut short is cut off and made anew."""
    if not place.exists():
        return {}
    data, size = place.read_bytes(), _KEY + _VECTOR
    whole = len(data) // size * size
    if whole < len(data):
        with place.open("r+b") as file:
            file.truncate(whole)
    return {data[at : at + _KEY]: data[at + _KEY : at + size] for at in range(0, whole, size)}
