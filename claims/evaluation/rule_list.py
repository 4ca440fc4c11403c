"""The list of rules with their support: ``docs/reference/rules.md``, one table a room.

Names and what a rule does come from the code, everything else from the last measurement of the rule; a rule that was
never measured says so. Examples come from sets whose text may be passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from claims.evaluation.rule_switches import SplittingRule, room_of, visible

#: Own articles, and Wikinews under CC BY; newspapers are for scores only.
QUOTABLE = ("own", "aside", "wikinews")
NOT_MEASURED = "not measured"
_HEAD = """# The rules of splitting

Written by `./run manage evaluate rules --data tests/splitting/slope.tsv --among PATH --list docs/reference/rules.md`
(`--only new` measures what is not in the list yet, `--only PART,PART` some rooms); `docs/quality.md` says what is
counted and what went because of it. A rule is a function that can say no or nothing, a list of words, or a pattern.

*Fires*: own 01–27 / own 28–42 / Wikinews / newspapers / 120 open documents (GUM), as often as it answers there; lists
and patterns as often as a word is found or the pattern matches. *Changed*: units of the three unseen sets that are
others without it. *Costs*: correct decisions lost without it on own 28–42 / Wikinews / newspapers (units found, class,
claimant, checkable, dates, sound wording, less units invented); `broke` where splitting fails without it. Both were
taken with `--size 6`: of the unseen articles that a rule fires in, the six in which it fires most; a rule whose cost is
"not measured" was only counted (`--size 0`, without the encoder). Examples are from
own articles, or from Wikinews (CC BY 2.5, `claims/splitting/data/missed.md`).
"""
_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What the list says of one rule; numbers of several sets are parted by strokes."""

    name: str
    fires: str = ""
    changes: str = ""
    costs: str = NOT_MEASURED
    example: str = ""
    does: str = ""


def read(path: Path) -> dict[str, RuleRow]:
    """Return the rows of a list by their names; none where there is no list."""
    rows: dict[str, RuleRow] = {}
    if not path.exists():
        return rows
    room = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            room = line[3:].split(" (")[0]
        if line.startswith("| `"):
            cells = [_unescaped(cell) for cell in line.removeprefix("| ").removesuffix(" |").split(" | ")]
            if len(cells) == _COLUMNS:
                name, does, fires, changes, costs, example = cells
                name = full_name(room, name.strip("`"))
                rows[name] = RuleRow(name, fires, changes, costs, example, does)
    return rows


def measured_names(path: Path) -> set[str]:
    """Return the names of the rules that a list has figures of."""
    return {name for name, row in read(path).items() if row.costs != NOT_MEASURED}


def update(path: Path, rules: Sequence[SplittingRule], measured: Iterable[RuleRow]) -> None:
    """Write the list for the rules in the code: new figures where there are some, else those it has."""
    rows = read(path)
    for row in measured:
        known = rows.get(row.name)
        # What was only counted keeps what its absence has cost before.
        only_counted = row.costs == NOT_MEASURED and known is not None
        rows[row.name] = replace(known, fires=row.fires) if only_counted and known else row
    rooms: dict[str, list[RuleRow]] = {}
    for rule in rules:
        row = replace(rows.get(rule.name, RuleRow(rule.name)), does=rule.does)
        rooms.setdefault(room_of(rule.name), []).append(row)
    lines = [_HEAD]
    for room, ones in sorted(rooms.items()):
        lines += [
            f"## {room} ({len(ones)})",
            "",
            "| rule | what it does | fires | changed | costs | example |",
        ]
        lines += ["|---|---|---|---|---|---|"]
        lines += [_line(room, row) for row in sorted(ones, key=lambda row: row.name)]
        lines.append("")
    path.write_text("\n".join(lines), encoding="utf-8")


def _line(room: str, row: RuleRow) -> str:
    cells = [row.does, row.fires, row.changes, row.costs, row.example]
    return f"| `{short_name(room, row.name)}` | {' | '.join(map(_escaped, cells))} |"


def _escaped(cell: str) -> str:
    """Return a cell in which a stroke parts no columns and every character can be seen."""
    return visible(cell).replace("&", "&amp;").replace("|", "&#124;").replace("<", "&lt;")


def _unescaped(cell: str) -> str:
    return cell.strip().replace("&lt;", "<").replace("&#124;", "|").replace("&amp;", "&")


def short_name(room: str, name: str) -> str:
    """Return the name of a rule inside its room."""
    return name.removeprefix(room.replace("/", ".") + ".")


def full_name(room: str, name: str) -> str:
    """Return the whole name of a rule that is named inside its room."""
    return f"{room.replace('/', '.')}.{name}"
