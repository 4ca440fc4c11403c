"""Where sentences end: each case shows its boundaries as ``|``, and all else as it stands in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.normalise import MAX_SENTENCE
from claims.language.sentences import sentences

ENGLISH = [
    # abbreviations, titles, initials
    "The war is being lost, Gen. Petraeus said. | He left.",
    "He returned to the U.S. | Officials declined to comment.",
    "The U.S. Senate voted.",
    "She moved to the U.K. | The firm followed her.",
    "The U.N. Security Council met in New York.",
    "In the U.S. | Exports fell by a tenth.",
    "U.S. Marines landed on Friday. | Nobody was hurt.",
    "J. A. Smith met C. I. Brown. | A dog barked.",
    "Mr. Smith met Mrs. Jones. | Dr. Brown came later.",
    "Prof. A. B. Miller wrote it. | J.K. Rowling read it.",
    "Rep. John Doe, D-Calif., voted no. | Sen. Roe abstained.",
    "He lives in Springfield, Mass. | She lives in Ohio.",
    "They met in St. Louis on St. Patrick's Day.",
    "The shop on Main St. | The bank is closed.",
    "Acme Inc. Chief Executive Jane Roe resigned. | Shares fell.",
    "He sold Acme Inc. | Shares fell 3 percent.",
    "Acme Corp., based in Rome, grew. | Its rival did not.",
    "Apples, pears, etc. | The list goes on.",
    "Martin Luther King Jr. Day is a holiday.",
    "He met John Smith Jr. | They talked for hours.",
    "The talks begin at 5 p.m. Monday in Geneva.",
    "They ended at 5 p.m. | Nobody spoke to the press.",
    "The bus left at 10 a.m. EST from the depot.",
    "It happened on Oct. 14 in Minsk. | Nobody was hurt.",
    "It happened in Oct. | Nobody was hurt.",
    "In Roe v. Wade the court ruled 7-2.",
    "No. 10 declined. | Nos. 3 and 4 agreed.",
    "Did he agree? | No. | He refused.",
    "See Fig. 3 and pp. 12-14. | Then read Art. 5 of the treaty.",
    "The work, e.g. Smith et al. 2019, is old.",
    "He died c. 1818 in Bath. | She lived on.",
    "Beethoven's Op. 46 was played. | It was long.",
    "Pub. L. 94-553 was passed. | It still holds.",
    "The firm, i.e. Acme, paid. | It won.",
    # letters and marks that end nothing
    "Vitamin C helps. | Vitamin C. | It helps.",
    "Take vitamin C. | It helps against scurvy.",
    "Yahoo! bought it. | The price was secret.",
    "Yahoo! Japan was sold. | It had grown.",
    'In 2019 the single "Gimme! Gimme! Gimme!" sold 3 million copies. | It was loud.',
    "The film “Who? What? Where?” opened in Lund. | Few came.",
    "Critics praised ‘Stop! Thief!’ as the play of the year. | It closed in May.",
    'The label "Up. Close. Loud." sold 40 records. | It folded.',
    'He shouted: "Stop! | Go home!" | Nobody moved.',
    '"Stop! | Go home!" said Berg.',
    'He called it "a feud that began in 1990. | Boats were burned."',
    "She is taller than I. | He is not.",
    "The Allies won World War II. | Germany was divided.",
    "Go to www.example.com or write to a.smith@example.org today.",
    "Visit https://example.org/a.b?c=d. | Then come back.",
    "Version 2.0.1 of Node.js came out. | It is fast.",
    # numbers
    "Unemployment fell to 4.1 percent. | 3.2 million people found work.",
    "Prices rose 3.5%. | Wages did not.",
    "It was founded in 1998. | 40 people worked there.",
    "It cost $4.50. | That is much.",
    "1. Crime fell by 12 percent.\n | 2. Arrests rose.\n | 3. No. of officers is unchanged.",
    "a. The first point. | The second point.",
    "II. The treaty. | It holds.",
    # quotations
    "“We did nothing wrong. | We followed the law,” the minister said.",
    '"We did nothing wrong. | We followed the law," the minister said.',
    "“We will win.” Smith said on Monday. | His rival laughed.",
    "“The ceasefire,” Lavrov said, “must hold.” | He gave no date.",
    "“He told me, ‘It is over.’ | I did not believe him,” she said.",
    "“Why?” he asked. | “Because it rained.”",
    "“Why now?” Mrs. Roe asked. | Nobody answered.",
    "“Stop!” shouted the guard. | They ran.",
    "He said: “It is over.” | “It is not,” she replied.",
    'He said "It is over." | She left.',
    'He said it was over. | "It is not," she replied.',
    "It was “unacceptable.” | The talks ended.",
    "“I resign.” | He said it twice.",
    "« Nous partons. | Il est tard », dit-il.",
    # ellipses
    "“I think... we should wait. . . . | We will not return,” he said.",
    "He waited [. . .] and left. | She stayed.",
    "He waited [...] and left. | She stayed.",
    "They waited… and waited. | Then it came.",
    "They waited... | Nothing came.",
    # brackets, footnotes
    "The bridge fell.[17] | Nobody was hurt.",
    "The bridge fell. [17] | Nobody was hurt.[18][19] | It was old.",
    "The bridge collapsed.17 | Nobody was hurt.",
    "The bridge fell.¹² | Nobody was hurt.",
    "(He left early.) | She stayed.",
    "He left (she did not.) | They met again.",
    "He was there (see p. 4). | She was not.",
    # missing space
    "The ceasefire failed. | Azerbaijan denied it.",
    "Prices rose by 5%. | Wages fell.",
    # marks of other kinds
    "Really?! | Yes.",
    "Who knows? | Nobody does!",
    "We won! 🎉 | Thanks to all.",
    "It ended.\n\n | A new one began",
    "He did it—really. | She did not.",
    "The firm (Acme Ltd.) closed. | It owed much.",
    'Gov. Roe signed it. | "It is law," she said.',
    "First line without end\n\n | Second line",
    "He works at the F.B.I. | He likes it.",
    "Acme Co. and Sons Ltd. were sold. | Both had debts.",
    "She has a Ph.D. in law. | He has none.",
    "She has a Ph.D. | He has none.",
    "The price is 5 ft. | It is small.",
    "Sgt. Maj. Roe and Lt. Col. Doe spoke. | Both agreed.",
]

OTHERS = [
    ("de", "Am 3. Oktober feiert man z. B. in Berlin. | Danach wird es ruhig."),
    ("de", "Er traf Dr. Müller bzw. dessen Frau. | Sie sprachen lange."),
    ("de", "„Wir gewinnen.“ | Er ging. | Es waren ca. 40 Leute da."),
    ("de", "Es kostet rund 5 Mio. Euro. | Das ist viel."),
    ("fr", "M. Dupont est parti. | Mme Durand reste à l'O.N.U. depuis 2010."),
    ("fr", "Voir p. 4, cf. art. 5. | Il pleut."),
    ("es", "El Sr. García llegó a EE.UU. en 2010. | La Sra. López no."),
    ("es", "¿Quién lo sabe? | ¡Nadie! | Así es."),
    ("zh", "他来了。 | 她走了！ | 为什么？ | 没人知道。"),
    ("ja", "「終わった。」 | 彼は言った。"),
    ("ar", "هل وصل الوزير؟ | نعم وصل أمس. | غادر اليوم."),
    ("hi", "वह आया। | वह गया।"),
    ("ru", "Он пришёл. | Она ушла! | Почему?"),
]

GLUED = {"The ceasefire failed. | Azerbaijan denied it.", "Prices rose by 5%. | Wages fell."}


def read(case: str, glue: bool = False) -> tuple[str, list[str]]:
    """Return the text of a case and the sentences it should give."""
    if glue or "\n" in case:
        text = case.replace(" | ", "")
    else:
        text = case.replace(" | ", " ")
    return text, [part.strip() for part in case.split(" | ")]


def texts(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language=language)]


@pytest.mark.parametrize("case", ENGLISH)
def test_english_sentence_ends_are_found(case: str) -> None:
    text, expected = read(case)
    assert texts(text) == expected


@pytest.mark.parametrize("case", sorted(GLUED))
def test_a_missing_space_does_not_hide_a_sentence_end(case: str) -> None:
    text, expected = read(case, glue=True)
    assert texts(text) == expected


@pytest.mark.parametrize(("language", "case"), OTHERS)
def test_other_languages_and_scripts(language: str, case: str) -> None:
    if language in {"zh", "ja"}:
        text, expected = case.replace(" | ", ""), case.split(" | ")
    else:
        text, expected = read(case)
    assert texts(text, language) == expected


def test_offsets_count_from_the_whole_text() -> None:
    text = "Ignore this. He came. She left."
    assert sentences(text, 13) == [(13, 21), (22, 31)]
    assert sentences(text, 13, 21) == [(13, 21)]


def test_a_sentence_beyond_the_cap_is_cut_at_a_clause_mark() -> None:
    text = "He came, " * 600
    found = sentences(text)
    assert len(found) > 1
    assert all(end - start <= MAX_SENTENCE for start, end in found)
    assert all(text[end - 1] == "," for _, end in found)


def test_nothing_but_space_gives_no_sentence() -> None:
    assert sentences("\n\u00a0\n \u200b ") == []


@given(st.text(alphabet=st.characters() | st.sampled_from(" .!?\"'“”…\n()[]«»A1a。\u200b"), max_size=300))
def test_any_text_gives_ordered_spans_that_hold_all_that_is_visible(text: str) -> None:
    found = sentences(text)
    assert found == sentences(text)
    at = 0
    for start, end in found:
        assert at <= start < end <= len(text)
        assert end - start <= MAX_SENTENCE
        at = end
    covered = "".join(text[start:end] for start, end in found)
    kept = [c for c in text if c.isalnum()]
    assert [c for c in covered if c.isalnum()] == kept
