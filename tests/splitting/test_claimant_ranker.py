"""The ranker of claimants: what it is asked, what it takes, and how it is learned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.splitting import split
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.claimants.rank_features import Candidate, ClaimantCase
from claims.splitting.claimants.rank_training import LabelledCase, fit, out_of_fold
from claims.splitting.claimants.ranker import LEAD, ClaimantDecision, Ranker, shipped
from claims.splitting.types import ClaimantKind

RULES = "the rules' choice"


def candidate(name: str, **circumstances: float) -> Candidate:
    return Candidate(
        NamedClaimant(name, ClaimantKind.PERSON, None),
        {key.replace("_", " "): value for key, value in circumstances.items()},
    )


def case(*candidates: Candidate) -> ClaimantCase:
    return ClaimantCase(0, 10, candidates)


def asked(text: str) -> list[ClaimantCase]:
    seen: list[ClaimantCase] = []

    def note(cases: Sequence[ClaimantCase]) -> list[ClaimantDecision]:
        seen.extend(cases)
        return [ClaimantDecision(one.candidates[0].claimant, 1.0) for one in cases]

    split(text, published="2024-05-08", judge=None, chooser=note)
    return seen


def test_a_name_as_the_whole_source_leaves_no_choice() -> None:
    assert asked("Ana Holt said the bridge was closed. Ben Roth met her.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Ana Holt met Ben Roth. He said the bridge was closed.",
        "Ana Holt of the Harbour Board met the press. They said the bridge was closed.",
        'Ana Holt met Ben Roth in Kelm. "The bridge was closed in 2019."',
    ],
)
def test_pronouns_and_quotations_without_a_frame_leave_a_choice(text: str) -> None:
    (one, *_) = asked(text)
    names = [candidate.claimant.name for candidate in one.candidates]
    assert {"Ana Holt"} <= set(names)
    assert len(set(names)) == len(names) > 1


def test_another_must_lead_the_rules_clearly() -> None:
    ruled = Candidate(NamedClaimant("Ana Holt", ClaimantKind.PERSON, None), {RULES: 1})
    for lead, taken in ((LEAD - 0.1, 0), (LEAD + 0.1, 1)):
        ranker = Ranker({"near": lead}, 0.0)
        assert ranker.take(case(ruled, candidate("Ben Roth", near=1))) == taken


def test_where_the_rules_name_nobody_the_best_is_taken() -> None:
    ranker = Ranker({"near": 0.2}, 0.0)
    (decision,) = ranker.choose([case(candidate("Ana Holt"), candidate("Ben Roth", near=1))])
    assert decision.claimant is not None
    assert (decision.claimant.name, decision.spoke_for) == ("Ben Roth", ("near",))


def test_a_decision_says_in_words_what_spoke_for_and_against() -> None:
    ranker = Ranker({RULES: 1.0, "named in this paragraph": 0.5, "one word": -0.4}, 0.0)
    ruled = Candidate(
        NamedClaimant("Holt", ClaimantKind.PERSON, None),
        {RULES: 1, "named in this paragraph": 1, "one word": 1},
    )
    (decision,) = ranker.choose([case(ruled, candidate("Ben Roth"))])
    assert decision.spoke_for == (RULES, "named in this paragraph")
    assert decision.spoke_against == ("one word",)


def test_learning_finds_what_tells_the_speaker_out_of_fold() -> None:
    rows = [
        LabelledCase(
            case(candidate("Ana Holt", far=1, number=float(place % 3)), candidate("Ben Roth", near=1)),
            (False, True),
            f"{place % 8}",
        )
        for place in range(40)
    ]
    assert out_of_fold(rows) == [1] * 40
    weights = fit(rows).weights
    assert weights["near"] > 0 > weights["far"]


def test_the_shipped_ranker_prefers_who_was_named_last() -> None:
    weights = shipped().weights
    assert weights["the person named last"] > 0 > weights["distance in sentences"]


QUOTATION = (
    'Mayor Ana Holt opened the bridge in Kelm. Holt spoke for an hour. "The bridge was closed in 2019."'
)


def test_a_quotation_whose_speaker_was_chosen_says_so() -> None:
    def first(cases: Sequence[ClaimantCase]) -> list[ClaimantDecision]:
        return [ClaimantDecision(one.candidates[0].claimant, 1.0) for one in cases]

    unit = split(QUOTATION, judge=None, chooser=first).units[-1]
    assert (unit.claimant, "speaker-inferred" in unit.flags) == ("Ana Holt", True)


def test_a_quotation_is_nobodys_where_nobody_is_likely() -> None:
    def nobody(cases: Sequence[ClaimantCase]) -> list[ClaimantDecision]:
        return Ranker({}, -1.0).choose(cases)

    unit = split(QUOTATION, judge=None, chooser=nobody).units[-1]
    assert (unit.claimant, "speaker-not-found" in unit.flags) == ("", True)


def article(folder: Path, name: str, text: str, spans: list[tuple[str, str]]) -> None:
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    rows = [
        {
            "start": text.index(words),
            "end": text.index(words) + len(words),
            "class": "reported",
            "claimant": claimant,
            "check": "fact",
            "dates": [],
        }
        for words, claimant in spans
    ]
    (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")


def test_the_command_learns_and_scores(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for at in range(3):
        text = "Ana Holt met Ben Roth. He said the bridge was closed. She said the quay was open."
        article(
            folder, f"{at}", text, [("the bridge was closed", "Ben Roth"), ("the quay was open", "Ana Holt")]
        )
    errors = StringIO()
    call_command("train_claimants", folder, score=[folder], output=tmp_path / "weights.json", stderr=errors)
    assert "texts, out of fold" in errors.getvalue()
    assert "kept aside" in errors.getvalue()
    assert Ranker.load(tmp_path / "weights.json").weights


def test_the_command_says_when_there_is_nothing_to_learn(tmp_path: Path) -> None:
    article(tmp_path, "0", "The bridge was closed.", [])
    with pytest.raises(CommandError, match="nothing to learn"):
        call_command("train_claimants", tmp_path, output=tmp_path / "w.json", stderr=StringIO())
