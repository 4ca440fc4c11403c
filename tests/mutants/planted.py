"""Which faults are planted where, and which tests must notice them?

Each file of ``planted/`` holds one table per source file, with the tests that must notice, and one line per
fault: what it is, the text as it stands, the text that is planted, and other tests where these differ. Refuses
a fault whose text does not stand exactly once in its file: the list goes with the code.
"""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path

LISTS = Path(__file__).parent / "planted"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is planted, and the tests of which at least one must fail."""

    room: str
    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    #: modules that are read again where the fault is not inside a function
    again: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.room}: {self.what}"


def read(folder: Path = LISTS) -> list[Fault]:
    """Return every fault of the lists, in their order; raises ValueError for a line that is none."""
    faults = []
    for path in sorted(folder.glob("*.toml")):
        for file, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            again = tuple(table.get("again", "").split())
            for line in table["faults"]:
                if not 3 <= len(line) <= 4 or not all(isinstance(part, str) for part in line):
                    raise ValueError(
                        f"{path.name}: {line} is not [what, old, new] or [what, old, new, tests]"
                    )
                what, old, new, *tests = line
                # "::test_x" is a test in the file that the table names first.
                usual = table["tests"].split()
                named = [
                    usual[0].partition("::")[0] + test if test.startswith("::") else test
                    for test in (tests[0].split() if tests else usual)
                ]
                faults.append(Fault(path.stem, what, file, old, new, tuple(named), again))
    return faults


def planted(fault: Fault, root: Path) -> str:
    """Return the source file with the fault in it; raises ValueError where the list is out of step."""
    path = root / fault.file
    if not path.is_file():
        raise ValueError(f"{fault}: there is no {fault.file} any more. Was it moved? Say where it is now.")
    source = path.read_text(encoding="utf-8")
    times = source.count(fault.old)
    if times != 1:
        raise ValueError(
            f"{fault}: its text stands {times} times in {fault.file} instead of once: {fault.old!r}. "
            "Write the line again for the code as it is now."
        )
    if fault.new == fault.old:
        raise ValueError(f"{fault}: nothing is planted, old and new are the same.")
    return source.replace(fault.old, fault.new)


def out_of_step(fault: Fault, root: Path) -> str:
    """Return what is wrong with a line of the list, or nothing."""
    try:
        source = planted(fault, root)
        if fault.file.endswith(".py"):
            ast.parse(source)
    except (ValueError, SyntaxError) as problem:
        return str(problem) if isinstance(problem, ValueError) else f"{fault}: it is no Python ({problem})."
    for test in fault.tests:
        name, *inside = test.split("::")
        path = root / name
        if not path.exists():
            return (
                f"{fault}: there is no {name} any more. Was it moved? Say which tests notice the fault now."
            )
        text = path.read_text(encoding="utf-8") if inside else ""
        for part in inside:
            bare = part.partition("[")[0]
            if f"def {bare}(" not in text and f"class {bare}" not in text:
                return f"{fault}: {name} has no {bare} any more."
    return ""


def touched(faults: list[Fault], changed: set[str]) -> list[Fault]:
    """Return the faults whose source, tests or list are among these files."""
    lists = {f"tests/mutants/planted/{fault.room}.toml" for fault in faults} & changed
    return [
        fault
        for fault in faults
        if fault.file in changed
        or f"tests/mutants/planted/{fault.room}.toml" in lists
        or any(test.split("::")[0] in changed for test in fault.tests)
    ]
