"""Settings: one file, and the only place that reads environment variables.

Every variable is documented in docs/operations.md. A bad value stops the start with a message that names the
variable, the value and what was expected.
"""

import os
import re
import secrets
import sys
from pathlib import Path

import pghistory
import plotly
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from tracker.database import databases

BASE_DIR = Path(__file__).resolve().parent.parent


def env_flag(name: str, default: bool = False) -> bool:
    """Return the on/off value of the variable ``name`` (``1`` or ``0``)."""
    value = os.environ.get(name, "")
    if value not in {"", "0", "1"}:
        raise ImproperlyConfigured(f"{name}={value!r}: expected 0 or 1.")
    return default if value == "" else value == "1"


def env_number(name: str, default: int, lowest: int, highest: int) -> int:
    """Return the whole number in the variable ``name``, within ``lowest`` to ``highest``."""
    value = os.environ.get(name, "")
    if value == "":
        return default
    if not value.isdecimal() or not lowest <= int(value) <= highest:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number from {lowest} to {highest}.")
    return int(value)


def env_list(name: str, default: str, pattern: str, expected: str) -> list[str]:
    """Return the comma-separated parts of the variable ``name``, each of which matches ``pattern``."""
    parts = [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]
    for part in parts:
        if not re.fullmatch(pattern, part):
            raise ImproperlyConfigured(f"{name} has {part!r}: expected {expected}, separated by commas.")
    return parts


def data_dir() -> Path:
    """Return ``TRACKER_DATA_DIR``, or ``var/`` beside the code; the folder is there and may be written to."""
    path = Path(os.environ.get("TRACKER_DATA_DIR") or BASE_DIR / "var").resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"TRACKER_DATA_DIR={str(path)!r}: cannot be made ({error.strerror}).") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"TRACKER_DATA_DIR={str(path)!r}: this user may not write there.")
    return path


def secret_key() -> str:
    """Return ``SECRET_KEY``, or the key kept in the data folder, made on the first start."""
    if given := os.environ.get("SECRET_KEY"):
        # The value is no part of the message: it may be a real key, cut short.
        if len(given) < 50 or len(set(given)) < 5:
            raise ImproperlyConfigured("SECRET_KEY is too easily guessed: expected 50 or more random characters.")
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        # Written whole beside the final name and linked into place, so that workers racing at the first
        # start agree on one key.
        draft = path.with_name(f"secret_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


SITE_NAME = "Buildout"
DATA_DIR = data_dir()
DEBUG = env_flag("DEBUG")
SECRET_KEY = secret_key()
PORT = env_number("PORT", 8000, 1, 65535)
WEB_WORKERS = env_number("WEB_WORKERS", 2, 1, 64)
ALLOWED_HOSTS = env_list(
    "ALLOWED_HOSTS",
    "localhost,127.0.0.1,[::1]",
    r"\*|\.?[\w.-]+|\[[\da-fA-F:.]+\]",
    "host names without scheme or port",
)
CSRF_TRUSTED_ORIGINS = env_list(
    "CSRF_TRUSTED_ORIGINS", "", r"https?://[\w.*-]+(:\d+)?", "addresses such as https://example.org"
)
REQUIRE_LOGIN = env_flag("TRACKER_REQUIRE_LOGIN")
# Set when the site is reached over https only (a proxy in front): secure cookies, redirect, HSTS.
HTTPS = env_flag("TRACKER_HTTPS")
# Proxies in front, each of which adds the address it was asked from to X-Forwarded-For.
PROXIES = env_number("TRACKER_PROXIES", int(HTTPS), 0, 9)
# Requests to the API that are answered in a minute, to one address or to one key; 0 for any number.
API_PER_MINUTE = env_number("TRACKER_API_PER_MINUTE", 300, 0, 1_000_000)
API_PER_MINUTE_BY_KEY = env_number("TRACKER_API_PER_MINUTE_BY_KEY", 3000, 0, 1_000_000)

INSTALLED_APPS = [
    "investments",
    "investments.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "tracker.health.CountRequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.middleware.CompressTextMiddleware",
    "tracker.middleware.CrossOriginMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "tracker.middleware.RequireLoginMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "investments.views.context.site",
            ],
        },
    },
]
# Templates under templates/admin come before Django's own.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

DATABASES = databases(os.environ, BASE_DIR)
if len(DATABASES) > 1:
    DATABASE_ROUTERS = ["tracker.routers.ReplicaRouter"]
    # After the one that counts, around all that may read.
    MIDDLEWARE.insert(1, "tracker.routers.ReplicaMiddleware")

# Sums and counts over facts, kept in each process until a fact changes (investments/ledger/remembered.py).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "answers": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "answers",
        "TIMEOUT": 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
    # Whole answers of the API and charts, at most 32 MB in each process (investments/api/base.py).
    "bodies": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "bodies",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 128},
    },
    # In files, because all workers count one reader's requests together (investments/api/limits.py).
    "limits": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "limits",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "signin"
LOGIN_REDIRECT_URL = "overview"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# plotly.min.js is served from the installed package: no CDN, no second copy in the repository.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("plotly", Path(plotly.__file__).parent / "package_data"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "tracker.staticfiles.HashedStaticFilesStorage",
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        # The hash is that of the empty style element which plotly fills by script.
        "style-src": [SELF, "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
CSRF_FAILURE_VIEW = "investments.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    # What watches the server asks it directly, without the proxy.
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]

# One history row per changed row, written by one statement per writing statement.
PGHISTORY_LEVEL = pghistory.Statement
PGHISTORY_CONTEXT_FIELD = pghistory.ContextForeignKey(null=True)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_constraint=False, null=True)

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "investments.api.errors.answer",
    "NUM_PROXIES": PROXIES,
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": SITE_NAME,
    "DESCRIPTION": "Announced investment in AI infrastructure, each figure with its source, nothing counted twice. "
    "What a page shows, a program gets with the same query string. Read only; the facts are CC BY 4.0.",
    "VERSION": "1",
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Without the badge of a validator elsewhere on the web.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": "none"},
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["investments.api.charts.each_chart"],
    "POSTPROCESSING_HOOKS": ["investments.api.schema.with_problem"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
