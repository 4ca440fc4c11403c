"""Whom does a passage rely on for what bears on a claim: the claimant, somebody else, its own reporting?

A passage that has what bears on the claim from the claimant alone repeats the claim and corroborates nothing, however
many print it. Reads who speaks from the statements it is given (splitting finds them), who vouches for the text from
its credits and its outlet. The machine's answer is a suggestion; what people write (``according_to``, ``primacy``)
wins. Where nobody can be read - a language without frames, nothing that bears on the claim - it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.independence.corrections import note_in
from claims.independence.credits import credits
from claims.independence.issuers import Form, Printed, form_of
from claims.matching.claimant_names import same_claimant
from claims.query.analysis import distinct, function_words, terms


@dataclass(frozen=True, slots=True)
class Statement:
    """One assertion of a passage: its words, who makes it, and the words that name them ("the group's chairwoman, …").

    ``said`` is False where the text itself asserts it.
    """

    text: str
    speaker: str = ""
    called: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whose words bear on the claim; ``called`` is how the passage introduces them."""

    name: str
    called: str = ""


@dataclass(frozen=True, slots=True)
class Reliance:
    """Whom a passage relies on, before anybody asks who the claimant is; plain values that can be stored.

    ``itself`` says that the text asserts something that bears on the claim in its own name, ``outlet`` whose name
    that is and ``credit`` the agency it has the text from. ``denier`` is who denies it in the passage. ``note`` is
    what the passage takes back. ``read`` is False where statements could not be read at all.
    """

    speakers: tuple[Speaker, ...] = ()
    itself: bool = False
    outlet: str = ""
    credit: str = ""
    form: Form = Form.NONE
    denies: bool = False
    denier: str = ""
    note: str = ""
    read: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a column."""
        return {
            "speakers": [[one.name, one.called] for one in self.speakers],
            "itself": self.itself,
            "outlet": self.outlet,
            "credit": self.credit,
            "form": self.form.value,
            "denies": self.denies,
            "denier": self.denier,
            "note": self.note,
            "read": self.read,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Reliance:
        """Read a stored one; an empty row is a passage that nobody has read."""
        return cls(
            speakers=tuple(Speaker(str(name), str(called)) for name, called in row.get("speakers", ())),
            itself=bool(row.get("itself")),
            outlet=str(row.get("outlet", "")),
            credit=str(row.get("credit", "")),
            form=Form(row.get("form", "")),
            denies=bool(row.get("denies")),
            denier=str(row.get("denier", "")),
            note=str(row.get("note", "")),
            read=bool(row.get("read")),
        )


@dataclass(frozen=True, slots=True)
class Asker:
    """The claim as this module asks about it: who made it under which names, and whether only the saying is checked."""

    names: tuple[str, ...] = ()
    that_it_was_said: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One of those a passage relies on, and whether it is the claimant."""

    name: str
    is_claimant: bool = False
    itself: bool = False


#: Share of the best statement's words in common with the claim that another one must reach to bear on it as well.
BEARING = 0.6
#: Words in common that the best one must reach; below it nothing of the passage bears on the claim by itself.
LEAST = 2

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|disput(?:es?|ed|ing)"
    r"|contradict(?:s|ed|ing)?|"
    r"refut(?:es?|ed|ing)|rebut(?:s|ted)?|retract(?:s|ed)?|withdrew|untrue|not true|no truth"
    r"|false(?:ly)?|baseless|"
    r"unfounded|(?:is|was|were|are) wrong|never happened|did not happen|made up|invented)\b"
    r"|\b(?:bestr(?:eitet|itt|itten)|dementier\w+|zur[uü]ckgewiesen|w(?:eist|ies|eisen"
    r"|iesen)\b[^.]{0,80}\bzur[uü]ck|falsch|"
    r"unwahr|stimmt nicht|trifft nicht zu)\b"
    r"|\b(?:n(?:iega|eg[oó]|iegan|egaron)|desm(?:iente|inti[oó]|entido)|rechaz(?:a|[oó]|an|aron)"
    r"|fals[oa]|no es cierto)\b"
    r"|\b(?:ni(?:e|ent|[eé]|ait)|d[eé]ment(?:i|ir|ent)?|rejet(?:te|tent|[eé])|conteste(?:nt)?"
    r"|contest[eé]|faux|fausse)\b"
    r"|\b(?:nega(?:no|to|ram)?|neg(?:ou|aram)|smenti(?:sce|scono|to|ta)|desment(?:e|em|iu|iram)|refut(?:a|ou)"
    r"|ontken(?:t|de|nen|den)|weerle(?:gt|gde)|onwaar|klopt niet|falso|falsa)\b",
    re.IGNORECASE,
)
#: What points back to the statement before: "denied this", "rejected the accusation".
_THAT = re.compile(
    r"\b(?:this|that|it|them|these|those|the (?:claims?|accusations?|allegations?|reports?|charges?"
    r"|figures?|criticism|story|"
    r"rumou?rs?)|das|dies|die (?:Vorwürfe|Behauptung|Anschuldigung(?:en)?)|es[ao]|las acusaciones|cela"
    r"|ces accusations)\b",
    re.IGNORECASE,
)
_SPOKESPERSON = (
    r"spokes(?:man|woman|person|people)|representatives?|officials?|press office|chair(?:man|woman"
    r"|person)?|head|"
    r"director(?:-general)?|chief(?: executive)?|president|leader|founder|secretary(?:-general)?"
    r"|manager|mayor|governor|"
    r"sprecher(?:in)?|vorsitzende[rn]?|leiter(?:in)?|präsident(?:in)?|portavoz|presidente|presidenta"
    r"|director|directora|"
    r"porte-parole|présidente?|directeur|directrice"
)
_OF_BODY = re.compile(
    rf"\b(?:{_SPOKESPERSON})(?:, [^,]+,)? (?:of|for|at|des|der|vom|de la|del|de|du) (?:the |la |le |el "
    rf"|los |les )?"
    r"(?P<body>[^,;()]{2,80})",
    re.IGNORECASE,
)
_BODYS = re.compile(
    rf"^(?:the |a |an )?(?P<body>[^,;()]{{2,80}}?)(?:['’]s?)? (?:{_SPOKESPERSON})\b", re.IGNORECASE
)
#: "Holt's office", "the Holt campaign": whoever works for somebody says what they say.
_CIRCLE = re.compile(
    r"^(?:the )?(?P<body>[^,;()]{2,60}?)(?:['’]s?)? (?:office|campaign|team|lawyers?|attorneys?|aides?|press office)$",
    re.IGNORECASE,
)
_TOWNS = frozenset({"city", "town", "municipality", "commune"})
_OF_TOWN = tuple(f"{one} of " for one in sorted(_TOWNS))
_OFFICE_WORDS = {
    "minister": "ministry", "ministers": "ministry", "minister's": "ministry", "ministerium": "ministry",
    "ministerin": "ministry", "ministro": "ministry", "ministra": "ministry", "ministerio": "ministry",
    "ministre": "ministry", "ministère": "ministry", "secretary": "department", "mayor": "mayoralty",
}  # fmt: skip
_OFFICES = frozenset(_OFFICE_WORDS.values())
_LINKS = frozenset(
    re.findall(
        r"\w+", "of for the and a an de la le el los las du des der die das für und von zur zum y et del"
    )
)
PRONOUNS = frozenset(
    re.findall(
        r"\w+",
        "he she they it we i you who this that er sie es wir ich él ella ellos nosotros il elle ils on nous",
    )
)


def reliance(
    text: str,
    statements: Sequence[Statement],
    printed: Printed,
    wording: str,
    *,
    language: str = "en",
    read: bool = True,
) -> Reliance:
    """Return whom a passage relies on for what bears on a claim of this wording.

    ``statements`` are those of the passage alone; ``read`` is False where its language has no frames.
    """
    bearing = _bearing(statements, wording, language)
    denials = [
        one
        for before, one in zip((None, *statements), statements, strict=False)
        if one.said
        and _DENIES.search(one.text)
        and (one in bearing or (before in bearing and _THAT.search(one.text)))
    ]
    denying = denials[0] if denials else None
    counted = [*bearing, *(one for one in denials if one not in bearing)]
    speakers: dict[str, Speaker] = {}
    for one in counted:
        if one.said:
            name = one.speaker or one.called
            speakers.setdefault(name.casefold(), Speaker(name[:200], one.called[:200]))
    credit = next((row.name for row in credits(printed.head) if row.covers_text), "")
    note = note_in(text)
    return Reliance(
        speakers=tuple(speakers.values())[:6],
        itself=any(not one.said for one in counted),
        outlet=printed.outlet[:200],
        credit=credit[:200],
        form=form_of(printed, text),
        denies=denying is not None or note is not None,
        denier=(denying.speaker or denying.called)[:200] if denying else "",
        note=note.text if note else "",
        read=read and bool(statements),
    )


def _bearing(statements: Sequence[Statement], wording: str, language: str) -> list[Statement]:
    """Return the statements that say what the claim says, by the words they share; all where none stands out."""
    small = function_words(language)
    asked = {term for term in distinct(terms(wording, language)) if term not in small}
    shared = []
    for one in statements:
        common = asked & set(terms(one.text, language))
        # A shared figure says more than a shared word.
        shared.append(len(common) + sum(any(sign.isdigit() for sign in term) for term in common))
    best = max(shared, default=0)
    if best < min(LEAST, len(asked)):
        return list(statements)
    bar = max(BEARING * best, 1)
    return [one for one, share in zip(statements, shared, strict=True) if share >= bar]


def sources(found: Reliance, asker: Asker, *, according_to: str = "") -> tuple[Source, ...]:
    """Return whom the passage relies on, each with whether it is the claimant; a person's word stands alone."""
    if according_to.strip():
        name = " ".join(according_to.split())
        return (Source(name, _is(Speaker(name, name), asker)),)
    rows = [Source(one.name, _is(one, asker)) for one in found.speakers]
    if found.itself:
        vouches = found.credit or found.outlet
        rows.append(Source(vouches, bool(vouches) and _is(Speaker(vouches), asker), itself=True))
    return tuple(rows)


def repeats_claimant(found: Reliance, asker: Asker, *, according_to: str = "") -> bool:
    """Tell whether the passage has what bears on the claim from the claimant alone.

    Never of a claim of which only the saying is checked: there the claimant's words are what is looked for. A passage
    in which the claimant takes the words back repeats nothing.
    """
    if asker.that_it_was_said or (found.note and not according_to.strip()):
        return False
    rows = sources(found, asker, according_to=according_to)
    return bool(rows) and all(row.is_claimant for row in rows)


def is_primary(found: Reliance, *, primacy: str = "") -> bool:
    """Tell whether the passage is a primary source for the claim; what a person said of it is the answer."""
    if primacy:
        return primacy == "primary"
    if found.form is Form.NONE:
        return False
    if found.form.is_issuer or found.form is Form.RELEASE:
        # An office vouches for what it says itself and what its own people say, not for whom it quotes.
        own = Asker((found.outlet,)) if found.outlet else Asker()
        return found.itself or not found.read or any(_is(one, own) for one in found.speakers)
    if found.form is Form.WITNESS:
        return found.itself or not found.read
    return True


def _is(speaker: Speaker, asker: Asker) -> bool:
    """Tell whether a speaker is one of the names: spelt otherwise, abbreviated, by office or as its spokesperson."""
    wanted = [name for name in asker.names if name.strip()]
    offices = {office for name in wanted for office in _offices(name)}
    for name in _names(speaker):
        if any(same_claimant(one, name) for one in wanted):
            return True
        if offices & set(_offices(name)):
            return True
        if name.casefold() in _TOWNS and any(one.casefold().startswith(_OF_TOWN) for one in wanted):
            return True
    return False


def _names(speaker: Speaker) -> Iterable[str]:
    """Return the names a speaker goes by in the passage: their own, their office, the body they speak for."""
    found: dict[str, None] = {}
    for words in (speaker.name, speaker.called):
        words = " ".join(words.split()).strip(" ,.;:")
        if not words or words.casefold() in PRONOUNS:
            continue
        found[words] = None
        for part in (words, *(piece.strip() for piece in words.split(","))):
            body = _OF_BODY.search(part) or _BODYS.match(part) or _CIRCLE.match(part)
            if body is not None:
                found[body["body"].strip()] = None
    # "Health Minister Jana Roth": what stands before the name is an office.
    name, called = speaker.name.strip(), speaker.called.strip()
    if name and called.casefold().endswith(name.casefold()) and len(called) > len(name):
        office = called[: -len(name)].strip(" ,")
        if office and office.casefold() not in ("the", "a", "an"):
            found[office] = None
    return found


def _offices(name: str) -> tuple[frozenset[str], ...]:
    """Return a name as the words of an office, so that a minister and the ministry meet; nothing for other names.

    "Health Minister Jana Roth" and "Jana Roth, health minister" hold the same office.
    """
    found: dict[frozenset[str], None] = {}
    for part in (name, *name.split(",")):
        words = [re.sub(r"['’]s?$", "", word) for word in re.split(r"[\s,()-]+", part.casefold()) if word]
        turned = [_OFFICE_WORDS.get(word, word) for word in words if word not in _LINKS]
        at = next((at for at, word in enumerate(turned) if word in _OFFICES), None)
        if at is not None:
            found.update(
                dict.fromkeys(frozenset(some) for some in (turned, turned[: at + 1]) if len(some) > 1)
            )
    return tuple(found)
