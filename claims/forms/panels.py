"""Forms of opinions that are formed apart: whom to ask, and what one finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.base import DeskForm, Version
from claims.forms.fields import Prose, moment
from claims.models import Opinion, Rating, RatingScale


class AskPanelForm(DeskForm):
    """Whom to ask, how many must find the same, and by when."""

    readers = forms.TypedMultipleChoiceField(
        coerce=int, label=_("Ask"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Of whoever has seen the verdict on the claim's page, the opinion says so."),
    )  # fmt: skip
    needed = forms.IntegerField(
        min_value=1, max_value=9, label=_("So many must find the same"),
        help_text=_("Otherwise it counts as no agreement; every opinion is kept."),
    )  # fmt: skip
    due_at = forms.DateTimeField(
        required=False, widget=moment(), label=_("Until"),
        help_text=_("Who has said nothing is reminded before, and then it ends without them."),
    )  # fmt: skip
    words = Prose(rows=2, max_length=5_000, label=_("A word to them"))

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers: Any = self.fields["readers"]
        readers.choices = list(people)


class OpinionForm(DeskForm):
    """What one reader finds, and what it rests on."""

    rating = forms.ModelChoiceField(
        queryset=Rating.objects.none(), label=_("I find it"), widget=forms.RadioSelect, empty_label=None
    )
    reason = Prose(rows=4, max_length=5_000, required=True, label=_("Because"))
    expected_version = Version()

    def __init__(self, *args: Any, scale: RatingScale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rating: Any = self.fields["rating"]
        rating.queryset = Rating.objects.filter(scale=scale).order_by("position", "pk")

    @classmethod
    def of(cls, opinion: Opinion, scale: RatingScale) -> OpinionForm:
        """Return the form with what was said so far."""
        said = {
            "rating": opinion.rating_id, "reason": opinion.reason, "expected_version": opinion.version,
        }  # fmt: skip
        return cls(initial=said, scale=scale, auto_id="opinion-%s")
