"""Which stretches of a German text are date expressions? A small second pack behind the same forms.

It covers days, months, years, weekdays, quarters, decades, ranges, lengths of time and the usual relative
expressions of news; parts of the day and holidays are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from claims.language.dates import almanac
from claims.language.dates.model import (
    Anaphor,
    Calendar,
    DateExpr,
    DayShift,
    Fiscal,
    Form,
    FormRange,
    Holiday,
    Kind,
    Length,
    Near,
    NthDay,
    Offset,
    YearPart,
    Years,
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner jan",
            "februar feber feb",
            "märz mär",
            "april apr",
            "mai",
            "juni jun",
            "juli jul",
            "august aug",
            "september sept sep",
            "oktober okt",
            "november nov",
            "dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_WEEKDAYS = {name: number for number, name in enumerate(_DAYS)} | {"sonnabend": 5}
_SHIFTS = {"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2}
_COUNTS: dict[str, float] = dict.fromkeys(("ein", "einem", "einer", "einen", "eine"), 1)
_COUNTS |= {
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
}
_COUNTS |= {"elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15}
_COUNTS |= {"anderthalb": 1.5, "eineinhalb": 1.5, "zweieinhalb": 2.5, "dreieinhalb": 3.5, "viereinhalb": 4.5}
_COUNTS |= {"zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "hundert": 100}
_UNITS = {
    "tag": "D", "woche": "W", "monat": "M", "jahr": "Y", "jahrzehnt": "DE", "jahrhundert": "CE",
    "stunde": "TH", "minute": "TM", "quartal": "Q", "wochenende": "WE",
}  # fmt: skip
_WHICH = {"letzt": -1, "vergangen": -1, "vorig": -1, "dies": 0, "laufend": 0, "nächst": 1, "kommend": 1}
_ORDINALS = {"erst": 1, "zweit": 2, "dritt": 3, "viert": 4}
_IN_A_ROW = _ORDINALS | {
    "fünft": 5,
    "sechst": 6,
    "siebt": 7,
    "acht": 8,
    "neunt": 9,
    "zehnt": 10,
    "elft": 11,
    "zwölft": 12,
}
_SEASONS = {
    "frühjahr": "SP", "frühling": "SP", "frühsommer": "SU", "sommer": "SU", "spätsommer": "SU", "herbst": "FA",
    "spätherbst": "FA", "winter": "WI",
}  # fmt: skip
_HOLIDAYS = {
    "weihnachten": "christmas", "heiligabend": "christmas-eve", "silvester": "new-year-eve", "neujahr": "new-year",
    "ostern": "easter", "ostersonntag": "easter", "ostermontag": "easter-monday", "karfreitag": "good-friday",
    "aschermittwoch": "ash-wednesday", "pfingsten": "whit-sunday", "pfingstsonntag": "whit-sunday",
    "pfingstmontag": "whit-monday", "himmelfahrt": "ascension", "fronleichnam": "corpus-christi",
    "allerheiligen": "all-saints",
}  # fmt: skip
_DECADES = {
    "zwanziger": 20, "dreißiger": 30, "vierziger": 40, "fünfziger": 50, "sechziger": 60, "siebziger": 70,
    "achtziger": 80, "neunziger": 90,
}  # fmt: skip
_EDGES = {"anfang": "START", "mitte": "MID", "ende": "END"}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted((word.capitalize() for word in words), key=len, reverse=True))


_SHORT = r"\bJan|\bFeb|\bMär|\bApr|\bJun|\bJul|\bAug|\bSep|\bOkt|\bNov|\bDez"
_MONTH = rf"(?P<month>{_any(_MONTHS)})\b(?:(?<={_SHORT})\.|(?<=\bSept)\.)?"
_COUNTED = r"\s*(?:Euro|Menschen|Personen|Prozent|Kilometer|Meter|Einwohner|Tote|Stimmen|Dollar)\b"
_YEAR = rf"(?P<year>1\d{{3}}|20\d{{2}})(?![.,]?\d|{_COUNTED})"
_WORDS = "|".join(sorted(_COUNTS, key=len, reverse=True))
_NUMBER = rf"(?P<count>\d{{1,3}}(?:\.\d{{3}})*|(?i:{_WORDS}|mehreren?|einigen?|wenigen?))"
_UNIT = rf"(?P<unit>{_any(_UNITS)})(?:e?n|e?s|e)?\b(?!-)"
_DAY_PARTS = "(?:abend|nachmittag|vormittag|mittag|morgen|nacht|früh)?"
_DAY_NAME = rf"(?P<weekday>{_any(tuple(_WEEKDAYS))}){_DAY_PARTS}"
# "Montagabend", "Montag früh", "Dienstag Abend": the part says that one day is meant, so no "am" is needed.
_PART_OF_DAY = (
    rf"(?P<weekday>{_any(tuple(_WEEKDAYS))})"
    r"(?:(?:abend|nachmittag|vormittag|mittag|morgen|nacht)|\s(?:früh|mittag|[Aa]bend|[Mm]orgen|[Nn]achmittag|[Vv]ormittag|nacht))"
)
_EACH = re.compile(r"\b(?:[Jj]ede[nmrs]?|[Ii]mmer|[Aa]lle|[Mm]anche[nrm]?)\s(?:\w+\sund\s)?\Z")
_NEAR = r"(?P<near>(?i:letzt|vergangen|vorig|dies|laufend|nächst|kommend))e[mnrs]?"
_HEDGE = r"(?:(?i:etwa|rund|fast|knapp|über|mehr als|gut)\s)?"
_EVENT = r"\s(?:der|dem|den|ihrem?r?|seinem?r?|einem|einer)\s(?P<head>(?:[a-zäöüß]+\s){0,2}[A-ZÄÖÜ][\w-]+)"

#: Behind a length one of these says that it is a sentence of a court, an age or a warranty.
_NO_LENGTH = (
    r"(?!\s(?:\w*[Hh]aft|Gefängnis|\w*[Ss]trafe|Zuchthaus|auf\sBewährung|Bewährung|alt|Garantie|Berufserfahrung)"
    r"\b)"
)
_SEASON = rf"(?P<season>{_any(_SEASONS)})s?"
_HOLIDAY = rf"(?P<holiday>{_any(_HOLIDAYS)})"

Builder = Callable[[re.Match[str]], tuple[Kind, Form] | None]


def _count(match: re.Match[str]) -> float | None:
    word = match["count"].lower()
    return float(word.replace(".", "")) if word[0].isdecimal() else _COUNTS.get(word)


def _unit(match: re.Match[str]) -> str:
    return _UNITS[match["unit"].lower()]


def _group(match: re.Match[str], name: str) -> str:
    return match.groupdict().get(name) or ""


def _date(match: re.Match[str]) -> tuple[Kind, Form] | None:
    day = int(match["day"])
    month = _MONTHS[match["month"].lower()] if _group(match, "month") else int(match["number"])
    year = int(match["year"]) if _group(match, "year") else None
    if not almanac.valid_day(year or 2000, month, day):
        return None
    weekday = _WEEKDAYS[match["weekday"].lower()] if _group(match, "weekday") else None
    form = Calendar(year, month, day, weekday)
    if not _group(match, "first"):
        return Kind.DATE, form
    first = int(match["first"])
    return (Kind.RANGE, FormRange(Calendar(year, month, first), form)) if 1 <= first < day else None


def _month(match: re.Match[str]) -> tuple[Kind, Form]:
    year = int(match["year"]) if _group(match, "year") else None
    return Kind.DATE, Calendar(year, _MONTHS[match["month"].lower()])


def _years(match: re.Match[str]) -> tuple[Kind, Form] | None:
    first, last = int(match["first"]), int(match["year"])
    return (Kind.RANGE, Years(first, last, "span")) if first < last else None


def _part(match: re.Match[str]) -> tuple[Kind, Form] | None:
    number = int(match["figure"]) if match["figure"] else _ORDINALS[match["ordinal"].lower()]
    quarter = match["part"] == "Quartal"
    year = int(match["year"]) if match["year"] else None
    if number > (4 if quarter else 2) or (not quarter and year is None):
        return None
    return (Kind.DATE if year else Kind.RELATIVE), YearPart(f"{'Q' if quarter else 'H'}{number}", year)


def _near(match: re.Match[str]) -> tuple[Kind, Form]:
    which = _WHICH[match["near"].lower()]
    if match["weekday"]:
        return Kind.RELATIVE, Near("weekday", _WEEKDAYS[match["weekday"].lower()], which)
    if match["month"]:
        return Kind.RELATIVE, Near("month", _MONTHS[match["month"].lower()], which)
    return Kind.RELATIVE, Near("unit", _unit(match), which)


def _season(match: re.Match[str]) -> tuple[Kind, Form]:
    name = _SEASONS[match["season"].lower()]
    if _group(match, "near"):
        which = _WHICH[match["near"].lower()]
        pinned = YearPart(name, shift=which)
        return Kind.RELATIVE, pinned if _group(match, "pinned") else Near("season", name, which)
    if _group(match, "year"):
        return Kind.DATE, YearPart(name, int(match["year"]))
    return Kind.RELATIVE, Near("season", name)


def _holiday(match: re.Match[str]) -> tuple[Kind, Form]:
    year = int(match["year"]) if _group(match, "year") else None
    return (Kind.DATE if year else Kind.RELATIVE), Holiday(_HOLIDAYS[match["holiday"].lower()], year)


def _day_of_week(match: re.Match[str]) -> tuple[Kind, Form]:
    """Read "Dienstag vergangener Woche": the weekday of the calendar week before or behind."""
    ahead = match["last"].startswith(("nächst", "kommend"))
    return Kind.RELATIVE, Near("weekday", _WEEKDAYS[match["weekday"].lower()], pinned=1 if ahead else -1)


def _decade(match: re.Match[str]) -> tuple[Kind, Form]:
    """Read "in den neunziger Jahren": of which century only the last one is left unsaid."""
    first = 1900 + (int(match["figures"]) if match["figures"] else _DECADES[match["word"].lower()])
    return Kind.DATE, Years(first, first + 9, "decade")


def _later(match: re.Match[str]) -> tuple[Kind, Form]:
    direction = -1 if match["side"] in ("zuvor", "vorher", "früher") else 1
    return Kind.EVENT_RELATIVE, Offset(_count(match), _unit(match), direction, "event")


def _months(match: re.Match[str]) -> tuple[Kind, Form]:
    """Read "zwischen Januar und April", "von Oktober bis März 2024"."""
    first, last = _MONTHS[(match["opens"] or match["from"]).lower()], _MONTHS[match["month"].lower()]
    year = int(match["year"]) if match["year"] else None
    opening = None if year is None else year - (first > last)
    return Kind.RANGE, FormRange(Calendar(opening, first), Calendar(year, last))


def _week_of(match: re.Match[str]) -> tuple[Kind, Form]:
    """Read "die erste Juniwoche", "das letzte Wochenende im September"."""
    word = match["nth"].lower()
    nth = -1 if word.startswith("letzt") else _ORDINALS[word]
    month = Calendar(None, _MONTHS[(_group(match, "joined") or match["month"]).lower()])
    return Kind.DATE, NthDay(month, nth, days=2 if _group(match, "end") else 7)


def _row(match: re.Match[str]) -> tuple[Kind, Form]:
    """Read "den dritten Monat in Folge" as three months."""
    return Kind.DURATION, Length(_IN_A_ROW[match["ordinal"].lower()], _unit(match))


def _named_year(match: re.Match[str]) -> tuple[Kind, Form]:
    """Read "im Geschäftsjahr 2023", "in der Saison 2023/24"."""
    year = int(match["year"])
    if match["second"]:
        return Kind.DATE, Years(year, year + 1, "season")
    return Kind.DATE, Fiscal(year) if match["fiscal"] else Calendar(year)


_RULES: tuple[tuple[re.Pattern[str], Builder], ...] = tuple(
    (re.compile(rf"(?<![\w.,/-])(?:{pattern})"), build)
    for pattern, build in (
        (r"(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)\b", _date),
        (
            rf"(?P<first>\d{{1,2}})\.\s?(?:bis(?:\szum)?|und|[-–])\s?(?P<day>\d{{1,2}})\.\s?{_MONTH}(?:\s{_YEAR})?",
            _date,
        ),
        (rf"(?:{_DAY_NAME},?\s(?:de[nm]\s)?)?(?P<day>\d{{1,2}})\.\s?{_MONTH}(?:\s{_YEAR})?", _date),
        (rf"(?P<day>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.\s?{_YEAR}", _date),
        (rf"(?P<first>1\d{{3}}|20\d\d)\s?(?:bis|[-–])\s?{_YEAR}", _years),
        (
            rf"(?:(?<=[Zz]wischen\s)(?P<opens>{_any(_MONTHS)})\sund|(?<=[Vv]on\s)(?P<from>{_any(_MONTHS)})\sbis)"
            rf"\s{_MONTH}(?:\s{_YEAR})?",
            _months,
        ),
        (
            rf"(?<=[Nn]acht\svom\s)(?P<first>\d{{1,2}})\.\s(?:auf\sden|zum)\s(?P<day>\d{{1,2}})\.\s?{_MONTH}(?:\s{_YEAR})?",
            _date,
        ),
        (
            rf"(?i:(?P<nth>erst|zweit|dritt|viert|letzt))e[nrs]?\s(?:(?P<joined>{_any(_MONTHS)})woche\b"
            rf"|(?:Woche|(?P<end>Wochenende))\s(?:im|des)\s{_MONTH}s?)",
            _week_of,
        ),
        (
            r"(?:Saison|Spielzeit|Schuljahr|(?P<fiscal>Geschäftsjahr|Wirtschaftsjahr|Haushaltsjahr))\s"
            r"(?P<year>1\d{3}|20\d{2})(?P<second>/(?:\d{4}|\d\d))?\b",
            _named_year,
        ),
        (
            rf"(?P<ordinal>(?i:{'|'.join(_IN_A_ROW)}))e[nrs]?\s{_UNIT}\s(?:in\sFolge|hintereinander|nacheinander)\b",
            _row,
        ),
        (
            r"Osterwochenende\b",
            lambda m: (Kind.RELATIVE, FormRange(Holiday("good-friday"), Holiday("easter-monday"))),
        ),
        (
            rf"(?:(?<=[Ee]nde\s)|(?<=Anfang\s)|(?<=anfang\s)|(?<=[Mm]itte\s)|(?<=[Ll]aufe\s))de[rs]\s{_UNIT}",
            lambda m: (
                (Kind.RELATIVE, Near("unit", _unit(m), 0)) if _unit(m) in ("W", "M", "Y", "Q") else None
            ),
        ),
        (r"Jahresende\b", lambda m: (Kind.RELATIVE, Near("unit", "YEND", 0))),
        (rf"{_MONTH}\s{_YEAR}", _month),
        (rf"{_SEASON}\s(?:(?:des\sJahres|von)\s)?{_YEAR}(?:/\d{{2,4}})?\b", _season),
        (rf"{_SEASON}\s(?:des\s)?(?P<pinned>){_NEAR}\s[Jj]ahres\b", _season),
        (rf"{_NEAR}\s{_SEASON}\b", _season),
        (rf"(?:(?<=[Ii]m\s)|(?<=[Ss]eit\s)|(?<=[Bb]is\szum\s)){_SEASON}\b(?!-)", _season),
        (rf"(?:{_HOLIDAY})(?:\s{_YEAR})?\b(?!-)", _holiday),
        (
            rf"(?<=[Zz]wischen\s)(?P<first>1\d{{3}}|20\d\d)\sund\s{_YEAR}",
            _years,
        ),
        (
            r"(?i:(?P<word>zwanziger|dreißiger|vierziger|fünfziger|sechziger|siebziger|achtziger|neunziger)"
            r"|(?P<figures>[2-9]0)er)(?:[- ]Jahren?)\b",
            _decade,
        ),
        (r"(?<=[Aa]m\s)(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.(?!\d)", _date),
        (
            rf"{_DAY_NAME}\s(?P<last>vergangener|letzter|voriger|vergangene|letzte|vorige|nächster|kommender)\sWoche\b",
            _day_of_week,
        ),
        (r"[Hh]euer\b", lambda m: (Kind.RELATIVE, Near("unit", "Y", 0))),
        (rf"(?<=[Ii]m\s){_MONTH}", _month),
        (rf"(?<=[Ss]eit\s){_MONTH}", _month),
        (rf"(?:(?<=[Aa]b\s)|(?<=[Bb]is\s)){_MONTH}", _month),
        (rf"(?<=(?:nfang|Mitte|mitte)\s){_MONTH}", _month),
        (rf"(?<=[Ee]nde\s){_MONTH}", _month),
        (
            r"(?i:(?P<ordinal>erst|zweit|dritt|viert)e[nsrm]?|(?P<figure>[1-4])\.)\s(?P<part>Quartal|Halbjahr)s?"
            rf"(?:\s(?:des\sJahres\s)?{_YEAR})?",
            _part,
        ),
        (
            r"(?P<decade>1\d{2}0|20\d0)er(?:[- ]Jahren?)?\b",
            lambda m: (Kind.DATE, Years(int(m["decade"]), int(m["decade"]) + 9, "decade")),
        ),
        (
            r"(?P<century>[1-9]|1\d|2[01])\.\s?Jahrhunderts?\b",
            lambda m: (Kind.DATE, Years(100 * int(m["century"]) - 99, 100 * int(m["century"]), "century")),
        ),
        (rf"{_NEAR}\s(?:{_DAY_NAME}\b|{_UNIT}|{_MONTH})", _near),
        (
            rf"(?i:vor)\s{_HEDGE}{_NUMBER}\s{_UNIT}",
            lambda m: (Kind.RELATIVE, Offset(_count(m), _unit(m), -1, "publication")),
        ),
        (
            rf"(?i:in)\s{_HEDGE}{_NUMBER}\s{_UNIT}",
            lambda m: (Kind.RELATIVE, Offset(_count(m), _unit(m), 1, "publication")),
        ),
        (rf"{_NUMBER}\s{_UNIT}\s(?P<side>später|danach|zuvor|vorher|früher)\b", _later),
        (
            rf"{_HEDGE}{_NUMBER}\s{_UNIT}\s(?:nach|vor){_EVENT}",
            lambda m: (Kind.EVENT_RELATIVE, Length(_count(m), _unit(m), anchored=True)),
        ),
        (
            rf"Tag\s(?P<side>nach|vor){_EVENT}",
            lambda m: (Kind.EVENT_RELATIVE, Anaphor("D", -1 if m["side"] == "vor" else 1)),
        ),
        (
            r"(?:[Vv]orgestern|[Gg]estern|[Hh]eute|[Üü]bermorgen)\b|morgen\b",
            lambda m: (Kind.RELATIVE, DayShift(_SHIFTS[m[0].lower()])),
        ),
        (rf"{_HEDGE}{_NUMBER}\s{_UNIT}{_NO_LENGTH}", lambda m: (Kind.DURATION, Length(_count(m), _unit(m)))),
        (
            rf"{_PART_OF_DAY}\b",
            lambda m: (Kind.RELATIVE, Near("weekday", _WEEKDAYS[m["weekday"].lower()])),
        ),
        (
            rf"(?:(?<=[Aa]m\sfrühen\s)|(?<=[Aa]m\sspäten\s)|(?<=[Nn]acht\s(?:zum|auf)\s)|(?<=[Nn]acht\szu\s)){_DAY_NAME}\b",
            lambda m: (Kind.RELATIVE, Near("weekday", _WEEKDAYS[m["weekday"].lower()])),
        ),
        (
            rf"(?:(?<=tag\sund\s)|(?<=woch\sund\s)){_DAY_NAME}\b",
            lambda m: (Kind.RELATIVE, Near("weekday", _WEEKDAYS[m["weekday"].lower()])),
        ),
        (
            rf"(?<=[Aa]m\s){_DAY_NAME}\b|(?:(?<=[Ss]eit\s)|(?<=(?:[Bb]is|[Aa]uf|[Ff]ür|[Zz]um)\s))(?P<since>{_any(tuple(_WEEKDAYS))}){_DAY_PARTS}\b",
            lambda m: (Kind.RELATIVE, Near("weekday", _WEEKDAYS[(m["weekday"] or m["since"]).lower()])),
        ),
        (rf"(?:\A|(?<=\s))(?:{_YEAR})\b", lambda m: (Kind.DATE, Calendar(int(m["year"])))),
    )
)
_EDGE = re.compile(r"(?i:(anfang|mitte|ende))\s\Z")
_BEFORE = re.compile(r"(\w+)\s(?:de[mn]\s)?\Z")
_YEAR_WORDS = frozenset({"jahr", "jahre", "jahres", "seit", "bis", "von", "ab", "und", "nach", "vor", "in"})
_YEAR_WORDS |= {"anfang", "mitte", "ende", "sommer", "herbst", "winter", "frühjahr"}
_PREPOSITIONS = {"seit": "since", "bis": "until", "vor": "before", "nach": "after"}


#: What stands between a verb and the year it happened in, and what makes a figure a count.
_TOLD = re.compile(
    r"(?:\A|[.!?\n]\s*|\b(?:wurden?|war(?:en)?|hat(?:ten?)?|haben|ist|sind|kam(?:en)?|ging(?:en)?|erst|schon|bereits"
    r"|zuletzt|zuerst|erstmals|wieder|noch|aber|auch|dann|es|er|sie|ihn|sich|soll(?:en)?|wird|werden|[a-zäöü]+te[n]?)\s)\Z"
)
_COUNTS_SOMETHING = re.compile(r"\s(?:[a-zäöüß]+e[nrsm]?\s)?[A-ZÄÖÜ]")


def _stands_for_a_year(text: str, first: int, last: int) -> bool:
    """Tell "wurde 2019 beschlossen" and "2019 kam er" from "verlor 2019 Stimmen": nothing behind it is counted."""
    if not 1900 <= int(text[first:last]) <= 2099 or not _TOLD.search(text[max(0, first - 24) : first]):
        return False
    return _COUNTS_SOMETHING.match(text, last) is None


def find(text: str, start: int = 0, end: int | None = None) -> list[DateExpr]:
    """Return the date expressions of a German text between two offsets, in order, never overlapping."""
    limit = len(text) if end is None else end
    hits: list[tuple[int, int, int, Kind, Form, str]] = []
    for rank, (pattern, build) in enumerate(_RULES):
        for match in pattern.finditer(text, start, limit):
            built = build(match)
            if built is not None:
                hits.append((match.start(), -match.end(), rank, *built, _group(match, "head")))
    found: list[DateExpr] = []
    position = start
    for first, minus_last, _, kind, form, head in sorted(hits, key=lambda hit: hit[:3]):
        if first < position:
            continue
        left = text[max(start, first - 24) : first]
        before = _BEFORE.search(left)
        word = before[1].lower() if before is not None else ""
        bare = isinstance(form, Calendar) and form.month is None and text[first].isdecimal()
        if bare and word not in _YEAR_WORDS and not _stands_for_a_year(text, first, -minus_last):
            continue
        if isinstance(form, Near) and form.what == "weekday" and _EACH.search(left):
            continue
        edge = _EDGE.search(left)
        mod = _EDGES[edge[1].lower()] if edge is not None else ""
        if edge is not None:
            first -= len(edge[0])
        last = -minus_last
        found.append(
            DateExpr(
                first, last, kind, form, mod, tail=last, head=head.lower(), before=_PREPOSITIONS.get(word, "")
            )
        )
        position = last
    return found
