"""Forms of the discussion: what is said, to whom, about which words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.base import DeskForm, Version
from claims.forms.fields import LineField, Prose
from claims.models import User


class DiscussionForm(DeskForm):
    """One note; ``people`` are whom it can name."""

    text = Prose(rows=3, label=_("Write to the desk"), help_text=_("@ and a name names a person."))
    quotation = LineField(label=_("The words it is about"))
    tell = forms.TypedMultipleChoiceField(
        coerce=int, required=False, label=_("Tell"), widget=forms.CheckboxSelectMultiple
    )
    expected_version = Version()

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tell: Any = self.fields["tell"]
        tell.choices = list(people)


class TellingForm(DeskForm):
    """Whether and when somebody gets mail of what is in their inbox."""

    told_by_mail = forms.ChoiceField(
        choices=User.ToldByMail.choices, label=_("Mail of what needs me"), widget=forms.RadioSelect
    )
    digest_hour = forms.IntegerField(
        min_value=0, max_value=23, label=_("Hour of the daily mail"), help_text=_("By the clock of the desk.")
    )

    @classmethod
    def of(cls, user: User) -> TellingForm:
        start = {"told_by_mail": user.told_by_mail, "digest_hour": user.digest_hour}
        return cls(initial=start, auto_id="telling-%s")
