"""Signing in through a provider of one's own (OpenID Connect): who does it say this is, and have we such a person?

django-allauth talks to the provider. It never makes an account: somebody is let in who has one already, found by
the address that the provider has verified, and from then on by the provider's own name for them. A second factor
is asked for here as after a password.
"""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect.views import callback as allauth_callback
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from claims.actions.base import Refused
from claims.actions.desk import provider_accounts, signing_in
from claims.workbench.access import SeeOther, is_of_this_site

log = logging.getLogger(__name__)
PROVIDER = "sso"


class SignOnAdapter(DefaultSocialAccountAdapter):
    """What django-allauth asks us: whom to let in, and what to say when something failed."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom we know, and nobody else; django-allauth goes no further."""
        said = sociallogin.account.extra_data
        verified = [row.email for row in sociallogin.email_addresses if row.verified]
        try:
            person = provider_accounts.person_for(
                provider=PROVIDER, subject=sociallogin.account.uid, said=said, emails=verified
            )
        except Refused as refusal:
            _back(request, str(refusal))
        wanted = str(sociallogin.state.get("next") or "")
        if signing_in.sign_in(request, person, onward=wanted):
            raise ImmediateHttpResponse(SeeOther(wanted or resolve_url("desk-home")))
        raise ImmediateHttpResponse(SeeOther(resolve_url("second-step")))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        log.warning("Single sign-on failed: %s %s", error, exception or "")
        _back(request, _("Signing in there did not work, or took too long. Try again."))


def _back(request: HttpRequest, sentence: str) -> NoReturn:
    messages.error(request, sentence)
    raise ImmediateHttpResponse(SeeOther(resolve_url("login")))


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Send a visitor to the provider."""
    if not settings.SSO:
        raise Http404
    wanted = request.GET.get("next", "")
    if not is_of_this_site(request, wanted):
        wanted = ""
    if request.user.is_authenticated:
        return SeeOther(wanted or resolve_url("desk-home"))
    try:
        provider = SignOnAdapter(request).get_provider(request, provider=PROVIDER)
        answer: HttpResponse = provider.redirect(request, "login", next_url=wanted or None)
    except ImmediateHttpResponse as told:
        return told.response
    except (RequestException, ValueError, KeyError) as error:
        log.warning("The provider of single sign-on does not answer: %s", error)
        messages.error(
            request, _("The service for signing in does not answer. Try again, or use your password.")
        )
        return SeeOther(resolve_url("login"))
    return answer


@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take somebody back from the provider."""
    if not settings.SSO or provider_id != PROVIDER:
        raise Http404
    if request.user.is_authenticated:
        return SeeOther(resolve_url("desk-home"))
    try:
        answer: HttpResponse = allauth_callback(request, provider_id=provider_id)
    except (RequestException, ValueError, KeyError) as error:
        log.warning("What the provider of single sign-on says cannot be read: %s", error)
        messages.error(request, _("Signing in there did not work, or took too long. Try again."))
        return SeeOther(resolve_url("login"))
    return answer
