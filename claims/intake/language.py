"""Which language is a text in? For the worker's child only: the model brings numpy, which no web process loads.

English and German, told by their commonest words beyond doubt, need no model, which takes 60 MB and a second to
load. Refuses to guess on a few words: an unknown language is an answer.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from claims.language.identify import beyond_doubt

#: The languages a guess may name; a wider choice mistakes short English texts for rare languages.
LANGUAGES = (
    "ar",
    "be",
    "bg",
    "bs",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "it",
    "ja",
    "ka",
    "ko",
    "lt",
    "lv",
    "mk",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "sw",
    "th",
    "tr",
    "uk",
    "ur",
    "vi",
    "zh",
)
_SAMPLE = 5_000
_ENOUGH_LETTERS = 20
_SURE = 0.8


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    every = LanguageIdentifier.from_model_file(MODEL_FILE)
    every.set_languages(LANGUAGES)
    # The first one keeps the table of all its languages, 28 MB; a second one holds only what is asked for.
    return LanguageIdentifier(
        every.nb_ptc,
        every.nb_pc,
        every.nb_classes,
        every.tk_nextmove,
        every.tk_output,
        norm_probs=True,
        tk_row=every.tk_row,
    )


def guess_language(text: str, *, declared: str = "") -> str:
    """Return an ISO 639-1 code, or the declared language where the text is too short or the guess unsure.

    Reads the beginning and the middle, so that a foreign-language header does not decide.
    """
    sample = text[:_SAMPLE]
    if len(text) > 4 * _SAMPLE:
        middle = len(text) // 2
        sample += " " + text[middle : middle + _SAMPLE]
    fallback = declared.strip().lower().replace("_", "-").partition("-")[0]
    if sum(1 for c in sample if c.isalpha()) < _ENOUGH_LETTERS:
        return fallback
    if known := beyond_doubt(sample):
        return known
    code, share = _identifier().classify(sample)
    return str(code) if share >= _SURE else fallback
