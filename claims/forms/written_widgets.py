"""How are the fields of forms written? As Django's own templates would, byte for byte, without going through them.

The page of a claim holds some fifty fields in forms that are folded; each took four templates, a tenth of the page's
time. Kinds of fields that are not here are written by their templates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData


class WrittenWidgets(DjangoTemplates):
    """Writes plain fields, text areas and lists to choose from; the renderer of all forms."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        write = _WRITTEN.get(template_name)
        return super().render(template_name, context, request) if write is None else write(context["widget"])


def _shown(value: Any) -> str:
    """Return a value as text; what says that it is markup stays as it is."""
    return value if isinstance(value, SafeData) and isinstance(value, str) else escape(str(value))


def _attributes(widget: dict[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_shown(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: dict[str, Any]) -> str:
    held = widget["value"]
    value = "" if held is None else f' value="{_shown(held)}"'
    return (
        f'<input type="{_shown(widget["type"])}" name="{_shown(widget["name"])}"{value}{_attributes(widget)}>'
    )


def _textarea(widget: dict[str, Any]) -> str:
    value = _shown(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_shown(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: dict[str, Any]) -> str:
    parts = [f'<select name="{_shown(widget["name"])}"{_attributes(widget)}>']
    for group, options, _number in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_shown(group)}">')
        for one in options:
            value, label = _shown(one["value"]), _shown(one["label"])
            parts.append(f'\n  <option value="{value}"{_attributes(one)}>{label}</option>\n')
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


_HERE = "django/forms/widgets/"
_WRITTEN: dict[str, Callable[[dict[str, Any]], str]] = {
    **{
        f"{_HERE}{name}.html": _input
        for name in ("input", "text", "hidden", "email", "url", "number", "password", "checkbox", "date")
    },
    f"{_HERE}textarea.html": _textarea,
    f"{_HERE}select.html": _select,
}
