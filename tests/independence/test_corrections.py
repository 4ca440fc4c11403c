"""Notes by which a text corrects, explains or withdraws what was printed before."""

from __future__ import annotations

import pytest

from claims.independence.corrections import LONGEST, NoteKind, note_in

BODY = "The port raised its fees.\n\n"


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        (NoteKind.CORRECTION, "Correction: An earlier version gave the wrong figure."),
        (NoteKind.CORRECTION, "CORRECTION (4 May 2026): The fees rose by 12 percent."),
        (NoteKind.CORRECTION, "Corrections & Clarifications: The fees rose by 12 percent."),
        (NoteKind.CORRECTION, "This article has been amended to say that the fees rose by 12 percent."),
        (NoteKind.CORRECTION, "This article was amended on 4 May 2026. The fees rose by 12 percent."),
        (NoteKind.CORRECTION, "An earlier version of this article misstated the rise."),
        (NoteKind.CORRECTION, "We reported that fees had doubled. That was wrong."),
        (NoteKind.CORRECTION, "We regret the error."),
        (NoteKind.CLARIFICATION, "Clarification: The fees are those of the inner harbour."),
        (NoteKind.CLARIFICATION, "Editor's note: The fees are those of the inner harbour."),
        (NoteKind.WITHDRAWAL, "Retraction: The report on the fees does not stand."),
        (NoteKind.WITHDRAWAL, "This article has been retracted."),
        (NoteKind.WITHDRAWAL, "I have taken the text down."),
        (NoteKind.CORRECTION, "Korrektur: Die Gebühren stiegen um 12 Prozent."),
        (NoteKind.CORRECTION, "In einer früheren Version dieses Artikels stand eine falsche Zahl."),
        (NoteKind.CORRECTION, "Fe de errores: las tasas subieron un 12 por ciento."),
        (NoteKind.CORRECTION, "Una versión anterior de esta noticia daba otra cifra."),
        (NoteKind.CORRECTION, "Rectificatif : les taxes ont augmenté de 12 %."),
        (NoteKind.CORRECTION, "Une version précédente de cet article donnait un autre chiffre."),
        (NoteKind.CLARIFICATION, "Klarstellung: Gemeint ist der Innenhafen."),
    ],
)
@pytest.mark.parametrize("at_the_end", [True, False])
def test_a_note_is_read_before_and_behind_the_text(kind: NoteKind, note: str, at_the_end: bool) -> None:
    found = note_in(BODY + note if at_the_end else f"{note}\n\n{BODY}")
    assert found is not None
    assert found.kind is kind
    assert found.text.split()[-1] in note or note.startswith(found.text[:20])


@pytest.mark.parametrize(
    "text",
    [
        "The market saw a correction of 12 percent.",
        "The Department of Corrections said two guards were hurt.",
        "The minister said the figures had been corrected for inflation.",
        "Officials asked for clarification: nobody answered.",
        "An earlier version of the bill failed in the senate.",
        "The ship was withdrawn from service.",
        "The statement was withdrawn by the company.",
        "The report was removed from the shelves.",
        "“That was wrong,” the mayor said of the decision.",
        "Die Korrektur der Zahlen nach unten überraschte die Händler.",
    ],
)
def test_what_is_only_news_of_corrections_is_no_note(text: str) -> None:
    assert note_in(text) is None


def test_a_withdrawal_goes_before_a_correction_and_long_notes_are_cut() -> None:
    both = "Correction: The fees rose.\n\nThis article has been withdrawn."
    found = note_in(both)
    assert found is not None
    assert found.kind is NoteKind.WITHDRAWAL
    long = note_in("Correction: " + "the fees rose " * 60)
    assert long is not None
    assert len(long.text) <= LONGEST
    assert long.text.endswith("…")
