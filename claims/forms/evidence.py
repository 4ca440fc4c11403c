"""Decisions about evidence, evidence added by hand, and questions in one's own words.

Every form ends in one action; the quotation is always the person's to copy.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from claims.actions.evidence import decisions as actions
from claims.actions.evidence.search import search_claim
from claims.forms.fields import LineField, PartialDateField, Prose, moment
from claims.models import Claim, Evidence, Job, User

STANCES = [("", _("not decided")), *[row for row in Evidence.Stance.choices if row[0]]]


class _ThreeWay(forms.NullBooleanField):
    """Yes, no, or not part of what was sent; a missing value changes nothing."""

    widget = forms.NullBooleanSelect

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]  # as Django's own, stubbed too narrow
        if value in (None, ""):
            return None
        return str(value).lower() in ("1", "true", "on", "yes")


class EvidenceDecisionForm(forms.Form):
    """What a person decides about one piece of evidence; only fields that were sent change anything."""

    stance = forms.ChoiceField(choices=STANCES, required=False, label=_("Stance"))
    cited = _ThreeWay(required=False, label=_("Cited"))
    rejected = _ThreeWay(required=False, label=_("Rejected"))
    reason = LineField(max_length=300, label=_("Why"))
    according_to = LineField(
        max_length=300, label=_("According to"), placeholder=_("whom the passage relies on")
    )
    primacy = forms.ChoiceField(
        choices=Evidence.Primacy.choices, required=False, label=_("Primary or secondary")
    )
    interest = LineField(max_length=500, label=_("Interest"), placeholder=_("what the source stands to gain"))
    is_public = _ThreeWay(required=False, label=_("Shown to the public"))
    translation = Prose(rows=3, max_length=20_000, label=_("Translation"))
    expected_version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        """Return the decisions that were sent, ready for ``decide``."""
        sent = [name for name in actions.DECIDABLE if name in self.data]
        return {name: self.cleaned_data[name] for name in sent if self.cleaned_data[name] is not None}

    def decide(self, *, actor: User, evidence: Evidence) -> Evidence:
        return actions.decide(
            actor=actor,
            evidence=evidence,
            expected_version=self.cleaned_data["expected_version"],
            **self.changes(),
        )


class _AddEvidenceForm(forms.Form):
    """What all four ways of adding evidence share: the words, and how they bear on the claim."""

    quotation = Prose(rows=4, label=_("Quotation"), help_text=_("The words as they stand there."))
    stance = forms.ChoiceField(choices=STANCES, required=False, label=_("Stance"))

    def add(self, *, actor: User, claim: Claim) -> Evidence | Job:
        raise NotImplementedError


class AddEvidenceUrlForm(_AddEvidenceForm):
    """A page: it is fetched into the archive by a job, and stands with what was typed whatever comes."""

    url = forms.CharField(
        max_length=2000, label=_("Address"), widget=forms.TextInput(attrs={"inputmode": "url"})
    )
    title = LineField(max_length=500, label=_("Title"))
    date = PartialDateField(label=_("Date"))
    field_order = ["url", "quotation", "title", "date", "stance"]

    def add(self, *, actor: User, claim: Claim) -> Evidence:
        return actions.add_by_url(actor=actor, claim=claim, **self.cleaned_data)


class AddEvidenceFileForm(_AddEvidenceForm):
    """A file: it goes into the archive; the quotation must stand in it."""

    file = forms.FileField(label=_("File"), help_text=_("txt, html, md, csv, json or pdf"))
    title = LineField(max_length=500, label=_("Title"))
    field_order = ["file", "quotation", "title", "stance"]

    def add(self, *, actor: User, claim: Claim) -> Job:
        values = dict(self.cleaned_data)
        upload = values.pop("file")
        return actions.add_by_file(actor=actor, claim=claim, name=upload.name, data=upload.read(), **values)


class AddEvidenceQuotationForm(_AddEvidenceForm):
    """Words from a book, a broadcast, a post: any place outside the archive."""

    source_title = LineField(max_length=500, required=True, label=_("Where the words are from"))
    source_url = forms.URLField(
        max_length=2000, required=False, assume_scheme="https", label=_("Address, if any")
    )
    source_date = PartialDateField(label=_("Date"))
    primacy = forms.ChoiceField(
        choices=Evidence.Primacy.choices, required=False, label=_("Primary or secondary")
    )
    according_to = LineField(max_length=300, label=_("According to"))
    field_order = [
        "quotation",
        "source_title",
        "source_url",
        "source_date",
        "stance",
        "primacy",
        "according_to",
    ]

    def add(self, *, actor: User, claim: Claim) -> Evidence:
        return actions.add_quotation(actor=actor, claim=claim, **self.cleaned_data)


class AddEvidenceContactForm(_AddEvidenceForm):
    """Who was asked, when, and what they said; no answer is written down as such."""

    who = LineField(max_length=200, required=True, label=_("Who was asked"))
    how = LineField(max_length=200, label=_("How"), placeholder=_("by e-mail, by telephone"))
    asked_at = forms.DateTimeField(label=_("Asked at"), widget=moment())
    answered_at = forms.DateTimeField(required=False, label=_("Answered at"), widget=moment())
    question = Prose(rows=2, max_length=5_000, label=_("Question"))
    field_order = ["who", "how", "asked_at", "question", "answered_at", "quotation", "stance"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quotation"].label = _("Answer")
        self.fields["quotation"].help_text = _("Empty while there is none.")

    def add(self, *, actor: User, claim: Claim) -> Evidence:
        return actions.add_contact(actor=actor, claim=claim, **self.cleaned_data)


ADD_FORMS: dict[str, type[_AddEvidenceForm]] = {
    "url": AddEvidenceUrlForm,
    "file": AddEvidenceFileForm,
    "quotation": AddEvidenceQuotationForm,
    "contact": AddEvidenceContactForm,
}


class AddByHandForm(forms.Form):
    """All four ways in one form: the kind that is chosen says which fields count, the others stay as typed."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        choices=[
            ("url", _("Address")),
            ("file", _("File")),
            ("quotation", _("Quotation")),
            ("contact", _("Contact note")),
        ],
        initial="url",
        widget=forms.RadioSelect,
        label=_("What is it?"),
    )
    #: Of one name in several kinds the first stands for all.
    _ORDER = (
        "url", "file", "source_title", "source_url", "who", "how", "asked_at", "question", "answered_at",
        "quotation", "title", "date", "source_date", "primacy", "according_to", "stance",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds_of: dict[str, list[str]] = {}
        for kind, form_class in ADD_FORMS.items():
            for name, field in form_class.base_fields.items():
                self.kinds_of.setdefault(name, []).append(kind)
                if name not in self.fields:
                    self.fields[name] = copy.deepcopy(field)
                    self.fields[name].required = False
        self.fields["quotation"].label = _("Quotation, or the answer")
        self.order_fields(["kind", *self._ORDER])
        self._chosen: _AddEvidenceForm | None = None

    def rows(self) -> Iterator[tuple[BoundField, str]]:
        """Yield the fields with the classes that say which kinds they belong to."""
        for name in self.fields:
            if name != "kind":
                yield self[name], " ".join(f"for-{kind}" for kind in self.kinds_of[name])

    def full_clean(self) -> None:
        """Validate by the form of the chosen kind alone; what was typed for another kind refuses nothing."""
        self._errors = forms.utils.ErrorDict()
        if not self.is_bound:
            return
        self.cleaned_data = {}
        kind = self.data.get("kind", "")
        if kind not in ADD_FORMS:
            self.add_error("kind", _("Choose what it is."))
            return
        self._chosen = ADD_FORMS[kind](self.data, self.files)
        for name, errors in self._chosen.errors.items():
            self.add_error(None if name == "__all__" else name, list(errors))
        self.cleaned_data = {"kind": kind}

    def add(self, *, actor: User, claim: Claim) -> Evidence | Job:
        assert self._chosen is not None
        return self._chosen.add(actor=actor, claim=claim)


class AskForm(forms.Form):
    """A search of the archive: in the claim's words, or in one's own, kept to a part of it if wanted."""

    own_words = LineField(
        max_length=1000,
        label=_("Ask in your own words"),
        placeholder=_("words, an exact “phrase”, and -words to leave out"),
    )
    outlet = LineField(
        max_length=500, label=_("Outlet"), help_text=_("By name or site; several with a semicolon between.")
    )
    since = PartialDateField(label=_("Published from"))
    until = PartialDateField(label=_("Published to"))
    language = LineField(
        max_length=10,
        label=_("Language"),
        help_text=_("By its code: en, de, ar. Texts in it alone are asked."),
    )

    #: What keeps a question to a part of the archive.
    FILTERS = ("outlet", "since", "until", "language")

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FILTERS]

    @property
    def filtered(self) -> bool:
        """Tell whether something was typed that keeps the question to a part of the archive."""
        return any(self[name].value() or self[name].errors for name in self.FILTERS)

    def search(self, *, actor: User, claim: Claim) -> Job:
        """Ask as it was typed."""
        data = self.cleaned_data
        return search_claim(
            actor=actor,
            claim=claim,
            own_words=data["own_words"],
            outlets=data["outlet"].split(";"),
            since=data["since"],
            until=data["until"],
            language=data["language"],
        )


class OutsideSearchForm(forms.Form):
    """Where outside the archive somebody goes to search, and with which words."""

    where = forms.CharField(max_length=40)
    text = LineField(max_length=1000, required=True, label=_("Words"))
