"""How is a length of time written in ISO 8601?"""

from __future__ import annotations


def duration_value(count: float | None, unit: str) -> str:
    """Write a length of time in ISO 8601, ``PXY`` when its figure is unknown."""
    letters = {"DE": ("Y", 10), "CE": ("Y", 100), "ML": ("Y", 1000), "Q": ("M", 3), "FN": ("W", 2),
               "WE": ("D", 2),
               "SU": ("Y", 1), "WI": ("Y", 1)}  # fmt: skip
    if count is None:
        letter = {"DE": "Y", "CE": "Y", "ML": "Y", "Q": "M", "FN": "W", "WE": "D", "SU": "Y", "WI": "Y"}.get(
            unit, unit
        )
        return f"PTX{letter[1]}" if len(letter) == 2 and letter[0] == "T" else f"PX{letter}"
    if unit in letters:
        letter, times = letters[unit]
        count, unit = count * times, letter
    whole = int(count)
    if count == whole:
        return f"PT{whole}{unit[1]}" if unit[0] == "T" else f"P{whole}{unit}"
    smaller = {
        "Y": ("M", 12),
        "M": ("D", 30),
        "W": ("D", 7),
        "D": ("TH", 24),
        "TH": ("TM", 60),
        "TM": ("TS", 60),
    }
    if unit not in smaller:
        return f"PT{count:g}S"
    name, times = smaller[unit]
    rest = round((count - whole) * times)
    if unit[0] == "T":
        head = f"{whole}{unit[1]}" if whole else ""
        return f"PT{head}{rest}{name[1]}"
    head = f"{whole}{unit}" if whole else ""
    return f"P{head}T{rest}{name[1]}" if name[0] == "T" else f"P{head}{rest}{name}"
