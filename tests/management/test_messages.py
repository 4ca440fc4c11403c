"""Is every sentence of the interface in every language, whole and with its own placeholders?"""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import dates

from claims.management import messages

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]


@pytest.fixture(scope="module")
def said() -> Catalog:
    """What the project's own code and templates say."""
    return messages.collected()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_in_step_with_the_code(said: Catalog, language: str) -> None:
    assert messages.out_of_step(messages.standing(language), said) == [], "run manage.py messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated(language: str) -> None:
    assert [one.id for one in messages.missing(messages.standing(language))] == []


def test_our_sentences_are_not_djangos_names_of_days_and_months(said: Catalog) -> None:
    """A sentence of ours goes before Django's: “May” on a button would become the month."""
    named: set[str] = set()
    for names in (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_AP, dates.WEEKDAYS, dates.WEEKDAYS_ABBR):
        named |= {str(name).casefold() for name in names.values()}
    ours = {one.id.casefold() for one in said if isinstance(one.id, str) and one.id and not one.context}
    assert named & ours == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_tags_and_outer_spaces_are_kept(language: str) -> None:
    assert messages.mistakes(messages.standing(language)) == []


def spoken(catalog: Catalog) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what is translated, by context and sentence."""
    found = {}
    for one in catalog:
        said = (one.string,) if isinstance(one.string, str) else tuple(one.string)
        if one.id and all(said):
            # Read from the compiled file a context is bytes.
            context = one.context.decode() if isinstance(one.context, bytes) else one.context or ""
            found[context, one.id if isinstance(one.id, str) else one.id[0]] = said
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_says_what_the_written_one_says(language: str) -> None:
    compiled = read_mo(BytesIO(messages.po_path(language).with_suffix(".mo").read_bytes()))
    assert spoken(compiled) == spoken(messages.standing(language))


def project(folder: Path, code: str, template: str = "") -> Path:
    for name in ("claims", "factcheck", "templates"):
        (folder / name).mkdir()
    (folder / "claims" / "a.py").write_text(code, encoding="utf-8")
    (folder / "templates" / "a.html").write_text(template, encoding="utf-8")
    return folder


def test_calls_of_every_kind_are_found(tmp_path: Path) -> None:
    found = messages.collected(
        project(
            tmp_path,
            'a = _("One") + _t("Two" " and three")\nb = ngettext("%(n)d row", "%(n)d rows", n)\n'
            'c = _lazy("Later")\nd = pgettext_lazy("month", "May")\ne = _(name)\n',
            '{% load i18n %}<p title="{% translate "A title" %}">\n   {% blocktranslate count n=n trimmed %}\n'
            "   One claim\n   {% plural %}\n {{ n }} claims\n {% endblocktranslate %}\n"
            '{{ x|default:_("nothing") }} it\'s {% comment %}"{% endcomment %}</p>',
        )
    )
    assert {(one.context, one.id) for one in found if one.id} == {
        (None, "One"), (None, "Two and three"), (None, ("%(n)d row", "%(n)d rows")), (None, "Later"),
        ("month", "May"), (None, "A title"), (None, ("One claim", "%(n)s claims")), (None, "nothing"),
    }  # fmt: skip


def catalogue(*rows: tuple[object, object]) -> Catalog:
    made = Catalog(locale="de", charset="utf-8", fuzzy=False)
    for said, translated in rows:
        made.add(said, translated)
    return made


def test_what_is_said_no_more_is_dropped_and_nothing_is_guessed(tmp_path: Path) -> None:
    before = catalogue(("The claim was closed.", "Die Behauptung wurde geschlossen."), ("Old", "Alt"))
    messages.store(before, "de", tmp_path)
    after = messages.merged(
        "de", catalogue(("The claim was closed.", ""), ("The claims were closed.", "")), tmp_path
    )
    assert {one.id: one.string for one in after if one.id} == {
        "The claim was closed.": "Die Behauptung wurde geschlossen.",
        "The claims were closed.": "",
    }
    assert [one.id for one in messages.missing(after)] == ["The claims were closed."]
    assert "Old" not in messages.as_po(after)


def test_half_a_plural_and_a_fuzzy_one_are_missing() -> None:
    half = catalogue((("%(n)d row", "%(n)d rows"), ("%(n)d Zeile", "")), ("Sure", "Sicher"))
    half["Sure"].flags.add("fuzzy")
    assert len(messages.missing(half)) == 2


@pytest.mark.parametrize(
    ("said", "translated"),
    [
        ("%(name)s has it.", "Jemand hat ihn."),
        ("%(n)d of %(most)d", "%(n)d von %(n)d"),
        ("On their way: {n}.", "Unterwegs: {m}."),
        ("Read <a href='x'>this</a>", "Lesen Sie dies"),
        (" or ", "oder"),
        (("%(n)d row", "%(n)d rows"), ("%(n)d Zeile", "Zeilen")),
    ],
)
def test_a_translation_that_loses_something_is_a_mistake(said: object, translated: object) -> None:
    assert len(messages.mistakes(catalogue((said, translated)))) == 1


def test_the_singular_may_count_or_name_the_one() -> None:
    assert messages.mistakes(catalogue((("One row", "%(n)d rows"), ("%(n)d Zeile", "%(n)d Zeilen")))) == []


def test_the_command_says_what_is_missing_and_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(messages, "standing", lambda language: catalogue(("Old", "Alt")))
    out = StringIO()
    with pytest.raises(CommandError, match="sentences need somebody"):
        call_command("messages", "--check", stdout=out, stderr=StringIO())
    assert "said no more: |Old" in out.getvalue()
