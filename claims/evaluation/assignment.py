"""Which one-to-one pairing of rows and columns has the largest total weight?

Exact (Hungarian method with potentials, after Kuhn and Munkres, O(n³) in the size of a connected part), with
the same answer for the same weights whatever the order of the dictionary. Knows nothing of what is paired.
"""

from __future__ import annotations

from collections.abc import Mapping


def best_pairs(weights: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Return row → column of the heaviest pairing; pairs without a positive weight do not exist."""
    pairs: dict[int, int] = {}
    for rows, columns in _components(weights):
        pairs.update(_heaviest(rows, columns, weights))
    return dict(sorted(pairs.items()))


def _components(weights: Mapping[tuple[int, int], float]) -> list[tuple[list[int], list[int]]]:
    """Cut the graph into its connected parts: in an article nearly all have one row and one column."""
    by_row: dict[int, set[int]] = {}
    by_column: dict[int, set[int]] = {}
    for (row, column), weight in weights.items():
        if weight > 0:
            by_row.setdefault(row, set()).add(column)
            by_column.setdefault(column, set()).add(row)
    parts = []
    left = set(by_row)
    for first in sorted(by_row):
        if first not in left:
            continue
        rows, waiting = {first}, [first]
        columns: set[int] = set()
        while waiting:
            for column in by_row[waiting.pop()] - columns:
                columns.add(column)
                new = by_column[column] - rows
                rows |= new
                waiting += sorted(new)
        left -= rows
        parts.append((sorted(rows), sorted(columns)))
    return parts


def _heaviest(
    rows: list[int], columns: list[int], weights: Mapping[tuple[int, int], float]
) -> dict[int, int]:
    if len(rows) == len(columns) == 1:
        return {rows[0]: columns[0]}
    # A square matrix of costs; what has no weight costs nothing and is dropped from the answer.
    size = max(len(rows), len(columns))
    cost = [[0.0] * size for _ in range(size)]
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            cost[i][j] = -max(weights.get((row, column), 0.0), 0.0)
    # Index 0 of the four lists below is the method's own dummy; rows and columns count from 1.
    row_potential = [0.0] * (size + 1)
    column_potential = [0.0] * (size + 1)
    row_of = [0] * (size + 1)
    for row in range(1, size + 1):
        row_of[0] = row
        slack = [float("inf")] * (size + 1)
        back = [0] * (size + 1)
        done = [False] * (size + 1)
        at = 0
        while row_of[at]:
            done[at] = True
            current, step, following = row_of[at], float("inf"), 0
            for column in range(1, size + 1):
                if done[column]:
                    continue
                reduced = cost[current - 1][column - 1] - row_potential[current] - column_potential[column]
                if reduced < slack[column]:
                    slack[column], back[column] = reduced, at
                if slack[column] < step:
                    step, following = slack[column], column
            for column in range(size + 1):
                if done[column]:
                    row_potential[row_of[column]] += step
                    column_potential[column] -= step
                else:
                    slack[column] -= step
            at = following
        while at:
            row_of[at] = row_of[back[at]]
            at = back[at]
    pairs = {}
    for j, column in enumerate(columns, 1):
        i = row_of[j] - 1
        if i < len(rows) and weights.get((rows[i], column), 0.0) > 0:
            pairs[rows[i]] = column
    return pairs
