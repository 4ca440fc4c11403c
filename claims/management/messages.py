"""Which sentences does the project say, and which of them has a language of the interface not got yet?

Reads Python files and templates without GNU gettext, so that a machine with Python alone can collect and compile
(Babel does both; Django's own ``templatize`` finds what templates say). Texts of a desk are never looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "locale"
#: What the code calls the functions of gettext.
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "_t": None,
    "_lazy": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACES = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd](?!\w)|\{\w+\}")
_TAGS = re.compile(r"</?\w+[^>]*>")


def collected(root: Path = ROOT) -> Catalog:
    """Return every sentence that code and templates mark for translation, with the files it stands in."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path in _files(root):
        text = path.read_text(encoding="utf-8")
        for function, said in _marked(path, text):
            context, singular, plural = _parts(function, said)
            if singular:
                found = (singular, plural) if plural else singular
                catalog.add(found, locations=[(path.relative_to(root).as_posix(), 0)], context=context)
    return catalog


def _files(root: Path) -> Iterator[Path]:
    for folder, pattern in (("claims", "*.py"), ("factcheck", "*.py"), ("templates", "*.*")):
        yield from sorted(path for path in (root / folder).rglob(pattern) if "migrations" not in path.parts)


def _marked(path: Path, text: str) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    if path.suffix != ".py":
        # What a template says is left as calls between X: without its indents these are lines of Python.
        text = "\n".join(line.strip() for line in templatize(text, origin=path.name).splitlines())
    found = extract_python(BytesIO(text.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    for _line, function, said, _comments in found:
        one: Any = said
        yield str(function), (one if isinstance(one, tuple) else (one,))


def _parts(function: str, said: tuple[str | None, ...]) -> tuple[str | None, str, str]:
    """Return context, singular and plural; an empty singular where the call names no constant."""
    context = None
    if function.removeprefix("n").startswith("pgettext"):
        context, said = said[0], said[1:]
    plural = said[1] if "ngettext" in function or "npgettext" in function else ""
    return context, said[0] or "" if said else "", plural or ""


def po_path(language: str, locale: Path = LOCALE) -> Path:
    """Return the file in which people translate."""
    return locale / language / "LC_MESSAGES" / "django.po"


def standing(language: str, locale: Path = LOCALE) -> Catalog:
    """Return what is translated; an empty catalogue where nothing is yet."""
    path = po_path(language, locale)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False, project="Fact-check workbench")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, template: Catalog, locale: Path = LOCALE) -> Catalog:
    """Return the catalogue brought into step: new sentences empty, old ones dropped, nothing guessed."""
    catalog = standing(language, locale)
    dates = catalog.creation_date, catalog.revision_date
    catalog.update(template, no_fuzzy_matching=True)
    catalog.creation_date, catalog.revision_date = dates
    catalog.obsolete.clear()
    for message in catalog:
        if message.id and message.fuzzy:
            message.flags.discard("fuzzy")
            message.string = ("",) * catalog.num_plurals if message.pluralizable else ""
    return catalog


def as_po(catalog: Catalog) -> str:
    """Return the catalogue as a .po file: sorted, with the files a sentence stands in and without line numbers."""
    file = BytesIO()
    write_po(file, catalog, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return file.getvalue().decode("utf-8")


def as_mo(catalog: Catalog) -> bytes:
    """Return the catalogue compiled, as Django reads it; what has no translation is left out."""
    for message in missing(catalog):
        catalog.delete(message.id, message.context)
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def store(catalog: Catalog, language: str, locale: Path = LOCALE) -> None:
    """Write both files of a language. The compiled one is made of the written one, so that they cannot differ."""
    path = po_path(language, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = as_po(catalog)
    path.write_text(text, encoding="utf-8")
    path.with_suffix(".mo").write_bytes(as_mo(read_po(StringIO(text), locale=language)))


def out_of_step(catalog: Catalog, template: Catalog) -> list[str]:
    """Return a line for each sentence that one of the two has and the other has not."""
    known, said = (_keys(one) for one in (catalog, template))
    return [f"not collected: {key}" for key in sorted(said - known)] + [
        f"said no more: {key}" for key in sorted(known - said)
    ]


def _keys(catalog: Catalog) -> set[str]:
    return {f"{message.context or ''}|{message.id}" for message in catalog if message.id}


def missing(catalog: Catalog) -> list[Message]:
    """Return what has no translation, or only some of its plural forms, or one that was guessed."""
    return [
        one
        for one in catalog
        if one.id and (one.fuzzy or not all(_strings(one)) or len(_strings(one)) != _forms(catalog, one))
    ]


def _forms(catalog: Catalog, message: Message) -> int:
    return int(catalog.num_plurals) if message.pluralizable else 1


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string or ""]


def mistakes(catalog: Catalog) -> list[str]:
    """Return a line for each translation whose placeholders, tags or outer spaces are not its sentence's."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        ids = list(message.id) if isinstance(message.id, (list, tuple)) else [message.id]
        for number, said in enumerate(_strings(message)):
            # The singular may name the one, or count it.
            allowed = ids if number == 0 else ids[-1:]
            if said and all(_shape(said) != _shape(one) for one in allowed):
                found.append(f"{ids[0]!r} → {said!r}")
    return found


def _shape(text: str) -> tuple[Counter[str], Counter[str], bool, bool]:
    return (
        _count(_PLACES.findall(text)),
        _count(re.sub(r"\s.*", ">", tag) for tag in _TAGS.findall(text)),
        text[:1].isspace(),
        text[-1:].isspace(),
    )


def _count(parts: Iterable[str]) -> Counter[str]:
    return Counter(parts)
