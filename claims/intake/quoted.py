"""Which words of a page are drawn as quotations, and whose are they? They get marks before the text is taken.

Browsers draw the marks of ``<q>`` and the indent of block quotations, posts quoted in a page name their author in a
line of their own: a plain text shows neither. Block quotations that only indent (most of the page, lists, dialogue)
stay as they are.
"""

from __future__ import annotations

import re
from typing import Any

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

from claims.intake.decode import clean

#: Opening and closing marks by language, outer ones first; what browsers draw.
_MARKS = {
    "de": "„“‚‘", "cs": "„“‚‘", "pl": "„”«»", "fr": "«»“”", "es": "«»“”", "it": "«»“”", "pt": "«»“”", "ru": "«»„“",
    "uk": "«»„“", "sv": "””’’", "fi": "””’’", "ja": "「」『』",
}  # fmt: skip
_ENGLISH = "“”‘’"
_ANY_MARK = '"“”„«»‟「」『』'
_OPENS = re.compile(rf"\s*[{_ANY_MARK}‘‚]")
_HELD = re.compile(r"[“„«「][^“”„«»「」]{3,}[”“»」]|\"[^\"]{3,}\"")
_DASHES = "-–—―~ \u00a0"
_LABEL = re.compile(r"[^\W\d_][\w.'’ -]{0,40}:\s")
_POST_CLASS = re.compile(
    r"twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|mastodon|truthsocial|fb-(?:post|xfbml)"
    r"|reddit-(?:embed|card)|text-post-media|telegram|threads-|linkedin|social-post|tumblr-post",
    re.IGNORECASE,
)
_POST_ADDRESS = re.compile(
    r"https?://(?:[\w-]+\.)?(?:(?:twitter|x)\.com/(?P<x>\w+)/status/|instagram\.com/(?:p|reel)/"
    r"|tiktok\.com/(?P<tiktok>@[\w.]+)|bsky\.app/profile/(?P<bsky>[\w.:-]+)/post|t\.me/(?P<telegram>\w+)/\d"
    r"|facebook\.com/[^\s\"']+/(?:posts|videos)/|reddit\.com/r/|threads\.(?:net|com)/(?P<threads>@[\w.]+)"
    r"|truthsocial\.com/(?P<truth>@\w+)|[\w.-]+/(?P<mastodon>@\w+)/\d{8,})",
    re.IGNORECASE,
)
_NOT_WORDS = re.compile(
    r"\s*(?:pic\.(?:twitter|x)\.com/\w+|https?://t\.co/\w+|View this (?:post|photo|video) on \w+|View on \w+"
    r"|♬[^\n]*|(?:Video|Photo) by @?[\w.@]+\s*\Z)\s*",
    re.IGNORECASE,
)
_SHARED = re.compile(r"(?:A (?:post|photo|video|reel) shared by|Posted by|Post by|by)\s+", re.IGNORECASE)
_CREDIT_NAMED = re.compile(
    r"cite|citation|author|attribution|credit|source|byline|speaker|signature|name", re.I
)
#: Boxes that a page draws as quotations; only one in which somebody is named by an element of its own is read so.
_QUOTE_BOX = re.compile(
    r"(?:\A|[\s_-])(?:pull-?quote|block-?quote|quote(?:-?(?:box|block))?|zitat)(?:\Z|\s)", re.IGNORECASE
)
_INDENTED = frozenset({"table", "ul", "ol", "h1", "h2", "h3", "pre", "iframe", "video"})
_LONGEST_CREDIT = 160


def mark_quotations(tree: Any, language: str = "") -> bool:
    """Give quotations of a parsed page their marks, and block quotations their speakers; say whether any was."""
    marks = _MARKS.get(language, _ENGLISH)
    blocks = [
        node for node in tree.iter("blockquote") if next(node.iterancestors("blockquote"), None) is None
    ]
    blocks += [
        node
        for node in tree.iter("div", "section", "figure")
        if _QUOTE_BOX.search(node.get("class", ""))
        and next(node.iter("blockquote"), None) is None
        and _signed_box(node)
    ]
    posts = [node for node in blocks if _is_post(node)]
    changed = False
    for node in posts:
        changed |= _mark_post(node, marks)
    rest = [node for node in blocks if node not in posts]
    words = sum(len(_text(node)) for node in rest)
    # Where most of a page is indented, the indent says nothing.
    if rest and 2 * words <= len(_text(tree)):
        for node in rest:
            changed |= _mark_block(node, marks)
    for node in list(tree.iter("q")):
        changed |= _mark_inline(node, marks)
    etree.strip_tags(tree, "q")
    return changed


def signed_quotation(words: list[str], marks: str = _ENGLISH) -> list[str]:
    """Return the paragraphs of a block quotation in marks, a signature on its last line behind a dash.

    As they came where the block holds quotations of its own, dialogue, or too few words.
    """
    rows, credit = list(words), ""
    if len(rows) > 1 and _is_signature(rows[-1]):
        credit = rows.pop().strip(_DASHES)
    if len(" ".join(rows).split()) < 3 or any(_LABEL.match(text) for text in rows):
        return words
    if _HELD.search(" ".join(rows)) and not _OPENS.match(rows[0]) and not credit:
        return words
    return _quotation(rows, credit, marks)


def _signed_box(node: Any) -> bool:
    """Return whether a box holds paragraphs of words and one element that names whose they are."""
    parts = [
        one
        for one in node.iter("p", "div", "span", "cite", "footer", "figcaption", "small")
        if one is not node
    ]
    credits = [
        one for one in parts if one.tag in ("cite", "footer") or _CREDIT_NAMED.search(one.get("class", ""))
    ]
    return len(credits) == 1 and 0 < len(_text(credits[0])) <= _LONGEST_CREDIT and len(_text(node)) < 1_500


def _mark_inline(node: Any, marks: str) -> bool:
    """Put the marks that a browser draws around a ``q`` into its text."""
    words = "".join(node.itertext())
    if not words.strip():
        return False
    depth = sum(1 for _ in node.iterancestors("q"))
    opening, closing = marks[2 * (depth % 2)], marks[2 * (depth % 2) + 1]
    before = _before(node)
    if _OPENS.match(words) or before.endswith(("“", "„", "«")):
        return False
    node.text = opening + (node.text or "").lstrip()
    if len(node):
        node[-1].tail = (node[-1].tail or "").rstrip() + closing
    else:
        node.text = node.text.rstrip() + closing
    return True


def _before(node: Any) -> str:
    previous = node.getprevious()
    if previous is not None:
        return (previous.tail or "").rstrip()
    parent = node.getparent()
    return (parent.text or "").rstrip() if parent is not None else ""


# --- posts ------------------------------------------------------------------------------------------------


def _is_post(node: Any) -> bool:
    if _POST_CLASS.search(node.get("class", "")):
        return True
    if _POST_ADDRESS.match(node.get("cite", "")):
        return True
    links = [one.get("href", "") for one in node.iter("a")]
    return bool(links) and _POST_ADDRESS.match(links[-1]) is not None and len(_text(node)) < 1_500


def _mark_post(node: Any, marks: str) -> bool:
    """Make a paragraph of a post: its words in marks, then a dash and whose it is."""
    paragraphs = [one for one in node.iter("p") if _text(one)]
    credit_in = [
        one for one in paragraphs if _SHARED.match(_text(one)) and len(_text(one)) <= _LONGEST_CREDIT
    ]
    said = [one for one in paragraphs if one not in credit_in]
    words = [_NOT_WORDS.sub(" ", _lines(one)).strip() for one in said]
    words = [one for one in words if re.search(r"\w", one)]
    credit = _text(credit_in[0]) if credit_in else _outside(node, said)
    if not words and credit_in:
        # A picture's caption may stand in a link beside the line that names its author.
        rest = _NOT_WORDS.sub(" ", _outside(node, credit_in)).strip()
        words = [rest] if len(rest.split()) > 2 else []
    if not words:
        return False
    credit = _NOT_WORDS.sub(" ", credit).strip(_DASHES)
    credit = _SHARED.sub("", credit, count=1).strip() if _SHARED.match(credit) else credit
    # The name ends where the day of the post begins.
    credit = re.sub(r"\)\s+(?:on\s+)?(?=[^\s,)])", "), ", credit)
    _replace(_wrapper(node), _quotation(words, credit or _handle(node), marks))
    return True


def _wrapper(node: Any) -> Any:
    """Return the outermost box around a post that holds nothing else: boxes named “embed” are passed over."""
    words = _text(node)
    while (parent := node.getparent()) is not None and parent.tag in ("div", "figure", "section", "span"):
        if _text(parent) != words:
            break
        node = parent
    return node


def _outside(node: Any, paragraphs: list[Any]) -> str:
    """Return the text of an element that is in none of these paragraphs."""
    inside = {id(one) for one in paragraphs}
    pieces: list[str] = []
    within = 0
    for event, one in etree.iterwalk(node, events=("start", "end")):
        if event == "start":
            within += id(one) in inside
            pieces.append("" if within else one.text or "")
        else:
            within -= id(one) in inside
            pieces.append("" if within or one is node else one.tail or "")
    return " ".join("".join(pieces).split())


def _handle(node: Any) -> str:
    """Return the account in the address of a post."""
    for address in [node.get("cite", ""), *(one.get("href", "") for one in node.iter("a"))]:
        if match := _POST_ADDRESS.match(address):
            name = next((one for one in match.groups() if one), "")
            return name if not name or name.startswith("@") else f"@{name}"
    return ""


# --- block quotations -------------------------------------------------------------------------------------


def _mark_block(node: Any, marks: str) -> bool:
    """Make paragraphs in marks of a block quotation, the last with its signature; leave what only indents."""
    if any(isinstance(one.tag, str) and one.tag in _INDENTED for one in node.iter()):
        return False
    holder = node
    parent = node.getparent()
    if parent is not None and parent.tag == "figure":
        holder = parent
    credit = _credit(holder)
    words = [text for text in _paragraphs(node) if text]
    if not credit and len(words) > 1 and _is_signature(words[-1]):
        credit = words.pop().strip(_DASHES)
    words = [re.sub(r"\A\s*>\s*", "", text) for text in words]
    if len(" ".join(words).split()) < 3 or any(_LABEL.match(text) for text in words):
        return False
    if _HELD.search(" ".join(words)) and not _OPENS.match(words[0]) and not credit:
        return False
    _replace(holder, _quotation(words, credit, marks))
    return True


def _credit(holder: Any) -> str:
    """Return who said it, by the elements for that, and take these out."""
    found = ""
    for one in list(holder.iter("cite", "footer", "figcaption", "span", "div", "p", "small", "strong")):
        named = one.tag in ("cite", "footer", "figcaption") or _CREDIT_NAMED.search(one.get("class", ""))
        text = _text(one)
        if not named or not text or len(text) > _LONGEST_CREDIT or one is holder:
            continue
        if (
            one.getparent() is None
            or next(one.iterancestors("cite", "footer", "figcaption"), None) is not None
        ):
            continue
        if one.tag not in ("cite", "footer", "figcaption") and len(text.split()) > 12:
            continue
        found = found or text.strip(_DASHES)
        one.text, one[:] = "", []
    return found


def _is_signature(text: str) -> bool:
    return text[:1] in "-–—―" and len(text) <= _LONGEST_CREDIT and len(text.split()) <= 16


def _paragraphs(node: Any) -> list[str]:
    inner = [one for one in node.iter("p", "div") if not len(list(one.iter("p", "div"))) > 1 and _text(one)]
    if not inner:
        return _lines(node).split("\n")
    loose = _outside(node, inner)
    return [line for one in inner for line in _lines(one).split("\n")] + ([loose] if loose else [])


def _quotation(words: list[str], credit: str, marks: str) -> list[str]:
    """Return paragraphs in marks: each is opened, the last is closed and signed."""
    marked = bool(_OPENS.match(words[0]))
    rows = list(words) if marked else [marks[0] + text for text in words]
    if not marked:
        rows[-1] += marks[1]
    if credit:
        rows[-1] += f" – {credit}"
    return rows


def _replace(node: Any, rows: list[str]) -> None:
    parent = node.getparent()
    if parent is None:
        return
    at = parent.index(node)
    made = []
    for row in rows:
        one = lxml.html.Element("p")
        one.text = clean(row)
        made.append(one)
    made[-1].tail = node.tail
    parent[at : at + 1] = made


def _lines(node: Any) -> str:
    """Return the text of an element with its line breaks."""
    pieces: list[str] = []
    for event, one in etree.iterwalk(node, events=("start", "end")):
        if event == "start":
            pieces.append("\n" if one.tag == "br" else re.sub(r"\s+", " ", one.text or ""))
        elif one is not node:
            pieces.append(re.sub(r"\s+", " ", one.tail or ""))
    return "\n".join(line.strip() for line in "".join(pieces).split("\n") if line.strip())


def _text(node: Any) -> str:
    scripts = list(node.iter("script", "style"))
    return _outside(node, scripts) if scripts else " ".join("".join(node.itertext()).split())
