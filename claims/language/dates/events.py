"""Which words of an English text place content by an event or by a time of day, without a date of their own?

"She later moved", "after the factory opened", "during the war", "in the 54th minute" are event-relative; "in the
evening" and "at 6am" take the day that the story names (``leaning`` looks for it). What is one step of the same scene
("arrested after he shouted", "after talks", "when she fell") places nothing. Measured distances ("two days after the
launch") are the grammar's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claims.language.dates import english as en
from claims.language.dates.lexer import shadow
from claims.language.dates.model import STORY, Clock, DateExpr, Event, Kind, Reference

_DATA = Path(__file__).parent.parent / "data" / "events_en.json"
_OWNER = r"(?:the|his|her|its|their|our|my|[\w.-]+(?: [\w.-]+)?['’]s?)"
_PLAIN = r"(?:[^\W\d_][\w-]*)"
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(word for word in (*en.SMALL, *en.TENS) if word != 'zero')})"
_AGE = rf"{_NUMBER}(?:-{_NUMBER})?"
_NEAR = "shortly soon immediately right just long directly moments well only even"
_SOON = rf"(?:(?:{'|'.join(_NEAR.split())}) )?"
_GROWN = (
    rf"(?:{_AGE}(?: (?:years|months|weeks|days) old)?|(?:a |still |only |just )+(?:child|boy|girl|baby|toddler|teenager"
    rf"|student|pupil|young (?:man|woman))|in (?:his|her|their) (?:{'|'.join(en.DECADES)}|teens))"
)
_HOURS = "night nightfall dawn dusk noon midday midnight daybreak sunrise sunset lunchtime"
_PEOPLES = (
    "roman|medieval|victorian|soviet|colonial|ottoman|communist|nazi|tsarist|stalinist|byzantine|viking|stone age"
    "|bronze age"
)
#: Behind "later" one of these makes it an adjective or part of a date.
_NOT_LATER = (
    r"(?! (?:this|that|last|next|in|on|today|tonight|than|stages?|years?|life|dates?|versions?|works?|of)\b)"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A pattern, the words it can begin with, and whether it names its event; group ``head`` holds the noun."""

    starts: str
    pattern: re.Pattern[str]
    kind: Kind = Kind.EVENT_RELATIVE
    named: bool = True


_Beginning = tuple[re.Pattern[str], tuple[_Row, ...]]


def _row(starts: str, pattern: str, kind: Kind = Kind.EVENT_RELATIVE, *, named: bool = True) -> _Row:
    return _Row(starts, re.compile(pattern), kind, named)


@cache
def _rows() -> tuple[_Row, ...]:
    """Return the patterns, the wanted one first where two begin at one place."""
    data = {name: words.split() for name, words in json.loads(_DATA.read_text("utf-8")).items()}
    eras, events, past = ("|".join(data[name]) for name in ("eras", "events", "past"))
    nominal = "|".join(rf"{_PLAIN}{ending}" for ending in data["endings"])
    noun = rf"(?P<head>{eras}|{events}|(?!(?:{'|'.join(data['not_events'])})\b)(?:{nominal}))"
    scene = rf"(?P<head>{'|'.join(data['scenes'])})"
    verb = rf"(?:(?:{past})\b|{_PLAIN}ed\b)"
    subject = rf"(?P<head>{_OWNER} (?:(?!(?:{'|'.join(data['not_subjects'])})\b){_PLAIN} ){{1,4}}?)"
    offices = "|".join(word.replace("_", " ") for word in data["offices"])
    named_war = (
        r"(?P<head>(?:first|second) world war|world war (?:i|ii|one|two)|cold war|civil war|great war)"
    )
    connectives = "after before since until following"
    return (
        # Times of day.
        _row(
            "late early in",
            r"(?:late |early )?in the (?:(?:early|late|small) )?(?:morning|afternoon|evening|night|hours)\b(?! of)",
            Kind.TIME,
        ),
        _row(
            "at by before after until around toward towards",
            rf"\w+ (?:{'|'.join(_HOURS.split())})\b",
            Kind.TIME,
        ),
        _row(
            r"\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m",
            r"\d{1,2}(?:[:.]\d\d)? ?(?:[ap]m\b|[ap]\.m\.)(?: (?:gmt|bst|cet|est|edt|local time)\b)?",
            Kind.TIME,
        ),
        _row("overnight", r"(?<=[.,;] )overnight\b|overnight(?=[.,;]|$)", Kind.TIME),
        # Events with a name.
        _row(
            "in on until by before after from",
            rf"\w+ the (?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(en.ORDINALS)}) minute\b",
        ),
        _row("aged", rf"(?<!, )aged (?:only |just )?{_AGE}(?: (?:months|weeks|days))?\b(?! (?:and|to|or|-))"),
        _row("at", rf"at (?:the )?age (?:of )?(?:only |just )?{_AGE}(?: (?:months|weeks|days))?\b"),
        _row(
            "when until before after since",
            rf"\w+ (?:he|she|they|i|we) (?:was|were|turned)(?: only| just| still)? {_GROWN}\b",
        ),
        _row(
            "when while until before after since",
            rf"\w+ (?:{_OWNER} )?(?:{_PLAIN} ){{1,3}}?(?:was|were)(?: only| just| still)? (?:an? |the )?"
            rf"(?:(?:prime|foreign|defence|defense|finance|vice|young|junior|state) )?(?:{offices})\b",
        ),
        _row(
            "since",
            rf"since (?!(?:{'|'.join(data['not_gerunds'])})\b)(?P<head>[a-z]{{2,}}ing)\b(?! (?:of|and)\b)",
        ),
        _row(
            "in during throughout on since before after until by for",
            rf"\w+ (?:{_OWNER} )(?:(?:first|second|third|last|final|early|opening|only) )?"
            rf"(?:(?:two|three|four|five|six|seven|eight|nine|ten|few|\d{{1,3}}) )?"
            rf"(?P<head>terms?|days?|weeks?|months?|years?|time|stint|spell|tenure|service)"
            rf" (?:in (?:office|power|government|charge|congress|parliament|prison|jail)\b|as\b)",
        ),
        _row(
            "in during",
            r"\w+ (?:his|her|their|my|our|its) (?P<head>(?:first|second|third|last|final) term)\b",
        ),
        _row(
            "the",
            rf"the (?:very )?(?:first|second|third|fourth|fifth|last|final|early|late|closing|opening|dying) "
            rf"(?:(?:{_NUMBER}|few) )?(?:hours?|days?|weeks?|months?|years?|stages?|phases?|moments?|minutes?) of"
            rf" (?:{_OWNER} )?(?:{_PLAIN} ){{0,3}}?(?:{noun}|{scene.replace('head', 'scene')}|life|lives)\b(?!-)",
        ),
        _row(
            "in on at during",
            rf"\w+ (?:the )?(?:run-up to|lead-up to|eve of|aftermath of|wake of|height of|midst of|outset of)"
            rf" (?:{_OWNER} )?(?:(?:{_PLAIN} ){{0,2}}?{noun}\b|(?P<plain>{_PLAIN}))",
        ),
        _row(
            "when once until till since after before as while",
            rf"(?:as soon as|\w+) (?:{_PLAIN} ){{0,2}}?{_PLAIN} (?:takes?|took|leaves?|left|enters?|entered"
            rf"|assumes?|assumed|holds?|held|came to|comes to) (?:the )?(?:office|power|charge|command|presidency)\b",
        ),
        _row("by", r"by the time\b(?= [a-z])"),
        _row(
            "midway halfway partway",
            rf"\w+ through {_OWNER} (?:{_PLAIN} ){{0,2}}?(?P<head>{eras}|{events}|terms?|season|trial)\b",
        ),
        _row(
            "long well shortly moments",
            rf"\w+ (?:before|after) (?:he|she|they|it|i|we) {verb}",
        ),
        _row("since", rf"since (?:he|she|it|they|we|i) (?:{_PLAIN} )??{verb}"),
        _row("since", r"since the (?:very )?(?:first|start|beginning|outset|opening)\b(?= |[.,;]|$)(?! of)"),
        _row(
            "the",
            r"the (?:last|final|first|opening) (?:day|week|month|year)s? of (?:the|his|her|its|their|our|my)"
            rf" (?!(?:{'|'.join(en.UNITS)})\b)(?P<head>(?:{_PLAIN} )??{_PLAIN})\b(?!-)",
        ),
        _row(
            "on", r"on (?:day one|(?:his|her|their|its|my|our) (?:first|last|final) day)\b(?! of (?:the|a)\b)"
        ),
        _row("while when once", r"\w+ in (?:office|power|government|opposition|prison|jail|exile)\b"),
        _row(
            "at by from towards toward until before after since",
            rf"\w+ the (?:end|start|beginning|outset|close|height|peak|opening|conclusion|middle) of (?:{_OWNER} )?"
            rf"(?:{_PLAIN} ){{0,2}}?{noun}\b(?!-)",
        ),
        _row("on", r"on the (?:second|third|fourth|fifth|last|final|opening) day\b(?! of)", named=False),
        _row(
            "on by in until",
            rf"\w+ (?:day|week|month|year) (?:{'|'.join(word for word in en.SMALL if word != 'zero')}|\d{{1,2}})\b",
        ),
        _row(
            "in during over",
            rf"\w+ (?:his|her|its|their|my|our) (?:first|second|third|last|final|early|opening) "
            rf"(?:(?:{_NUMBER}|few) )?(?:days?|weeks?|months?|years?)\b",
        ),
        _row("by", r"by the end(?=[,.;])", named=False),
        _row("minutes minute", r"minutes? (?:in|into) the (?:first|second) half\b", named=False),
        _row(
            "during",
            rf"during (?:{_OWNER} (?:{_PLAIN} ){{0,2}})?(?P<head>{'|'.join(data['bare_eras'])})\b",
        ),
        _row(
            "during throughout over",
            rf"(?:during|throughout|over the course of) {_OWNER} (?:{_PLAIN} ){{0,3}}(?P<head>{eras})\b",
        ),
        _row(
            f"{_NEAR} {connectives} prior ahead in",
            rf"(?:{_SOON}(?:{'|'.join(connectives.split())})|prior to|ahead of|in advance of) {_OWNER}"
            rf" (?:{_PLAIN} ){{0,3}}{noun}\b(?!-)",
        ),
        _row(
            "shortly soon immediately moments",
            rf"\w+ (?:before|after|following) (?!(?:{'|'.join(_HOURS.split())}|{'|'.join(data['not_subjects'])})\b)"
            rf"(?P<head>{_PLAIN}(?: {_PLAIN})?)",
        ),
        _row("prior", rf"prior to (?:{_OWNER} )?(?P<head>{_PLAIN})"),
        _row(
            f"{_NEAR} after before since until",
            rf"{_SOON}(?:after|before|since|until) {subject}{verb}",
        ),
        _row(
            f"{_NEAR} before since until prior ahead",
            rf"(?:{_SOON}(?:before|since|until)|prior to|ahead of) {_OWNER} (?:{_PLAIN} ){{0,2}}{scene}\b(?!-)",
        ),
        _row("as", rf"as {subject}(?:{'|'.join(data['aspects'])})\b"),
        _row(f"in during throughout {connectives}", rf"\w+ (?:the )?{named_war}\b"),
        _row(
            "in",
            r"in (?:his|her|their|my|our) (?:youth|childhood|boyhood|girlhood|teens|old age|lifetime|heyday)\b",
        ),
        _row(
            "as",
            r"as an? (?:young )?(?:child|boy|girl|teenager|schoolboy|schoolgirl|young man|young woman)\b",
        ),
        _row(
            "in during since before after from to",
            rf"\w+ (?:the )?(?:{_PEOPLES}) (?:times|era|period|rule|days)\b",
        ),
        _row("at", rf"at the same time as (?P<head>(?:the |his |her |their )?{_PLAIN})"),
        # What leans on something told before.
        _row(
            "later",
            rf"(?<!\bor )(?<!\bno )(?<!\bmuch )(?<!\bthe )(?<!\ba )(?<!\bof )(?<!\bin )later\b{_NOT_LATER}",
            named=False,
        ),
        _row(
            "the",
            r"the (?:night|evening|morning|afternoon) (?:before|after|earlier)\b(?! (?:the|a|his|her|its))",
            named=False,
        ),
        _row("afterward afterwards thereafter subsequently", r"\w+", named=False),
        _row("ever since until before by", r"ever since\b|\w+ then\b", named=False),
        _row("since", r"(?:(?<=\bhas )|(?<=\bhave )|(?<=\bhad ))since\b|since(?=[.;]|$)", named=False),
        _row("at by until around from", r"\w+ (?:that|this) (?:time|point|stage)\b(?! of)", named=False),
        _row("at", r"at the time\b(?! of| when| that| the| he| she| they| it)", named=False),
        _row(
            "in during over throughout since",
            r"\w+ (?:that (?:time|period|span)|those (?:days|weeks|months|years|decades)"
            r"|the (?:same|intervening) (?:time|period|years))\b(?! (?:of|that|when|last|a year))",
            named=False,
        ),
        _row("before after since", r"\w+ that\b(?=[.,;]|$)", named=False),
        _row(
            "in over during",
            r"\w+ the (?:hours|days|weeks|months|years|decades) that followed\b",
            named=False,
        ),
        _row(
            "earlier previously",
            r"(?:(?<=\bhad )(?:earlier|previously)|earlier(?=,))\b",
            named=False,
        ),
        # What is said to be at some time, without a place on the calendar.
        _row("in", r"in due course\b", Kind.REFERENCE),
        _row(
            "for",
            r"for (?:a (?:very )?long time|some time|a while|ages|generations)\b(?! to come)",
            Kind.REFERENCE,
        ),
        _row("in", rf"in the coming (?!(?:{'|'.join(en.UNITS)})\b){_PLAIN}s\b", Kind.REFERENCE),
        _row(
            "in",
            rf"in (?:the old days|{_OWNER} {_PLAIN}['’]s? day|years (?:past|gone by)|living memory)\b",
            Kind.REFERENCE,
        ),
        _row(
            "at",
            r"at (?:some point|one point|one time|a later date|an unknown date)(?! (?:in|on|during|last|this|next)\b)",
            Kind.REFERENCE,
        ),
        _row(
            "in",
            r"in (?:a matter of (?:hours|days|weeks|months)|(?:a|two|three) generations?)\b",
            Kind.REFERENCE,
        ),
        _row(
            "a long not generations",
            r"(?:a (?:very )?long time|long|not (?:so |too |very )?long|a generation|generations) ago\b",
            Kind.REFERENCE,
        ),
        _row(
            "in for",
            r"(?:in (?:the )?(?:days|weeks|months|years|decades)|for (?:days|weeks|months|years|decades|generations))"
            r" (?:ahead|to come)\b",
            Kind.REFERENCE,
        ),
        _row("the", r"the other (?:day|night|week|evening|morning)\b", Kind.REFERENCE),
        _row("in", r"in (?:last|past) (?:years|months|weeks)\b", Kind.REFERENCE),
    )


@cache
def _by_start() -> tuple[re.Pattern[str], dict[str, _Beginning], _Beginning]:
    """Return where anything can begin at all, and what can begin with which word, or with a figure."""
    words = {word for row in _rows() for word in row.starts.split() if word.isalpha()}
    figures = tuple(row for row in _rows() if not row.starts[0].isalpha())
    alternatives = [rf"(?:{'|'.join(sorted(words))})\b(?!-)", *(row.starts for row in figures)]
    tables = {
        word: _beginning(tuple(row for row in _rows() if word in row.starts.split() and row not in figures))
        for word in words
    }
    return re.compile(rf"\b(?:{'|'.join(alternatives)})"), tables, _beginning(figures)


def _beginning(rows: tuple[_Row, ...]) -> _Beginning:
    """Return rows with one pattern that matches where any of them does."""
    unnamed = [re.sub(r"\(\?P<\w+>", "(?:", row.pattern.pattern) for row in rows]
    return re.compile("|".join(f"(?:{pattern})" for pattern in unnamed), rows[0].pattern.flags), rows


def find(text: str, taken: Sequence[DateExpr], start: int = 0, end: int | None = None) -> list[DateExpr]:
    """Return events and times of day that touch none of the expressions found before, in order."""
    low = shadow(text)
    stop = len(text) if end is None else end
    starts, tables, figures = _by_start()
    found: list[DateExpr] = []
    spans = [(one.start, max(one.end, one.tail)) for one in taken]
    at = done = 0
    for begin in starts.finditer(low, start, stop):
        first = begin.start()
        if first < done:
            continue
        while at < len(spans) and spans[at][1] <= first:
            at += 1
        free = spans[at][0] if at < len(spans) else stop
        if free <= first:
            continue
        any_of, rows = tables.get(begin.group(), figures)
        if any_of.match(low, first, stop) is None:
            continue
        for row in rows:
            match = row.pattern.match(low, first, stop)
            if match is not None and match.end() <= free and "\n" not in match.group():
                found.append(_expression(match, row))
                done = match.end()
                break
    return found


def _expression(match: re.Match[str], row: _Row) -> DateExpr:
    first, last = match.span()
    if row.kind is not Kind.EVENT_RELATIVE:
        form = Clock() if row.kind is Kind.TIME else Reference("")
        return DateExpr(first, last, row.kind, form, tail=last, flags=(STORY,))
    groups = match.groupdict()
    head = groups.get("head") or groups.get("plain") or ""
    nouns = [word for word in re.findall(r"[^\W\d_]+", head) if word not in en.DETERMINERS]
    return DateExpr(
        first, last, row.kind, Event(row.named), tail=last, head=" ".join(nouns[:5]), flags=(STORY,)
    )
