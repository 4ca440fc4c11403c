"""Which conditions inside the functions of splitting hold on real text, and what would be another without them?

A condition is the test of an ``if`` or of a conditional expression, or one side of an ``or``. While a measurement runs
the functions work on code in which each condition passes through a switch; then their own code is back. Conditions are
named by their function and their own text, so a name outlives everything but a change of the condition.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from claims.evaluation.rule_switches import forget, modules, spoken_here

_SWITCH = "_condition_passes_here"
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Branch:
    """One condition."""

    name: str
    does: str
    module: ModuleType


@dataclass(slots=True)
class Switches:
    """What the conditions pass through: one may be off, and each that holds may be told of."""

    off: str | None = None
    told: Callable[[str], None] | None = field(default=None)

    def passed(self, name: str, value: Any) -> Any:
        """Return the value of a condition, or False when it is switched off."""
        if value:
            if self.told is not None:
                self.told(name)
            if name == self.off:
                return False
        return value

    @contextmanager
    def without(self, branch: Branch) -> Iterator[None]:
        """Let a condition never hold."""
        self.off = branch.name
        forget()
        try:
            yield
        finally:
            self.off = None
            forget()

    @contextmanager
    def telling(self, told: Callable[[str], None]) -> Iterator[None]:
        """Tell of every condition that holds."""
        self.told = told
        forget()
        try:
            yield
        finally:
            self.told = None


def found_branches() -> list[Branch]:
    """Return the conditions of the modules that splitting an English article loads."""
    found: list[Branch] = []
    for module in modules():
        if spoken_here(module):
            found += _Marking(module).marked()[1]
    return found


@contextmanager
def instrumented(branches: Sequence[Branch]) -> Iterator[Switches]:
    """Run the functions that hold the conditions on code with switches."""
    switches = Switches()
    with ExitStack() as back:
        back.callback(forget)
        for module in {branch.module.__name__: branch.module for branch in branches}.values():
            vars(module)[_SWITCH] = switches.passed
            back.callback(vars(module).pop, _SWITCH)
            marked, _ = _Marking(module).marked()
            codes = dict(_codes(compile(marked, str(module.__file__), "exec", dont_inherit=True)))
            for function in _functions(module):
                code = function.__code__
                other = codes.get((code.co_qualname, code.co_firstlineno))
                if other is not None and other.co_freevars == code.co_freevars:
                    back.callback(setattr, function, "__code__", code)
                    function.__code__ = other
        yield switches


class _Marking(ast.NodeTransformer):
    """Wraps the conditions of the functions of a module."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._inside: list[str] = []
        self._is_function: list[bool] = []
        self._found: dict[str, Branch] = {}

    def marked(self) -> tuple[ast.Module, list[Branch]]:
        """Return the module with switches and its conditions."""
        source = Path(str(self._module.__file__)).read_text(encoding="utf-8")
        tree = self.visit(ast.parse(source))
        return ast.fix_missing_locations(tree), list(self._found.values())

    def _scope(self, node: Any, *, is_function: bool) -> Any:
        self._inside.append(node.name)
        self._is_function.append(is_function)
        self.generic_visit(node)
        self._inside.pop()
        self._is_function.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        return self._scope(node, is_function=True)

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        return self._scope(node, is_function=False)

    def visit_If(self, node: ast.If) -> Any:
        return self._conditional(node)

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        return self._conditional(node)

    def _conditional(self, node: Any) -> Any:
        test = ast.unparse(node.test)
        self.generic_visit(node)
        if any(self._is_function):
            node.test = self._switch(f"if {test}", node.test)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        sides = [ast.unparse(value) for value in node.values]
        self.generic_visit(node)
        if isinstance(node.op, ast.Or) and any(self._is_function):
            node.values = [
                self._switch(f"or {side}", value) for side, value in zip(sides, node.values, strict=True)
            ]
        return node

    def _switch(self, told: str, value: ast.expr) -> ast.expr:
        room = self._module.__name__.removeprefix("claims.")
        told = " ".join(told.split())
        base = (
            f"{room}:{'.'.join(self._inside)} {told if len(told) <= _LONGEST else told[: _LONGEST - 1] + '…'}"
        )
        name, again = base, 1
        while name in self._found:
            again += 1
            name = f"{base} ({again})"
        self._found[name] = Branch(name, f"line {value.lineno}", self._module)
        return ast.Call(ast.Name(_SWITCH, ast.Load()), [ast.Constant(name), value], [])


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield (constant.co_qualname, constant.co_firstlineno), constant
            yield from _codes(constant)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for value in list(vars(module).values()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        inside = list(vars(value).values()) if inspect.isclass(value) else [value]
        for one in inside:
            function: Any = getattr(one, "fget", None) or getattr(one, "func", None) or one
            function = getattr(function, "__func__", function)
            function = inspect.unwrap(function) if callable(function) else function
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                yield function
