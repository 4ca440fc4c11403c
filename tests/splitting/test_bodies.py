"""Which body "the company", "the study" or "the researchers" means, and which person "the 24-year-old"."""

from __future__ import annotations

import pytest

from tests.splitting.attribution_reading import speech


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Shares in Corven fell after it cut its forecast. The company said jobs would go.", "Corven"),
        ("The clips were made by the start-up Lumo. The company said the gap was closed.", "Lumo"),
        (
            "Kelm Rail ran no trains. The state-owned company said relays had been replaced.",
            "Kelm Rail",
        ),
        ("The National Farm Union met Corven Inc. The union said jobs would go.", "National Farm Union"),
        ("The Liberal Democrats met in Bath. The party said the tax was unfair.", "Liberal Democrats"),
        ("Lorra police closed the road. Two men ran off, police said.", "Lorra police"),
        (
            "A study by the University of Trent looked at wages. Pay fell by a third, the study found.",
            "University of Trent",
        ),
        (
            "The Health Institute met. Most were ill, the institute's weekly bulletin shows.",
            "Health Institute",
        ),
        ("Jill Marsh won in Ely. The 52-year-old said the vote was close.", "Jill Marsh"),
        ("Theresa May went to Leeds. Mrs May said the talks went well.", "Theresa May"),
        # never a body of another family, never one for an indefinite mention, never a guessed government
        ("The National Farm Union met. The company said jobs would go.", "company"),
        ("Shares in Corven fell. A company said jobs would go.", "company"),
        ("France offered help. The ministry said 400 soldiers were there.", "ministry"),
    ],
)
def test_a_common_noun_means_the_body_named_before(text: str, name: str) -> None:
    assert speech(text)[-1].claimant == name
