"""Is a document a primary source by who issued it or by its form: an office, a court, an observer; a judgment, minutes?

Reads the outlet's name and site, the title, the address and the first lines. Names of papers, broadcasters and news
agencies are never offices, whatever words they bear ("The Record", "Court News"). Silent where nothing says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from claims.independence.credits import is_agency, is_press


class Form(StrEnum):
    """What makes a document primary; NONE where nothing does.

    The first four go by the issuer and vouch for what the document itself says; of the others the form vouches,
    whoever printed it.
    """

    NONE = ""
    STATISTICS = "statistics"
    COURT = "court"
    AUTHORITY = "authority"
    OBSERVER = "observer"
    JUDGMENT = "judgment"
    MINUTES = "minutes"
    DATASET = "dataset"
    TRANSCRIPT = "transcript"
    RELEASE = "release"
    WITNESS = "witness"

    @property
    def is_issuer(self) -> bool:
        return self in (Form.STATISTICS, Form.COURT, Form.AUTHORITY, Form.OBSERVER)


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a passage is printed: outlet, site, title and address of its document, and the first lines of its text."""

    outlet: str = ""
    site: str = ""
    title: str = ""
    url: str = ""
    head: str = ""
    agency: bool = False


#: How much of a text its form is read from, in characters.
HEAD = 600

_STATISTICS = re.compile(
    r"\bstatisti(?:cs?|cal|k|que|ques)\b|\bstatistisch\w*|\bestad[ií]stic\w*|\bcensus bureau\b|\bdestatis\b"
    r"|\beurostat\b|\binsee\b",
    re.IGNORECASE,
)
_COURT = re.compile(
    r"\b(?:supreme|high|district|county|crown|appeals?|constitutional|administrative|regional"
    r"|criminal) court\b"
    r"|\bcourt of\b|\btribunal\b|\b\w*gericht(?:shof)?\b|\bcour (?:de|d['’]|supr[eê]me)|\bjuzgado\b"
    r"|\baudiencia\b"
    r"|\bconseil d['’][eé]tat\b",
    re.IGNORECASE,
)
_OBSERVER = re.compile(
    r"\bobserver mission\b|\bmonitoring mission\b|\bobservation mission\b|\bobservers?['’]? mission\b"
    r"|\bombuds\w+"
    r"|\binspectorate\b|\bbeobachtermission\b|\bmisi[oó]n de observaci[oó]n\b|\bmission d['’]observation\b"
    r"|\b(?:accident|safety) investigation (?:board|branch|bureau)\b|\bauditor[- ]general\b"
    r"|\bcourt of audit(?:ors)?\b"
    r"|\baudit office\b|\brechnungshof\b|\bcour des comptes\b|\btribunal de cuentas\b",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(
    r"\bministry\b|\bgovernment\b|\bparliament\b|\bsenate\b|\bcity of\b|\b(?:city|town|county|municipal"
    r"|parish) council\b"
    r"|\bmunicipality\b|\bdepartment (?:of|for)\b|\boffice (?:of|for)\b|\bprosecut(?:or"
    r"|ion)\w*(?:['’]s)? (?:office|service)\b"
    r"|\b(?:electoral|election|central) commission\b|\b(?:water|road|harbou?r|port|health|school"
    r"|housing|energy|transport|"
    r"labou?r|employment|tax|land|customs|police|fire|rail|railway|aviation|food|environment\w*"
    r"|meteorological|weather|"
    r"geological|public health|patent|civil|company|companies|population|regulatory|safety|elections?)"
    r"(?: \w+)? (?:board|authority|agency|office|register|registry|service|services|department"
    r"|administration|institute|"
    r"inspection|survey|commission|regulator|house)\b|\bcentral bank\b|\breserve bank\b|\bregulator\b"
    r"|\bministerium\b|\bministerien\b|\b\w+ministerium\b|\bbundes(?:amt|anstalt|regierung|agentur|bank"
    r"|rat|tag)\b"
    r"|\b\w+beh[oö]rde\b|\bstadtverwaltung\b|\blandesamt\b|\bstaatsanwaltschaft\b|\brathaus\b"
    r"|\bministerio\b|\bgobierno\b|\bayuntamiento\b|\bfiscal[ií]a\b|\bcongreso de\b|\bjunta electoral\b"
    r"|\bminist[eè]re\b|\bgouvernement\b|\bpr[eé]fecture\b|\bmairie\b|\bparquet de\b"
    r"|\bassembl[eé]e nationale\b",
    re.IGNORECASE,
)
_OFFICIAL_SITE = re.compile(
    r"(?:^|\.)(?:gov|mil|int)(?:\.[a-z]{2})?$|(?:^|\.)(?:gob|gouv|govt|gv|go|admin|bund"
    r"|europa)\.(?:[a-z]{2})$"
    r"|(?:^|\.)gc\.ca$|(?:^|\.)europa\.eu$|(?:^|\.)parliament\.uk$|(?:^|\.)un\.org$"
    r"|(?:^|\.)(?:gov|gouv)\.[a-z]{2}\.ca$|(?:^|\.)(?:state|co|ci)\.[\w.-]*[a-z]{2}\.us$|(?:^|\.)gub\.[a-z]{2}$"
    r"|(?:^|\.)(?:government|parliament|parlament|elections)\.[a-z]{2}$",
)
#: What lies on an office's site and is not its word: papers of everybody.
_LIBRARIES = re.compile(r"(?:^|\.)(?:pubmed|pmc|ncbi|eric|arxiv|osti)\.")
_JUDGMENT = re.compile(
    r"^\s*(?:in the (?:\w+ ){1,4}court\b|judge?ment\b|ruling\b(?! party)|order of the court\b|urteil\b"
    r"|beschluss\b|"
    r"sentencia\b|arr[eê]t\b|jugement\b)|\bcase no\.? ?\w*\d|\baktenzeichen\b|\baz\.:? ?\d"
    r"|\bneutral citation\b"
    r"|\bin the matter of [A-Z]",
    re.IGNORECASE | re.MULTILINE,
)
_MINUTES = re.compile(
    r"\bminutes of (?:the |a )?(?:\w+ ){0,6}(?:meeting|session|sitting|council|committee|board|assembly)\b"
    r"|^\s*minutes\b|\bhansard\b|\bofficial record of\b|^\s*(?:sitzungs|plenar)?protokoll\b"
    r"|\bniederschrift [uü]ber\b"
    r"|^\s*acta de\b|\bdiario de sesiones\b|\bcompte rendu (?:int[eé]gral|de la)\b|\bproc[eè]s-verbal\b",
    re.IGNORECASE | re.MULTILINE,
)
_DATASET = re.compile(
    r"\.(?:csv|tsv|xlsx?|ods)(?:\?|#|$)|\bdata ?sets?\b|^\s*table \d+[.:]", re.IGNORECASE | re.MULTILINE
)
_TRANSCRIPT = re.compile(
    r"\b(?:full |verbatim )?transcript\b(?! (?:shows?|seen|obtained))|\bverbatim record\b"
    r"|\bwortprotokoll\b|\btranscripci[oó]n\b"
    r"|\bspeech (?:by|of) (?:the |[A-Z])|\bremarks by\b",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"^\s*(?:press|news|media) release\b|\bfor immediate release\b|^\s*statement by\b|^\s*(?:presse"
    r"|medien)mitteilung\b"
    r"|^\s*(?:nota|comunicado) de prensa\b|^\s*communiqu[eé](?: de presse)?\b",
    re.IGNORECASE | re.MULTILINE,
)
_WITNESS = re.compile(
    r"\b(?:[Oo]ur|[Tt]his newspaper['’]s|(?:a|an|the) [A-Z]\w+(?: [A-Z]\w+)?) (?:reporter|correspondent"
    r"|photographer|journalist)s?"
    r" (?:saw|counted|watched|witnessed|measured|found|heard|visited|was there|were there|who (?:was"
    r"|were) (?:there|present))\b"
    r"|\b(?:I|we) (?:saw|counted|watched|witnessed|measured) (?:\w+ ){0,8}(?:myself|ourselves"
    r"|with (?:my|our) own eyes)\b"
    r"|\b(?:seen|counted|witnessed|heard|measured|filmed) by (?:our|a|an|this) (?:\w+ )?(?:reporter"
    r"|correspondent|newspaper)\b",
)


def form_of(printed: Printed, passage: str = "") -> Form:
    """Return what makes the document a primary source; ``passage`` is read for an observation of the writer's own."""
    top = f"{printed.title}\n{printed.head[:HEAD]}"
    if _DATASET.search(printed.url) or _DATASET.search(printed.title):
        return Form.DATASET
    if _OBSERVER.search(printed.outlet):
        # Before papers are told by their words: "Observer" is one of them.
        return Form.OBSERVER
    press = printed.agency or is_agency(printed.outlet) or is_press(printed.outlet)
    if not press:
        found = _by_form(printed.title, top) or _by_issuer(printed)
        if found is not Form.NONE:
            return found
    elif _TRANSCRIPT.search(printed.title) or _MINUTES.search(printed.title):
        return Form.TRANSCRIPT
    return Form.WITNESS if _WITNESS.search(passage) else Form.NONE


def _by_form(title: str, top: str) -> Form:
    if _MINUTES.search(title) or _MINUTES.search(top[:200]):
        return Form.MINUTES
    if _JUDGMENT.search(top[:300]):
        return Form.JUDGMENT
    if _TRANSCRIPT.search(title):
        return Form.TRANSCRIPT
    return Form.RELEASE if _RELEASE.search(top[:300]) else Form.NONE


def _by_issuer(printed: Printed) -> Form:
    name = printed.outlet
    for form, pattern in (
        (Form.STATISTICS, _STATISTICS),
        (Form.COURT, _COURT),
        (Form.AUTHORITY, _AUTHORITY),
    ):
        if name and pattern.search(name):
            return form
    return _by_site(printed.site.casefold())


def _by_site(site: str) -> Form:
    if _LIBRARIES.search(site):
        return Form.NONE
    names = site.split(".")
    for at in range(len(names) - 1):
        if found := _sites().get(".".join(names[at:])):
            return found
    return Form.AUTHORITY if _OFFICIAL_SITE.search(site) else Form.NONE


@cache
def _sites() -> dict[str, Form]:
    """Return the sites of offices that are known by name, with what kind of office each is."""
    found: dict[str, Form] = {}
    form = Form.AUTHORITY
    for line in Path(__file__).with_name("office_sites.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            form = Form(line.strip("[]"))
        elif not line.startswith("#"):
            found.update(dict.fromkeys(line.split(), form))
    return found
