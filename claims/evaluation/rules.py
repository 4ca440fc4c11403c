"""Which rules of splitting earn their place? Each is switched off in turn and the articles are split again.

A rule is a function of ``claims.splitting`` or ``claims.language`` that answers yes or no, or finds something or
nothing; or a list of words in their code. Switched off it answers no, finds nothing, or is empty. So no table of
rules has to be kept: what a rule does is the first line of its docstring, its example is the first unit of real text
that is another one without it.

Reads a list of sets (see ``slope``); the first is taken to be the one that rules were written on, the others are
unseen. Counted are *fires* (answers other than no or nothing), *changes* (units that appear, go or change on all
sets) and the support on unseen sets: how many units fewer are found, classed, given to their claimant, checked,
dated and soundly worded without the rule, less how many fewer are invented. Support of nothing or less is no proof
that a rule is wrong: sets of news hold no subtitles, tables or German. Nothing is switched off outside ``run``, and
the product has no switch.
"""

from __future__ import annotations

import inspect
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

from claims.evaluation import slope
from claims.evaluation.claim_units import AnnotatedArticle, compare, counts, read_articles
from claims.evaluation.types import BadData, Evaluation
from claims.splitting.types import Unit

TASK = "rules"
ROOMS = ("claims.splitting.", "claims.language.")
#: Seconds after which a run without a rule is taken to be one that never ends.
PATIENCE = 120
_RIGHT = ("found", "class", "named_right", "checkable", "dated_right", "sound")
_MARGIN = 100
#: The sets are English: what other languages need would look idle.
_NOT_ENGLISH = (".german",)


@dataclass(frozen=True, slots=True)
class SplittingRule:
    """One function or list with everything that calls it: (module or class, name)."""

    name: str
    does: str
    value: Any
    off: Any
    places: tuple[tuple[Any, str], ...]

    @property
    def is_list(self) -> bool:
        return not callable(self.value)


@dataclass(slots=True)
class RuleSupport:
    """What a rule does on the sets; ``broke`` says that splitting fails or never ends without it."""

    rule: SplittingRule
    fires: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    lost: dict[str, Counter[str]] = field(default_factory=dict)
    example: str = ""
    broke: str = ""

    def total(self, sets: Sequence[str]) -> int:
        """Return how much is lost on some sets without the rule."""
        lost: Counter[str] = Counter()
        for name in sets:
            lost.update(self.lost.get(name, Counter()))
        return sum(lost[kind] for kind in _RIGHT) - lost["invented"]


def run(
    data: Path,
    *,
    train: Path | None = None,
    only: str | None = None,
    details: Callable[[str], None] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Evaluation:
    """Measure every rule whose name holds ``only``; ``details`` receives the table.

    The metrics are shares of the rules. Raises BadData for a ``train`` or for data that are no list of sets.
    """
    if train is not None:
        raise BadData("rules learns nothing: leave --train out")
    if not data.is_file():
        raise BadData(f"{data} is no list of sets")
    started = time.perf_counter()
    sets = {one.name: read_articles(one.folder, only=one.only) for one in slope.read_sets(data)}
    trial = _Trial(sets)
    rules = [rule for rule in discovered() if only is None or only in rule.name]
    if not rules:
        raise BadData(f"no rule is named “{only}”")
    fired = trial.fires(rules)
    measured: list[RuleSupport] = []
    for number, rule in enumerate(rules, 1):
        measured.append(trial.without(rule, fired.get(rule.name, {})))
        if progress is not None and number % 20 == 0:
            progress(f"{number} of {len(rules)} rules")
    unseen = list(sets)[1:]
    if details is not None:
        for line in table(measured, unseen):
            details(line)
    shares = {
        "earn": sum(bool(one.broke) or one.total(unseen) > 0 for one in measured),
        "silent": sum(not one.broke and not one.changes for one in measured),
    }
    spent = time.perf_counter() - started
    return Evaluation(
        TASK, str(data), len(rules), {name: n / len(rules) for name, n in shares.items()}, spent
    )


def table(measured: Sequence[RuleSupport], unseen: Sequence[str]) -> list[str]:
    """Return one line a rule, those with most support first."""
    lines = ["== rules", "  support  changes    fires  rule: what it does (example)"]
    for one in sorted(measured, key=lambda one: (not one.broke, -one.total(unseen), -one.changes)):
        support = one.broke or f"{one.total(unseen):+d}"
        example = f" (“{one.example}”)" if one.example else ""
        fires = "-" if one.rule.is_list else str(one.fires.total())
        lines.append(
            f"  {support:>7}  {one.changes:>7}  {fires:>7}  {one.rule.name}: {one.rule.does}{example}"
        )
    return lines


def discovered() -> list[SplittingRule]:
    """Return the rules in the modules that splitting an English article loads."""
    from claims.splitting import split

    split("The minister said on Monday that crime had fallen.", judge=None)
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith(ROOMS)]
    found: list[SplittingRule] = []
    known: set[int] = set()
    for module in modules:
        room = module.__name__.removeprefix("claims.")
        for owner, name, value in () if room.endswith(_NOT_ENGLISH) else _values(module):
            off = _off(value)
            if off is not _NONE and id(value) not in known:
                known.add(id(value))
                places = tuple(_places(modules, owner, name, value))
                inside = "" if isinstance(owner, ModuleType) else f"{owner.__name__}."
                found.append(SplittingRule(f"{room}:{inside}{name}", _does(value), value, off, places))
    return found


_NONE = object()


def _values(module: ModuleType) -> Iterator[tuple[Any, str, Any]]:
    """Yield what a module and its classes define themselves: owner, name, value."""
    for name, value in list(vars(module).items()):
        if inspect.isclass(value) and value.__module__ == module.__name__:
            for inner, method in list(vars(value).items()):
                if isinstance(method, FunctionType) and not inner.startswith("__"):
                    yield value, inner, method
        elif isinstance(value, frozenset) or (
            isinstance(inspect.unwrap(value) if callable(value) else None, FunctionType)
            and value.__module__ == module.__name__
        ):
            yield module, name, value


def _off(value: Any) -> Any:
    """Return what stands for a rule that is switched off, ``_NONE`` for what is no rule."""
    if isinstance(value, frozenset):
        return frozenset() if value and all(isinstance(word, str) for word in value) else _NONE
    answer = str(getattr(inspect.unwrap(value), "__annotations__", {}).get("return", ""))
    if answer == "bool":
        return False
    if answer.endswith("| None"):
        return None
    return [] if answer.startswith("list[") and value.__name__.startswith("_") else _NONE


def _places(modules: Sequence[ModuleType], owner: Any, name: str, value: Any) -> Iterator[tuple[Any, str]]:
    if not isinstance(owner, ModuleType):
        yield owner, name
        return
    for module in modules:
        for bound_as, bound in list(vars(module).items()):
            if bound is value:
                yield module, bound_as


def _does(value: Any) -> str:
    if isinstance(value, frozenset):
        return f"{len(value)} words: {', '.join(sorted(value)[:4])}"
    return (inspect.getdoc(value) or "").split("\n")[0]


@contextmanager
def replaced(rule: SplittingRule, value: Any) -> Iterator[None]:
    """Put something in the place of a rule, and the rule back at the end."""
    for owner, name in rule.places:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name in rule.places:
            setattr(owner, name, rule.value)


@contextmanager
def _bounded(seconds: int) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class _Trial:
    """The articles, what is found in them with all rules, and what is remembered between runs."""

    def __init__(self, sets: dict[str, list[AnnotatedArticle]]) -> None:
        self.articles = [(name, article) for name, rows in sets.items() for article in rows]
        self._decisions: dict[Any, Any] = {}
        self._trees: dict[Any, Any] = {}
        self._reading: Any = sys.modules["claims.language.document"]
        self._parse = self._reading.parse
        self._found = [self._units(article) for _, article in self.articles]
        self._counts = [
            counts(compare(article, units))
            for (_, article), units in zip(self.articles, self._found, strict=True)
        ]

    def fires(self, rules: Sequence[SplittingRule]) -> dict[str, dict[int, int]]:
        """Return for each function in which articles, by place, it answers, and how often."""
        answers: dict[str, dict[int, int]] = {}
        at = 0

        def counting(rule: SplittingRule) -> Callable[..., Any]:
            @wraps(rule.value)
            def counted(*args: Any, **kwargs: Any) -> Any:
                answer = rule.value(*args, **kwargs)
                if answer or (answer is not None and rule.off is None):
                    seen = answers.setdefault(rule.name, {})
                    seen[at] = seen.get(at, 0) + 1
                return answer

            return counted

        counted = [rule for rule in rules if not rule.is_list]
        wrappers = [replaced(rule, counting(rule)) for rule in counted]
        for wrapper in wrappers:
            wrapper.__enter__()
        try:
            for place, (_, article) in enumerate(self.articles):
                at = place
                self._units(article)
        finally:
            for wrapper in wrappers:
                wrapper.__exit__(None, None, None)
        return answers

    def without(self, rule: SplittingRule, fired: dict[int, int]) -> RuleSupport:
        """Split again without a rule the articles that it fires in; a list may matter in any."""
        support = RuleSupport(rule)
        for at, times in fired.items():
            support.fires[self.articles[at][0]] += times

        def off(*args: Any, **kwargs: Any) -> Any:
            return rule.off.copy() if isinstance(rule.off, list) else rule.off

        for at in range(len(self.articles)) if rule.is_list else sorted(fired):
            name, article = self.articles[at]
            try:
                with replaced(rule, rule.off if rule.is_list else off), _bounded(PATIENCE):
                    units = self._units(article)
            except Exception as error:  # whatever a missing rule leads to
                support.broke = type(error).__name__
                return support
            before, after = self._found[at], units
            if before == after:
                continue
            support.changes += self._changed(support, article, before, after)
            lost = Counter(self._counts[at])
            lost.subtract(counts(compare(article, after)))
            support.lost.setdefault(name, Counter()).update(lost)
        return support

    def _changed(
        self, support: RuleSupport, article: AnnotatedArticle, before: Sequence[Unit], after: Sequence[Unit]
    ) -> int:
        old, new = ({_seen(unit): unit for unit in units} for units in (before, after))
        gone, come = old.keys() - new.keys(), new.keys() - old.keys()
        if not support.example and (gone or come):
            unit = min(
                [*(old[key] for key in gone), *(new[key] for key in come)], key=lambda unit: unit.start
            )
            words = " ".join(article.text[unit.start : unit.end].split())
            support.example = words if len(words) <= _MARGIN else words[: _MARGIN - 1] + "…"
        return max(len(gone), len(come))

    def _units(self, article: AnnotatedArticle) -> tuple[Unit, ...]:
        from claims.splitting import split

        self._reading.parse = self._parsed
        try:
            return split(article.text, published=article.published, judge=self._judge).units
        finally:
            self._reading.parse = self._parse

    def _parsed(self, words: Sequence[Sequence[str]]) -> Any:
        key = tuple(map(tuple, words))
        if key not in self._trees:
            self._trees[key] = self._parse(words)
        return self._trees[key]

    def _judge(self, cases: Sequence[Any]) -> list[Any]:
        """Judge with the shipped head; a case seen before is not encoded again."""
        from claims.splitting.checkable.head import decide

        asked = [case for case in dict.fromkeys(cases) if case not in self._decisions]
        self._decisions.update(zip(asked, decide(asked), strict=True))
        return [self._decisions[case] for case in cases]


def _seen(unit: Unit) -> tuple[Any, ...]:
    """Return what an editor sees of a unit."""
    dates = tuple(date.value for date in unit.dates)
    return unit.start, unit.end, unit.attribution, unit.claimant, unit.checkable, dates, unit.wording.text
