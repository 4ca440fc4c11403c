"""What does a post assert, without what only posts carry?

Takes away links, pictures, the signature of an embedded post, "RT @…", "via @…", addressees, hashtags that belong
to no sentence, labels ("BREAKING:") and the name of the site behind a headline. Mentions and hashtags inside a
sentence become words. Any other text stays as it is.
"""

from __future__ import annotations

import re

from claims.matching.word_lists import words

_SIGNS = re.compile(r"[#@|]|://|pic\.|[A-Z]{4}|\s[-–—]\s|\[")
_LINK = re.compile(r"(?:https?://|pic\.twitter\.com/|www\.|\bbit\.ly/|\bt\.co/)\S+")
_GLUED = re.compile(r"(?<=\S)(?=https?://|pic\.twitter\.com/)")
_SIGNATURE = re.compile(r"\s*[-–—]\s*[^–—\n]{0,60}\(@\w+\)(?:[^–—\n]{0,40}\d{4})?[\s\"”’]*\Z")
_SOURCE = re.compile(
    r"(?:\s+[-–—|]\s+|\s+\|\s*)(?:[A-Z][\w.'’]*|of|the|and|&)(?:\s+(?:[A-Z][\w.'’]*|of|the|and|&)){0,3}\s*\Z"
)
_FORWARDED = re.compile(r"\bRT\s+@\w+:?|\bvia\s+@\w+(?:\s[A-Z]\w*)?", re.I)
_ADDRESSED = re.compile(r"\A(?:[\s.\"“]*@\w++[,:]?)+(?!\s+(?:is|are|was|were|has|have|had|will|can|just)\b)")
_LABEL = re.compile(
    r"\A\W*(?:[A-Z]{4,}(?:\s[A-Z]{2,})?(?:\s*[:|]|\s*[-–—]\s)|[A-Z]{4,}[!]+)\s*|\[[^\]]{1,20}\]"
)
_TAG = re.compile(r"[#@](\w+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d{4}\Z)|(?<=[A-Z])(?=[A-Z][a-z])|_")
_TRAILING = re.compile(r"(?:\s*[#@]\w+[.!]*)+\s*\Z")
_LEADING = re.compile(r"\A(?:\s*#\w+)+[:!]?(?=\s+[A-Z“\"‘])")
_WORD = re.compile(r"[^\W\d_]+")


def plain(text: str) -> str:
    """Return the words of a post that assert something; another text unchanged."""
    if not _SIGNS.search(text):
        return text
    text = _LINK.sub(" ", _GLUED.sub(" ", text)).strip()
    text = _SIGNATURE.sub("", text)
    text = _FORWARDED.sub(" ", text).strip()
    text = _SOURCE.sub("", text)
    text = _ADDRESSED.sub("", text).strip()
    text = _LABEL.sub("", text)
    text = _without_tags(text, _TRAILING, last=True)
    text = _without_tags(text, _LEADING, last=False)
    text = _TAG.sub(_spoken, text)
    return " ".join(text.split())


def _without_tags(text: str, tags: re.Pattern[str], *, last: bool) -> str:
    """Take away hashtags at an end, unless the sentence needs the first of them ("closed in #Kelm")."""
    found = tags.search(text)
    if found is None:
        return text
    rest = text[: found.start()] if last else text[found.end() :]
    around = _WORD.findall(rest)
    if len(around) < 3:
        return text
    if last and around[-1] in words("stop"):
        one = _TAG.search(found.group())
        return f"{rest} {one.group()}" if one else text
    if not last and around[0].lower() in words("auxiliaries"):
        return text
    # A single tag before a sentence is mostly its subject's first word: "#Kelm hospital closed".
    return (
        text if not last and len(_TAG.findall(found.group())) == 1 and not _is_topic(found.group()) else rest
    )


def _spoken(tag: re.Match[str]) -> str:
    """Return the words of a tag; whose capitals are names cannot be told, but for one word alone ("#Kelm")."""
    parted = _CAMEL.sub(" ", tag.group(1))
    return (
        parted if tag.group().startswith("#") and parted.istitle() and " " not in parted else parted.lower()
    )


def _is_topic(tag: str) -> bool:
    """Tell whether a hashtag is several words written as one."""
    return len([part for part in _CAMEL.split(tag.strip(" #:!")) if part]) > 1


def shouted(text: str) -> bool:
    """Tell whether capitals say nothing here: a headline or a post all in capitals."""
    found = [word for word in _WORD.findall(text) if len(word) > 3]
    return len(found) > 2 and sum(word[0].isupper() for word in found) >= 0.75 * len(found)
