"""What is a rule of splitting, and how is one switched off or counted?

A rule is something of ``claims.splitting`` or ``claims.language`` that can say nothing: a function that answers yes
or no, something or nothing, or (where it is private) a list, a tuple, a set or a word; a list of words; a pattern.
Switched off it answers no, finds nothing, holds nothing, matches nothing. So no table of rules has to be kept beside
the code, and the product has no switch: names are rebound while a measurement runs, and bound back after it.

Code of other languages than English is no part: the sets that rules are measured on are English. A branch inside a
function is told by ``branches``.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from types import FunctionType, ModuleType
from typing import Any

ROOMS = ("claims.splitting.", "claims.language.")
_NOT_ENGLISH = ("german", "romance")
_NOTHING = re.compile("(?!)")
_NO_RULE = object()
_COUNTED = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")

Fired = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SplittingRule:
    """One function, list or pattern with everything that calls it: (module or class, name)."""

    name: str
    does: str
    value: Any
    off: Any
    places: tuple[tuple[Any, str], ...]

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, frozenset)

    @property
    def is_pattern(self) -> bool:
        return isinstance(self.value, re.Pattern)

    @property
    def room(self) -> str:
        """Return the folder of the rule, or its module where it lies beside the folders."""
        return room_of(self.name)

    def silent(self) -> Any:
        """Return what stands in the rule's place when it is switched off."""
        if self.is_list or self.is_pattern:
            return self.off

        def off(*args: Any, **kwargs: Any) -> Any:
            return self.off.copy() if isinstance(self.off, list | set) else self.off

        return off

    def counting(self, fired: Fired) -> Any:
        """Return what stands in the rule's place and tells of every answer that says something."""
        if self.is_list:
            return _CountedWords(self.value, lambda: fired(self.name))
        if self.is_pattern:
            return _CountedPattern(self.value, lambda: fired(self.name))

        @wraps(self.value)
        def counted(*args: Any, **kwargs: Any) -> Any:
            answer = self.value(*args, **kwargs)
            if answer or (answer is not None and self.off is None):
                fired(self.name)
            return answer

        return counted


def room_of(name: str) -> str:
    """Return ``splitting/clauses`` for a rule of ``splitting.clauses.premises``, ``splitting`` for one beside it."""
    parts = name.partition(":")[0].split(".")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


class _CountedWords(frozenset[str]):
    """A list of words that tells when a word is found in it."""

    _tell: Callable[[], None]

    def __new__(cls, words: frozenset[str], tell: Callable[[], None]) -> _CountedWords:
        made = super().__new__(cls, words)
        made._tell = tell
        return made

    def __init__(self, words: frozenset[str], tell: Callable[[], None]) -> None:
        super().__init__()

    def __contains__(self, word: object) -> bool:
        found = super().__contains__(word)
        if found:
            self._tell()
        return found

    def __and__(self, other: Any) -> frozenset[str]:
        found = super().__and__(other)
        if found:
            self._tell()
        return found

    __rand__ = __and__

    def __iter__(self) -> Iterator[str]:
        self._tell()
        return super().__iter__()

    def isdisjoint(self, other: Any, /) -> bool:
        apart = super().isdisjoint(other)
        if not apart:
            self._tell()
        return apart


class _CountedPattern:
    """A pattern that tells when it matches."""

    def __init__(self, pattern: re.Pattern[str], tell: Callable[[], None]) -> None:
        self._pattern = pattern
        self._tell = tell

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._pattern, name)
        if name not in _COUNTED:
            return asked
        if name in ("search", "match", "fullmatch"):
            return self._telling(asked)

        def counted(*args: Any, **kwargs: Any) -> Any:
            if self._pattern.search(args[1] if name == "sub" else args[0]):
                self._tell()
            return asked(*args, **kwargs)

        return counted

    def _telling(self, asked: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            answer = asked(*args, **kwargs)
            if answer is not None:
                self._tell()
            return answer

        return counted


def modules() -> list[ModuleType]:
    """Return all modules of the rooms, loaded; those that learn weights are no part of splitting."""
    for room in ROOMS:
        package = importlib.import_module(room.rstrip("."))
        for found in pkgutil.walk_packages(package.__path__, room):
            if not found.name.endswith("training"):
                importlib.import_module(found.name)
    return [
        module
        for name, module in sorted(sys.modules.items())
        if name.startswith(ROOMS) and not name.endswith("training")
    ]


def discovered() -> list[SplittingRule]:
    """Return the rules, by module."""
    loaded = modules()
    found: list[SplittingRule] = []
    known: set[object] = set()
    for module in loaded:
        room = module.__name__.removeprefix("claims.")
        for owner, name, value in defined(module) if spoken_here(module) else ():
            off = _off(value)
            if off is not _NO_RULE and _same_as(value) not in known:
                known.add(_same_as(value))
                places = tuple(_places(loaded, owner, name, value))
                inside = "" if isinstance(owner, ModuleType) else f"{owner.__name__}."
                found.append(SplittingRule(f"{room}:{inside}{name}", _does(value), value, off, places))
    return found


def _same_as(value: Any) -> object:
    """Return what two names of one rule share: a pattern written twice is one, whether or not ``re`` kept it."""
    return (value.pattern, value.flags) if isinstance(value, re.Pattern) else id(value)


def spoken_here(module: ModuleType) -> bool:
    """Tell whether a module is one that English articles are read by."""
    return not module.__name__.endswith(_NOT_ENGLISH)


def defined(module: ModuleType) -> Iterator[tuple[Any, str, Any]]:
    """Yield what a module and its classes define themselves: owner, name, value."""
    for name, value in list(vars(module).items()):
        if inspect.isclass(value) and value.__module__ == module.__name__:
            for inner, method in list(vars(value).items()):
                if isinstance(method, FunctionType) and not inner.startswith("__"):
                    yield value, inner, method
        elif isinstance(value, frozenset | re.Pattern) or (
            isinstance(inspect.unwrap(value) if callable(value) else None, FunctionType)
            and value.__module__ == module.__name__
        ):
            yield module, name, value


def _off(value: Any) -> Any:
    """Return what stands for a rule that is switched off, ``_NO_RULE`` for what is no rule."""
    if isinstance(value, frozenset):
        return frozenset() if value and all(isinstance(word, str) for word in value) else _NO_RULE
    if isinstance(value, re.Pattern):
        return _NOTHING
    answer = str(getattr(inspect.unwrap(value), "__annotations__", {}).get("return", ""))
    if answer == "bool":
        return False
    if answer.endswith("| None"):
        return None
    if not value.__name__.startswith("_"):
        return _NO_RULE
    empty = {"list[": [], "set[": set(), "tuple[": (), "str": ""}
    if answer.startswith("tuple[") and not answer.endswith("...]"):
        return _NO_RULE
    return next((nothing for start, nothing in empty.items() if answer.startswith(start)), _NO_RULE)


def _places(loaded: Sequence[ModuleType], owner: Any, name: str, value: Any) -> Iterator[tuple[Any, str]]:
    if not isinstance(owner, ModuleType):
        yield owner, name
        return
    for module in loaded:
        for bound_as, bound in list(vars(module).items()):
            if bound is value or (isinstance(bound, re.Pattern) and bound == value):
                yield module, bound_as


def _does(value: Any) -> str:
    if isinstance(value, frozenset):
        shown = [word if word.strip() and word.isprintable() else ascii(word) for word in sorted(value)[:4]]
        return f"{len(value)} words: {', '.join(shown)}"
    if isinstance(value, re.Pattern):
        pattern = " ".join(str(value.pattern).split())
        return f"pattern: {visible(pattern if len(pattern) <= 60 else pattern[:59] + '…')}"
    return (inspect.getdoc(value) or "").split("\n")[0]


def visible(text: str) -> str:
    """Return a text in which every character can be seen and written, single halves of pairs too."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


@contextmanager
def replaced(rules: Sequence[SplittingRule], by: Callable[[SplittingRule], Any]) -> Iterator[None]:
    """Put something in the place of rules, and the rules back at the end; what was remembered is forgotten."""
    forget()
    with ExitStack() as back:
        for rule in rules:
            back.callback(_bind, rule, rule.value)
            _bind(rule, by(rule))
        try:
            yield
        finally:
            back.close()
            forget()


def _bind(rule: SplittingRule, value: Any) -> None:
    for owner, name in rule.places:
        setattr(owner, name, value)


def forget() -> None:
    """Empty the caches of bounded size: they hold answers about words of texts; those of one or of any size, files."""
    for module in [module for name, module in sys.modules.items() if name.startswith(ROOMS)]:
        for name, value in list(vars(module).items()):
            if hasattr(value, "cache_clear") and (value.cache_parameters()["maxsize"] or 0) > 1:
                value.cache_clear()
            elif name == "_cache" and isinstance(value, dict):
                value.clear()
