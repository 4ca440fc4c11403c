"""Articles without end for benchmarks of an archive, written anew from real ones.

An article keeps the sentences of a real one, with other names, figures and rarer words in them, each drawn as often
as real texts use it: its sequences of words are its own, its words are spread as in a newspaper. One in ten is what
archives are full of: another article again as a copy, cut, or shuffled with half of its words changed.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[1] / "claims" / "management" / "sample" / "stories"
OUTLETS = 300
DAYS = 1_100
#: So many articles of the last days may come again.
_RECENT = 400
_AGAIN = 0.1
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
_COMMON = 250


@dataclass(frozen=True, slots=True)
class Written:
    """One article; ``again`` says what it is of an earlier one, empty for a report of its own."""

    text: str
    title: str
    outlet: str
    published: str
    again: str = ""


def read(folder: Path | None = None) -> list[str]:
    """Return the texts of a folder of .txt and .md files, or of a file of JSON lines with “text”.

    Without one, the articles of the sample desk: few, so good for a try only.
    """
    path = folder or SAMPLE
    if path.is_file():
        lines = path.read_text("utf-8").splitlines()
        return [text for line in lines if line and (text := json.loads(line).get("text"))]
    files = sorted(file for file in path.rglob("*") if file.suffix in (".txt", ".md"))
    texts = [file.read_text("utf-8") for file in files]
    return [text.partition("\n\n")[2] if folder is None else text for text in texts]


class Newspaper:
    """Writes articles from real texts; the same seed writes the same ones."""

    def __init__(self, texts: list[str], *, seed: int = 1) -> None:
        self._texts = texts
        self._dice = random.Random(seed)
        words: Counter[str] = Counter()
        for text in texts:
            words.update(_WORD.findall(text))
        self._common = {word for word, _ in words.most_common(_COMMON)}
        small = {word: count for word, count in words.items() if word.islower() and len(word) >= 4}
        names = {word: count for word, count in words.items() if word.istitle() and word.lower() not in words}
        self._pools = [
            (list(pool), list(accumulate(pool.values())))
            for pool in (
                {word: count for word, count in small.items() if word not in self._common},
                names,
            )
        ]
        self._names = set(self._pools[1][0])
        self._recent: deque[Written] = deque(maxlen=_RECENT)

    def articles(self, count: int, *, begin: date = date(2023, 1, 2)) -> Iterator[Written]:
        """Yield articles in the order of their days."""
        for number in range(count):
            day = begin + timedelta(days=number * DAYS // count)
            if self._recent and self._dice.random() < _AGAIN:
                one = self._again(self._dice.choice(self._recent), day)
            else:
                one = self._own(day)
                self._recent.append(one)
            yield one

    def _own(self, day: date) -> Written:
        source = self._dice.choice(self._texts)
        text = self._changed(source, 0.6)
        return Written(text, text.partition("\n")[0][:120], self._outlet(), day.isoformat())

    def _again(self, one: Written, day: date) -> Written:
        how = self._dice.choice(("copy", "cut", "rewrite"))
        parts = one.text.split("\n")
        if how == "cut":
            parts = parts[: max(2, len(parts) * 2 // 3)]
        elif how == "rewrite":
            self._dice.shuffle(parts)
        text = "\n".join(parts)
        if how == "rewrite":
            text = self._changed(text, 0.35, names=False)
        return Written(text, f"{one.title} ({how})", self._outlet(), day.isoformat(), how)

    def _outlet(self) -> str:
        return f"Paper {int(OUTLETS * self._dice.random() ** 2)}"

    def _changed(self, text: str, share: float, *, names: bool = True) -> str:
        dice = self._dice
        others: dict[str, str] = {}

        def other(match: re.Match[str]) -> str:
            word = match[0]
            if word not in others:
                others[word] = word
                if word.isdigit():
                    if names:
                        others[word] = str(dice.randint(10 ** (len(word) - 1), 10 ** len(word) - 1))
                elif word in self._names:
                    if names:
                        others[word] = self._drawn(1)
                elif len(word) >= 4 and word not in self._common and word.islower() and dice.random() < share:
                    others[word] = self._drawn(0)
            return others[word]

        return _WORD.sub(other, text)

    def _drawn(self, pool: int) -> str:
        words, weights = self._pools[pool]
        return self._dice.choices(words, cum_weights=weights)[0]
