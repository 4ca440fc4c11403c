"""Can the templates be read: is no line longer than an editor shows beside another one, and do their times fit?"""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

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


def test_after_until_and_since_stands_a_moment_and_no_distance() -> None:
    (folder,) = settings.TEMPLATES[0]["DIRS"]
    # "since 3 days ago", "until in 23 hours": such a word needs the time itself.
    wrong = re.compile(r"\b(?:since|until)[\"'{} %a-z]*\{% when ")
    said = {
        f"{path.relative_to(folder)}: {found.group()}"
        for path in Path(folder).rglob("*.html")
        for found in wrong.finditer(re.sub(r"\s+", " ", path.read_text("utf-8")))
    }
    assert said == set()
    assert wrong.search('{% translate "Possible until" %} {% when undo_until %}')


def test_every_template_can_be_compiled() -> None:
    (folder,) = settings.TEMPLATES[0]["DIRS"]
    names = sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.html"))
    assert len(names) > 100
    for name in names:
        get_template(name)
