"""Whose password does a mailed link set? Django's tokens, which end as well when the account's sessions end."""

from __future__ import annotations

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from claims.actions import base
from claims.models import User


class _Tokens(PasswordResetTokenGenerator):
    key_salt = "claims.password-reset"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.session_epoch}{user.is_active}"


_tokens = _Tokens()


def path_for(user: User) -> str:
    """Return the path of the page where this person sets a new password, once."""
    return f"/login/reset/{int_to_base36(user.pk)}/{_tokens.make_token(user)}/"


def person_of(person: str, token: str) -> User:
    """Return whose password a link sets. Raises Refused where it is used, too old or damaged."""
    try:
        user = User.objects.filter(pk=base36_to_int(person), is_active=True).first()
    except (ValueError, OverflowError):
        user = None
    if user is None or not still_opens(user, token):
        raise base.Refused(_("This link has been used or is too old. Ask for a new one."))
    return user


def still_opens(user: User, token: str) -> bool:
    """Say whether the link is right for the account as it is now."""
    return _tokens.check_token(user, token)
