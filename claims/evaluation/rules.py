"""Which rules of splitting earn their place? Each is switched off in turn and the articles are split again.

What a rule is, ``rule_switches`` says: functions, lists of words and patterns; with ``branches`` also every condition
inside a function. What a rule does is the first line of its docstring, its example is the first unit of real text that
is another one without it.

Reads a list of sets (see ``slope``); the first is taken to be the one that rules were written on, the others are
unseen. Counted are *fires* for each set, and in the texts ``among`` (answers other than no or nothing, words found,
matches), *changes* (units that appear, go or change on all sets) and the support on unseen sets: how many units fewer
are found, classed, given to their claimant, checked, dated and soundly worded without the rule, less how many fewer are
invented. Support of nothing or less is no proof that a rule is wrong: sets of news hold no subtitles, tables or German.

Articles are tagged, parsed and judged once and split again only where a rule fires. Nothing is switched off outside
``run``.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from claims.evaluation import rule_list, slope
from claims.evaluation.branches import Branch, found_branches, instrumented
from claims.evaluation.claim_units import AnnotatedArticle, compare, counts, read_articles
from claims.evaluation.plain_texts import read_texts
from claims.evaluation.rule_switches import SplittingRule, discovered, replaced, room_of, visible
from claims.evaluation.types import BadData, Evaluation
from claims.splitting.types import Unit

TASK = "rules"
#: Seconds after which a run without a rule is taken to be one that never ends.
PATIENCE = 120
KINDS = ("found", "class", "named_right", "checkable", "dated_right", "sound", "invented")
_MARGIN = 100
_OFTEN = 20
#: The name under which what fires in texts without labels is counted.
AMONG = "among"
#: In place of a part of a name: rules that the list has no figures of.
NEW = "new"


@dataclass(slots=True)
class RuleSupport:
    """What a rule does on the sets; ``broke`` says that splitting fails or never ends without it."""

    rule: SplittingRule | Branch
    fires: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    lost: dict[str, Counter[str]] = field(default_factory=dict)
    example: str = ""
    example_from: str = ""
    broke: str = ""

    def cost(self, name: str) -> int:
        """Return how much is lost on one set without the rule."""
        lost = self.lost.get(name, Counter())
        return sum(lost[kind] for kind in KINDS[:-1]) - lost["invented"]

    def total(self, sets: Sequence[str]) -> int:
        """Return how much is lost on some sets without the rule."""
        return sum(map(self.cost, sets))


def run(
    data: Path,
    *,
    train: Path | None = None,
    only: str | None = None,
    among: Sequence[Path] = (),
    branches: bool = False,
    size: int | None = None,
    listed: Path | None = None,
    details: Callable[[str], None] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Evaluation:
    """Measure every rule whose name holds one of the words of ``only`` (parted by commas).

    ``among`` are texts that firing is counted in as well, ``branches`` measures conditions inside functions in place of
    rules, ``size`` is the number of unseen articles that a rule is measured on at most, those in which it fires most
    (None: all; 0: it is only counted how often each fires, and no head is asked), ``listed`` is the list of rules that
    is brought up to date with what was measured, ``details`` receives the table. The metrics are shares of the rules.
    Raises BadData for a ``train`` or for data that are no list of sets.
    """
    if train is not None:
        raise BadData("rules learns nothing: leave --train out")
    if not data.is_file():
        raise BadData(f"{data} is no list of sets")
    started = time.perf_counter()
    sets = {one.name: read_articles(one.folder, only=one.only) for one in slope.read_sets(data)}
    known = discovered()
    asked: Sequence[SplittingRule | Branch] = found_branches() if branches else known
    rules = _asked_for(asked, only, listed)
    if not rules and only != NEW:
        raise BadData(f"no rule is named “{only}”")
    trial = _Trial(sets, [text for path in among for text in read_texts(path)], reads_only=size == 0)
    with trial.prepared(rules):
        fired = trial.fires(rules)
        # What is read otherwise than by asking for a word is not seen to fire.
        quiet = [rule for rule in rules if isinstance(rule, SplittingRule) and rule.is_list]
        idle = [rule for rule in quiet if rule.name not in fired]
        unseen_firing = trial.changing(idle) if size != 0 else []
        measured: list[RuleSupport] = []
        for number, rule in enumerate(rules, 1):
            measured.append(
                trial.without(rule, fired.get(rule.name, {}), everywhere=rule in unseen_firing, most=size)
            )
            if number % _OFTEN == 0 or number == len(rules):
                if progress is not None:
                    progress(f"{number} of {len(rules)} rules")
                if listed is not None and not branches:
                    rows = [_row(one, sets, with_among=bool(among), costed=size != 0) for one in measured]
                    rule_list.update(listed, known, rows)
    unseen = list(sets)[1:]
    if details is not None:
        for line in table(measured, list(sets)):
            details(line)
    shares = {
        "earn": sum(bool(one.broke) or one.total(unseen) > 0 for one in measured),
        "silent": sum(not one.broke and not one.changes for one in measured),
    }
    spent = time.perf_counter() - started
    return Evaluation(
        TASK, str(data), len(rules), {name: n / max(len(rules), 1) for name, n in shares.items()}, spent
    )


def _asked_for(
    rules: Sequence[SplittingRule | Branch], only: str | None, listed: Path | None
) -> list[SplittingRule | Branch]:
    if only is None:
        return list(rules)
    if only == NEW:
        if listed is None:
            raise BadData("new to which list? Say so with --list")
        known = rule_list.measured_names(listed)
        return [rule for rule in rules if rule.name not in known]
    return [rule for rule in rules if any(part in rule.name for part in only.split(","))]


def table(measured: Sequence[RuleSupport], sets: Sequence[str]) -> list[str]:
    """Return for each room what its rules do in sum, and one line a rule, those with most support first."""
    unseen = sets[1:]
    lines = [
        "== rules",
        f"  support  changes    fires  rule: what it does; fires in {', '.join([*sets, AMONG])}; costs (example)",
    ]
    for one in sorted(measured, key=lambda one: (not one.broke, -one.total(unseen), -one.changes)):
        support = one.broke or f"{one.total(unseen):+d}"
        example = f" (“{visible(one.example)}”)" if one.example else ""
        fires = "/".join(str(one.fires[name]) for name in [*sets, AMONG])
        lines.append(
            f"  {support:>7}  {one.changes:>7}  {one.fires.total():>7}  {one.rule.name}: {one.rule.does}; {fires};"
            f" {costs(one) or '-'}{example}"
        )
    lines.append(
        "== rooms: rules, broke or cost decisions on unseen text, no effect on any article, never fired"
    )
    rooms: dict[str, list[RuleSupport]] = {}
    for one in measured:
        rooms.setdefault(room_of(one.rule.name), []).append(one)
    for room, ones in sorted(rooms.items()):
        earn = sum(bool(one.broke) or one.total(unseen) > 0 for one in ones)
        silent = sum(not one.broke and not one.changes for one in ones)
        idle = sum(not one.fires and not one.broke and not one.changes for one in ones)
        lines.append(f"  {room}: {len(ones)}, {earn}, {silent}, {idle}")
    return lines


def costs(one: RuleSupport) -> str:
    """Return what is lost without a rule in each set: "aside: found 2, dated_right 1"."""
    told = []
    for name, lost in one.lost.items():
        parts = [f"{kind} {lost[kind]:+d}" for kind in KINDS if lost[kind]]
        if parts:
            told.append(f"{name}: {', '.join(parts)}")
    return "; ".join(told)


def _row(one: RuleSupport, sets: dict[str, Any], *, with_among: bool, costed: bool) -> rule_list.RuleRow:
    names = [*sets, AMONG] if with_among else list(sets)
    if not costed:
        return rule_list.RuleRow(one.rule.name, "/".join(str(one.fires[name]) for name in names))
    return rule_list.RuleRow(
        name=one.rule.name,
        fires="/".join(str(one.fires[name]) for name in names),
        changes=str(one.changes),
        costs="broke" if one.broke else "/".join(f"{one.cost(name):+d}" for name in list(sets)[1:]),
        example=one.example if one.example_from in rule_list.QUOTABLE else "",
    )


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

    def __init__(
        self,
        sets: dict[str, list[AnnotatedArticle]],
        among: Sequence[str] = (),
        *,
        reads_only: bool = False,
    ) -> None:
        self._reads_only = reads_only
        self.articles = [(name, article) for name, rows in sets.items() for article in rows]
        first = next(iter(sets))
        self._unseen = [at for at, (name, _) in enumerate(self.articles) if name != first]
        self._plain = among
        self._decisions: dict[Any, Any] = {}
        self._trees: dict[Any, Any] = {}
        self._reading: Any = sys.modules["claims.language.document"]
        self._parse = self._reading.parse
        self._found = [] if reads_only else [self._units(article) for _, article in self.articles]
        self._counts = [
            counts(compare(article, units))
            for (_, article), units in zip(self.articles, self._found, strict=not reads_only)
        ]
        self._branches: Any = None

    @contextmanager
    def prepared(self, rules: Sequence[SplittingRule | Branch]) -> Iterator[None]:
        """Keep functions in the shape in which their conditions can be switched, where conditions are asked for."""
        branches = [rule for rule in rules if isinstance(rule, Branch)]
        if not branches:
            yield
            return
        with instrumented(branches) as switches:
            self._branches = switches
            yield

    def fires(self, rules: Sequence[SplittingRule | Branch]) -> dict[str, dict[int, int]]:
        """Return for each rule in which articles, by place, it answers, and how often; -1 are the plain texts."""
        answers: dict[str, dict[int, int]] = {}
        at = 0

        def fired(name: str) -> None:
            seen = answers.setdefault(name, {})
            seen[at] = seen.get(at, 0) + 1

        def read_all() -> None:
            nonlocal at
            for place, (_, article) in enumerate(self.articles):
                at = place
                self._units(article)
            at = -1
            for text in self._plain:
                self._split(text, None, None)

        if self._branches is not None:
            with self._branches.telling(fired):
                read_all()
            return answers
        switched = [rule for rule in rules if isinstance(rule, SplittingRule)]
        with replaced(switched, lambda rule: rule.counting(fired)):
            read_all()
        return answers

    def changing(self, rules: Sequence[SplittingRule]) -> list[SplittingRule]:
        """Return those of some lists and patterns that change a unit, all switched off together first."""
        if not rules:
            return []
        for at in self._unseen:
            try:
                with replaced(rules, SplittingRule.silent), _bounded(PATIENCE):
                    same = self._units(self.articles[at][1]) == self._found[at]
            except Exception:  # whatever missing rules lead to
                same = False
            if not same:
                half = len(rules) // 2
                return [*self.changing(rules[:half]), *self.changing(rules[half:])] if half else list(rules)
        return []

    def without(
        self,
        rule: SplittingRule | Branch,
        fired: dict[int, int],
        *,
        everywhere: bool = False,
        most: int | None = None,
    ) -> RuleSupport:
        """Split again without a rule the unseen articles that it fires in, or all; at most some."""
        support = RuleSupport(rule)
        for at, times in fired.items():
            support.fires[AMONG if at < 0 else self.articles[at][0]] += times
        places = self._unseen if everywhere else [at for at in self._unseen if at in fired]
        places = sorted(places, key=lambda at: (-fired.get(at, 0), len(self.articles[at][1].text)))
        places = places[:most]
        if not places:
            return support
        with self._switched_off(rule):
            for at in places:
                try:
                    with _bounded(PATIENCE):
                        units = self._units(self.articles[at][1])
                except Exception as error:  # whatever a missing rule leads to
                    support.broke = type(error).__name__
                    return support
                self._count(support, at, units)
        return support

    def _count(self, support: RuleSupport, at: int, units: Sequence[Unit]) -> None:
        name, article = self.articles[at]
        if self._found[at] != units:
            support.changes += self._changed(support, name, article, self._found[at], units)
            lost = Counter(self._counts[at])
            lost.subtract(counts(compare(article, units)))
            support.lost.setdefault(name, Counter()).update(lost)

    @contextmanager
    def _switched_off(self, rule: SplittingRule | Branch) -> Iterator[None]:
        if isinstance(rule, Branch):
            with self._branches.without(rule):
                yield
        else:
            with replaced([rule], SplittingRule.silent):
                yield

    def _changed(
        self,
        support: RuleSupport,
        name: str,
        article: AnnotatedArticle,
        before: Sequence[Unit],
        after: Sequence[Unit],
    ) -> int:
        old, new = ({_seen(unit): unit for unit in units} for units in (before, after))
        gone, come = old.keys() - new.keys(), new.keys() - old.keys()
        if not support.example and (gone or come):
            unit = min(
                [*(old[key] for key in gone), *(new[key] for key in come)], key=lambda unit: unit.start
            )
            words = " ".join(article.text[unit.start : unit.end].split())
            support.example = words if len(words) <= _MARGIN else words[: _MARGIN - 1] + "…"
            support.example_from = name
        return max(len(gone), len(come))

    def _units(self, article: AnnotatedArticle) -> tuple[Unit, ...]:
        return self._split(article.text, article.published, None if self._reads_only else self._judge)

    def _split(self, text: str, published: str | None, judge: Any) -> tuple[Unit, ...]:
        from claims.splitting import split

        self._reading.parse = self._parsed
        try:
            return split(text, published=published, judge=judge).units
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
    place, told = (unit.start, unit.end), (unit.attribution, unit.claimant, unit.checkable, unit.negated)
    return place, told, dates, unit.flags, unit.wording.text
