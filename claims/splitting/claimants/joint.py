"""Which mentions name several at once? "Ana Holt and Per Brandt", "Canada, France and the bank": none speaks alone.

The tree says which nouns are joined, and a list of nothing but names needs no tree. A run of capitalised words that
holds the "and" ("Ministry of Trade and Industry") is one name, and what stands without an article beside a name is
its role ("Actor and singer Kim Lee").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from claims.language.document import Sentence
from claims.language.spans import Span
from claims.splitting.claimants.name_runs import NameRun
from claims.splitting.word_lists import any_role

_OPENING = frozenset({"the", "a", "an", "his", "her", "its", "their", "our", "my", "two", "three", "both"})


def joined(span: Span, sentence: Sentence, runs: Sequence[NameRun]) -> tuple[Span, ...]:
    """Return the mentions that a phrase joins with "and", in order; empty where it is one or names nobody.

    ``runs`` are the runs of capitalised words in it.
    """
    tokens = sentence.tokens
    first, last = bisect_left(sentence.starts, span.start), bisect_left(sentence.starts, span.end)
    if "and" not in sentence.low[first:last]:
        return ()
    first += sentence.low[first] in ("both", "either")
    places = _by_tree(sentence, first, last) or _by_marks(sentence, first, last)
    parts = [Span(tokens[part.start].start, tokens[part.stop - 1].end) for part in places if part]
    if len(parts) < max(2, len(places)):
        return ()
    if any(run.start < part.end < run.end for run in runs for part in parts):
        return ()
    ends = {run.end: run for run in runs if run.words}
    roles = any_role("role", "title")
    for place, part in zip(places, parts, strict=True):
        run = ends.get(part.end)
        is_name = run is not None and run.start >= part.start
        word = sentence.low[place.start]
        if is_name and len(place) == 1 and word in roles:
            return ()
        if not is_name and not _may_speak(sentence, place):
            return ()
    return tuple(parts) if any(part.end in ends for part in parts) else ()


def _may_speak(sentence: Sentence, place: range) -> bool:
    """Tell "the bank", "her lawyer", "officials" from "the photo", "the race in the state", a role without article."""
    tags, last = sentence.tree.xpos, place.stop - 1
    opened = sentence.low[place.start] in _OPENING or tags[last] in ("NNS", "NNPS")
    known = tags[place.start] == "PRP$" or sentence.low[last] in any_role(
        "role", "title", "body", "medium", "vague"
    )
    return opened and known and "IN" not in tags[place.start : place.stop]


def _by_tree(sentence: Sentence, first: int, last: int) -> list[range]:
    """Return the places of each of the phrases whose nouns the tree joins."""
    tree, low = sentence.tree, sentence.low
    top = next((at for at in range(first, last) if not first <= tree.heads[at] < last), last)
    heads = [top]
    links: list[int] = []
    for at in range(top + 1, last):
        if low[at] == "both" and low[at - 1] == ",":
            # "Holt and Brandt, both engineers"
            break
        link = max((k for k in range(heads[-1] + 1, at) if low[k] in ("and", ",")), default=-1)
        if tree.labels[at] == "conj" and tree.heads[at] in heads and link >= 0:
            heads.append(at)
            links.append(link)
    end = heads[-1] + 1
    # "Ana Paris, 33, former nurse and diver": what stands between other commas tells of one.
    commas = sum(low[at] == "," and low[at + 1] != "and" for at in range(first, end - 1))
    if commas > sum(low[link] == "," for link in links) or not links:
        return []
    while end < last and tree.labels[end] in ("flat", "appos", "compound"):
        end += 1
    return _between(sentence, first, links, end)


def _by_marks(sentence: Sentence, first: int, last: int) -> list[range]:
    """Return the places between the marks of "Ana Holt, Per Brandt and the port", where no word governs another."""
    tags = sentence.tree.xpos
    links = [at for at in range(first, last) if sentence.low[at] in ("and", ",")]
    listed = len(links) > 1 and sentence.low[links[-1]] == "and"
    plain = all(tags[at].startswith(("NN", "DT", "JJ")) for at in range(first, last) if at not in links)
    # "Valeska Paris, an engineer and diver": a comma before "a" opens no further name.
    apposed = any(sentence.low[at + 1] in ("a", "an") for at in links)
    return _between(sentence, first, links, last) if listed and plain and not apposed else []


def _between(sentence: Sentence, first: int, links: Sequence[int], end: int) -> list[range]:
    """Return what stands between links; a comma before "and" belongs to it."""
    parts: list[range] = []
    for link in links:
        parts.append(range(first, link - (sentence.low[link] == "and" and sentence.low[link - 1] == ",")))
        first = link + 1
    return [*parts, range(first, end)]
