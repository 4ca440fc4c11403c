"""Scales hold together, and foreign labels are read as whole labels only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.ratings import DEFAULT_SCALE, BadScale, Label, Scale, finding_for, suggest_finding
from claims.vocabulary import Finding


def test_the_default_scale_has_seven_defined_labels_and_every_finding() -> None:
    assert len(DEFAULT_SCALE.labels) == 7
    assert {row.finding for row in DEFAULT_SCALE.labels} == set(Finding)
    assert all(row.definition.endswith(".") for row in DEFAULT_SCALE.labels)
    values = [row.value for row in DEFAULT_SCALE.labels if row.value is not None]
    assert values == sorted(values, reverse=True) == [5, 4, 3, 2, 1]
    assert {row.code for row in DEFAULT_SCALE.labels if row.value is None} == {"misleading", "unproven"}


def test_no_two_labels_look_the_same() -> None:
    assert len({(row.tone, row.shape) for row in DEFAULT_SCALE.labels}) == 7


@pytest.mark.parametrize(
    "labels",
    [
        (),
        (Label("a", "A", "d", Finding.REFUTED, 9),),
        (Label("a", "A", "d", Finding.REFUTED), Label("a", "B", "d", Finding.REFUTED)),
        (Label("a", "A", "d", Finding.REFUTED), Label("b", "a", "d", Finding.REFUTED)),
        (Label("a", "A", " ", Finding.REFUTED),),
    ],
)
def test_a_scale_that_contradicts_itself_is_refused(labels: tuple[Label, ...]) -> None:
    with pytest.raises(BadScale):
        Scale("x", 1, labels, worst=1, best=5)
    with pytest.raises(BadScale):
        replace(DEFAULT_SCALE, worst=5, best=5)


@pytest.mark.parametrize(
    ("label", "finding"),
    [
        ("FALSE", Finding.REFUTED),
        ("Pants on Fire!", Finding.REFUTED),
        ("Partlyfalse", Finding.CONFLICTING),
        ("Größtenteils falsch", Finding.REFUTED),
        ("C’est faux", Finding.REFUTED),
        ("Правда", Finding.SUPPORTED),
        ("झूठ", Finding.REFUTED),
        ("Unproven", Finding.NOT_ENOUGH),
        ("False. The photo is from 2011", Finding.REFUTED),
        ("Misleading – the figures are old", Finding.CONFLICTING),
        ("Not false", None),
        ("True or false?", None),
        ("Four Llamas", None),
        ("", None),
        ("...", None),
    ],
)
def test_foreign_labels(label: str, finding: Finding | None) -> None:
    assert finding_for(label) is finding


@pytest.mark.parametrize(
    ("label", "site", "numbers", "finding"),
    [
        ("Legend", "www.snopes.com", (), Finding.NOT_ENOUGH),
        ("Legend", "other.example", (), None),
        ("Half-True", "politifact.com", (), Finding.CONFLICTING),
        ("Other", "fullfact.org", (), Finding.NOT_ENOUGH),
        ("C'eri quasi", "pagellapolitica.it", (), Finding.SUPPORTED),
        ("Ainda é cedo para dizer", "lupa.uol.com.br", (), Finding.NOT_ENOUGH),
        ("Größtenteils falsch", "", (), Finding.REFUTED),
        ("Sieben Gänse", "", (), None),
        ("Sieben Gänse", "", (5, 5, 1), Finding.SUPPORTED),
        ("Sieben Gänse", "", (1, 5, 1), Finding.REFUTED),
        ("Sieben Gänse", "", (3, 5, 1), Finding.CONFLICTING),
        ("Sieben Gänse", "", (1, 1, 5), Finding.SUPPORTED),
        ("Sieben Gänse", "", (9, 5, 1), None),
        ("Sieben Gänse", "", (1, 1, 1), None),
        ("Falsch", "", (5, 5, 1), Finding.REFUTED),
    ],
)
def test_a_finding_is_suggested_by_table_words_or_number(
    label: str, site: str, numbers: tuple[int, ...], finding: Finding | None
) -> None:
    named = dict(zip(("value", "best", "worst"), numbers, strict=False))
    assert suggest_finding(label, site=site, **named) == finding


def test_tables_of_publishers_name_known_findings_once() -> None:
    from claims import ratings

    for site, (name, labels) in ratings._publishers().items():
        assert name
        assert labels, site
    assert ratings.publisher_of("www.fullfact.org") == "Full Fact"
    assert ratings.publisher_of("factual.example") == ""
