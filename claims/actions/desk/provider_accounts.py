"""Who of our people is it that a provider of single sign-on speaks of? Accounts are found, never made.

The first time by an address the provider has verified; from then on by the provider's own name for the person, so
that an address that is given to somebody else later opens nothing. Only imported where the extra ``auth`` is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from claims.actions import base
from claims.models import User
from claims.models.fields import key_of


@transaction.atomic
def person_for(
    *,
    provider: str,
    subject: str,
    said: Mapping[str, Any],
    emails: Sequence[str],
    now: dt.datetime | None = None,
) -> User:
    """Return whose account this is; ``emails`` are those that the provider has verified. Raises Refused."""
    parts = [part for part in (said.get("userinfo"), said.get("id_token")) if part]
    if not subject or len({str(part.get("sub")) for part in parts}) > 1:
        raise base.Refused(_("The service for signing in contradicts itself. Tell whoever runs it."))
    known = SocialAccount.objects.filter(provider=provider, uid=subject).select_related("user").first()
    if known is not None:
        user: User = known.user
        if not user.is_active:
            raise base.Refused(_("This account is closed."))
        return user
    if not emails:
        raise base.Refused(_("The service for signing in has not verified your e-mail address."))
    keys = {key_of(email) for email in emails}
    user_found = User.objects.select_for_update().filter(email_key__in=keys, is_active=True).first()
    if user_found is None:
        raise base.Refused(
            _("Nobody here has this e-mail address. An administrator of a desk can let you work there.")
        )
    if SocialAccount.objects.filter(provider=provider, user=user_found).exists():
        raise base.Refused(
            _(
                "This account is tied to another person at the service for signing in. Ask whoever runs this"
                " installation."
            )
        )
    SocialAccount.objects.create(provider=provider, uid=subject, user=user_found)
    base.audit("person.sign_on_tied", user_found, actor=user_found, desk=None, now=now, provider=provider)
    return user_found
