"""Which words at the edges of a sentence only address the hearer? What is left of it says something.

"Look, …", "And let me tell you something, …", "BREAKING: …" before it; "…, right?", "…, isn't it?", "…, OK?" behind
it. Cut off, they neither hide what follows from the tagger nor make a question or a command of it. English only.
"""

from __future__ import annotations

import re

from claims.language.spans import Span

_LINK = r"(?:(?:and|but|so|or|because|well|now|again|yes|no|yeah|oh|ok|okay)\b[,.]?\s+)*"
_POINT = r"(?:thing|deal|problem|truth|fact|point|bottom line|good news|bad news|reality)"
_CALL = (
    r"look(?:\s+(?:here|folks|people|guys))?|listen(?:\s+up)?|hey|folks|guys|friends|my friends"
    r"|ladies and gentlemen|see|well|okay|ok|wow|gosh|you know(?:\s+what)?|you see|i mean"
    r"|believe (?:me|it or not)|trust me|guess what|get this|mark my words"
    r"|make no mistake(?:\s+about (?:it|that|this))?|don't (?:forget|worry)"
    r"|don't (?:get me wrong|kid yourself)"
    r"|mind you|(?:excuse|pardon|forgive) me|(?:i'm|i am) (?:sorry|telling you)|i (?:tell|promise|assure|swear to) you"
    r"|sorry|(?:quite |very )?frankly|honestly|seriously|let's (?:face it|not (?:forget|kid ourselves))|the thing is"
    r"|to be (?:\w+ )?(?:fair|honest|frank|blunt|clear|precise)|with (?:all )?(?:due |great )?respect"
    r"|remember|think about (?:it|that|this)|ask yourself(?:\s+this)?|hear me out|be in no doubt|rest assured"
    r"|(?:please\s+)?(?:just\s+)?let(?:'s|\s+me|\s+us)(?:\s+(?:just|also|first|now|again))?\s+"
    r"(?:tell|say|remind|ask|put|explain|repeat|add|be|make|start|begin|give|share|point)\b(?:\s+[\w']+){0,6}?"
    r"|(?:i|we)(?:\s+(?:can|will|must|have to|want to|'ll)|'ll)\s+(?:tell|say|remind)\b(?:\s+[\w']+){1,4}?"
    rf"|(?:here's|here is|that's)\s+(?:the\s+)?{_POINT}(?:\s+(?:is|here|of the matter))*"
    # "The problem, critics say, is …" opens nothing.
    rf"|(?:and\s+)?the\s+{_POINT}(?:(?:\s+(?:is|here|of the matter))+|(?=\s?[:—]))"
)
_OPENER = re.compile(rf"(?P<marks>[\"'«(]*){_LINK}(?:{_CALL})\s?(?:[,:—]|\s-)\s*", re.I)
# What posts and agencies write before a line, in capitals.
_TICKER = re.compile(
    r"(?P<marks>[\"'«(]*)(?:RT\s+@\w{1,30}|BREAKING(?:\s+NEWS)?|JUST IN|UPDATE(?:\s+\d+)?|NEW|FLASH|WATCH|URGENT|ALERT"
    r"|FACT|READ|THREAD|EXCLUSIVE)\s?[:|—]\s*"
)
_AUX = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|might|wo|ca|ai|isn|aren|wasn|weren"
    r"|don|doesn|didn|hasn|haven|hadn|couldn|wouldn|shouldn|won|can)"
)
_WHO = r"(?:i|you|he|she|it|we|they|there|that|this)"
_ASSURED = (
    r"right|ok|okay|you know|all right|(?:believe|trust) me|mind you|you see|folks|my friends|frankly|period|full stop"
    r"|i (?:can )?(?:tell|promise|assure) you|i'm telling you|believe it or not|no doubt about it|make no mistake"
    r"|to be (?:fair|honest|frank)"
)
_TAG = re.compile(
    rf"\s*(?:,|—|\s-)\s*(?:(?:right|ok|okay|correct|yes|yeah|no|huh|eh|agreed|understood|got it|get it|see|all right"
    rf"|alright|am i right|you know(?: what i mean)?|you see|don't you think|wouldn't you say"
    rf"|is that (?:right|clear|correct)"
    rf"|{_AUX}(?:n?'t)?\s+{_WHO}(?:\s+(?:not|right|so|true))?)\s*\?+"
    rf"|(?:{_ASSURED})\s*[.!]+)[\"'»)\s]*\Z",
    re.I,
)
_ASKING = re.compile(
    rf"[\"'«(]*(?:who|whom|whose|what|which|when|where|why|how|{_AUX}(?:n?'t)?\s+(?:{_WHO}|the|an?|any"
    r"|my|your|our|his|her|their))\b",
    re.I,
)
_LEAST = 3


def core(seen: str, start: int, end: int) -> Span:
    """Return what of a sentence is left without openers and tags; all of it where too little would be."""
    first, last = start, end
    for pattern in (_TICKER, _OPENER, _OPENER):
        match = pattern.match(seen, first, last)
        if match is not None and match.end() < last:
            first = match.end()
    last = untagged(seen, first, last)
    if (first, last) == (start, end) or len(seen[first:last].split()) < _LEAST:
        return Span(start, end)
    return Span(first, last)


def untagged(seen: str, start: int, end: int) -> int:
    """Return where a stretch ends without the tag behind it ("…, right?"); a question keeps its words."""
    tag = _TAG.search(seen, max(start, end - 60), end)
    return tag.start() if tag is not None and _ASKING.match(seen, start, tag.start()) is None else end
