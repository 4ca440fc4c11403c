"""How well does claim splitting find the units that two people following the annotation guidelines find?

Reads a folder of ``NN.txt`` with ``NN.json`` (a list of rows ``start, end, class, claimant, check, dates``)
and an optional ``published.json`` (``{"NN": "2019-11-18" or null}``) or ``documents.tsv`` (columns ``document``
and ``published``); an ``NN.json`` may instead be ``{"published": …, "units": [row, …]}``. Runs the pipeline on each
text and compares. A ``.tsv`` in place of the folder is a list of sets, see ``slope``.

What is counted. Predicted and gold units are paired one to one so that the sum of token F1 of their spans is
largest; only pairs of 0.5 and more exist. Gold units whose check is ``no`` neither count nor hurt: nothing is
missed when they are not found, and a prediction paired with one is left out of precision. A prediction whose
own check is ``no`` and that pairs with nothing still hurts ``precision``, because the guidelines exempt gold
units only and an editor has to dismiss the row; what precision would be without such rows is given apart as
``precision_checkable``.

Refuses to tune anything: ``train`` is accepted because every task accepts it, and is an error here.
"""

from __future__ import annotations

import csv
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claims.evaluation import slope
from claims.evaluation.assignment import best_pairs
from claims.evaluation.date_values import canonical
from claims.evaluation.types import BadData, Evaluation
from claims.evaluation.wordings import faults
from claims.matching.claimant_names import same_claimant, same_spelling
from claims.splitting.types import Split, Unit
from claims.vocabulary import Attribution, Checkable

TASK = "claim-units"
PAIRED_FROM = 0.5

Splitter = Callable[[str, str | None], Split]


@dataclass(frozen=True, slots=True)
class GoldUnit:
    """One annotated unit."""

    start: int
    end: int
    attribution: str
    claimant: str
    check: str
    dates: frozenset[str]


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """One annotated text; ``name`` is the file name without its ending."""

    name: str
    text: str
    published: str | None
    units: tuple[GoldUnit, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold unit and the predicted unit that it was paired with."""

    gold: GoldUnit
    unit: Unit
    f1: float
    people: frozenset[str] = frozenset()

    @property
    def class_right(self) -> bool:
        return self.gold.attribution == str(self.unit.attribution)

    @property
    def claimant_right(self) -> bool:
        return same_claimant(self.gold.claimant, self.unit.claimant, people=self.people)

    @property
    def spelling_right(self) -> bool:
        return same_spelling(self.gold.claimant, self.unit.claimant)

    @property
    def speaks(self) -> bool:
        """Tell whether somebody speaks, by either."""
        return bool(self.gold.claimant or self.unit.claimant)

    @property
    def wording_faults(self) -> list[str]:
        return faults(self.unit.wording.text) if self.unit.wording.text else []

    @property
    def dated(self) -> bool:
        """Tell whether there is a date, by either."""
        return bool(self.gold.dates or self.unit.dates)

    @property
    def checkable_right(self) -> bool:
        return self.gold.check == str(self.unit.checkable)

    @property
    def dates_right(self) -> bool:
        """Tell whether both say the same dates, in whichever spelling."""
        return {canonical(value) for value in self.gold.dates} == {
            canonical(value) for value in date_values(self.unit)
        }


@dataclass(slots=True)
class SetComparison:
    """The outcome for one article: what was paired, missed and invented, and what does not count."""

    article: AnnotatedArticle
    pairs: list[Pair] = field(default_factory=list)
    missed: list[GoldUnit] = field(default_factory=list)
    invented: list[Unit] = field(default_factory=list)
    not_counted: list[Pair] = field(default_factory=list)


# --- reading --------------------------------------------------------------------------------------


def read_articles(data: Path, *, only: str | None = None) -> list[AnnotatedArticle]:
    """Read the annotated texts of a folder, sorted by name.

    ``only`` picks names: ``05``, ``01-27`` or ``03,07,20-25``. Raises BadData for any other layout.
    """
    if not data.is_dir():
        raise BadData(f"{data} is not a folder of NN.txt with NN.json")
    wanted = name_filter(only)
    dates = _published(data)
    articles = []
    for text_path in sorted(data.glob("*.txt")):
        rows_path = text_path.with_suffix(".json")
        if not rows_path.exists() or not wanted(text_path.stem):
            continue
        articles.append(_article(text_path, rows_path, dates.get(text_path.stem)))
    if not articles:
        raise BadData(
            f"{data} holds no NN.txt with an NN.json of the same name" + (f" in {only}" if only else "")
        )
    return articles


def name_filter(only: str | None) -> Callable[[str], bool]:
    """Return the test whether a name is asked for; raises BadData when ``only`` cannot be read."""
    if not only:
        return lambda name: True
    names: set[str] = set()
    ranges: list[tuple[int, int]] = []
    for part in only.split(","):
        part = part.strip()
        bounds = re.fullmatch(r"(\d+)-(\d+)", part)
        if bounds:
            ranges.append((int(bounds[1]), int(bounds[2])))
        elif part:
            names.add(part)
    if not names and not ranges:
        raise BadData(f"“{only}” names no article; write 05, 01-27 or 03,07,20-25")
    return lambda name: (
        name in names or (name.isdecimal() and any(low <= int(name) <= high for low, high in ranges))
    )


def _published(data: Path) -> dict[str, str | None]:
    path = data / "documents.tsv"
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        if rows and not {"document", "published"} <= set(rows[0]):
            raise BadData(f"{path} has no columns “document” and “published”")
        return {row["document"]: row["published"] or None for row in rows}
    path = data / "published.json"
    if not path.exists():
        return {}
    dates = _json(path)
    if not isinstance(dates, dict):
        raise BadData(f"{path} is not an object of names and dates")
    return {str(name): value and str(value) for name, value in dates.items()}


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadData(f"{path} is not JSON in UTF-8: {error}") from error


def _article(text_path: Path, rows_path: Path, published: str | None) -> AnnotatedArticle:
    try:
        # Bytes first: text mode would fold CRLF and move every offset behind it.
        text = text_path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData(f"{text_path} is not UTF-8: {error}") from error
    rows = _json(rows_path)
    if isinstance(rows, dict):
        published = rows.get("published", published)
        rows = rows.get("units")
    if not isinstance(rows, list):
        raise BadData(f"{rows_path} is neither a list of rows nor an object with “units”")
    units = tuple(_gold_unit(row, len(text), rows_path, number) for number, row in enumerate(rows, 1))
    return AnnotatedArticle(text_path.stem, text, published, units)


def _gold_unit(row: Any, length: int, path: Path, number: int) -> GoldUnit:
    try:
        start, end = int(row["start"]), int(row["end"])
        attribution = str(Attribution(row["class"]))
        check = str(Checkable(row["check"]))
        dates = frozenset(str(date["value"]) for date in row.get("dates", []))
        claimant = str(row["claimant"] or "")
    except (KeyError, TypeError, ValueError) as error:
        raise BadData(f"row {number} of {path} cannot be read: {error!r}") from error
    if not 0 <= start < end <= length:
        raise BadData(f"row {number} of {path} has the span {start}–{end} in a text of {length} characters")
    return GoldUnit(start, end, attribution, claimant, check, dates)


# --- comparing ------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\w+(?:['’.,\-‐‑]\w+)*")


def token_spans(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the words and numbers of a text; punctuation does not count."""
    return [match.span() for match in _TOKEN.finditer(text)]


def covered(tokens: Sequence[tuple[int, int]], start: int, end: int) -> frozenset[int]:
    """Return the indices of the tokens that a span touches."""
    return frozenset(index for index, (left, right) in enumerate(tokens) if left < end and right > start)


def token_f1(gold: frozenset[int], predicted: frozenset[int]) -> float:
    """F1 of the tokens two spans share, by position: the same word elsewhere is another token."""
    shared = len(gold & predicted)
    return 2 * shared / (len(gold) + len(predicted)) if shared else 0.0


def compare(article: AnnotatedArticle, units: Sequence[Unit]) -> SetComparison:
    """Pair the predicted units of one article with its gold units."""
    tokens = token_spans(article.text)
    gold_tokens = [covered(tokens, unit.start, unit.end) for unit in article.units]
    unit_tokens = [covered(tokens, unit.start, unit.end) for unit in units]
    weights: dict[tuple[int, int], float] = {}
    for row, wanted in enumerate(gold_tokens):
        for column, found in enumerate(unit_tokens):
            score = token_f1(wanted, found)
            if score >= PAIRED_FROM:
                weights[row, column] = score
    pairs = best_pairs(weights)
    result = SetComparison(article)
    people = frozenset(gold.claimant for gold in article.units if gold.claimant)
    for row, gold in enumerate(article.units):
        if row not in pairs:
            if gold.check != Checkable.NO:
                result.missed.append(gold)
            continue
        pair = Pair(gold, units[pairs[row]], weights[row, pairs[row]], people)
        (result.not_counted if gold.check == Checkable.NO else result.pairs).append(pair)
    taken = set(pairs.values())
    result.invented = [unit for column, unit in enumerate(units) if column not in taken]
    return result


def date_values(unit: Unit) -> frozenset[str]:
    return frozenset(date.value for date in unit.dates)


# --- metrics --------------------------------------------------------------------------------------


def metrics(comparisons: Iterable[SetComparison]) -> dict[str, float]:
    """Pool all articles: every unit weighs the same, whatever the article.

    ``claimant`` and ``dates`` are shares of all pairs; most units have neither, so ``claimant_named``,
    ``claimant_exact`` and ``dates_dated`` are those of pairs where one of both sides has one. Figures of which
    there is nothing to count are left out.
    """
    return figures(counts(comparison) for comparison in comparisons)


def counts(comparison: SetComparison) -> Counter[str]:
    """Count what the figures of one article are made of."""
    pairs, told = comparison.pairs, Attribution.PREMISE
    return Counter(
        {
            "found": len(pairs),
            "missed": len(comparison.missed),
            "invented": len(comparison.invented),
            "invented_no": sum(unit.checkable == Checkable.NO for unit in comparison.invented),
            "premises": sum(pair.gold.attribution == told for pair in pairs),
            "premises_missed": sum(gold.attribution == told for gold in comparison.missed),
            "class": sum(pair.class_right for pair in pairs),
            "claimant": sum(pair.claimant_right for pair in pairs),
            "checkable": sum(pair.checkable_right for pair in pairs),
            "dates": sum(pair.dates_right for pair in pairs),
            "named": sum(pair.speaks for pair in pairs),
            "named_right": sum(pair.speaks and pair.claimant_right for pair in pairs),
            "spelt_right": sum(pair.speaks and pair.spelling_right for pair in pairs),
            "dated": sum(pair.dated for pair in pairs),
            "dated_right": sum(pair.dated and pair.dates_right for pair in pairs),
            "worded": sum(bool(pair.unit.wording.text) for pair in pairs),
            "sound": sum(bool(pair.unit.wording.text) and not pair.wording_faults for pair in pairs),
            # A whole number, for a Counter of them: millionths of token F1.
            "span": round(1e6 * sum(pair.f1 for pair in pairs)),
        }
    )


def figures(counted: Iterable[Counter[str]]) -> dict[str, float]:
    """Return the figures of several articles from what was counted in each."""
    total: Counter[str] = Counter()
    for one in counted:
        total.update(one)
    found, missed, invented = total["found"], total["missed"], total["invented"]
    others, others_missed = found - total["premises"], missed - total["premises_missed"]
    recall, precision = _share(found, found + missed), _share(found, found + invented)
    always = {
        "recall": recall,
        "precision": precision,
        "f1": 2 * recall * precision / (recall + precision) if found else 0.0,
        "span_f1": _share(total["span"] / 1e6, found),
        "claimant": _share(total["claimant"], found),
        "class": _share(total["class"], found),
        "checkable": _share(total["checkable"], found),
        "dates": _share(total["dates"], found),
        "precision_checkable": _share(found, found + invented - total["invented_no"]),
    }
    sometimes = {
        "recall_premises": (total["premises"], total["premises"] + total["premises_missed"]),
        "recall_others": (others, others + others_missed),
        "claimant_named": (total["named_right"], total["named"]),
        "claimant_exact": (total["spelt_right"], total["named"]),
        "dates_dated": (total["dated_right"], total["dated"]),
        "wording_sound": (total["sound"], total["worded"]),
    }
    return always | {name: part / whole for name, (part, whole) in sometimes.items() if whole}


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def run(
    data: Path,
    *,
    train: Path | None = None,
    only: str | None = None,
    details: Callable[[str], None] | None = None,
    splitter: Splitter | None = None,
) -> Evaluation:
    """Split every text of the folder and score the units against its annotation.

    ``only`` picks articles by name; ``details`` receives lines that say what was missed, invented and wrong;
    ``splitter`` stands in for the pipeline. Raises BadData for another layout or a ``train``.
    """
    if train is not None:
        raise BadData("claim-units learns nothing: leave --train out")
    splitter = splitter or _pipeline()
    if data.is_file():
        return _slope(data, splitter, details)
    articles = read_articles(data, only=only)
    started = time.perf_counter()
    comparisons = _compared(articles, splitter)
    seconds = time.perf_counter() - started
    if details is not None:
        for comparison in comparisons:
            for line in describe(comparison):
                details(line)
        for line in summary(comparisons):
            details(line)
    counted = sum(len(comparison.pairs) + len(comparison.missed) for comparison in comparisons)
    return Evaluation(TASK, str(data), counted, metrics(comparisons), seconds)


def _compared(articles: Iterable[AnnotatedArticle], splitter: Splitter) -> list[SetComparison]:
    return [compare(article, splitter(article.text, article.published).units) for article in articles]


def _slope(path: Path, splitter: Splitter, details: Callable[[str], None] | None) -> Evaluation:
    """Score every set of a list; figures are named ``set.figure``, with ``_low`` and ``_high`` around them."""
    started = time.perf_counter()
    sets = {
        one.name: _compared(read_articles(one.folder, only=one.only), splitter)
        for one in slope.read_sets(path)
    }
    totals = {name: [counts(row) for row in rows] for name, rows in sets.items()}
    shown = {name: figures(rows) for name, rows in totals.items()}
    intervals = {name: slope.interval(rows, figures) for name, rows in totals.items()}
    if details is not None:
        for line in slope.table(shown, intervals):
            details(line)
    flat: dict[str, float] = {}
    for name, row in shown.items():
        for figure, value in row.items():
            low, high = intervals[name][figure]
            flat |= {f"{name}.{figure}": value, f"{name}.{figure}_low": low, f"{name}.{figure}_high": high}
    counted = sum(row["found"] + row["missed"] for rows in totals.values() for row in rows)
    return Evaluation(TASK, str(path), counted, flat, time.perf_counter() - started)


def _pipeline() -> Splitter:
    # Imported when a run begins: reading and scoring need neither the tagger nor its weights.
    from claims.splitting import split

    return lambda text, published: split(text, published=published)


# --- details --------------------------------------------------------------------------------------


def describe(comparison: SetComparison) -> list[str]:
    """Return the lines that tell a developer of the pipeline what went wrong in one article."""
    text = comparison.article.text
    found, missed = len(comparison.pairs), len(comparison.missed)
    invented = len(comparison.invented)
    lines = [f"== {comparison.article.name}: found {found} of {found + missed}, invented {invented}"]
    for gold in comparison.missed:
        who = f" [{gold.claimant}]" if gold.claimant else ""
        lines.append(
            f"  missed    {gold.start}-{gold.end} {gold.attribution}/{gold.check}{who} “{_short(text, gold)}”"
        )
    for unit in comparison.invented:
        rules = f" by {', '.join(unit.rules)}" if unit.rules else ""
        label = f"{unit.attribution}/{unit.checkable}"
        lines.append(f"  invented  {unit.start}-{unit.end} {label} “{_short(text, unit)}”{rules}")
    for pair in comparison.pairs:
        wrong = list(_wrong(pair))
        if pair.f1 < 0.9:
            wrong.append(f"span {pair.f1:.2f}, got “{_short(text, pair.unit)}”")
        if wrong:
            place = f"{pair.gold.start}-{pair.gold.end}"
            lines.append(f"  wrong     {place} “{_short(text, pair.gold)}”: {'; '.join(wrong)}")
    return lines


def _wrong(pair: Pair) -> Iterable[str]:
    gold, unit = pair.gold, pair.unit
    if not pair.class_right:
        yield f"class {gold.attribution}, got {unit.attribution}"
    if not pair.claimant_right:
        yield f"claimant “{gold.claimant}”, got “{unit.claimant}”"
    if not pair.checkable_right:
        yield f"check {gold.check}, got {unit.checkable}"
    if pair.wording_faults:
        yield f"wording “{pair.unit.wording.text}” ({', '.join(pair.wording_faults)})"
    if not pair.dates_right:
        yield f"dates {_list(gold.dates)}, got {_list(date_values(unit))}"


def _list(values: Iterable[str]) -> str:
    return ", ".join(sorted(values)) or "none"


def _short(text: str, span: GoldUnit | Unit, limit: int = 110) -> str:
    words = " ".join(text[span.start : span.end].split())
    return words if len(words) <= limit else f"{words[: limit - 30]} … {words[-27:]}"


def summary(comparisons: Sequence[SetComparison]) -> list[str]:
    """Return recall per class and the confusions of class and check over all articles."""
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    classes: Counter[tuple[str, str]] = Counter()
    checks: Counter[tuple[str, str]] = Counter()
    for comparison in comparisons:
        for gold in comparison.missed:
            total[gold.attribution] += 1
        for pair in comparison.pairs:
            total[pair.gold.attribution] += 1
            found[pair.gold.attribution] += 1
            if not pair.class_right:
                classes[pair.gold.attribution, str(pair.unit.attribution)] += 1
            if not pair.checkable_right:
                checks[pair.gold.check, str(pair.unit.checkable)] += 1
    lines = ["== all articles"]
    lines += [f"  found     {name}: {found[name]} of {total[name]}" for name in sorted(total)]
    lines += [f"  class     {gold} taken for {got}: {count}" for (gold, got), count in classes.most_common()]
    lines += [f"  check     {gold} taken for {got}: {count}" for (gold, got), count in checks.most_common()]
    return lines
