"""People: who they are, how they want to be shown, and which roles they hold at which desk."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.fields import Stamped, key_of


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def for_user(self, user: User) -> UserQuerySet:
        """People who share a desk with this person; administrators of the installation see everyone."""
        if user.is_superuser:
            return self
        return self.filter(
            models.Q(pk=user.pk) | models.Q(memberships__desk__memberships__user=user)
        ).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # built at run time
    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email_key=key_of(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make one person; ``password=None`` makes one who can only come in by a login link."""
        user = User(email=email.strip(), email_key=key_of(email), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Try one like Europe/Berlin."), params={"name": name}
        )


class User(AbstractBaseUser, PermissionsMixin, Stamped):
    """A person. People are deactivated, never deleted: their work keeps its author."""

    class ToldByMail(models.TextChoices):
        NONE = "none", _("no mail")
        AT_ONCE = "at_once", _("each thing at once")
        DIGEST = "digest", _("one mail a day")

    class Theme(models.TextChoices):
        SYSTEM = "system", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    email = models.EmailField(_("e-mail"), unique=True)
    email_key = models.CharField(max_length=254, unique=True, editable=False)
    display_name = models.CharField(_("name inside the desk"), max_length=100)
    public_name = models.CharField(_("name in bylines"), max_length=100, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("colours"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    single_keys = models.BooleanField(_("single-letter keys"), default=True)
    told_by_mail = models.CharField(
        _("mail of what needs me"), max_length=10, choices=ToldByMail.choices, default=ToldByMail.NONE
    )
    # The hour of the day's one mail, by the clock of each desk.
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily mail"), default=8)
    # Part of the address of this person's feed: another number is another address. 0: there is no feed.
    feed_epoch = models.PositiveIntegerField(default=0, editable=False)
    preferences = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    # Changing it ends every session and login link of this person.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    # Whether a second factor is set up: then a password alone opens nothing.
    second_factor = models.BooleanField(default=False, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        ordering = ["display_name", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(email_key=""), name="user_has_email"),
            models.CheckConstraint(condition=~models.Q(display_name=""), name="user_has_name"),
            models.CheckConstraint(condition=models.Q(digest_hour__lte=23), name="user_has_an_hour"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def put_away(self) -> frozenset[str]:
        """Return the hints and lists of first steps that this person wants to see no more; "hints" means all hints."""
        names = self.preferences.get("put_away", ())
        return frozenset(str(name) for name in names) if isinstance(names, list) else frozenset()

    @property
    def byline(self) -> str:
        return self.public_name or self.display_name

    def get_session_auth_hash(self) -> str:
        from django.utils.crypto import salted_hmac

        return salted_hmac(
            "claims.user.session", f"{self.password}:{self.session_epoch}", algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class OpenSessionQuerySet(models.QuerySet["OpenSession"]):
    def visible_to(self, user: User) -> OpenSessionQuerySet:
        """Where one is signed in oneself; nobody sees it of others."""
        return self.filter(user=user)


class OpenSession(Stamped):
    """Where somebody is signed in: one row for each session, as far as its person needs to tell it from others.

    ``device`` is the browser and system in words, ``network`` only the coarse part of the address.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=80, blank=True)
    network = models.CharField(max_length=50, blank=True)
    last_seen = models.DateTimeField()

    objects = OpenSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen", "-id"]
        indexes = [models.Index(fields=["last_seen"], name="open_session_seen")]

    def __str__(self) -> str:
        return f"{self.device} {self.last_seen:%Y-%m-%d %H:%M}"


class SentForm(Stamped):
    """The mark of a form that waited behind the sign-in form and was sent, so that it is not sent twice."""

    mark = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"sent {self.created_at:%Y-%m-%d %H:%M}"
