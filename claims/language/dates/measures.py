"""Does an expression place a claim in time, or does it only measure a thing?

"Three days of mourning" and "a two-month occupation" last, "six years late", "two hours of film" and "a prison term
of five years" only measure. Words without a place on the calendar count where they still say when ("recently",
"will soon").
"""

from __future__ import annotations

import re
from dataclasses import replace

from claims.language.dates import tense
from claims.language.dates.english import words_of
from claims.language.dates.model import (
    ATTRIBUTIVE,
    STORY,
    Anaphor,
    DateExpr,
    DayShift,
    Kind,
    Length,
    places_in_time,
)

_WORD = re.compile(r"[^\W\d_]+")
# Hours, minutes and seconds last, but do not place a claim on the calendar.
_SHORT_UNITS = frozenset({"TH", "TM", "TS"})
#: What makes hours and minutes a span ("was closed for nine hours") and not a measure ("nine hours of film").
_SPANS = re.compile(
    r"\b(?:within|for|in|under|lasted|lasts|lasting|last|took|takes|taking|spent|spend|spends|spending|waited|waits|waiting"
    r"|less than|more than|over|just)\s+\Z"
)
#: What makes "six hours of debate" a span.
_SPENT = re.compile(
    r"\b(?:after|follow(?:s|ed|ing)?|during|through|throughout|over|for|in|lasted|spent|spends|endured|despite)\s+\Z"
)
#: "Two weeks of leave" is an amount of something.
_AMOUNTS = words_of(
    "film footage video videos audio tape tapes television tv music material recordings recording sleep homework data"
    " records experience age pay wages salary rent supplies supply food water leave vacation holiday notice prison jail"
    " custody probation detention imprisonment schooling credit service"
)
#: Words of a run ("the second day in a row"): whatever follows, it lasts.
_RUNS = frozenset({"row", "running", "straight", "consecutive", "successive"})
#: "two more years" goes on behind what is counted; "more than two years" is a span.
_FURTHER = re.compile(r"\bmore\b(?! than)")
#: What an attribute of so many years lasts: "a 3-year break".
_LASTING = frozenset(
    ["lull", "break", "gap", "hiatus", "absence", "pause", "history", "deadline", "wait", "drought"]
)
#: Behind one of these a thing with a length is over or goes on: "throughout the eleven-week trial".
_AROUND = words_of(
    "after during throughout through over following amid despite ended ends ending end broke breaks breaking"
    " snapped marked capped"
)
#: What goes on for as long as its attribute says, wherever it stands.
_HAPPENS = words_of(
    "meeting meetings siege standoff strike walkout session debate hearing battle chase spree rampage raid shootout"
    " speech trial search rescue blackout outage shutdown lockdown curfew ceasefire truce"
)
#: What is named by its length, whatever goes on.
_NAMED_BY_LENGTH = words_of(
    "bond bonds note notes yield yields treasury treasuries sentence sentences ban bans suspension term prison jail old"
    " veteran"
)
#: Words without a place on the calendar that still say when.
_VAGUE = frozenset({"recently", "lately", "more recently"})
#: "Will soon close" lies ahead; what "soon closed" followed at once.
_TO_COME = re.compile(
    r"(?:\b(?:will|shall|would|could|can|may|might|must|should|to|going|coming|hopes?|is|are)|['’]ll|won['’]t)(?:\s+[\w'’-]+){0,7}\s+\Z"
)
#: "Today, half of them rent", "children today", "it matters today": nowadays, not one day.
_OPENS = re.compile(
    r"(?:\A|[.!?;:][”’\"')\]]*\s+|\n\s*|[“\"‘(]\s*)(?:(?:and|but|yet|still),? )?\Z", re.IGNORECASE
)
_GENERAL = re.compile(
    r"\b(?:people|kids|children|students|voters|workers|families|farmers|women|men|parents|teenagers|world|country|society"
    r"|times|life|generation|economy|industry|matters?|exists?|remains?|lives?|stands?)\s+\Z",
    re.IGNORECASE,
)
#: "Two books which I still own today".
_STILL = re.compile(r"\bstill\s(?!\w+ed\b)\w+\s\Z", re.IGNORECASE)
#: "It was 70 percent in 2009; this has dropped to 56 percent today": set against another year.
_AGAINST = re.compile(
    r"\b(?:in (?:19|20)\d\d|(?:years|decades?|centur(?:y|ies)) ago)\b[^.!?\n]*"
    r"\b(?:to|than|with|against|has|have|is|are)\s"
    r"(?:[\w$€£%,.]+\s){0,6}\Z",
    re.IGNORECASE,
)
_IS_A_DAY = re.compile(
    r"\A(?:\s+(?:is|was|marks|brings)\b|,?(?:\s+[\w'’,.-]+){0,4}?\s+(?:is|are|am)\s+(?:not\s+|also\s+)?\w+ing\b)",
    re.IGNORECASE,
)
#: What a court or a federation gives is a punishment, no time; the words right in front of it say so.
_HOW_LONG = (
    r"(?:(?:up to|at least|between|around|about|almost|nearly|more than|less than|a minimum of|a maximum of|as many as"
    r"|as much as|another|a further|the|his|her|their)\s+)*"
)
_TERM = re.compile(
    r"\b(?:(?:terms?|sentences?|bans?|suspensions?|maximum|minimum|imprisonment|penalty|penalties) of"
    r"|(?:sentenced?|sentences|condemned)(?: \w+){0,3} to|(?:jailed|banned|suspended|disqualified"
    r"|excluded|barred)(?: \w+){0,3} for|(?:imprisoned|locked up) for|punishable by|carr(?:y|ies|ied)"
    r"|fac(?:e|es|ed|ing))\s+" + _HOW_LONG + r"\Z"
)
#: "He got four years for fraud", "prosecutors asked for seven years": where a court or a crime stands near.
_GIVEN = re.compile(
    r"\b(?:got|gets?|give[sn]?|gave(?: \w+){0,3}|hand(?:s|ed)(?: \w+){0,3}|receiv(?:e|es|ed)|serv(?:e|es|ed|ing)"
    r"|(?:asked|asks|asking|called|calling|pressed) for|demand(?:s|ed)?|sought|seeks?|bring"
    r"|(?:imprison(?:s|ed)?|locked up)(?: \w+){1,3} for)\s+" + _HOW_LONG + r"\Z"
)
_COURT = re.compile(
    r"\b(?:prosecut|court|judge|tribunal|jury|jurors|verdict|convict|guilty|charge|indict|magistrate)"
)
_PUNISHED = re.compile(
    r"\A['’]?\s+(?:(?:and|in|of|on|for|behind|under|without)\s+)?(?:\w+\s+)?(?:prison|jail|custody|detention|probation"
    r"|imprisonment|bars|parole|hard labou?r|community service|house arrest|fraud|theft|murder|manslaughter|robbery"
    r"|bribery|rape|assault|arson|treason|perjury|smuggling|corruption|stealing|killing|taking|dealing|spying|doping"
    r"|drugs?)\b"
)
#: "12 years | and six months", "between five | and ten years": the second half of a term.
_SECOND_HALF = re.compile(r"(?:\b(?:years?|months?|weeks?|days?)|\bbetween (?:\d+|[a-z]+)) and\s+\Z")
#: "A month's supply", "two days' notice": how much of something.
_HOW_MUCH = re.compile(
    r"\A['’]s?\s+(?:supply|supplies|worth|rent|pay|wages?|salary|salaries|stocks?|income|revenues?|output|production"
    r"|consumption|notice)\b"
)
#: "Waiting times have risen to 14 months", "averages three weeks": the figure of something that is measured.
_REACHED = re.compile(
    r"\b(?:(?:ris(?:e|es|en|ing)|rose|fall(?:s|en|ing)?|fell|grow(?:s|n|ing)?|grew|increas(?:e|es|ed|ing)|dropp(?:ed|ing)|drops?"
    r"|climb(?:s|ed|ing)?|shorten(?:s|ed|ing)?|lengthen(?:s|ed|ing)?|reduc(?:e|es|ed|ing)|up|down) (?:to|from)"
    r"|averag(?:e|es|ed|ing))\s+(?:(?:about|around|nearly|almost|more than|over|under|less than|just)\s+)?\Z"
)
#: "The recently released album": which one, not when.
_THE = re.compile(
    r"\b(?:the|a|an|this|that|its|his|her|their|our|my|your|these|those|['’]s)\s+(?:more\s+)?\Z",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\A[\s-]+(?:\w+ed|\w+en|built|bought|brought|made|sold|found|held|begun|won|shot|shut|cut|left|lost)\s+\w"
)
#: "Her first final of the year", "cut its forecast for the year": the year of the story.
_ONE_OF_A_YEAR = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|only|best|worst"
    r"|(?:most|least) \w+"
    r"|(?!(?:\w*qu|inter|for|har|prot|cont|arr|inv|\w*w|digest|manif|con|bl|infest)est)\w{3,}est)(?:\s+[\w'’-]+){1,5}\s+of\s+\Z",
    re.IGNORECASE,
)
_FORECAST_FOR = re.compile(
    r"\b(?:forecasts?|outlook|targets?|estimates?|guidance|projections?|expectations|predictions?|goals?)"
    r"(?:\s+[\w'’.%-]+){0,4}?\s+for\s+\Z",
    re.IGNORECASE,
)
_OTHER_YEAR = re.compile(
    r"\b(?:(?:19|20)\d\d|(?:last|previous|next|following|past) year|year (?:ago|before|earlier))\b",
    re.IGNORECASE,
)
_MEASURES = frozenset(
    [
        "late",
        "early",
        "off",
        "behind",
        "short",
        "longer",
        "shorter",
        "older",
        "younger",
        "away",
        "more",
        "ahead",
    ]
)


def as_claimed(expr: DateExpr, text: str) -> DateExpr:
    """Return an expression as a claim has it: without the full stop of its sentence, a length that lasts as a time."""
    if text[expr.end - 1] == ".":
        expr = replace(expr, end=expr.end - 1, tail=expr.tail - 1 if expr.tail == expr.end else expr.tail)
    if ATTRIBUTIVE in expr.flags and _lasts(expr, text):
        # "after an 11-year lull" says how long it was quiet.
        expr = replace(expr, flags=tuple(flag for flag in expr.flags if flag != ATTRIBUTIVE))
    if expr.kind is Kind.REFERENCE and expr.form == Anaphor("Y") and _is_story_year(expr, text):
        expr = replace(expr, kind=Kind.RELATIVE)
    return expr


def _is_story_year(expr: DateExpr, text: str) -> bool:
    """Tell "her first final of the year" from "the person of the year", and from the year of what was told before."""
    left = re.split(r"[.!?;]\s|\n", text[max(0, expr.start - 200) : expr.start])[-1]
    named = text[expr.start : expr.end].lower() == "the year"
    return (
        named
        and bool(_ONE_OF_A_YEAR.search(left) or _FORECAST_FOR.search(left))
        and not _OTHER_YEAR.search(left)
    )


def _lasts(expr: DateExpr, text: str) -> bool:
    noun = _word_after(expr, text)
    if noun in _LASTING:
        return True
    # "a two-month occupation", not "two years in prison".
    return _goes_on_around(expr, text) and bool(noun) and noun not in _NAMED_BY_LENGTH


def _goes_on_around(expr: DateExpr, text: str) -> bool:
    joined = "-" in text[expr.start : expr.end] or "‑" in text[expr.start : expr.end]
    following = _WORD.findall(text[expr.end : expr.end + 40].lower())[:2]
    return joined and (expr.before.split(" ")[0] in _AROUND or not _HAPPENS.isdisjoint(following))


def _word_after(expr: DateExpr, text: str) -> str:
    following = _WORD.search(text[expr.end : expr.end + 20])
    return following.group().lower() if following is not None else ""


def dates_claims(expr: DateExpr, text: str) -> bool:
    """Tell what places a claim in time from what only measures: "two years late", "six hours", a term of a court."""
    if expr.kind is Kind.REFERENCE:
        return STORY in expr.flags or _says_when(expr, text)
    if not places_in_time(expr) or (expr.kind is Kind.DURATION and _is_a_term(expr, text)):
        return False
    form = expr.form
    if expr.kind is not Kind.DURATION:
        return not (isinstance(form, DayShift) and _is_nowadays(expr, text))
    following = text[expr.end : expr.end + 12].split()
    words = text[expr.start : expr.end].lower().split()
    if not _RUNS.isdisjoint(words) or expr.before == "within":
        return True
    if "single" in words and expr.before == "on":
        return False
    if _HOW_MUCH.match(text[expr.end : expr.end + 24].lower()):
        return False
    if _REACHED.search(text[max(0, expr.start - 40) : expr.start].lower()):
        return False
    if (following and following[0].lower().strip(",.;") in _MEASURES) or _FURTHER.search(" ".join(words)):
        return False
    counted = bool(following) and following[0].lower() == "of"
    if counted and _of_an_amount(expr, text):
        return False
    if isinstance(form, Length) and not form.anchored and form.unit in _SHORT_UNITS:
        left = text[max(0, expr.start - 30) : expr.start].lower()
        if _goes_on_around(expr, text):
            return True
        if counted:
            return bool(_SPENT.search(left)) and form.unit != "TS"
        if form.count == 1 and form.unit != "TH" and left.endswith("in "):
            # "Got us out in a minute": soon.
            return False
        return bool(_SPANS.search(left)) and not (form.window and form.unit == "TM")
    return True


def _is_nowadays(expr: DateExpr, text: str) -> bool:
    """Tell "Today, half of them rent" from "Today the council voted" and "the ministry today rejects"."""
    if (
        expr.part
        or text[expr.start : expr.end].lower() != "today"
        or text[expr.end : expr.end + 2] in ("'s", "’s")
    ):
        return False
    left = text[max(0, expr.start - 40) : expr.start]
    if _STILL.search(left) or _AGAINST.search(text, max(0, expr.start - 120), expr.start):
        return True
    set_off = text[expr.end : expr.end + 1] == "," and left.endswith(("and, ", "but, "))
    if not (set_off or _OPENS.search(left) or _GENERAL.search(left)) or tense.read(text, expr) not in (
        "",
        "present",
    ):
        return False
    return not _IS_A_DAY.match(text[expr.end : expr.end + 80])


def _says_when(expr: DateExpr, text: str) -> bool:
    """Tell "recently" and "will soon" from "now" and "soon closed"."""
    words = " ".join(text[expr.start : expr.end].lower().split())
    if words in _VAGUE:
        left, behind = text[max(0, expr.start - 12) : expr.start], text[expr.end : expr.end + 24]
        return not (_THE.search(left) and _MADE.match(behind))
    if words != "soon" or text[: expr.start].lower().endswith(("too ", "as ", "so ", "how ")):
        return False
    left = re.split(r"[.!?;:]\s", text[max(0, expr.start - 60) : expr.start].lower())[-1]
    return bool(_TO_COME.search(left))


def _of_an_amount(expr: DateExpr, text: str) -> bool:
    """Tell "two weeks of paid leave" from "two weeks of protests"."""
    following = _WORD.findall(text[expr.end : expr.end + 40].lower())[1:3]
    return not _AMOUNTS.isdisjoint(following)


def _is_a_term(expr: DateExpr, text: str) -> bool:
    """Tell "a prison term of up to five years" and "jailed for a year": a punishment, not a time."""
    left = text[max(0, expr.start - 90) : expr.start].lower()
    half = _SECOND_HALF.search(left)
    if half is not None:
        words = left[: half.start()].rstrip() + " "
        return bool(_TERM.search(words) or _TERM.search(_without_amount(words)))
    if _TERM.search(left):
        return True
    return bool(_GIVEN.search(left)) and bool(
        _COURT.search(left) or _PUNISHED.search(text[expr.end : expr.end + 60].lower())
    )


def _without_amount(words: str) -> str:
    """Return the words in front of the figure that ends them: "sentenced her to 12 " without the 12."""
    return words.rstrip().rsplit(" ", 1)[0] + " "
