"""The question made of a claim, and the scores of its answers."""

from __future__ import annotations

import math
from datetime import date

import pytest

from claims.query.abbreviations import Abbreviations, mine
from claims.query.build import (
    ClaimText,
    earlier_check_reasons,
    feedback_words,
    idf,
    join_tail,
    normalise,
    question,
    second_question,
    surname,
    weight_of,
)
from claims.query.own_words import holds_phrase, own_question
from claims.query.types import Clause, Collection, Field, Frequencies, MissingScope, Query, Ref
from claims.search.engine import MAX_CLAUSES, Hit, best_first, summed_clauses


def weights(clauses: tuple[Clause, ...], field: Field) -> dict[str, float]:
    return {clause.term: clause.weight for clause in clauses if clause.field is field}


def test_every_word_is_asked_once_function_words_by_half() -> None:
    asked = question(ClaimText("Who said the ferry sank after the ferry sank?"))
    assert weights(asked.clauses, Field.ALL) == {
        "who": 0.5,
        "said": 1.0,
        "ferri": 1.0,
        "sank": 1.0,
        "after": 0.5,
    }
    assert weights(asked.clauses, Field.TITLE) == {
        "who": 0.125, "said": 0.25, "ferri": 0.25, "sank": 0.25, "after": 0.125,
    }  # fmt: skip
    assert weights(asked.clauses, Field.BI) == {"said_ferri": 0.15, "ferri_sank": 0.15, "sank_ferri": 0.15}


def test_the_quotation_is_asked_while_there_is_no_wording() -> None:
    assert question(ClaimText("", quotation="ferry sank")).words == {"ferri": 1.0, "sank": 1.0}
    assert question(ClaimText("It sank", quotation="ferry")).words == {"sank": 1.0}
    assert question(ClaimText("")).clauses == ()


def test_context_is_asked_lightly_and_only_where_wanted() -> None:
    claim = ClaimText(
        "It sank", before=("one", "The ferry left", "rain", "snow", "Who saw it?"), after=("Nobody", "x")
    )
    assert "ferri" not in weights(question(claim).clauses, Field.ALL)
    summed = {
        clause.term: clause.weight
        for clause in summed_clauses(Query(frozenset({1}), question(claim, context=True).clauses))
        if clause.field is Field.ALL
    }
    assert summed["ferri"] == 0.15
    assert summed["who"] == 0.075
    # Four sentences before and one after: the first and the last given are too far away.
    assert {"one", "x"}.isdisjoint(summed)
    assert question(claim, context=True).words == {"sank": 1.0}


def test_abbreviations_are_mined_from_what_was_written() -> None:
    text = (
        "The Harbour and Ferry Authority (HFA) met. A union (UN) and people (who) did not. In 2020 (May) too."
    )
    assert list(mine(text)) == [("HFA", "Harbour and Ferry Authority")]
    assert list(mine("the severe acute respiratory syndrome (SARS)")) == [
        ("SARS", "severe acute respiratory syndrome")
    ]
    assert list(mine("wholly other words here (HFA)")) == []


def test_a_claim_gets_the_form_it_lacks() -> None:
    known = Abbreviations.of(["World Health Organisation (WHO)"] * 2 + ["Women Help Others (WHO)"])
    assert known.additions("The WHO said so") == ["world", "health", "organis"]
    assert known.additions("Those who said so") == []
    assert known.additions("the World Health Organisation's plan") == ["who"]
    asked = question(ClaimText("WHO experts"), abbreviations=known)
    assert weights(asked.clauses, Field.ALL)["health"] == 0.2
    assert "health" not in asked.words


def test_own_words_in_quotation_marks_must_occur() -> None:
    own = own_question('ferry "sank in the harbour" “Mira Kolt”')
    assert [clause.term for clause in own.required] == [
        "sank", "harbour", "mira", "kolt", "sank_harbour", "mira_kolt",
    ]  # fmt: skip
    assert own.phrases == (("sank", "harbour"), ("mira", "kolt"))
    assert weights(own.question.clauses, Field.BI)["mira_kolt"] == 1.0
    assert weights(own.question.clauses, Field.BI)["ferri_sank"] == 0.15
    assert own_question("no phrase").required == ()


def test_a_phrase_is_verified_in_the_text() -> None:
    text = "It sank. The ferry Sinks in a harbour; the ferry, sunk, is in the harbour."
    assert [text[start:end] for start, end in holds_phrase(text, ("sink", "harbour"))] == [
        "Sinks in a harbour"
    ]
    assert holds_phrase(text, ("harbour", "sink")) == []
    assert holds_phrase(text, ()) == []


def test_scores_are_measured_against_the_claim_itself() -> None:
    frequencies = Frequencies(100, {"ferri": 10, "sank": 1})
    assert idf("ferri", frequencies) == pytest.approx(math.log(1 + 90.5 / 10.5))
    assert idf("nowhere", frequencies) == pytest.approx(math.log(1 + 100.5 / 0.5))
    assert idf("deleted", Frequencies(1, {"deleted": 5})) > 0
    z = weight_of({"ferri": 1.0, "sank": 0.5}, frequencies)
    assert z == pytest.approx(idf("ferri", frequencies) + 0.5 * idf("sank", frequencies))
    assert normalise(2.2 * z, z) == pytest.approx(1.0)
    assert normalise(3.0, 0.0) == 0.0


def test_feedback_takes_what_is_typical_of_the_best_texts() -> None:
    frequencies = Frequencies(1000, {"lifeboat": 5, "common": 900, "12": 3, "onc": 1})
    typical = feedback_words(
        [["lifeboat", "common", "12", "onc"], ["common", "common"]], [3.0, 1.0], frequencies
    )
    assert list(typical) == ["lifeboat", "common"]
    assert sum(typical.values()) == pytest.approx(1.0)
    assert typical["lifeboat"] > 5 * typical["common"]


def test_the_second_question_keeps_seven_tenths_of_the_first() -> None:
    first = question(ClaimText("ferry sank"))
    second = second_question(first, {"lifeboat": 0.6, "sank": 0.4})
    assert weights(second.clauses, Field.ALL) == pytest.approx(
        {"ferri": 0.35, "sank": 0.35 + 0.12, "lifeboat": 0.18}
    )
    assert weights(second.clauses, Field.BI)["ferri_sank"] == pytest.approx(0.15 * 0.35)
    assert second.words == first.words


def test_the_tail_never_moves_the_top() -> None:
    first = list(range(1, 15))
    joined = join_tail(first, [99, 14, 3, 12])
    assert joined == [*range(1, 11), 99, 14, 12, 11, 13]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mira Kolt", "kolt"),
        ("KOLT", "kolt"),
        ("Tom Ruiz, Jr.", "ruiz"),
        ("", ""),
        ("Jr.", "jr"),
        ("Lena O’Dea", "o’dea"),
    ],
)
def test_surnames(name: str, expected: str) -> None:
    assert surname(name) == expected


def test_speaker_and_date_only_add() -> None:
    claim = ClaimText("x", claimant="KOLT", made_on=date(2020, 1, 1))
    near = earlier_check_reasons(claim, check_claimant="Mira Kolt", check_stated_on=date(2020, 1, 1))
    assert [(reason.name, reason.value) for reason in near] == [("speaker", 0.15), ("date", 0.2)]
    year = earlier_check_reasons(
        claim,
        check_claimant="Koltan",
        check_stated_on=date(2018, 12, 31),
    )
    assert [reason.name for reason in year] == ["date"]
    assert year[0].value == pytest.approx(0.2 * math.exp(-366 / 365))
    assert earlier_check_reasons(ClaimText("x"), check_claimant="", check_stated_on=None) == []


def test_too_many_clauses_keep_the_heaviest() -> None:
    clauses = tuple(Clause(Field.ALL, f"w{number}", 1.0 + number) for number in range(MAX_CLAUSES + 5))
    kept = summed_clauses(
        Query(frozenset({1}), (*clauses, Clause(Field.ALL, "w0", 5000.0), Clause(Field.ALL, "none", 0)))
    )
    assert len(kept) == MAX_CLAUSES
    assert kept[0] == Clause(Field.ALL, "w0", 5001.0)
    assert "none" not in {clause.term for clause in kept}


def test_ties_are_broken_by_document_then_passage() -> None:
    hits = [
        Hit(Ref(Collection.DOCUMENTS, ref), passage, score)
        for ref, passage, score in ((2, 1, 1.0), (1, 9, 1.0), (1, 3, 1.0), (7, 1, 2.0))
    ]
    assert [(hit.ref.id, hit.passage) for hit in best_first(hits, 3)] == [(7, 1), (1, 3), (1, 9)]


def test_a_question_says_which_archives_it_reads_and_for_whom() -> None:
    with pytest.raises(MissingScope, match="archives"):
        Query(frozenset())
    with pytest.raises(MissingScope, match="audience"):
        Query(frozenset({1}), audiences=frozenset())
