"""How well are frames, sources and contents found in news articles annotated like PolNeAR?

Reads brat stand-off files (``text/NAME.txt`` with ``attributions/NAME_ANNOTATOR.ann``) from a folder or from
a ``.tar.xz`` that holds them, any number of splits deep; of a path that holds a ``train`` split among others,
the others are scored. The first annotator file per article counts. Nothing is trained: ``train`` is not used.

* ``source_f1``, ``content_f1``: token labels over the whole set, micro-averaged. In this corpus a token
belongs to
  one attribution only, so frames that stand inside another frame's content are left out on both sides.
* ``speech_source_right``: of the gold attributions with a source whose cue holds a core speech word, the
share for
  which the frame found at that cue, on whatever level, has a source with token F1 of at least 0.5.

Punctuation is not scored.
"""

from __future__ import annotations

import re
import tarfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from claims.evaluation.types import BadData, Evaluation
from claims.language import blocks
from claims.language.document import read
from claims.language.tokens import tokenize
from claims.splitting.attribution.english import attribute
from claims.splitting.attribution.results import Attributed

SPEECH_WORDS = frozenset(
    [
        "said",
        "says",
        "say",
        "told",
        "added",
        "wrote",
        "tweeted",
        "according",
        "asked",
        "noted",
        "reported",
        "announced",
        "argued",
        "explained",
        "insisted",
    ]
)
_WORD = re.compile(r"\w")
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated attribution: sets of token indices, and the words of its cue."""

    source: frozenset[int]
    cue: frozenset[int]
    content: frozenset[int]
    cue_words: frozenset[str]

    @property
    def speech(self) -> bool:
        """Whether the cue holds a core speech word."""
        return bool(self.cue_words & SPEECH_WORDS)


@dataclass(slots=True)
class _Counts:
    right: int = 0
    found: int = 0
    gold: int = 0

    def add(self, predicted: set[int], gold: set[int]) -> None:
        self.right += len(predicted & gold)
        self.found += len(predicted)
        self.gold += len(gold)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.found + self.gold
        return 2 * self.right / total if total else 0.0


@dataclass(slots=True)
class Score:
    """Running counts over articles."""

    source: _Counts = field(default_factory=_Counts)
    content: _Counts = field(default_factory=_Counts)
    speech: int = 0
    speech_found: int = 0
    speech_right: int = 0
    with_source: int = 0
    source_right: int = 0
    found: int = 0
    gold: int = 0
    predicted: int = 0
    matched: int = 0

    def metrics(self) -> dict[str, float]:
        """Return the published metrics, and those that explain them."""
        values = {
            "speech_source_right": _share(self.speech_right, self.speech),
            "source_f1": self.source.f1,
            "content_f1": self.content.f1,
            "source_precision": self.source.precision,
            "source_recall": self.source.recall,
            "content_precision": self.content.precision,
            "content_recall": self.content.recall,
            "speech_found": _share(self.speech_found, self.speech),
            "source_right": _share(self.source_right, self.with_source),
            "found": _share(self.found, self.gold),
            "precision": _share(self.matched, self.predicted),
        }
        return {name: round(value, 4) for name, value in values.items()}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def run(data: Path, *, train: Path | None = None) -> Evaluation:
    """Score attribution on every article below ``data``; raises BadData where there is none."""
    began = time.perf_counter()
    score = Score()
    for _, text, annotation in articles(data):
        score_article(score, text, annotation)
    if not score.gold:
        raise BadData(
            f"{data}: no attribution found; expected text/*.txt beside attributions/*.ann, or a .tar.xz"
        )
    return Evaluation(
        task="attribution",
        data=str(data),
        n=score.gold,
        metrics=score.metrics(),
        seconds=round(time.perf_counter() - began, 3),
    )


def score_article(score: Score, text: str, annotation: str) -> list[tuple[Gold, Attributed | None]]:
    """Add one article to the counts; return each gold attribution with the frame found at its cue."""
    gold, starts, ends = parse_annotation(text, annotation)
    rows = [part for row in attribute(read(blocks.layout(text), headings=True)) for part in _with_relay(row)]
    outer = {id(row) for row in outermost(rows)}
    indexed = [(row, _indices(starts, ends, _parts(row))) for row in rows]
    gold_source: set[int] = set().union(*(item.source for item in gold))
    gold_content: set[int] = set().union(*(item.content for item in gold))
    found_source: set[int] = set().union(*(parts[0] for row, parts in indexed if id(row) in outer))
    found_content: set[int] = set().union(*(parts[2] for row, parts in indexed if id(row) in outer))
    score.source.add(found_source, gold_source)
    score.content.add(found_content, gold_content)
    score.predicted += len(outer)
    by_cue: dict[int, list[int]] = {}
    for at, (_, parts) in enumerate(indexed):
        for token in parts[1]:
            by_cue.setdefault(token, []).append(at)
    used: set[int] = set()
    pairs: list[tuple[Gold, Attributed | None]] = []
    for item in gold:
        candidates = {at for token in item.cue for at in by_cue.get(token, ())}
        best = max(candidates, key=lambda at: (_f1(indexed[at][1][2], item.content), -at), default=None)
        used |= {at for at in candidates if id(indexed[at][0]) in outer}
        pairs.append((item, indexed[best][0] if best is not None else None))
        score.gold += 1
        score.found += best is not None
        if item.source:
            right = best is not None and _f1(indexed[best][1][0], item.source) >= 0.5
            score.with_source += 1
            score.source_right += right
            if item.speech:
                score.speech += 1
                score.speech_found += best is not None
                score.speech_right += right
    score.matched += len(used)
    return pairs


def outermost(rows: Iterable[Attributed]) -> list[Attributed]:
    """Return the frames whose cue stands in no other frame's content."""
    rows = list(rows)
    spans = sorted((span.start, span.end, at) for at, row in enumerate(rows) for span in row.content)
    kept: list[Attributed] = []
    for at, row in enumerate(rows):
        if row.quote is not None:
            covered = any(
                start <= row.cue.start < end and rows[other].quote is None
                for start, end, other in spans
                if other != at
            )
        else:
            covered = any(start <= row.cue.start < end for start, end, other in spans if other != at)
        if not covered:
            kept.append(row)
    return kept


def _with_relay(row: Attributed) -> list[Attributed]:
    """Return a frame and, as the corpus has it, the relay behind it as a frame of its own without content."""
    if row.relay is None or row.relay_cue is None:
        return [row]
    relay = replace(
        row,
        cue=row.relay_cue,
        source=row.relay,
        subject=None,
        content=(),
        unit=(),
        relay=None,
        relay_cue=None,
    )
    return [row, relay]


def parse_annotation(text: str, annotation: str) -> tuple[list[Gold], list[int], list[int]]:
    """Return the gold attributions of a brat file as token indices, and the bounds of scored tokens."""
    tokens = [token for token in tokenize(text) if _WORD.search(text, token.start, token.end)]
    starts = [token.start for token in tokens]
    ends = [token.end for token in tokens]
    spans: dict[str, list[tuple[int, int]]] = {}
    gold: list[Gold] = []
    events: list[list[str]] = []
    for line in annotation.splitlines():
        cells = line.split("\t")
        if len(cells) >= 2 and cells[0].startswith("T"):
            ranges = cells[1].split(" ", 1)
            if len(ranges) == 2:
                spans[cells[0]] = [_range(part) for part in ranges[1].split(";")]
        elif len(cells) >= 2 and cells[0].startswith("E"):
            events.append(cells[1].split())
    for event in events:
        roles: dict[str, list[tuple[int, int]]] = {"Source": [], "Cue": [], "Content": []}
        for argument in event:
            role, _, name = argument.partition(":")
            roles.get(role.rstrip("0123456789"), []).extend(spans.get(name, []))
        source, cue, content = _indices(starts, ends, (roles["Source"], roles["Cue"], roles["Content"]))
        if not cue and not content:
            continue
        words = " ".join(text[start:end] for start, end in roles["Cue"]).lower()
        gold.append(
            Gold(frozenset(source), frozenset(cue), frozenset(content), frozenset(_LETTERS.findall(words)))
        )
    return gold, starts, ends


def _range(part: str) -> tuple[int, int]:
    start, _, end = part.partition(" ")
    try:
        return int(start), int(end)
    except ValueError as error:
        raise BadData(f"an annotation holds {part!r} where two offsets were expected") from error


Spans = Iterable[tuple[int, int]]


def _parts(row: Attributed) -> tuple[Spans, Spans, Spans]:
    # The corpus marks the relative pronoun as the source of "who said", not the noun it stands for.
    source = row.subject or row.source
    return ([source] if source else [], [row.cue], row.content)


def _indices(
    starts: list[int], ends: list[int], parts: tuple[Spans, Spans, Spans]
) -> tuple[set[int], set[int], set[int]]:
    from bisect import bisect_left, bisect_right

    result: list[set[int]] = []
    for spans in parts:
        found: set[int] = set()
        for start, end in spans:
            found.update(range(bisect_right(ends, start), bisect_left(starts, end)))
        result.append(found)
    return result[0], result[1], result[2]


def _f1(predicted: set[int], gold: frozenset[int]) -> float:
    total = len(predicted) + len(gold)
    return 2 * len(predicted & gold) / total if total else 0.0


def articles(data: Path) -> Iterator[tuple[str, str, str]]:
    """Yield name, text and annotation of every article below a folder, an archive, or a split in one."""
    texts: dict[str, str] = {}
    annotations: dict[str, str] = {}
    for path, body in _files(data):
        folder = path.parent.name
        if folder == "text" and path.suffix == ".txt":
            texts[f"{path.parent.parent}/{path.stem}"] = body
        elif folder == "attributions" and path.suffix == ".ann":
            name = f"{path.parent.parent}/{path.stem.rpartition('_')[0]}"
            # Files come in order of their names, so the first annotator's stays.
            annotations.setdefault(name, body)
    names = sorted(set(texts) & set(annotations))
    splits = {PurePosixPath(name).parent.name for name in names}
    for name in names:
        if PurePosixPath(name).parent.name == "train" and len(splits) > 1:
            continue
        yield name, texts[name], annotations[name]


def _files(data: Path) -> Iterator[tuple[PurePosixPath, str]]:
    if data.is_dir():
        found = False
        for path in sorted(data.rglob("*")):
            if path.suffix in (".txt", ".ann") and path.parent.name in ("text", "attributions"):
                found = True
                yield PurePosixPath(path.as_posix()), path.read_bytes().decode("utf-8", "replace")
        if not found:
            for archive in sorted(data.glob("*.tar.xz")):
                yield from _archived(archive, "")
        return
    if data.is_file() and tarfile.is_tarfile(data):
        yield from _archived(data, "")
        return
    # A split named as if the archive were unpacked: ".../polnear/dev".
    if not data.exists() and data.parent.is_dir():
        for archive in sorted(data.parent.glob("*.tar.xz")):
            yield from _archived(archive, data.name)
        return
    raise BadData(f"{data} is neither a folder nor a .tar.xz of text/*.txt and attributions/*.ann")


def _archived(archive: Path, split: str) -> Iterator[tuple[PurePosixPath, str]]:
    """Read members of an archive in memory; nothing is unpacked to disk."""
    rows: list[tuple[PurePosixPath, str]] = []
    with tarfile.open(archive, "r:*") as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if (
                not member.isfile()
                or path.suffix not in (".txt", ".ann")
                or (split and split not in path.parts)
            ):
                continue
            body = tar.extractfile(member)
            if body is not None:
                rows.append((path, body.read().decode("utf-8", "replace")))
    yield from sorted(rows)
