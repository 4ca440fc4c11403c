"""What a desk sets for itself: approvals, feeds, the rating scale and its versions, API keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings as configured
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.base import ADMINISTRATORS, EDITORS, Refused
from claims.actions.desk.api_keys import make_key, revoke_key
from claims.actions.desk.scales import RatingRow, new_scale
from claims.actions.desk.settings import change_desk
from claims.actions.evidence.meaning import read_so_far
from claims.forms.settings import DeskSettingsForm, KeyForm, ScaleForm
from claims.models import ApiKey, Desk, RatingScale
from claims.models.access import access_api_key
from claims.vocabulary import Finding
from claims.workbench.access import PersonRequest, open_desk, opened, signed_in
from claims.workbench.outcomes import done
from claims.workbench.resumed_forms import typed_fields

SPARE_ROWS = 2


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PersonRequest, slug: str) -> HttpResponse:
    """The settings of the desk; a POST changes its rules and feeds."""
    desk = open_desk(request, slug)
    if request.method != "POST":
        return _page(request, desk)
    form = DeskSettingsForm(request.POST, auto_id="desk-%s")
    if not form.is_valid():
        return _page(request, desk, bound={"desk": form}, status=422)
    try:
        # What the page does not show is not switched off by storing it.
        hidden = () if configured.SECOND_FACTOR else ("needs_second_factor",)
        values = {name: value for name, value in form.cleaned_data.items() if name not in hidden}
        change_desk(actor=request.user, desk=desk, values=values)
    except Refused as refusal:
        return _page(request, desk, bound={"desk": form}, refusal=refusal)
    return done(request, _("The settings are stored."), reverse("settings", args=[slug]))


def _page(
    request: PersonRequest,
    desk: Desk,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
    fresh_key: str = "",
) -> HttpResponse:
    bound = bound or {}
    held = desk.roles_of(request.user)
    scales = list(RatingScale.objects.filter(desk=desk).prefetch_related("ratings").order_by("-version"))
    current = next((scale for scale in scales if scale.is_current), None)
    rows = (
        bound["scale"].rows
        if "scale" in bound
        else [
            {
                "key": row.key,
                "label": row.label,
                "definition": row.definition,
                "finding": row.finding,
                "value": "" if row.value is None else str(row.value),
            }
            for row in (current.ratings.all() if current else ())
        ]
    )
    form = bound.get("desk") or DeskSettingsForm(
        initial={name: getattr(desk, name) for name in DeskSettingsForm.base_fields}, auto_id="desk-%s"
    )
    context = {
        "form": form,
        "may_edit": not held.isdisjoint(EDITORS),
        "may_administer": not held.isdisjoint(ADMINISTRATORS),
        "second_factor": configured.SECOND_FACTOR,
        "meaning": read_so_far(desk) if desk.finds_by_meaning else None,
        "scales": scales,
        "scale": current,
        "scale_rows": [*rows, *({"value": "", "finding": ""} for _n in range(SPARE_ROWS))],
        "scale_form": bound.get("scale") or ScaleForm(initial={"name": current.name if current else ""}),
        "findings": Finding.choices,
        "keys": list(ApiKey.objects.filter(desk=desk).select_related("user").order_by("-id")),
        "key_form": bound.get("key") or KeyForm(auto_id="key-%s"),
        "fresh_key": fresh_key,
        "bound": set(bound),
        "refusal": str(refusal) if refusal else "",
        "typed": typed_fields(request.POST) if refusal else [],
    }
    response = render(request, "claims/settings.html", context, status=refusal.status if refusal else status)
    if fresh_key:
        # Shown once: no cache and no way back to it.
        response["Cache-Control"] = "no-store"
    return response


@signed_in
@require_POST
def scale(request: PersonRequest, slug: str) -> HttpResponse:
    """Make the next version of the rating scale."""
    desk = open_desk(request, slug)
    form = ScaleForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, bound={"scale": form}, status=422)
    try:
        rows = [
            RatingRow(**{**row, "value": int(row["value"]) if row["value"] else None}) for row in form.rows
        ]
        made = new_scale(actor=request.user, desk=desk, name=form.cleaned_data["name"], rows=rows)
    except Refused as refusal:
        return _page(request, desk, bound={"scale": form}, refusal=refusal)
    said = _("Version %(n)d of the scale is in use from now on.") % {"n": made.version}
    return done(request, said, reverse("settings", args=[slug]) + "#scale")


@signed_in
@require_POST
def key(request: PersonRequest, slug: str) -> HttpResponse:
    """Make an API key and show it, this once."""
    desk = open_desk(request, slug)
    form = KeyForm(request.POST, auto_id="key-%s")
    if not form.is_valid():
        return _page(request, desk, bound={"key": form}, status=422)
    data = form.cleaned_data
    try:
        _row, text = make_key(
            actor=request.user,
            desk=desk,
            name=data["name"],
            scopes=data["scopes"],
            lifetime=dt.timedelta(days=data["days"]),
        )
    except Refused as refusal:
        return _page(request, desk, bound={"key": form}, refusal=refusal)
    messages.success(request, _("The key is made. Copy it now: it is shown only this once."))
    return _page(request, desk, fresh_key=text)


@signed_in
@require_POST
def key_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """End a key at once."""
    found = opened(request, access_api_key, pk)
    revoke_key(actor=request.user, key=found)
    return done(request, _("The key is revoked."), reverse("settings", args=[found.desk.slug]) + "#keys")
