"""Reads ``Authorization: Bearer prefix.secret`` of scripts and partners."""

from __future__ import annotations

import logging

from django.db import DatabaseError, transaction
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from claims.actions.desk import sign_in_gate
from claims.actions.desk.api_keys import find_key, mark_used
from claims.models import ApiKey, User
from claims.models.failures import failure_of

log = logging.getLogger(__name__)


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        header = request.headers.get("Authorization", "")
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = find_key(text.strip())
        if key is None:
            # A right key always passes: nobody guesses 256 random bits, and scripts share addresses.
            try:
                sign_in_gate.enter(request._request, text.strip().partition(".")[0], kind=sign_in_gate.KEY)
            except sign_in_gate.TooManyAttempts as refusal:
                raise Throttled(wait=refusal.seconds) from refusal
            raise AuthenticationFailed("This API key is unknown, expired or revoked.")
        try:
            with transaction.atomic():
                mark_used(key=key)
        except DatabaseError as error:
            # Nobody is kept from reading because it cannot be noted down.
            failure = failure_of(error)
            if failure is None:
                raise
            log.warning("The use of an API key was not noted: %s", failure)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
