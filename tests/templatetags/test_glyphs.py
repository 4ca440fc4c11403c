"""One set of drawings for ratings, states and stances, used by every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template

from claims import vocabulary
from claims.models import Evidence, FactCheck, Job, Match, SearchRun
from claims.ratings import DEFAULT_SCALE, Label
from claims.templatetags.glyphs import DRAWINGS, glyph, look_of_rating, rating_tag, value_tag
from claims.vocabulary import Finding

ROOT = Path(__file__).parents[2]
LISTS = [
    vocabulary.ReviewState,
    vocabulary.Triage,
    vocabulary.CheckStatus,
    vocabulary.Finding,
    Evidence.Stance,
    SearchRun.Outcome,
    Job.Status,
    Match.State,
    FactCheck.Status,
]


def drawing(html: str) -> str:
    found = re.search(r"<svg[^>]*>(.*)</svg>", html)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("values", LISTS, ids=lambda one: one.__qualname__)
def test_values_of_one_list_are_told_apart_by_their_drawing(values: type) -> None:
    drawn = [drawing(value_tag(value, label)) for value, label in values.choices]  # type: ignore[attr-defined]
    assert len(set(drawn)) == len(drawn)


def test_labels_of_the_default_scale_are_told_apart_without_colour() -> None:
    drawn = [drawing(rating_tag(one.finding, one.label, one.code)) for one in DEFAULT_SCALE.labels]
    assert len(set(drawn)) == len(DEFAULT_SCALE.labels)


@pytest.mark.parametrize("label", DEFAULT_SCALE.labels, ids=lambda one: one.code)
def test_a_label_is_drawn_on_the_side_of_its_finding(label: Label) -> None:
    _drawing, tone = look_of_rating(label.finding, label.code)
    sides = {"is-good": Finding.SUPPORTED, "is-bad": Finding.REFUTED, "is-mixed": Finding.CONFLICTING}
    assert sides.get(tone, Finding.NOT_ENOUGH) is label.finding


def test_a_desks_own_label_is_drawn_by_its_finding_also_under_a_known_code() -> None:
    assert look_of_rating("Refuted", "pants_on_fire") == ("cross", "is-bad")
    assert look_of_rating("Supported", "false") == ("check", "is-good")
    assert look_of_rating("", "") == ("circle", "is-open")


def test_a_drawing_never_stands_without_its_word_and_is_not_read_aloud() -> None:
    html = value_tag("queued", "in der <Schlange>")
    assert 'aria-hidden="true"' in html
    assert "<b>in der &lt;Schlange&gt;</b>" in html
    with pytest.raises(KeyError):
        glyph("nothing like it")


def test_the_tags_take_rows_of_a_scale_and_published_ratings_alike() -> None:
    template = Template("{% load desk %}{% rating one %}{% rating one 'big' %}{% chip 'refutes' 'refutes' %}")
    html = template.render(Context({"one": DEFAULT_SCALE["mostly_true"]}))
    assert html.count(DRAWINGS["check-outline"]) == 2
    assert 'class="tag is-good big"' in html
    assert DRAWINGS["down"] in html


def test_no_page_draws_signs_of_its_own() -> None:
    signs = re.compile("[▲▼◆◇■□●○◐◑◌✓✔✕✖✗◮◦‖]")
    places = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "claims" / "workbench").rglob("*.py")]
    places += [*(ROOT / "claims" / "admin").rglob("*.py"), *(ROOT / "claims" / "templatetags").rglob("*.py")]
    found = [f"{path.name}: {sign}" for path in places for sign in signs.findall(path.read_text("utf-8"))]
    assert found == []
