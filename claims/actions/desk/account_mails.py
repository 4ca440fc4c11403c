"""What is a person told by mail about their own account? A link they asked for, and every change of how they get in.

A mail is a job: the web process neither waits for a mail server nor shows by its time who is known. The row names
a person by number and what it is about; words and links are made by the worker that sends them.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from claims.actions.desk import reset_links
from claims.actions.publishing.payload import absolute
from claims.jobs import rows
from claims.jobs.rows import Running
from claims.models import User

JOB = "account_mail"


class About(models.TextChoices):
    """What a mail is about, and the words of its subject."""

    RESET = "reset", _("Set a new password")
    PASSWORD = "password", _("Your password was changed")
    FACTOR_ON = "factor_on", _("A second factor was added to your account")
    FACTOR_OFF = "factor_off", _("A second factor was taken off your account")


_WORDS = {
    About.RESET: _(
        "Hello %(name)s,\n\n"
        "somebody, probably you, asked for a link to set a new password for your account. It works once, within"
        " an hour:\n\n%(link)s\n\n"
        "If it was not you, do nothing: your password stays as it is.\n"
    ),
    About.PASSWORD: _(
        "Hello %(name)s,\n\n"
        "the password of your account was just changed, and every other session was ended. If it was not you,"
        " tell an administrator of your desk at once. Your account:\n\n%(link)s\n"
    ),
    About.FACTOR_ON: _(
        "Hello %(name)s,\n\n"
        "a second factor was just added to your account; from now on it is asked for after your password. If it"
        " was not you, tell an administrator of your desk at once. Your account:\n\n%(link)s\n"
    ),
    About.FACTOR_OFF: _(
        "Hello %(name)s,\n\n"
        "a second factor was just taken off your account. If it was not you, tell an administrator of your desk"
        " at once. Your account:\n\n%(link)s\n"
    ),
}


def send_later(about: About, user: User | None, *, now: dt.datetime | None = None) -> None:
    """Queue a mail; one for nobody is queued just the same, and sends nothing."""
    if settings.MAIL:
        rows.enqueue(
            JOB, desk=None, arguments={"about": about.value, "person": user.pk if user else 0}, now=now
        )


def send(job: Running) -> None:
    """Write and send one mail; nothing where the account is closed meanwhile. Raises what the mail server raises."""
    about = About(job.row.arguments["about"])
    user = User.objects.filter(pk=job.row.arguments["person"], is_active=True).first()
    if user is not None and settings.MAIL:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            link = reset_links.path_for(user) if about is About.RESET else "/profile/"
            body = _WORDS[about] % {"name": user.display_name, "link": absolute(link)}
            EmailMessage(str(about.label), body, to=[user.email]).send()
    with job.fenced():
        job.finish({})
