"""How do pages show ratings, states, times, partial dates and keys? Colour, drawing and word say the same."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

from django import template
from django.db import models
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import get_language_info, ngettext_lazy
from django.utils.translation import gettext as _

from claims.models.fields import LAST_MINUTE
from claims.templatetags.date_words import in_words, moment_in_words
from claims.templatetags.glyphs import drawing_of, glyph, rating_tag, value_tag

register = template.Library()

# Whole sentences: languages bend the unit after “ago” and “in”.
_AGO: dict[str, Any] = {
    "year": ngettext_lazy("%(num)d year ago", "%(num)d years ago", "num"),
    "month": ngettext_lazy("%(num)d month ago", "%(num)d months ago", "num"),
    "week": ngettext_lazy("%(num)d week ago", "%(num)d weeks ago", "num"),
    "day": ngettext_lazy("%(num)d day ago", "%(num)d days ago", "num"),
    "hour": ngettext_lazy("%(num)d hour ago", "%(num)d hours ago", "num"),
    "minute": ngettext_lazy("%(num)d minute ago", "%(num)d minutes ago", "num"),
}
#: The same in the fewest letters, for a column.
_AGE: dict[str, Any] = {
    "year": ngettext_lazy("%(num)d y", "%(num)d y", "num"),
    "month": ngettext_lazy("%(num)d mo.", "%(num)d mo.", "num"),
    "week": ngettext_lazy("%(num)d w", "%(num)d w", "num"),
    "day": ngettext_lazy("%(num)d d", "%(num)d d", "num"),
    "hour": ngettext_lazy("%(num)d h", "%(num)d h", "num"),
    "minute": ngettext_lazy("%(num)d min", "%(num)d min", "num"),
}
_AHEAD: dict[str, Any] = {
    "year": ngettext_lazy("in %(num)d year", "in %(num)d years", "num"),
    "month": ngettext_lazy("in %(num)d month", "in %(num)d months", "num"),
    "week": ngettext_lazy("in %(num)d week", "in %(num)d weeks", "num"),
    "day": ngettext_lazy("in %(num)d day", "in %(num)d days", "num"),
    "hour": ngettext_lazy("in %(num)d hour", "in %(num)d hours", "num"),
    "minute": ngettext_lazy("in %(num)d minute", "in %(num)d minutes", "num"),
}


class RatingLike(Protocol):
    """A label with its finding: a row of a desk's scale, or the rating of a published check."""

    @property
    def label(self) -> str: ...

    @property
    def finding(self) -> str | None: ...


register.simple_tag(glyph)


@register.filter
def figure(value: int | None) -> str:
    """Show a whole number as the reader's language groups its digits ("12,340"); nothing counted is 0."""
    return number_format(value or 0, force_grouping=True)


@register.simple_tag
def chip(value: str, label: object = "") -> SafeString:
    """Show a value of a closed list, or a finding, as drawing and word; ``label`` is the word."""
    return value_tag(str(value), label)


@register.simple_tag
def rating(row: RatingLike, size: str = "") -> SafeString:
    """Show a rating (a desk's label, or one as it was published) with its drawing; ``size`` may be "big"."""
    code = getattr(row, "key", "") or getattr(row, "code", "")
    return rating_tag(str(row.finding or ""), row.label, code, big=size == "big")


@register.simple_tag
def stance_glyph(stance: str) -> SafeString:
    """Show the drawing of a stance alone, before a row that says the word elsewhere."""
    return glyph(drawing_of(stance))


@register.simple_tag
def state(row: models.Model, field: str = "state") -> SafeString:
    """Show a model's field with choices as drawing and word."""
    return chip(getattr(row, field), getattr(row, f"get_{field}_display")())


@register.simple_tag
def when(value: dt.datetime | None, empty: str = "–") -> SafeString | str:
    """Show a time relative to now, with the absolute time on hover and in print."""
    if value is None:
        return empty
    now = timezone.now()
    absolute = moment_in_words(value)
    if abs(now - value) < dt.timedelta(minutes=1):
        relative = _("just now")
    elif value < now:
        relative = timesince(value, now, time_strings=_AGO, depth=1)
    else:
        relative = timeuntil(value, now, time_strings=_AHEAD, depth=1)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), absolute, relative)


@register.simple_tag
def age(value: dt.datetime) -> SafeString:
    """Show how old a row is in the fewest letters ("3 mo."), with the absolute time on hover and in print."""
    words = timesince(value, timezone.now(), time_strings=_AGE, depth=1)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), moment_in_words(value), words
    )


@register.simple_tag
def due(value: dt.datetime | None) -> SafeString | str:
    """Show by when something should be done, and how long it is late; nothing where no time is set."""
    if value is None:
        return ""
    now, there = timezone.now(), timezone.localtime(value)
    whole_day = (there.hour, there.minute) == LAST_MINUTE
    absolute = date_format(there, "DATE_FORMAT" if whole_day else "DATETIME_FORMAT")
    late = value < now
    if late:
        words = _("overdue %(time)s") % {"time": timesince(value, now, depth=1)}
    else:
        named = {0: _("today"), 1: _("tomorrow")}.get((there.date() - timezone.localtime(now).date()).days)
        words = named or date_format(there, "DATE_FORMAT")
        words = words if whole_day else f"{words} {there:%H:%M}"
    style = "late" if late else "due"
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>', style, value.isoformat(), absolute, words
    )


@register.simple_tag
def day(value: dt.datetime | None, style: str = "DATE_FORMAT") -> SafeString | str:
    """Show the day of a time in words, with the time itself for machines; ``style`` is one of Django's formats."""
    if value is None:
        # Django takes no time for the present one.
        return "–"
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), date_format(local, style))


@register.simple_tag(takes_context=True)
def stay(context: template.Context) -> SafeString | str:
    """Have a form of the claim's page lead back to where the page is shown, if that is not the workbench."""
    request = context.get("request")
    address = context.get("stays_at") or (request.POST.get("next", "") if request else "")
    return format_html('<input type="hidden" name="next" value="{}">', address) if address else ""


@register.simple_tag
def key(name: str) -> SafeString:
    """Show a key beside the button that does the same; single letters vanish where they are switched off."""
    single = "single" if len(name.replace("g ", "")) == 1 else ""
    return format_html('<kbd class="{}" aria-hidden="true">{}</kbd>', single, name)


@register.simple_tag
def arrow(to: str = "") -> SafeString:
    """Show an arrow in the direction of reading, or against it ("back"); it turns round where lines run leftwards."""
    return format_html('<span class="arrow">{}</span>', "←" if to == "back" else "→")


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], address: str) -> SafeString | str:
    """Return ``aria-current`` for the link of the page we are on, or of one that leads there."""
    request = context.get("request")
    path = request.path if request is not None else ""
    if path == address:
        return SafeString(' aria-current="page"')
    # The desk's own page is a beginning of every other address.
    if address.count("/") > 3 and path.startswith(address):
        return SafeString(' aria-current="true"')
    return ""


@register.filter
def partial(value: str) -> str:
    """Show a partial date, an interval or a length of time in words: 2020-10 → October 2020."""
    return in_words(value)


@register.filter
def tongue(code: str) -> str:
    """Show a language by its name, in the reader's language; a code that is not known stays as it is."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.filter
def percent(value: float) -> str:
    """Show a share of one as whole per cent."""
    return f"{round((value or 0) * 100)} %"


@register.inclusion_tag("claims/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Show one form field with label, help and error."""
    return {"field": bound, "optional_word": _("(optional)")}
