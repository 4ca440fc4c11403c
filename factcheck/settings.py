"""All settings, read from the environment once, typed, and refused loudly when they make no sense.

Every variable is documented in docs/reference/settings.md; a test compares that page with `SPEC` below.
Without any variable the project runs on the embedded default: SQLite, an in-process broker and tantivy,
all under one data folder.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

# numpy must never start threads of its own: two on two busy cores are two to ten times slower than one.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from claims.net.addresses import Allow
from factcheck.launch.private import make_private

# Web, worker, beat and every command read the settings first: what they write is their owner's alone.
make_private()

BASE_DIR = Path(__file__).resolve().parent.parent

# name: (type, default, what it is for) – the settings reference is generated from the same words.
SPEC: dict[str, tuple[type, object, str]] = {
    "FACTCHECK_DATA": (str, str(BASE_DIR / "var"), "Folder for the database file, blobs, the embedded index and the secret key."),
    "FACTCHECK_SECRET_KEY": (str, "", "Secret of sessions and signed links; without it a key is generated in the data folder (mode 0600)."),
    "FACTCHECK_DEBUG": (bool, False, "Django's debug pages; refused when FACTCHECK_SITE_URL is https."),
    "FACTCHECK_SITE_URL": (str, "http://127.0.0.1:8000", "The address people and feeds use; every absolute URL comes from it."),
    "FACTCHECK_ALLOWED_HOSTS": (list, [], "Further host names the web process answers to, comma separated."),
    "FACTCHECK_TRUSTED_PROXIES": (list, [], "Networks of reverse proxies, comma separated (10.0.0.0/8, ::1): only from them is X-Forwarded-For believed, up to the first address that is none of them. Empty: never."),
    "FACTCHECK_TIME_ZONE": (str, "UTC", "Time zone of people who have not chosen one."),
    "FACTCHECK_LANGUAGE": (str, "en", "Language of the pages for people who have chosen none and whose browser asks for none of them, of what is stored in words, and of answers to programs: en or de."),
    "FACTCHECK_FETCH_ALLOW": (list, [], "host:port pairs the guarded fetcher may reach although they are private, comma separated. Addresses at which clouds answer their machines (169.254.169.254 and its like) are refused always."),
    "FACTCHECK_OUTBOUND": (bool, True, "Whether the workbench may fetch addresses at all."),
    "FACTCHECK_BLOB_LIMIT_MB": (int, 20, "Largest upload or fetched page in megabytes."),
    "FACTCHECK_BLOB_STORAGE": (str, "", "Django storage for stored bytes that several hosts share, as storages.backends.s3.S3Storage; empty means files in the data folder."),
    "FACTCHECK_BLOB_STORAGE_OPTIONS": (str, "", "Options of that storage as one JSON object."),
    "FACTCHECK_TEXT_LIMIT": (int, 200_000, "Longest text of one document in characters."),
    "FACTCHECK_SEARCH_RATE": (int, 120, "Searches a minute that one network may send to the public search without an API key, counted by each web process for itself."),
    "FACTCHECK_CHECKS_BY_MEANING": (bool, True, "Whether earlier checks are put in order, and earlier claims offered for a suggestion, by meaning as well as by words (English; vectors made in the background)."),
    "FACTCHECK_MESSAGE_RATE": (int, 6, "Messages an hour that one network may send through the public contact form, counted by each web process for itself."),
    "FACTCHECK_COMPLAINT_DAYS": (int, 14, "Days in which a reader's complaint should have its answer; after them it is shown as overdue."),
    "FACTCHECK_KEEP_READERS_DAYS": (int, 90, "Days after which name and e-mail address of a reader are forgotten, counted from when the message was settled."),
    "FACTCHECK_KEEP_JOBS_DAYS": (int, 30, "Days after which jobs that are done, and stored bytes that no document names, are deleted."),
    "FACTCHECK_KEEP_FAILED_JOBS_DAYS": (int, 180, "Days after which failed jobs are deleted."),
    "FACTCHECK_GOOGLE_KEY": (str, "", "Key for Google's Fact Check Tools API, sent when fact checks are imported from there."),
    "FACTCHECK_LLM_URL": (str, "", "OpenAI-compatible endpoint for suggestions; empty switches the adapter off."),
    "FACTCHECK_LLM_MODEL": (str, "", "Model name sent to that endpoint."),
    "FACTCHECK_LLM_KEY": (str, "", "Bearer token for that endpoint."),
    "EMAIL_URL": (str, "", "Where mail is handed in, as smtp+tls://user:password@host:587, smtp+ssl://… or smtp://host:25 (consolemail:// prints it); empty means that no mail is sent and none is offered."),
    "FACTCHECK_MAIL_FROM": (str, "", "Sender of mails; empty means factcheck@ and the host of FACTCHECK_SITE_URL."),
    "FACTCHECK_SECOND_FACTOR": (bool, False, "Whether people may protect their account by codes of an app and passkeys, and desks may insist on it; needs the extra auth (requirements/prod.lock has it)."),
    "FACTCHECK_SSO_ISSUER": (str, "", "https://… of an OpenID Connect provider through which people who have an account may sign in; needs the extra auth."),
    "FACTCHECK_SSO_CLIENT_ID": (str, "", "Name of this installation at that provider; its address to come back to is /login/sso/callback/."),
    "FACTCHECK_SSO_CLIENT_SECRET": (str, "", "Secret of this installation at that provider."),
    "FACTCHECK_SSO_NAME": (str, "", "What the button on the sign-in page calls that provider; empty means its host."),
    "FACTCHECK_METRICS_TOKEN": (str, "", "Token for /readyz details and /metrics from outside loopback."),
    "DATABASE_URL": (str, "", "postgres://… for production; empty means a SQLite file in the data folder."),
    "DATABASE_POOL_SIZE": (int, 8, "Largest number of pooled PostgreSQL connections per process."),
    "REDIS_URL": (str, "", "redis://… carries wake-ups between processes; empty means the worker polls the job table."),
    "ELASTICSEARCH_URL": (str, "", "https://… of Elasticsearch 9; empty means the embedded engine."),
    "ELASTICSEARCH_API_KEY": (str, "", "API key (base64) for Elasticsearch."),
    "ELASTICSEARCH_USER": (str, "", "User for Elasticsearch, where no API key is used."),
    "ELASTICSEARCH_PASSWORD": (str, "", "Password of that user."),
    "ELASTICSEARCH_CA_CERTS": (str, "", "File with the certificate authority of Elasticsearch."),
    "ELASTICSEARCH_PREFIX": (str, "factcheck", "Prefix of index names, so that several installations share one cluster."),
    "ELASTICSEARCH_SHARDS": (int, 1, "Primary shards of an index that is built from now on (manage.py reindex builds one); more than one where one machine no longer answers in time."),
    "ELASTICSEARCH_WRITERS": (int, 1, "How many workers may write into Elasticsearch at once; more than one where one is not done in time. The embedded index has one writer."),
}  # fmt: skip

_env = environ.Env()


def _read(name: str) -> object:
    """Return one setting in its type, or stop with a sentence that names it."""
    kind, default, _purpose = SPEC[name]
    try:
        if kind is bool:
            return _env.bool(name, default=default)
        if kind is int:
            return _env.int(name, default=default)
        if kind is list:
            return [part.strip() for part in _env.str(name, default="").split(",") if part.strip()]
        return _env.str(name, default=default)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} must be a {kind.__name__}: {error}") from error


def _text(name: str) -> str:
    return str(_read(name))


def _number(name: str) -> int:
    value = int(str(_read(name)))
    if value <= 0:
        raise ImproperlyConfigured(f"{name} must be greater than 0.")
    return value


def _names(name: str) -> list[str]:
    value = _read(name)
    assert isinstance(value, list)
    return value


def _networks(name: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(part) for part in _names(name)]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must be networks like 10.0.0.0/8 or single addresses, comma separated: {error}."
        ) from error


def _pairs(name: str) -> list[str]:
    try:
        Allow.only(*_names(name))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error
    return _names(name)


DATA_DIR = Path(_text("FACTCHECK_DATA"))
BLOB_DIR = DATA_DIR / "blobs"
INDEX_DIR = DATA_DIR / "index"
DEBUG = bool(_read("FACTCHECK_DEBUG"))
SITE_URL = _text("FACTCHECK_SITE_URL").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured("FACTCHECK_SITE_URL must look like https://desk.example.org.")
HTTPS = _site.scheme == "https"
if DEBUG and HTTPS:
    raise ImproperlyConfigured(
        "FACTCHECK_DEBUG shows secrets to visitors: switch it off where the site is https."
    )


def _secret_key() -> str:
    """Return the configured key, or the installation's own, made once with mode 0600."""
    configured = _text("FACTCHECK_SECRET_KEY")
    if configured:
        if len(configured) < 40:
            raise ImproperlyConfigured("FACTCHECK_SECRET_KEY must have at least 40 characters.")
        return configured
    from factcheck.secret import installation_key

    return installation_key(DATA_DIR / "secret-key")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = sorted(
    {_site.hostname, "127.0.0.1", "localhost", "[::1]", *_names("FACTCHECK_ALLOWED_HOSTS")}
)
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]

INSTALLED_APPS = [
    "factcheck.admin.WorkbenchAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "axes",
    "claims.apps.ClaimsConfig",
]
# The extra ``auth``: its tables are there wherever it is installed; what of it is used, the settings below say.
AUTH_EXTRA = all(find_spec(name) for name in ("allauth", "fido2", "qrcode", "jwt"))
if AUTH_EXTRA:
    INSTALLED_APPS += [
        "allauth",
        "allauth.account",
        "allauth.mfa",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
    ]

MIDDLEWARE = [
    # Pages are text: a tenth of their bytes. Each answer gets some random length against guessing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    # The last to touch an answer, errors and refusals of all the others included.
    "claims.workbench.control_marks.ControlMarksMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before everything that may have to say something: what it says is in the reader's language too.
    "claims.workbench.languages.LanguageMiddleware",
    "claims.workbench.unavailable.StoredSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "claims.workbench.second_step.SecondStepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "claims.workbench.middleware.PersonMiddleware",
    "claims.workbench.middleware.SamePersonMiddleware",
    "claims.workbench.middleware.RefusalMiddleware",
]

if AUTH_EXTRA:
    # django-allauth insists on it; none of its own pages is reachable.
    MIDDLEWARE.append("allauth.account.middleware.AccountMiddleware")

ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "claims.workbench.context.chrome",
            ],
            "libraries": {"i18n": "claims.templatetags.fixed_words"},
        },
    }
]

FORM_RENDERER = "claims.forms.written_widgets.WrittenWidgets"

POSTGRESQL = _text("DATABASE_URL")
if POSTGRESQL:
    DATABASES = {"default": _env.db_url_config(POSTGRESQL)}
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        DATABASES["default"]["OPTIONS"] = {
            "pool": {"min_size": 1, "max_size": _number("DATABASE_POOL_SIZE"), "timeout": 10},
            # A page's statement is long and short-lived: compiling it took longer than running it.
            "options": "-c jit=off",
        }
        # The pool asks a connection whether it lives before it hands it out: after a restart of PostgreSQL each
        # of them would otherwise cost somebody a page.
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    elif DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        raise ImproperlyConfigured("DATABASE_URL must be postgres://… (or empty for SQLite).")
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "desk.sqlite3"}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Without IMMEDIATE transactions and WAL, 872 of 1,800 concurrent writes failed as locked; with them none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
    # An in-memory test database with threads locks; a file does not.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = _text("REDIS_URL")
ELASTICSEARCH = {
    "url": _text("ELASTICSEARCH_URL"),
    "api_key": _text("ELASTICSEARCH_API_KEY"),
    "user": _text("ELASTICSEARCH_USER"),
    "password": _text("ELASTICSEARCH_PASSWORD"),
    "ca_certs": _text("ELASTICSEARCH_CA_CERTS"),
    "prefix": _text("ELASTICSEARCH_PREFIX"),
    "shards": str(_number("ELASTICSEARCH_SHARDS")),
}
ELASTICSEARCH_WRITERS = _number("ELASTICSEARCH_WRITERS")
SEARCH_ENGINE = "elasticsearch" if ELASTICSEARCH["url"] else "embedded"

OUTBOUND = bool(_read("FACTCHECK_OUTBOUND"))
FETCH_ALLOW = _pairs("FACTCHECK_FETCH_ALLOW")
BLOB_LIMIT = _number("FACTCHECK_BLOB_LIMIT_MB") * 1024 * 1024
TEXT_LIMIT = _number("FACTCHECK_TEXT_LIMIT")
# Ticks of a whole desk travel in one form; what they select is kept as one row (ADR-0041).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 60_000
DATA_UPLOAD_MAX_MEMORY_SIZE = BLOB_LIMIT
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
SEARCH_RATE = _number("FACTCHECK_SEARCH_RATE")
CHECKS_BY_MEANING = bool(_read("FACTCHECK_CHECKS_BY_MEANING"))
MESSAGE_RATE = _number("FACTCHECK_MESSAGE_RATE")
COMPLAINT_DAYS = _number("FACTCHECK_COMPLAINT_DAYS")
KEEP_READERS_DAYS = _number("FACTCHECK_KEEP_READERS_DAYS")
KEEP_JOBS_DAYS = _number("FACTCHECK_KEEP_JOBS_DAYS")
KEEP_FAILED_JOBS_DAYS = _number("FACTCHECK_KEEP_FAILED_JOBS_DAYS")
GOOGLE_KEY = _text("FACTCHECK_GOOGLE_KEY")
LLM = {
    "url": _text("FACTCHECK_LLM_URL"),
    "model": _text("FACTCHECK_LLM_MODEL"),
    "key": _text("FACTCHECK_LLM_KEY"),
}
METRICS_TOKEN = _text("FACTCHECK_METRICS_TOKEN")

MAIL = bool(_text("EMAIL_URL"))
try:
    vars().update(_env.email_url_config(_text("EMAIL_URL") or "consolemail://"))
except ImproperlyConfigured as error:
    raise ImproperlyConfigured(
        f"EMAIL_URL must look like smtp+tls://user:password@host:587: {error}."
    ) from error
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _text("FACTCHECK_MAIL_FROM") or f"factcheck@{_site.hostname}"

AUTH_USER_MODEL = "claims.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk-home"
LOGOUT_REDIRECT_URL = "public-home"
AUTHENTICATION_BACKENDS = ["claims.actions.desk.accounts.EmailBackend"]
TRUSTED_PROXIES = _networks("FACTCHECK_TRUSTED_PROXIES")
# django-axes keeps the failures; who waits how long is decided in claims/actions/desk/sign_in_gate.py, which
# EmailBackend asks, so neither its backend nor its middleware nor its admin is used.
AXES_HANDLER = "claims.actions.desk.sign_in_gate.KeepsNothing"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_CLIENT_IP_CALLABLE = "claims.actions.desk.sign_in_gate.address_of"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# The last one: `i18n` stands for our own tags in place of Django's (TEMPLATES), which they hold.
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W003", "templates.W003"]
SECOND_FACTOR = bool(_read("FACTCHECK_SECOND_FACTOR"))
_issuer = _text("FACTCHECK_SSO_ISSUER").rstrip("/")
SSO = bool(_issuer)
SSO_NAME = _text("FACTCHECK_SSO_NAME") or (urlsplit(_issuer).hostname or "")
for _name, _used in (("FACTCHECK_SECOND_FACTOR", SECOND_FACTOR), ("FACTCHECK_SSO_ISSUER", SSO)):
    if _used and not AUTH_EXTRA:
        raise ImproperlyConfigured(
            f"{_name} needs the extra “auth” (django-allauth), which is not installed: "
            "install requirements/prod.lock."
        )
if SSO:
    _at = urlsplit(_issuer)
    if _at.scheme != "https" and not (_at.scheme == "http" and _at.hostname in ("127.0.0.1", "localhost")):
        raise ImproperlyConfigured("FACTCHECK_SSO_ISSUER must look like https://login.example.org.")
    if not (_text("FACTCHECK_SSO_CLIENT_ID") and _text("FACTCHECK_SSO_CLIENT_SECRET")):
        raise ImproperlyConfigured(
            "FACTCHECK_SSO_ISSUER needs FACTCHECK_SSO_CLIENT_ID and FACTCHECK_SSO_CLIENT_SECRET."
        )
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": SSO_NAME,
                "client_id": _text("FACTCHECK_SSO_CLIENT_ID"),
                "secret": _text("FACTCHECK_SSO_CLIENT_SECRET"),
                "settings": {"server_url": _issuer},
            }
        ],
    }
}
SOCIALACCOUNT_ADAPTER = "claims.workbench.desk.single_sign_on.SignOnAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "claims.actions.desk.factor_secrets.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = _site.hostname
# One step of 30 seconds either way: clocks of phones differ a little.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# A link that was mailed for setting a new password works for so many seconds.
PASSWORD_RESET_TIMEOUT = 60 * 60
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = _text("FACTCHECK_LANGUAGE")
LANGUAGES = [("en", _("English")), ("de", _("German"))]
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"FACTCHECK_LANGUAGE must be one of {', '.join(dict(LANGUAGES))}.")
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["factcheck.formats"]
TIME_ZONE = _text("FACTCHECK_TIME_ZONE")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"


def _blob_storage() -> dict[str, object]:
    """Return the storage of bytes: files of this host, or what the settings name."""
    backend, given = _text("FACTCHECK_BLOB_STORAGE"), _text("FACTCHECK_BLOB_STORAGE_OPTIONS")
    if not backend:
        if given:
            raise ImproperlyConfigured("FACTCHECK_BLOB_STORAGE_OPTIONS needs FACTCHECK_BLOB_STORAGE.")
        return {"BACKEND": "claims.actions.documents.blob_folder.BlobFolder"}
    try:
        options = json.loads(given or "{}")
    except ValueError as error:
        raise ImproperlyConfigured(f"FACTCHECK_BLOB_STORAGE_OPTIONS is no JSON: {error}.") from error
    if not isinstance(options, dict):
        raise ImproperlyConfigured("FACTCHECK_BLOB_STORAGE_OPTIONS must be one JSON object.")
    return {"BACKEND": backend, "OPTIONS": options}


STORAGES = {
    "blobs": _blob_storage(),
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "factcheck.static_files.StaticFiles"},
}

# No inline script or style anywhere, the admin included.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "claims.workbench.desk.accounts.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS

# Each process has its own: the default for what Django keeps, and one for counting who asks how often.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "throttle": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "throttle",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "claims.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "claims.api.paging.KeysetPagination",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {"TITLE": "Fact-check workbench", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

_testing = "pytest" in sys.modules
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING" if _testing else "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}, "elastic_transport": {"level": "WARNING"}},
}
