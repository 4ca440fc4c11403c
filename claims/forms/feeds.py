"""Forms of feeds and imported checks: addresses, lists, files, columns, what labels mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from claims.forms.base import DeskForm
from claims.forms.fields import LineField
from claims.models import Feed

INTERVALS = (
    (15, _("every quarter of an hour")),
    (60, _("every hour")),
    (240, _("every four hours")),
    (1440, _("once a day")),
    (10080, _("once a week")),
)


class _Asked(DeskForm):
    """How often a feed is asked, and whether its pages are fetched."""

    every_minutes = forms.TypedChoiceField(
        choices=INTERVALS, coerce=int, initial=60, label=_("How often it is asked")
    )
    follow = forms.BooleanField(required=False, initial=True, label=_("Fetch the pages it names"))


class FeedForm(_Asked):
    """A new feed, by its address."""

    field_order = ("url", "kind", "title", "every_minutes", "follow")
    url = LineField(max_length=2000, required=True, label=_("Address of the feed"), placeholder="https://")
    kind = forms.ChoiceField(choices=Feed.Kind.choices, initial=Feed.Kind.ARTICLES, label=_("It brings"))
    title = LineField(max_length=200, label=_("Name"), help_text=_("Empty: what the feed calls itself."))

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        return url if "://" in url or not url else f"https://{url}"


class FeedChangeForm(_Asked):
    """What can be changed of a feed; an interval that a command set stays on offer."""

    field_order = ("title", "every_minutes", "follow")
    title = LineField(max_length=200, label=_("Name"))

    def __init__(self, feed: Feed, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["every_minutes"]
        assert isinstance(field, forms.TypedChoiceField)
        if feed.every_minutes not in dict(INTERVALS):
            own = (feed.every_minutes, _t("every %(n)d minutes") % {"n": feed.every_minutes})
            field.choices = [*INTERVALS, own]


class FeedListForm(_Asked):
    """A list of feeds, as feed readers export it."""

    field_order = ("file", "kind", "every_minutes", "follow")
    file = forms.FileField(
        allow_empty_file=True,
        label=_("OPML file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".opml,.xml"}),
    )
    kind = forms.ChoiceField(choices=Feed.Kind.choices, initial=Feed.Kind.ARTICLES, label=_("They bring"))


class ChecksFileForm(DeskForm):
    """A file of other publishers' fact checks."""

    file = forms.FileField(allow_empty_file=True, label=_("File"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.BLOB_LIMIT:
            raise forms.ValidationError(
                _t("The file is larger than %(size)d MB.") % {"size": settings.BLOB_LIMIT // 1024**2}
            )
        return file
