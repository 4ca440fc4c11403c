"""Can the templates be read: is no line longer than an editor shows beside another one?"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

LONGEST = 120


def test_no_line_of_a_template_is_longer_than_120_characters() -> None:
    (folder,) = settings.TEMPLATES[0]["DIRS"]
    templates = [path for path in Path(folder).rglob("*") if path.is_file()]
    long = [
        f"{path.relative_to(folder)}:{number} ({len(line)} characters)"
        for path in sorted(templates)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert len(templates) > 100
    assert long == []
