"""Does a single name tell a person, by what follows it, and are two full names one person's?"""

from __future__ import annotations

from claims.language.document import Sentence

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


def same_person(one: str, other: str) -> bool:
    """Tell whether two full names are one person's: same surname, same first name, initials apart."""
    a, b = one.split(), other.split()
    if len(a) < 2 or len(b) < 2 or a[-1].lower() != b[-1].lower():
        return False
    return (
        a[0].lower() == b[0].lower()
        or (a[0].rstrip(".").lower() == b[0][0].lower() and len(a[0].rstrip(".")) == 1)
        or (b[0].rstrip(".").lower() == a[0][0].lower() and len(b[0].rstrip(".")) == 1)
    )
