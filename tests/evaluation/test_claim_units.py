"""The scorer counts what the annotation guidelines say, on texts whose figures are worked out by hand."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

import pytest

from claims.evaluation import claim_units
from claims.evaluation.assignment import best_pairs
from claims.evaluation.claim_units import (
    AnnotatedArticle,
    GoldUnit,
    compare,
    metrics,
    token_f1,
)
from claims.evaluation.types import BadData
from claims.matching.claimant_names import same_claimant
from claims.splitting.types import DateMention, Split, Unit
from claims.vocabulary import Attribution, Checkable
from tests.shared_data import shared_path

TEXT = "The dam broke on Monday, killing nine people. Minister Anna Berg said the owner had ignored warnings."


def span(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def gold(
    words: str, cls: str = "article", who: str = "", check: str = "fact", dates: tuple[str, ...] = ()
) -> GoldUnit:
    return GoldUnit(*span(words), cls, who, check, frozenset(dates))


def unit(
    words: str, cls: str = "article", who: str = "", check: str = "fact", dates: tuple[str, ...] = ()
) -> Unit:
    start, end = span(words)
    mentions = tuple(DateMention("", start, end, value) for value in dates)
    return Unit(
        0, start, end, words, Attribution(cls), Checkable(check), who, dates=mentions, rules=("clause",)
    )


def article(*units: GoldUnit) -> AnnotatedArticle:
    return AnnotatedArticle("01", TEXT, "2020-10-14", units)


def splitting(*units: Unit) -> Any:
    return lambda text, published: Split("test", "en", len(text), published, "", units)


def write(folder: Path, name: str, rows: Any, text: str = TEXT) -> None:
    (folder / f"{name}.txt").write_bytes(text.encode("utf-8"))
    (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")


def row(words: str, **values: Any) -> dict[str, Any]:
    start, end = span(words)
    return {
        "start": start,
        "end": end,
        "class": "article",
        "claimant": "",
        "check": "fact",
        "dates": [],
        **values,
    }


def test_the_same_units_score_one() -> None:
    wanted = article(gold("The dam broke on Monday", dates=("2020-10-12",)), gold("killing nine people"))
    found = [unit("The dam broke on Monday", dates=("2020-10-12",)), unit("killing nine people")]
    assert set(metrics([compare(wanted, found)]).values()) == {1.0}


def test_nothing_found_scores_zero_without_failing() -> None:
    scores = metrics([compare(article(gold("killing nine people")), [])])
    assert set(scores.values()) == {0.0}


def test_recall_counts_what_was_missed_and_precision_what_was_invented() -> None:
    wanted = article(gold("The dam broke on Monday"), gold("killing nine people"))
    found = [unit("The dam broke on Monday"), unit("Minister Anna Berg said"), unit("ignored warnings")]
    scores = metrics([compare(wanted, found)])
    assert scores["recall"] == pytest.approx(1 / 2)
    assert scores["precision"] == pytest.approx(1 / 3)
    assert scores["f1"] == pytest.approx(2 / 5)


def test_a_pair_counts_from_a_token_f1_of_one_half() -> None:
    # Two shared tokens of two and six: F1 = 4/8.
    wanted = article(gold("The dam"))
    assert compare(wanted, [unit("The dam broke on Monday, killing")]).pairs[0].f1 == pytest.approx(0.5)
    assert not compare(wanted, [unit("The dam broke on Monday, killing nine")]).pairs


def test_tokens_count_by_place_not_by_spelling() -> None:
    assert token_f1(frozenset({0, 1}), frozenset({1, 2})) == pytest.approx(0.5)
    text = "He left. He left."
    same_words = AnnotatedArticle("01", text, None, (GoldUnit(0, 7, "article", "", "fact", frozenset()),))
    elsewhere = Unit(0, 9, 16, "He left", Attribution.ARTICLE, Checkable.FACT)
    assert not compare(same_words, [elsewhere]).pairs


def test_gold_units_that_are_not_worth_checking_neither_count_nor_hurt() -> None:
    wanted = article(gold("The dam broke on Monday"), gold("killing nine people", check="no"))
    without = metrics([compare(wanted, [unit("The dam broke on Monday")])])
    with_it = metrics(
        [compare(wanted, [unit("The dam broke on Monday"), unit("killing nine people", who="X")])]
    )
    assert set(without.values()) == set(with_it.values()) == {1.0}


def test_an_invented_unit_hurts_precision_even_when_it_says_not_checkable() -> None:
    found = [unit("The dam broke on Monday"), unit("killing nine people", check="no")]
    scores = metrics([compare(article(gold("The dam broke on Monday")), found)])
    assert scores["precision"] == pytest.approx(1 / 2)
    assert scores["precision_checkable"] == 1.0


def test_each_quality_is_counted_on_pairs_only() -> None:
    wanted = article(
        gold("the owner had ignored warnings", "reported", "Anna Berg", "fact", ("2020-10",)),
        gold("killing nine people"),
    )
    found = [unit("the owner had ignored warnings", "quoted", "Peter Berg", "said", ())]
    scores = metrics([compare(wanted, found)])
    assert [scores[name] for name in ("claimant", "class", "checkable", "dates")] == [0, 0, 0, 0]
    assert scores["span_f1"] == 1.0
    right = [unit("the owner had ignored warnings", "reported", "Minister Berg", "fact", ("2020-10",))]
    scores = metrics([compare(wanted, right)])
    assert [scores[name] for name in ("claimant", "class", "checkable", "dates")] == [1, 1, 1, 1]


def test_a_season_is_its_months_in_whichever_spelling() -> None:
    wanted = article(gold("The dam broke on Monday", dates=("2020-SU",)))
    found = [unit("The dam broke on Monday", dates=("2020-06/2020-08",))]
    assert metrics([compare(wanted, found)])["dates_dated"] == 1


def test_dates_are_compared_as_sets_of_values() -> None:
    wanted = article(gold("The dam broke on Monday", dates=("2020-10-12", "P2Y")))
    for values, right in [(("P2Y", "2020-10-12"), 1), (("2020-10-12",), 0), ((), 0)]:
        assert metrics([compare(wanted, [unit("The dam broke on Monday", dates=values)])])["dates"] == right


def test_one_prediction_is_never_paired_twice() -> None:
    wanted = article(gold("The dam broke on Monday, killing nine people"), gold("The dam broke on Monday"))
    result = compare(wanted, [unit("The dam broke on Monday")])
    assert len(result.pairs) == 1
    assert result.pairs[0].gold == wanted.units[1]
    assert result.missed == [wanted.units[0]]


def test_the_pairing_is_the_heaviest_of_all() -> None:
    chooser = random.Random(7)
    for _ in range(150):
        rows, columns = chooser.randint(1, 4), chooser.randint(1, 4)
        weights = {
            (row, column): chooser.choice([0.5, 0.6, 0.75, 0.9, 1.0])
            for row in range(rows)
            for column in range(columns)
            if chooser.random() < 0.7
        }
        pairs = best_pairs(weights)
        assert len(set(pairs.values())) == len(pairs)
        best = max(
            sum(weights.get((row, column), 0.0) for row, column in zip(order, range(columns), strict=False))
            for order in itertools.permutations(range(max(rows, columns)), columns)
        )
        assert sum(weights[pair] for pair in pairs.items()) == pytest.approx(best)


def test_greedy_pairing_would_lose_a_unit() -> None:
    assert best_pairs({(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8}) == {0: 1, 1: 0}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sergei Lavrov", "Lavrov"),
        ("Sergei Lavrov", "Foreign Minister Sergei Lavrov"),
        ("Dr Lotte Brandsma", "lotte brandsma"),
        ("The World Health Organization", "World Health Organization"),
        ("S. Lavrov", "Sergei Lavrov"),
        ("government of Turkey", "Turkey’s government"),
        ("government of Norvia", "the Norvia government"),
        ("Lorra police", "police"),
        ("drivers’ union", "the drivers' union"),
        ("", ""),
    ],
)
def test_names_of_the_same_claimant(one: str, other: str) -> None:
    assert same_claimant(one, other)
    assert same_claimant(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Berg", "Peter Berg"),
        ("Sergei Lavrov", ""),
        ("", "police"),
        ("government of Turkey", "government of Greece"),
        ("minister of Norvia", "government of Norvia"),
        ("Health Institute", "Health Ministry"),
    ],
)
def test_names_of_different_claimants(one: str, other: str) -> None:
    assert not same_claimant(one, other)
    assert not same_claimant(other, one)


def test_run_reads_a_folder_and_pools_all_articles(tmp_path: Path) -> None:
    write(tmp_path, "01", [row("The dam broke on Monday")])
    write(tmp_path, "02", [row("killing nine people"), row("the owner had ignored warnings")])
    (tmp_path / "notes.txt").write_text("No rows beside it.", encoding="utf-8")
    result = claim_units.run(tmp_path, splitter=splitting(unit("The dam broke on Monday")))
    assert result.task == "claim-units"
    assert result.n == 3
    assert result.metrics["recall"] == pytest.approx(1 / 3)
    assert result.metrics["precision"] == pytest.approx(1 / 2)
    assert set(result.metrics) >= {
        "recall",
        "precision",
        "f1",
        "span_f1",
        "claimant",
        "class",
        "checkable",
        "dates",
    }


def test_publication_dates_reach_the_pipeline(tmp_path: Path) -> None:
    write(tmp_path, "01", [row("The dam broke on Monday")])
    write(tmp_path, "02", {"published": "2021-01-01", "units": [row("The dam broke on Monday")]})
    write(tmp_path, "03", [row("The dam broke on Monday")])
    (tmp_path / "published.json").write_text('{"01": "2020-10-14", "03": null}', encoding="utf-8")
    seen: list[str | None] = []

    def note(text: str, published: str | None) -> Split:
        seen.append(published)
        return Split("test", "en", len(text), published, "", ())

    claim_units.run(tmp_path, splitter=note)
    assert seen == ["2020-10-14", "2021-01-01", None]


def test_offsets_survive_a_mark_and_crlf(tmp_path: Path) -> None:
    text = "One line.\r\nThe dam broke."
    start, end = span("The dam broke", text)
    (tmp_path / "01.txt").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    rows = [{"start": start, "end": end, "class": "article", "claimant": "", "check": "fact", "dates": []}]
    (tmp_path / "01.json").write_text(json.dumps(rows), encoding="utf-8")
    (article_read,) = claim_units.read_articles(tmp_path)
    assert article_read.text[start:end] == "The dam broke"


def test_only_picks_articles_by_name(tmp_path: Path) -> None:
    for name in ("01", "02", "05", "28", "seed"):
        write(tmp_path, name, [row("The dam broke on Monday")])

    def names(only: str) -> list[str]:
        return [found.name for found in claim_units.read_articles(tmp_path, only=only)]

    assert names("01-27") == ["01", "02", "05"]
    assert names("02,28-42") == ["02", "28"]
    assert names("seed") == ["seed"]
    with pytest.raises(BadData, match="in 30-40"):
        names("30-40")
    with pytest.raises(BadData, match="names no article"):
        names(" , ")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("{", "not JSON"),
        ('"text"', "neither a list"),
        ('[{"start": 0}]', "row 1"),
        ('[{"start":0,"end":9999,"class":"article","claimant":"","check":"fact","dates":[]}]', "span 0–9999"),
        ('[{"start":5,"end":5,"class":"article","claimant":"","check":"fact","dates":[]}]', "span 5–5"),
        ('[{"start":0,"end":5,"class":"opinion","claimant":"","check":"fact","dates":[]}]', "opinion"),
        ('[{"start":0,"end":5,"class":"article","claimant":"","check":"maybe","dates":[]}]', "maybe"),
    ],
)
def test_another_layout_is_refused_with_its_place(tmp_path: Path, rows: str, complaint: str) -> None:
    (tmp_path / "01.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "01.json").write_text(rows, encoding="utf-8")
    with pytest.raises(BadData, match=complaint):
        claim_units.run(tmp_path, splitter=splitting())


def test_a_file_an_empty_folder_and_a_training_set_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="holds no"):
        claim_units.run(tmp_path, splitter=splitting())
    with pytest.raises(BadData, match="not a folder"):
        claim_units.run(tmp_path / "01.txt", splitter=splitting())
    with pytest.raises(BadData, match="learns nothing"):
        claim_units.run(tmp_path, train=tmp_path, splitter=splitting())


def test_details_say_what_was_missed_invented_and_wrong(tmp_path: Path) -> None:
    write(
        tmp_path,
        "01",
        [
            row("The dam broke on Monday", dates=[{"value": "2020-10-12"}]),
            row("the owner had ignored warnings", **{"class": "reported", "claimant": "Anna Berg"}),
        ],
    )
    lines: list[str] = []
    found = splitting(unit("The dam broke on Monday", "premise", "Bo", "said"), unit("killing nine people"))
    claim_units.run(tmp_path, splitter=found, details=lines.append)
    report = "\n".join(lines)
    assert "== 01: found 1 of 2, invented 1" in report
    assert "reported/fact [Anna Berg] “the owner had ignored warnings”" in report
    assert "article/fact “killing nine people” by clause" in report
    assert "class article, got premise; claimant “”, got “Bo”; check fact, got said" in report
    assert "dates 2020-10-12, got none" in report
    assert "found     reported: 0 of 1" in report
    assert "class     article taken for premise: 1" in report


@pytest.mark.shared
def test_the_clients_article_scores_one_against_itself() -> None:
    folder = shared_path("seed/gold")
    (seed,) = claim_units.read_articles(folder)
    assert len(seed.units) == 24
    units = tuple(
        Unit(
            number,
            wanted.start,
            wanted.end,
            seed.text[wanted.start : wanted.end],
            Attribution(wanted.attribution),
            Checkable(wanted.check),
            wanted.claimant,
            dates=tuple(DateMention("", 0, 0, value) for value in wanted.dates),
        )
        for number, wanted in enumerate(seed.units)
    )
    result = claim_units.run(folder, splitter=splitting(*units))
    assert result.n == 23
    assert set(result.metrics.values()) == {1.0}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UK", "United Kingdom"),
        ("Britain", "the United Kingdom"),
        ("government of the United Kingdom", "UK government"),
        ("U.S. government", "government of the United States"),
        ("EU", "European Union"),
        ("WHO", "World Health Organization"),
        ("IMF", "the International Monetary Fund"),
    ],
)
def test_bodies_go_by_their_abbreviations(one: str, other: str) -> None:
    assert same_claimant(one, other)
    assert same_claimant(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("UK", "Ukraine"), ("WHO", "World Bank"), ("us", "Susan Hall"), ("EU", "UN")]
)
def test_other_bodies_are_others(one: str, other: str) -> None:
    assert not same_claimant(one, other)
    assert not same_claimant(other, one)


def test_two_people_of_one_surname_are_two() -> None:
    people = ("Anna Berg", "Nils Berg", "Olaf Brun")
    assert not same_claimant("Anna Berg", "Berg", people=people)
    assert not same_claimant("Anna Berg", "Nils Berg", people=people)
    assert same_claimant("Anna Berg", "Anna Berg", people=people)
    assert same_claimant("Olaf Brun", "Brun", people=people)
    # One person under two of her names is one.
    assert same_claimant("Anna Berg", "Berg", people=("Anna Berg", "A. Berg", "Minister Anna Berg"))


def test_a_surname_that_two_of_the_article_bear_is_a_fault_of_the_claimant() -> None:
    wanted = article(
        gold("The dam broke on Monday", who="Anna Berg"), gold("killing nine people", who="Nils Berg")
    )
    compared = compare(wanted, [unit("The dam broke on Monday", who="Berg")])
    assert metrics([compared])["claimant_named"] == 0.0


def test_premises_names_and_dates_are_counted_where_there_are_some() -> None:
    wanted = article(
        gold("The dam broke on Monday", dates=("2020-10-12",)),
        gold("killing nine people"),
        gold("the owner had ignored warnings", "reported", "Anna Berg"),
        gold("Minister", "premise"),
    )
    found = [
        unit("The dam broke on Monday", dates=("2020-10-13",)),
        unit("killing nine people"),
        unit("the owner had ignored warnings", "reported", "Berg"),
    ]
    figures = metrics([compare(wanted, found)])
    assert (figures["recall"], figures["recall_premises"], figures["recall_others"]) == (0.75, 0.0, 1.0)
    assert (figures["claimant"], figures["claimant_named"], figures["claimant_exact"]) == (1.0, 1.0, 0.0)
    assert (figures["dates"], figures["dates_dated"]) == (pytest.approx(2 / 3), 0.0)


def test_publication_dates_are_read_from_a_table_of_documents(tmp_path: Path) -> None:
    write(tmp_path, "01", [row("The dam broke on Monday")])
    (tmp_path / "documents.tsv").write_text("document\tpublished\tunits\n01\t2020-10-14\t1\n", "utf-8")
    (read,) = claim_units.read_articles(tmp_path)
    assert read.published == "2020-10-14"
    (tmp_path / "documents.tsv").write_text("name\tday\n01\t2020-10-14\n", "utf-8")
    with pytest.raises(BadData, match="published"):
        claim_units.read_articles(tmp_path)


def test_a_list_of_sets_gives_a_table_with_intervals(tmp_path: Path) -> None:
    for name in ("near", "far"):
        (tmp_path / name).mkdir()
        for number in range(4):
            write(tmp_path / name, f"0{number}", [row("The dam broke on Monday"), row("killing nine people")])
    (tmp_path / "sets.tsv").write_text("name\tfolder\tonly\nnear\tnear\t\nfar\tfar\t00-02\n", "utf-8")
    asked = itertools.count()

    def splitter(text: str, published: str | None) -> Split:
        units = [unit("The dam broke on Monday"), unit("killing nine people")]
        return Split("test", "en", len(text), None, "", tuple(units[: 1 + (next(asked) % 2)]))

    lines: list[str] = []
    result = claim_units.run(tmp_path / "sets.tsv", details=lines.append, splitter=splitter)
    assert result.n == 14
    assert result.metrics["near.recall"] == 0.75
    assert result.metrics["far.recall"] == pytest.approx(4 / 6)
    assert result.metrics["near.recall_low"] < 0.75 < result.metrics["near.recall_high"]
    assert result.metrics["near.precision_low"] == result.metrics["near.precision_high"] == 1.0
    assert lines[0].split() == ["==", "slope", "near", "far"]
    (tmp_path / "sets.tsv").write_text("name\tfolder\tonly\nnear\tnowhere\t\n", "utf-8")
    with pytest.raises(BadData, match="nowhere"):
        claim_units.run(tmp_path / "sets.tsv", splitter=splitter)
