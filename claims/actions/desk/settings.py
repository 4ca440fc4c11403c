"""What does a desk set for itself? Its rules of approval, its feeds and public words, who owns an outlet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.desk import factor_rules
from claims.models import Desk, Outlet, Owner, User
from claims.models.fields import key_of

CHANGEABLE = (
    "name",
    "editorial_approvals",
    "legal_approvals",
    "publish_mode",
    "unread_sources",
    "panels",
    "panel_least",
    "watches_claims",
    "reads_ahead",
    "finds_by_meaning",
    "needs_second_factor",
    "feed_title",
    "licence",
    "newsroom_url",
    "time_zone",
    "language",
    "method",
    "about",
    "contact",
)


@transaction.atomic
def change_desk(
    *, actor: User, desk: Desk, values: Mapping[str, Any], now: dt.datetime | None = None
) -> Desk:
    """Change the given settings of a desk; approvals under way count by the new rule from now on."""
    base.require(actor, desk, *base.EDITORS, what=_("change the settings of the desk"))
    unknown = set(values) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"change_desk() got {', '.join(sorted(unknown))}")
    desk = Desk.objects.select_for_update().get(pk=desk.pk)
    changed = {name: value for name, value in values.items() if getattr(desk, name) != value}
    if not changed:
        return desk
    before = {name: getattr(desk, name) for name in changed}
    for name, value in changed.items():
        setattr(desk, name, value)
    try:
        desk.full_clean(validate_constraints=False)
    except ValidationError as problem:
        raise base.Refused(" ".join(problem.messages)) from problem
    if "language" in changed and not re.fullmatch(r"[a-z]{2,3}", desk.language):
        raise base.Refused(_("Write the language as a code of two or three letters, for example “en”."))
    if desk.editorial_approvals < 1:
        raise base.Refused(_("Nothing is published without an approval: at least one is needed."))
    if "needs_second_factor" in changed:
        if desk.needs_second_factor and not settings.SECOND_FACTOR:
            raise base.Refused(_("This installation offers no second factor (FACTCHECK_SECOND_FACTOR)."))
        grace = (now or timezone.now()) + factor_rules.GRACE
        changed["second_factor_from"] = desk.second_factor_from = grace if desk.needs_second_factor else None
    desk.save(update_fields=list(changed))
    if "second_factor_from" in changed:
        moment = changed.pop("second_factor_from")
        changed["second_factor_from"] = moment.isoformat() if moment else ""
    base.audit(
        "desk.changed", desk, actor=actor, desk=desk, now=now or timezone.now(),
        before_values=before, after_values=changed,
    )  # fmt: skip
    return desk


@transaction.atomic
def set_owner(
    *, actor: User, desk: Desk, outlet: Outlet, owner: str, now: dt.datetime | None = None
) -> Outlet:
    """Say who owns an outlet; empty takes the owner off. ``desk`` is where the actor is an editor."""
    now = now or timezone.now()
    base.require(actor, desk, *base.EDITORS, what=_("say who owns an outlet"))
    name = " ".join(owner.replace("\x00", "\ufffd").split())[:200]
    found = None
    if name:
        found, _made = Owner.objects.get_or_create(
            name_key=key_of(name)[:200], defaults={"name": name, "created_at": now}
        )
    if outlet.owner_id == (found.pk if found else None):
        return outlet
    before = outlet.owner.name if outlet.owner else ""
    Outlet.objects.filter(pk=outlet.pk).update(owner=found)
    outlet.refresh_from_db()
    base.audit("outlet.owner_set", outlet, actor=actor, desk=desk, now=now, before_owner=before, owner=name)
    return outlet
