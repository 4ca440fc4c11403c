"""What is the head of a mention, and does a name in it stand on its own?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from operator import attrgetter

from claims.language.document import Reading, Sentence
from claims.language.parser import FINITE
from claims.language.spans import Span
from claims.splitting.attribution.sentence_words import NAMES
from claims.splitting.claimants.name_runs import NameRun

_start, _end = attrgetter("start"), attrgetter("end")


def subject(sentence: Sentence, run: NameRun) -> bool:
    """Tell whether a name is (part of) a subject, or possesses one."""
    tree = sentence.tree
    at = run.last
    for _ in range(4):
        label = tree.labels[at]
        if label.startswith("nsubj"):
            return True
        if label not in ("flat", "compound", "nmod:poss", "appos", "conj") or tree.heads[at] < 0:
            break
        at = tree.heads[at]
    after = run.last + 1
    return after < len(tree.xpos) and tree.xpos[after] in FINITE


def tokens_in(sentence: Sentence, span: Span) -> range:
    """Return the places of the tokens that lie in a span."""
    tokens = sentence.tokens
    return range(bisect_left(tokens, span.start, key=_start), bisect_right(tokens, span.end, key=_end))


def head_end(sentence: Sentence, span: Span) -> int:
    """Return where the head phrase of a mention ends: before "of", "for", a comma, a relative clause."""
    places = tokens_in(sentence, span)
    seen = False
    for at in places:
        norm = sentence.low[at]
        tag = sentence.tree.xpos[at]
        if seen and (
            (
                norm in (",", "(", "—", "--", "-")
                and not (
                    norm == "-"
                    and at + 1 in places
                    and sentence.tokens[at].end == sentence.tokens[at + 1].start
                )
            )
            or (
                tag in ("IN", "TO", "WP", "WDT", "VBD", "VBZ", "VBN", "VBG")
                # "the state-owned company"
                and not (
                    sentence.tokens[at - 1].norm == "-"
                    and sentence.tokens[at - 1].end == sentence.tokens[at].start
                )
            )
        ):
            return sentence.tokens[at - 1].end
        if tag.startswith("NN") or tag in ("PRP", "CD", "DT"):
            seen = tag.startswith("NN") or seen
    return span.end


def plural_head(sentence: Sentence, span: Span, head_end: int) -> bool:
    places = [at for at in tokens_in(sentence, span) if sentence.tokens[at].end <= head_end]
    tags = [sentence.tree.xpos[at] for at in places]
    nouns = [tag for tag in tags if tag in ("NN", "NNS") or tag in NAMES]
    return bool(nouns) and nouns[-1] in ("NNS", "NNPS")


def plain(text: str, reading: Reading, span: Span) -> str:
    """Return a mention as a name: without its article, its relative clause and outer marks."""
    cut = re.split(
        r",(?!\d)|\swith\s(?=[\d])|\s\(|\s(?:who|whom|whose|which|that)\s|\s[—–-]\s|\s(?:on\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
        r"|\s(?:this|last|late|early|earlier)\s\w+\s*\Z",
        reading.view[span.start : span.end],
        maxsplit=1,
    )[0]
    plain = text[: len(cut)].strip(" ,'\"“”’")
    words = plain.split()
    if words and words[0].lower() in ("the", "a", "an"):
        words = words[1:]
    return " ".join(words) or plain
