"""What views that change something share: carry on where the person was, and say what became of the act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from claims.actions.base import Refused
from claims.workbench.access import SeeOther, is_of_this_site


def back(request: HttpRequest, otherwise: str) -> str:
    """Return the address to carry on at: the form's ``next`` where it is ours, else the given one.

    The place on the page is that of the given one, unless the form names its own.
    """
    wanted = request.POST.get("next", "")
    if not is_of_this_site(request, wanted):
        return otherwise
    place = otherwise.partition("#")[2]
    return f"{wanted}#{place}" if place and "#" not in wanted else wanted


def done(request: HttpRequest, sentence: object, otherwise: str) -> HttpResponse:
    """Say what was done on the next page, and go there."""
    if sentence:
        messages.success(request, str(sentence))
    return gone(request, back(request, otherwise))


def gone(request: HttpRequest, address: str) -> HttpResponse:
    """Go to an address of this site after an act, whatever page the form stood on."""
    response = SeeOther(address)
    if getattr(request, "htmx", False):
        # htmx would follow the redirect and put the page into a part of this one.
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = response.url
        return moved
    return response


def insist_valid(form: forms.Form) -> dict[str, Any]:
    """Return the cleaned values, or refuse with what the form says; the refusal keeps what was typed."""
    if form.is_valid():
        return dict(form.cleaned_data)
    sentences = []
    for name, errors in form.errors.items():
        field = form.fields.get(name)
        label = f"{field.label}: " if field is not None and field.label else ""
        sentences += [f"{label}{error}" for error in errors]
    raise Refused(" ".join(sentences))


def attempt(
    form: forms.Form, act: Callable[[dict[str, Any]], HttpResponse], show: Callable[..., HttpResponse]
) -> HttpResponse:
    """Do what a form asks for; what is wrong with it, or refused, is shown beside what was typed.

    ``show`` renders the page again; it is called with ``status=422``, or with ``refusal``.
    """
    if not form.is_valid():
        return show(status=422)
    try:
        return act(form.cleaned_data)
    except Refused as refusal:
        return show(refusal=refusal)
