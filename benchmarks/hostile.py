"""What does text cost that nobody would write: endless sentences, marks without words, names without end?

``value`` is the slowest of many kinds of text (``kinds``) of ``size`` characters, in seconds of processor, without
the sentence encoder; ``raw`` is as many characters of our own articles in the same run, so ``ratio`` says how much
worse than prose the worst kind is. ``growth`` is how much longer four times the text took, for the kinds in which
that is most (16 would be the square). Kinds whose pieces all differ are written by a seeded ``Random``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from benchmarks.articles import articles

SIZE = 90_000
_SLOW = 0.2
"""Growth is asked of kinds that take so many seconds: below, the start weighs most."""

# A piece is repeated until it fills the text.
PATTERNS: dict[str, str] = {
    "full stops": "a. ",
    "unclosed quotations": '"He said that it rained. ',
    "unclosed curly marks": "“Prices fell, ",
    "one endless sentence": "crime fell and taxes rose and ",
    "one sentence of prose": "the mayor of the old town closed three schools last year because costs had risen by 5% ",
    "nouns without end": "the man and ",
    "dates": "on 12 May 2019, ",
    "months": "in May ",
    "bare numbers": "1 ",
    "percentages": "3.5% ",
    "grouped numbers": "1,000,000 ",
    "money": "$5m to £6bn, ",
    "times of day": "at 5 p.m. on Monday ",
    "ranges": "from 2019 to 2021, ",
    "alternating marks": "'\"",
    "straight marks": '"',
    "apostrophes": "'",
    "opening curly marks": "“",
    "marks in each other": "“‘«",
    "marks and words": "“a” said b. ‘c’ ",
    "marks and commas": '"a", ',
    "line breaks": "\n",
    "spaces": " ",
    "paragraphs": "He left.\n\n",
    "capitals": "A B ",
    "sentences in capitals": "THE MAYOR SAID TAXES ROSE. ",
    "commas and": "a, and ",
    "one word": "a",
    "one word of syllables": "ab-",
    "one word with stops": "a.b",
    "one word of capitals": "A",
    "one number": "1",
    "frames": "he said that ",
    "said": "said ",
    "according to": "according to ",
    "that": "that ",
    "and": "and ",
    "of the": "of the ",
    "relatives": "which fell, ",
    "who who": "who ",
    "if": "if it rains ",
    "names that say": "Smith said Jones left. ",
    "names": "John Smith, ",
    "names and": "John Smith and ",
    "titles": "President ",
    "titles with stops": "Dr. Mr. ",
    "initials": "J. K. ",
    "acronyms": "U.S. U.N. ",
    "short lines": "Yes.\n",
    "words in lines": "rose\n",
    "capitals in lines": "ROSE\n",
    "labels": "SMITH: We won.\n",
    "labels in small letters": "Smith: yes; ",
    "colons": "a: b: ",
    "dashes": "a — b — ",
    "asides": "the man (who left) ",
    "semicolons": "he left; ",
    "ellipses": "... ",
    "question marks": "?!",
    "Cyrillic": "Он сказал. ",
    "Chinese": "中文句子。",
    "Arabic": "قال الوزير إن الأسعار ارتفعت. ",
    "Hebrew and English": "אמר Smith said ",
    "German": "Der Minister sagte, die Preise seien gestiegen. ",
    "French": "« Les prix montent », a dit le maire. ",
    "Spanish": "El alcalde dijo que los precios subieron. ",
    "emoji": "😀",
    "emoji and words": "he left 😀 ",
    "joined emoji": "👩\u200d👩\u200d👧 ",
    "combining marks": "a\u0301\u0302\u0303",
    "zero-width spaces": "\u200b",
    "zero-width inside words": "p\u200brices rose. ",
    "marks of direction": "\u202eabc\u202c \u2067אב\u2069 he said. ",
    "soft hyphens": "a\u00ad",
    "unknown characters": "\ufffd",
    "mark-up": "<p>He left.</p>",
    "open tags": "<",
    "entities": "&amp;",
    "tables": "a\tb\t1\n",
    "rows of a table": "| Oslo | 1,200 | 3.5% |\n",
    "addresses": "http://a.example/c ",
    "one address": "http://a.example/",
    "mail addresses": "a@b.example, ",
    "hashtags": "#tax ",
    "mentions": "RT @smith: ",
    "questions": "why? ",
    "premises": "the Turkish-backed militia ",
    "list items": "- He left.\n",
    "quoted lines": "> He left.\n",
    "numbered items": "1. He left.\n",
    "first person": '"I think that we left," he said. ',
    "closed quotations": '"Prices fell," Smith said. ',
    "quotations in each other": "\"He told me 'we left',\" Smith said. ",
    "subtitles": "1\n00:00:01,000 --> 00:00:02,000\nHe left.\n\n",
    "transcript": "[00:01] Smith: Prices rose by 5%.\n",
    "passives": "it was said that it was said that ",
    "negations": "not never no ",
    "pronouns": "he told him that she told her ",
    "participles": "rising, falling, ",
    "infinitives": "to want to try to begin ",
    "prepositions": "in of on at by ",
    "years ago": "12 years ago ",
}


def _word(random: Random, syllables: int = 3) -> str:
    return "".join(random.choice("bcdfglmnprst") + random.choice("aeiou") for _ in range(syllables))


def _name(random: Random) -> str:
    return _word(random).title()


# Pieces that all differ, so that nothing can be kept from one to the next.
VARIED: dict[str, Callable[[Random], str]] = {
    "acronyms that speak": lambda r: f"{_word(r, 2).upper()} said {_word(r, 2).upper()} left. ",
    "bodies with their letters": lambda r: f"The {_name(r)} {_name(r)} Council ({_word(r, 2).upper()}) said it rose. ",
    "one surname": lambda r: f"{_name(r)} Smith said. Smith left. ",
    "all names differ": lambda r: f"{_name(r)} {_name(r)} said {_name(r)} had left. ",
    "a list of names": lambda r: f"{_name(r)} {_name(r)}, ",
    "names in lines": lambda r: f"{_name(r)} {_name(r)}\n",
    "all words differ": lambda r: f"{_word(r)} ",
    "short claims": lambda r: f"{_name(r)} won {r.randint(2, 99)}. ",
    "all years differ": lambda r: f"{r.randint(2, 900)} years ago ",
    "all dates differ": lambda r: f"on {r.randint(1, 28)} May {r.randint(1900, 2030)} it fell. ",
    "all figures differ": lambda r: f"{r.randint(1, 10**6)} ",
    "all addresses differ": lambda r: f"http://{_word(r)}.example/{_word(r)} ",
    "all speak of themselves": lambda r: f'"I {_word(r)} that we left {_name(r)}," he said. ',
    "speakers": lambda r: f"{_word(r).upper()}: We won {_word(r)}.\n",
    "roles": lambda r: f"The {_word(r)} minister, {_name(r)} {_name(r)}, said he left. He said it rose. ",
    "letters at random": lambda r: "".join(r.choice("abcdefghij .,;:'\"()[]“”‘’-\n") for _ in range(40)),
    "marks at random": lambda r: "".join(r.choice(".,;:'\"()[]“”‘’—!? ") for _ in range(40)),
}  # fmt: skip


def hostile_inputs(size: int = SIZE) -> Iterator[tuple[str, str]]:
    """Yield the hostile texts by name, each of ``size`` characters."""
    for name, piece in PATTERNS.items():
        yield name, (piece * (size // len(piece) + 1))[:size]
    for name, written in VARIED.items():
        random, pieces, length = Random(3), [], 0
        while length < size:
            pieces.append(written(random))
            length += len(pieces[-1])
        yield name, "".join(pieces)[:size]
    for name, opening, closing in (
        ("brackets", "[", "]"),
        ("parentheses", "(", ")"),
        ("quotations", "“", "”"),
    ):
        yield f"nested {name}", opening * (size // 2) + closing * (size // 2)
        yield f"open {name}", opening * size
    yield "words in nested parentheses", "(he said " * (size // 12) + ") " * (size // 12)


def run(size: int = SIZE, engine: str | None = None) -> dict[str, Any]:
    """Return the figures for texts of ``size`` characters; ``engine`` has no meaning here and is returned as given."""
    prose = "\n\n".join(articles(40))
    prose = (prose * (size // len(prose) + 1))[:size]
    seconds(prose[:5_000])
    raw = seconds(prose)
    took = {name: seconds(text) for name, text in hostile_inputs(size)}
    quarter = dict(hostile_inputs(size // 4))
    growth = {name: took[name] / seconds(quarter[name]) for name, spent in took.items() if spent > _SLOW}
    order = sorted(took, key=lambda name: -took[name])
    return {
        "name": "hostile",
        "size": size,
        "engine": engine,
        "value": round(took[order[0]], 3),
        "unit": "s",
        "raw": round(raw, 3),
        "ratio": round(took[order[0]] / raw, 3),
        "kinds": len(took),
        "over_a_second": sum(spent > 1 for spent in took.values()),
        "slowest": {name: round(took[name], 3) for name in order[:12]},
        "growth": {
            name: round(growth[name], 1) for name in sorted(growth, key=lambda name: -growth[name])[:6]
        },
    }


def seconds(text: str) -> float:
    """Return the seconds of processor that a split without the encoder takes."""
    from claims.splitting import split

    begun = time.process_time()
    split(text, judge=None)
    return max(time.process_time() - begun, 1e-9)
