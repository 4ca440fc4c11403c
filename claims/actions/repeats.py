"""Does a suggestion say what an earlier claim of the desk says? Suggests, with reasons; a person confirms.

Candidates share words that few other claims have; whether they say the same is judged in ``claims.matching``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims.matching.sameness import Same, Statement, same
from claims.models import Appearance, Claim
from claims.models.fields import key_of

#: The newest claims of a desk that are compared, and how many candidates each suggestion gets.
_CLAIMS, _CANDIDATES, _SHOWN = 2_000, 8, 3
_WORD = re.compile(r"[^\W_]{3,}|\d+")
_STEM = 5
