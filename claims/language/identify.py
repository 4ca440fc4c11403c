"""In which language is a text written, as far as its commonest words and its script tell?

A cheap guess for the gate of the pipeline, without a model: it counts function words. What it cannot tell it calls
``und`` (undetermined); it never guesses between languages whose counts are close.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_SAMPLE = 3_000
_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS = {
    "en": "the of and to in a is was that for it with as on by at from are were be has have had his her"
    " their this not"
    " will said which who but they he she would been its an or after about what there we i you",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an"
    " werden aus er hat"
    " dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber"
    " vor zur bis wir ich",
    "fr": "le la les de des et en un une du que est pour qui dans par plus pas au sur ne se ce il sont"
    " avec son elle"
    " ont cette mais aux été ses leur ou nous vous je",
    "es": "el la los las de y en que un una por con para del se no es al lo su como más fue ha sus pero"
    " este ya entre"
    " sobre está han cuando también muy",
    "it": "il lo la gli le di e che un una in per con del della non è si sono da al alla nel dei come"
    " più anche ha ma"
    " questo questa delle",
    "nl": "de het een en van in is dat op te zijn met voor niet die aan er om ook als maar bij door"
    " naar uit heeft wordt"
    " werd zich nog wij hij",
    "pt": "o a os as de e que em um uma do da para com não por mais dos no na se foi ao como mas é das"
    " são pelo ou",
    "pl": "w i na z do nie się że to jest o jak po za od przez dla oraz ale był być przy",
    "sv": "och att det som en på är av för med till den har inte om ett men var jag vi från de",
    "tr": "ve bir bu için ile da de olarak daha çok olan gibi kadar sonra en ne değil",
}
_CODES: dict[str, list[str]] = {}
for _code, _listed in _WORDS.items():
    for _word in _listed.split():
        _CODES.setdefault(_word, []).append(_code)
_SCRIPTS = {
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "HEBREW": "he",
    "GREEK": "el",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
}
UNDETERMINED = "und"
#: Languages with no near relation among those that a desk meets; the others could be a neighbour that is not listed.
_ALONE = frozenset({"en", "de"})


def guess(text: str) -> str:
    """Return a language code; English where a short Latin text gives no sign of another language."""
    sample = text if len(text) <= _SAMPLE else text[: _SAMPLE // 2] + text[len(text) // 2 :][: _SAMPLE // 2]
    script = _script(sample)
    if script:
        return script
    counts, total = _counted(sample)
    if not total:
        return UNDETERMINED
    ranked = counts.most_common(2)
    best, count = ranked[0] if ranked else ("en", 0)
    if best == "en" and count:
        return "en"
    # A name or an abbreviation looks like a function word of some language: another one has to show more.
    clear = count >= 3 and count >= 0.15 * total and count > 1.3 * counts["en"]
    if clear and (len(ranked) < 2 or ranked[1][1] <= 0.9 * count):
        return best
    letters = [char for char in sample if char.isalpha()]
    latin = sum(char.isascii() for char in letters) >= 0.97 * len(letters)
    return "en" if latin and (total < 30 or counts["en"] >= 0.08 * total) else UNDETERMINED


def beyond_doubt(text: str) -> str:
    """Return English or German where the words leave no doubt, else nothing; reads the whole text.

    At least 60 words, of which a quarter are commonest words of that language and few those of another: in running
    text they are two fifths. Two languages in one text leave a doubt.
    """
    counts, total = _counted(text)
    if total < 60:
        return ""
    (best, count), *others = [*counts.most_common(2), ("", 0)]
    clear = best in _ALONE and count >= 0.25 * total and others[0][1] <= 0.6 * count
    return best if clear else ""


def _counted(text: str) -> tuple[Counter[str], int]:
    """Return how many words are common ones of each language, and how many there are."""
    counts: Counter[str] = Counter()
    total = 0
    for match in _WORD.finditer(text.lower()):
        total += 1
        for code in _CODES.get(match.group(), ()):
            counts[code] += 1
    return counts, total


def _script(sample: str) -> str:
    """Return the language that stands for a script when most letters are of it, else nothing."""
    if sample[:1500].isascii():
        return ""
    letters = [char for char in sample[:1500] if char.isalpha()]
    other = [char for char in letters if ord(char) > 0x36F]
    if not letters or len(other) * 2 < len(letters):
        return ""
    names = Counter(unicodedata.name(char, "").split(" ")[0] for char in other[:400])
    if names["HIRAGANA"] + names["KATAKANA"] > 0.1 * sum(names.values()):
        return "ja"
    code = _SCRIPTS.get(names.most_common(1)[0][0], UNDETERMINED)
    return "uk" if code == "ru" and any(char in "іїєґ" for char in sample) else code
