"""Does a single capitalised name tell a person? Answered by what follows it; never by the name alone."""

from __future__ import annotations

from claims.splitting.reading import Sentence

_TELLING = frozenset({"VBD", "VBZ"})
_OLDEST = 110


def is_personal(sentence: Sentence, word: str, last: int, first_names: frozenset[str]) -> bool:
    """Say whether an age, "who", or a verb behind a first name follows the name that ends at token ``last``."""
    after = [token.norm.lower() for token in sentence.tokens[last + 1 : last + 4]]
    if after[:1] == [","] and len(after) > 1:
        age = after[1].isdigit() and 4 < int(after[1]) < _OLDEST and after[2:3] in ([","], ["."], ["and"])
        return age or after[1] in ("aged", "who")
    tags = sentence.tree.xpos
    return word in first_names and last + 1 < len(tags) and tags[last + 1] in _TELLING
