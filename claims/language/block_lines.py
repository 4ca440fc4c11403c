"""What does one line show about itself: byline, caption, list item, boilerplate, table, code, dateline?

Judges a line by its own form; what follows from its neighbours (headings, wrapped paragraphs) is for
``blocks``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from claims.language.wordlists import load_lines, load_words


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    BYLINE = "byline"
    DATELINE = "dateline"
    CAPTION = "caption"
    LIST_ITEM = "list_item"
    BOILERPLATE = "boilerplate"
    TURN = "turn"
    CUE = "cue"
    TABLE = "table"
    CODE = "code"
    MARKUP = "markup"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Dateline:
    """The prefix ``PLACE, date (Agency) -`` of a paragraph; what it does not name is empty."""

    start: int
    end: int
    place: str = ""
    date: str = ""
    agency: str = ""


class TextLine(Protocol):
    """What this module asks of a line."""

    start: int
    end: int
    kind: BlockKind
    why: str


_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,14}(?:\s[^<>]{0,600})?/?>|<![A-Za-z-][^<>]{0,300}>")
_UNREAD_ELEMENT = re.compile(r"<(script|style|head|svg|noscript)\b[^<>]{0,300}>", re.I)
_KNOWN_TAG = re.compile(
    r"</?(?:p|div|span|a|h[1-6]|ul|ol|li|br|table|t[rdh]|img|b|i|em|strong|html|body|article)\b", re.I
)
_ENTITY = re.compile(r"&(?:nbsp|amp|quot|#39|#160|lt|gt|[lr]dquo|[lr]squo|[mn]dash);")

_NAME = r"[^\W\d_][\w.'-]*(?:\s+[^\W\d_][\w.'-]*){0,4}"
_BYLINE = re.compile(
    rf"(?:(?:written|reported|reporting|story|text|words|edited|editing|compiled|additional\s+reporting|by)\s+)*"
    rf"(?:by|von|par|por)\s*:?\s+{_NAME}(?:\s*(?:,|and|&|\||und|et|y|in|for|-|—)\s*[^.!?]{{0,80}})?\.?\Z"
    rf"|(?:reporting|writing|additional\s+reporting|editing)\s+by\s+[^\n]{{0,200}}\Z"
    rf"|(?:author|reporter|correspondent|autor|auteur)s?\s*:\s*{_NAME}[^.!?]{{0,60}}\Z",
    re.I,
)
_CAPTION = re.compile(
    r"(?:(?:file\s+)?photo(?:graph|s)?|image|picture|pic|caption|credit|graphic|illustration|foto|bild|video)s?"
    r"(?:\s+(?:credit|caption|by|courtesy(?:\s+of)?))?\s*[:/©]\s*\S"
    r"|(?:photo|image)\s+(?:by|courtesy\s+of)\s+\S",
    re.I,
)
_CREDIT_AT_END = re.compile(
    r"[(\[](?:(?:ap|afp|reuters|epa|getty|file)\b[^()\[\]]{0,30}(?:photo|image|file|via|/)[^()\[\]]{0,60}"
    r"|(?:photo|image|picture|credit|source)s?\s*(?:by|:|courtesy|credit)[^()\[\]]{0,80})[)\]]\.?\Z"
    r"|(?:/|—|-|\|)\s*(?:getty\s+images|reuters|afp|ap(?:\s+photo)?|epa|shutterstock|istock)\s*\Z"
    r"|(?:file\s+photo|getty\s+images)\.?\Z"
    # "The crew at the pier. Image: Harbour Board."
    r"|\s(?:image|photo|photograph|picture)(?:\s+(?:credit|by|courtesy(?:\s+of)?))?\s*:\s*(?-i:[A-Z])[^.!?:]{1,60}\.?\Z",
    re.I,
)
_LIST = re.compile(
    r"(?:[*•▪●◦‣⁃·]|-(?=\s)|—(?=\s)|\(?\d{1,3}[.)](?=\s)|\(?[a-zA-Z][.)](?=\s)|\(?[ivx]{1,4}[.)](?=\s))\s*"
)
_STAMP = re.compile(
    r"(?:\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?)\s*(?:[ap]\.?m\.?)?\s*(?:\(?(?:GMT|BST|UTC|E[SD]?T|P[SD]?T|C[SE]?S?T|IST|MSK)\)?)?(?=\s|\Z|[-—|:])"
    r"|\d{1,2}\s*[ap]\.?m\.?\s*(?:GMT|BST|UTC|E[SD]?T|P[SD]?T|C[SE]?S?T)?(?=\s*[-—|]|\Z)",
    re.I,
)
_COUNTER = re.compile(
    r"(?:[\d.,\s]+(?:k|m)?\s*)(?:\+\s*)?(?:shares?|likes?|comments?|views?|retweets?|reposts?|replies|followers?|"
    r"reactions?|claps?|votes?|min(?:ute)?s?\s+read|reads?)?(?:\s*(?:[\d.,]+(?:k|m)?\s*)?(?:shares?|likes?|comments?|views?))*\Z"
    r"|(?:shares?|likes?|comments?|views?)\s*[:(]?\s*[\d.,]+(?:k|m)?\)?\Z",
    re.I,
)
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\)\s*(?:19|20)\d\d|all\s+rights\s+reserved|©️)", re.I)
_PREFIXES = tuple(line.lower() for line in load_lines("blocks_boilerplate.txt"))
_WHOLE = frozenset(line.lower() for line in load_lines("blocks_menus.txt"))
_ADDRESS_ONLY = re.compile(r"(?:https?://|www\.)\S+\Z|@\w+\Z|(?:#\w+[\s,]*)+\Z")
_RULE = re.compile(r"[\W_]+\Z")

# The shadow shows a back quote as an apostrophe.
_FENCE = re.compile(r"(?:'''|~~~)")
_CODE = re.compile(
    r"(?:def|class)\s+\w+\s*\(|(?:function|const|let|var)\s+\w+\s*[=({]"
    r"|(?:import|from)\s+[\w.]+(?:\s+import\s+[\w*, ]+)?;?\Z"
    r"|#include\s*<|(?:public|private|static)\s+\w+\s+\w+|SELECT\s.{1,200}\sFROM\s|(?:if|for|while)\s*\(.{0,200}\)\s*\{"
    r"|(?:return|print|console\.log)\b.{0,120}[;)]\Z|[\w.\[\]]+\s*[-+*]?=\s*[^=].{0,120};\Z|[{}\[\]();,]+\Z|\$\s*\w+\(|<\?(?:php|xml)"
)
_GAP = re.compile(r"\S(?: {3,}|\t+)(?=\S)")
_FEWEST_IN_CELL = 4
_SIGNED = re.compile(r"[.!?…,][\"»”']\s*(?:--?|—)\s*\S[^!?\n]{0,160}\Z")
_FINITE = load_words("quotes_finite.txt")

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = (
    rf"(?:(?:{_WEEKDAY},?\s+)?(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+{_MONTH})"
    rf"(?:,?\s+\d{{4}})?|{_WEEKDAY}\b)"
)
_UPPER = r"[^\W\d_a-zß-ÿ]"
_CAPITALS = rf"{_UPPER}(?:{_UPPER}|[.'/-](?=[^\W\d_a-zß-ÿ .'/-]|\s))+(?:\s+{_UPPER}[^\W\d_a-zß-ÿ.'-]*){{0,3}}"
_TITLED = r"[^\W\d_a-z][\w'-]+(?:\s+[^\W\d_a-z][\w'-]+){0,2}"
_DATELINE = re.compile(
    rf"(?P<place>{_CAPITALS}|{_TITLED})"
    rf"(?P<region>,\s+(?!{_WEEKDAY}\b)[^\W\d_a-z][\w.]*(?:\s[^\W\d_a-z][\w.]*)?|,?\s+D\.\s?C\.)?"
    rf"(?:[,.]?\s+(?P<date>{_DAY}))?(?P<stop>[.,])?"
    r"(?:\s*(?:[(/\[](?P<agency>[^()/\[\]\n]{2,40})[)/\]]"
    r"|(?P<bare>[A-Z][A-Z ]{1,20})(?=\.?\s*(?:-|—|--))))?\.?"
    r"\s*(?P<dash>--|—|-|_|:)\s*(?=\S)"
)
# Press releases: place and a whole date in either order, a wire, marks of many kinds between them.
_ANY_MONTH = rf"(?:{_MONTH}|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)"
_WHOLE_DAY = (
    rf"(?:(?:{_WEEKDAY},?\s+)?(?:{_ANY_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+{_ANY_MONTH},?\s+\d{{4}})|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})"
)
_DATED_STAMP = re.compile(
    rf"(?:{_WEEKDAY},?\s+)?(?:{_WHOLE_DAY}|{_DAY}),?\s*(?:-|—|\||at\s)?\s*(?:{_STAMP.pattern})", re.I
)
_ONE_PLACE = (
    rf"(?:{_CAPITALS}|{_TITLED})(?:,\s+(?!{_WEEKDAY}\b)[^\W\d_a-z][\w.]*(?:\s[^\W\d_a-z][\w.]*)?){{0,2}}"
)
_PLACES = rf"{_ONE_PLACE}(?:(?:\s+(?:and|&|und|et)\s+|\s*/\s*){_ONE_PLACE}){{0,2}}"
_WIRE = r"(?:\((?P<{0}>[^()\n]{{2,40}})\)|/(?P<{0}b>[^/\n]{{2,40}})/)"
_BAR = r"(?:--|-|—|\||:)"
_RELEASE = re.compile(
    rf"\(?(?:(?P<place>{_PLACES})\s*(?:,|\.|--|-|—|\||\()?\s*(?P<date>{_WHOLE_DAY})\)?"
    rf"|(?P<date2>{_WHOLE_DAY})\s*(?:,|--|-|—|\|)\s*(?P<place2>{_PLACES}))\)?"
    rf"(?:\s*[/,]\s*\d{{1,2}}[:.]\d{{2}}(?:\s*[A-Z]{{2,4}})?)?"
    rf"(?:\s*{_BAR}?\s*{_WIRE.format('agency')}\s*{_BAR}?|\s*{_BAR})\s*(?=\S)"
)
_IN_BRACKETS = re.compile(rf"\((?P<place>{_PLACES}),?\s+(?P<date>{_WHOLE_DAY})\)\s+(?=[^\W\d_a-zß-ÿ\"'])")
# "ZURICH--(BUSINESS WIRE)--The firm": the wire says that it is one.
_WIRED = re.compile(rf"(?P<place>{_PLACES})\s*--\s*\((?P<agency>[A-Z][\w .&'/-]{{1,38}})\)\s*--\s*(?=\S)")
_AGENCY_FIRST = re.compile(r"\((?P<agency>[A-Z][\w .&'/-]{1,38})\)\s*(?:--|—|-)\s*(?=\S)")
# "Lenna, 24 March 2026. The court …": how offices head their notices. Only a whole date ends with a full stop.
_OFFICIAL = re.compile(rf"(?P<place>{_CAPITALS}|{_TITLED}),\s+(?P<date>{_DAY})\.\s+(?=[^\W\d_a-zß-ÿ])")
#: Every dateline holds one of these, and most paragraphs begin without.
_MARK_OF_ONE = re.compile(r"[-—_:|/(\[]|\d")
_AGENCY_WORD = re.compile(
    r"\b(?:agency|agence|agencia|agenzia|agentur|press|presse|news|newswire|wire|news service|newsroom)\b",
    re.I,
)
_CALLED = re.compile(r"[^\W\d_a-zß-ÿ][\w.&'-]*(?: [^\W\d_a-zß-ÿ][\w.&'-]*){0,3}")
_ALONE = re.compile(rf"(?P<place>{_CAPITALS})(?:,\s+[^\W\d_a-z][\w. ]{{1,25}})?,?\s+(?P<date>{_DAY})\.?\Z")
_AGENCIES = load_words("blocks_agencies.txt")
_NO_PLACES = load_words("blocks_no_places.txt")


def hide_markup(seen: str) -> str:
    """Return the shadow with HTML tags and unread elements as spaces, if it is HTML at all; same length."""
    if seen.count("<") < 2 or len(_KNOWN_TAG.findall(seen, 0, 200_000)) < 2:
        return seen
    parts: list[str] = []
    at = 0
    for opening in _UNREAD_ELEMENT.finditer(seen):
        if opening.start() < at:
            continue
        closing = f"</{opening.group(1).lower()}"
        end = seen.lower().find(closing, opening.end()) if len(parts) < 200 else -1
        if end < 0:
            continue
        parts.append(seen[at : opening.start()])
        parts.append(_spaces(seen[opening.start() : end]))
        at = end
    parts.append(seen[at:])
    hidden = _TAG.sub(lambda tag: _spaces(tag.group()), "".join(parts))
    return _ENTITY.sub(lambda entity: _entity(entity.group()), hidden)


def _spaces(piece: str) -> str:
    return "".join("\n" if c == "\n" else " " for c in piece)


def _entity(entity: str) -> str:
    """Return an entity's character, padded with spaces to the entity's length."""
    plain = {
        "&amp;": "&",
        "&quot;": '"',
        "&ldquo;": '"',
        "&rdquo;": '"',
        "&#39;": "'",
        "&lsquo;": "'",
        "&rsquo;": "'",
    }
    mark = {**plain, "&mdash;": "—", "&ndash;": "-"}.get(entity, " ")
    return mark.ljust(len(entity))


def code_and_tables(text: str, view: str, lines: Sequence[TextLine]) -> None:
    """Mark the lines of fenced or plain code and of tables; tabs show in the text only."""
    fenced = False
    for line in lines:
        if line.why:
            continue
        piece = view[line.start : min(line.end, line.start + 400)]
        if _FENCE.match(piece):
            line.kind, line.why = BlockKind.CODE, "code"
            fenced = not fenced
        elif fenced or _CODE.match(piece):
            line.kind, line.why = BlockKind.CODE, "code"
        elif piece.count("|") >= 2 and (piece[0] == "|" or piece.count(" | ") >= 2):
            line.kind, line.why = BlockKind.TABLE, "table"
    _two_columns(view, lines)
    columns = [_gaps(text[line.start : min(line.end, line.start + 400)]) for line in lines]
    for at, line in enumerate(lines):
        if line.why or not columns[at]:
            continue
        near = [columns[i] for i in (at - 1, at + 1) if 0 <= i < len(lines)]
        if columns[at] >= 2 and columns[at] in near:
            line.kind, line.why = BlockKind.TABLE, "table"


def _gaps(piece: str) -> int:
    """Return how many gaps as wide as those between columns a line has."""
    return len(_GAP.findall(piece)) if "   " in piece or "\t" in piece else 0


def _two_columns(view: str, lines: Sequence[TextLine]) -> None:
    """Mark rows of tables with two columns: one bar in each of several lines that follow each other."""
    barred = [
        not line.why and view.count(" | ", line.start, min(line.end, line.start + 400)) == 1 for line in lines
    ]
    for at, line in enumerate(lines):
        beside = (at > 0 and barred[at - 1]) or (at + 1 < len(lines) and barred[at + 1])
        if barred[at] and beside:
            line.kind, line.why = BlockKind.TABLE, "table"


def is_signed(piece: str) -> bool:
    """Tell a quotation that ends, a dash, and whose it is: no heading and no label, whatever it ends with."""
    return _SIGNED.search(piece) is not None


def cells_that_assert(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the cells of a table's row that are sentences: words enough, one of them a finite verb."""
    found = []
    at = start
    for cell in view[start:end].split("|"):
        words = cell.split()
        first = at + len(cell) - len(cell.lstrip())
        at += len(cell) + 1
        if len(words) < _FEWEST_IN_CELL or not (
            words[0][:1].isupper() or words[0][:1] in "\"'" or words[0][0].isdigit()
        ):
            continue
        ends = words[-1].rstrip("\"')")[-1:] in (".", "!")
        if ends or any(word.lower().strip(".,;:\"'") in _FINITE for word in words):
            found.append((first, first + len(cell.strip())))
    return found


def classify(view: str, start: int, end: int) -> tuple[BlockKind, str, int, str]:
    """Return kind, reason for leaving out, start of the body and time stamp of one line."""
    piece = view[start : min(end, start + 400)].rstrip()
    whole = end - start <= 400
    lower = piece.lower()
    if _RULE.match(piece) and whole:
        return BlockKind.BOILERPLATE, "rule or mark", start, ""
    if whole and len(piece) <= 80 and (dated := _DATED_STAMP.fullmatch(piece)) is not None:
        return BlockKind.BOILERPLATE, "time stamp", start, dated.group()
    stamp = _STAMP.match(piece)
    if stamp is not None:
        rest = piece[stamp.end() :].lstrip(" -—|:")
        if not rest:
            return BlockKind.BOILERPLATE, "time stamp", start, stamp.group().strip()
        if piece[stamp.end() :].lstrip()[:1] in {"-", "—", "|", ":"}:
            return BlockKind.PARAGRAPH, "", start + len(piece) - len(rest), stamp.group().strip()
    if whole and len(piece) <= 60 and _COUNTER.match(piece):
        return BlockKind.BOILERPLATE, "counter", start, ""
    if _COPYRIGHT.match(piece) or (len(piece) < 200 and "all rights reserved" in lower):
        return BlockKind.BOILERPLATE, "copyright", start, ""
    if lower.rstrip(" :.>»→") in _WHOLE or lower in _WHOLE:
        return BlockKind.BOILERPLATE, "menu or button", start, ""
    if lower.startswith(_PREFIXES) and len(piece) <= 300:
        return BlockKind.BOILERPLATE, "boilerplate", start, ""
    if whole and _ADDRESS_ONLY.match(piece):
        return BlockKind.BOILERPLATE, "address", start, ""
    if whole and len(piece) <= 160 and _BYLINE.match(piece) and _starts_names(piece):
        return BlockKind.BYLINE, "byline", start, ""
    if _CAPTION.match(piece) or (whole and _CREDIT_AT_END.search(piece)):
        return BlockKind.CAPTION, "caption", start, ""
    item = _LIST.match(piece)
    if item is not None and item.end() < len(piece) and not _is_initial(piece):
        return BlockKind.LIST_ITEM, "", start + item.end(), ""
    return BlockKind.PARAGRAPH, "", start, ""


#: Behind "by" one of these is a time, unless a surname follows ("By April Ryan").
_TIMES_OF_A_LEAD = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March",
    "April", "May", "June", "July", "August", "September", "October", "November", "December", "Christmas", "Easter",
)  # fmt: skip


def _starts_names(piece: str) -> bool:
    """Say whether a capital follows the word ``by``, so that ``By then it was over`` is no byline."""
    words = re.split(r"\s+", piece)
    for at, word in enumerate(words[:-1]):
        if word.lower().rstrip(":") in {"by", "von", "par", "por"}:
            name = words[at + 1]
            behind = words[at + 2] if len(words) > at + 2 else ""
            if name.rstrip(",") in _TIMES_OF_A_LEAD and not behind[:1].isupper() and behind != "and":
                # "By Friday 40 people had died."
                return False
            return (
                name[:1].isupper()
                and (len(words) > at + 2 or name.isupper())
                and not piece.rstrip().endswith("?")
            )
    return ":" in piece


def _is_initial(piece: str) -> bool:
    """Say whether a line begins with an initial, as in ``J. Smith``, rather than with the mark of an item."""
    return re.match(r"[A-Z]\.\s+[A-Z][\w'-]*\s+(?:[A-Z]|[a-z]+(?:ed|s)\b|said|was|is)", piece) is not None


def dateline(text: str, view: str, start: int, end: int) -> Dateline | None:
    """Return the dateline that a paragraph begins with, if one does; its end is where the report begins."""
    stop = min(end, start + 140)
    if not _MARK_OF_ONE.search(view, start, stop):
        return None
    first = _AGENCY_FIRST.match(view, start, stop)
    if first is not None and _is_agency(first.group("agency")):
        return Dateline(start, first.end(), agency=_at(text, first, "agency"))
    alone = _ALONE.match(view, start, end) if end - start <= 80 else None
    if alone is not None:
        return Dateline(start, end, place=_at(text, alone, "place"), date=_at(text, alone, "date"))
    official = _OFFICIAL.match(view, start, stop)
    if official is not None and official.end() < end and re.search(r"\d{4}\Z", official.group("date")):
        place, date = _at(text, official, "place"), _at(text, official, "date")
        return Dateline(start, official.end(), place=place, date=date)
    if (release := _release(text, view, start, stop)) is not None and release.end < end:
        return release
    match = _DATELINE.match(view, start, stop)
    if match is None or match.end() >= end:
        return None
    place, agency = match.group("place"), match.group("agency") or match.group("bare") or ""
    letters = [c for c in place if c.isalpha()]
    capitals = all(c.isupper() for c in letters) and len(letters) > 2
    dated = match.group("date") is not None
    if agency and not dated and not _is_agency(agency):
        # An unknown name in brackets is an agency behind a town in capitals, as a party is behind a person.
        named = (
            capitals and len(letters) > 3 and place.lower() not in _NO_PLACES and _CALLED.fullmatch(agency)
        )
        if not named or not _opens(view, match.end()):
            return None
    if agency and not dated and not capitals and not _is_listed(agency):
        # "Holt (Lenna Press) - the editor - won": what two dashes hold is an insertion.
        first_sentence = re.split(r"[.!?]\s", view[match.end() : end], maxsplit=1)[0]
        if not _opens(view, match.end()) or re.search(r"\s(?:-|--|—)\s", first_sentence):
            return None
    if not agency and not dated:
        spaced = match.group("dash") in {"—", "--"} or view[match.start("dash") - 1] == " "
        if not capitals or match.group("dash") == ":" or not spaced or place.lower() in _NO_PLACES:
            return None
        # Three words in capitals and a dash are a run-in heading more often than a town.
        if len(place.split()) > 2 and not match.group("region"):
            return None
        if not _opens(view, match.end(), figure=len(letters) > 3):
            return None
    elif match.group("dash") == ":" and not agency:
        return None
    region = match.group("region") or ""
    return Dateline(
        start,
        match.end(),
        place=text[match.start("place") : match.end("place") + len(region)].strip(" .,"),
        date=_at(text, match, "date"),
        agency=_at(text, match, "agency") or _at(text, match, "bare"),
    )


def _release(text: str, view: str, start: int, stop: int) -> Dateline | None:
    """Return the dateline of a press release: a place and a whole date, or a wire between double dashes."""
    wired = _WIRED.match(view, start, stop)
    if wired is not None:
        return Dateline(
            start, wired.end(), place=_at(text, wired, "place"), agency=_at(text, wired, "agency")
        )
    bracketed = _IN_BRACKETS.match(view, start, stop)
    if bracketed is not None:
        return Dateline(
            start, bracketed.end(), place=_at(text, bracketed, "place"), date=_at(text, bracketed, "date")
        )
    match = _RELEASE.match(view, start, stop)
    if match is None or not _opens(view, match.end()):
        return None
    place = _at(text, match, "place") or _at(text, match, "place2")
    agency = _at(text, match, "agency") or _at(text, match, "agencyb")
    letters = [c for c in place.partition(",")[0] if c.isalpha()]
    # A colon behind small letters introduces what that day is about.
    if view[match.end() - 2 : match.end()].strip() == ":" and not all(c.isupper() for c in letters):
        return None
    date = _at(text, match, "date") or _at(text, match, "date2")
    return Dateline(start, match.end(), place=place.strip(" .,"), date=date, agency=agency)


def _opens(view: str, at: int, *, figure: bool = True) -> bool:
    """Say whether a report can begin here: a capital, a quotation mark or a figure."""
    return view[at].isupper() or view[at] in "\"'" or (figure and view[at].isdigit())


def _is_agency(name: str) -> bool:
    """Say whether a name in brackets is an agency's: one of the list, or one that calls itself so."""
    return _is_listed(name) or (name[:1].isupper() and _AGENCY_WORD.search(name) is not None)


def _is_listed(name: str) -> bool:
    """Say whether a name in brackets is an agency of the list, or capitals only."""
    lower = name.lower().strip()
    return (
        lower in _AGENCIES
        or lower.split("/")[0].split(" ")[0] in _AGENCIES
        or (name.isupper() and len(name) <= 12)
    )


def _at(text: str, match: re.Match[str], group: str) -> str:
    first, last = match.span(group)
    return text[first:last].strip() if first >= 0 else ""
