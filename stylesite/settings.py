"""Settings, all of them from the environment; the defaults run a site on a laptop with nothing configured.

`docs/deploy.md` lists every variable.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from pythonjsonlogger.core import RESERVED_ATTRS

from stylesite.embedded import secret_key, valkey_url

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or secret_key(VAR_DIR)

# --- Addresses -------------------------------------------------------------------------------------------------------

HOST = env("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
SITE_URL = env("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
SERVED_OVER_HTTPS = SITE_URL.startswith("https://")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname or "localhost"])
ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", HOST] if not SERVED_OVER_HTTPS else []
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SERVED_OVER_HTTPS else []

BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SERVED_OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SERVED_OVER_HTTPS
SECURE_HSTS_PRELOAD = SERVED_OVER_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SERVED_OVER_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

ROOT_URLCONF = "stylesite.urls"
ASGI_APPLICATION = "stylesite.asgi.application"

# --- Applications ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "transfer",
    "gallery",
    "stylesite.apps.StylesiteConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "stylesite.apps.QueuesConfig",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "stylesite.apps.OwnAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "stylesite.compression.CompressText",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.suspension.Suspension",
    "accounts.language.RememberLanguage",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

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
                "transfer.views.ending.work_under_way",
            ],
        },
    }
]

# --- Data ------------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Server and workers are separate processes: WAL lets readers go on during a write, and taking the write lock at
    # the start of a transaction makes a second writer wait instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

REDIS_URL = env("REDIS_URL", default="") or valkey_url(VAR_DIR)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

JOB_TIMEOUT = env.int("JOB_TIMEOUT", default=6 * 3600)
RQ_QUEUES = {
    "webhooks": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 30},
    "interactive": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": JOB_TIMEOUT},
    "standard": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": JOB_TIMEOUT},
    "training": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": env.int("TRAINING_TIMEOUT", default=7 * 24 * 3600)},
}
# Services enqueue with transaction.on_commit themselves, where a reader of the service can see it.
RQ = {"COMMIT_MODE": "auto"}

MEDIA_DIR = VAR_DIR / "media"
# Where the reverse proxy sends stored files from when a view says so; empty where the site sends them itself.
PROXY_FILES_PREFIX = env("PROXY_FILES_PREFIX", default="")
STORAGES = {
    # Uploads and results: private, handed out only by views that check whose they are.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_DIR / "private")},
    },
    # Published copies: public, under random names that never change their content.
    "public": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_DIR / "public"), "base_url": "/media/"},
    },
    "staticfiles": {"BACKEND": "stylesite.static_files.StaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- Uploads and jobs ------------------------------------------------------------------------------------------------

UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=25 * 2**20)
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_PIXELS", default=50_000_000)
UPLOADS_PER_HOUR = env.int("UPLOADS_PER_HOUR", default=120)
UNUSED_PHOTO_DAYS = env.int("UNUSED_PHOTO_DAYS", default=30)
# Where files lie that are still on their way, and how long one that does not go on is kept.
UPLOAD_DIR = VAR_DIR / "uploads"
UNFINISHED_UPLOAD_HOURS = env.int("UNFINISHED_UPLOAD_HOURS", default=24)
UNFINISHED_JOBS_PER_USER = env.int("UNFINISHED_JOBS_PER_USER", default=20)
RUNNING_JOBS_PER_USER = env.int("RUNNING_JOBS_PER_USER", default=2)
# Pixels times steps within 24 hours; the default is what two cores do in five.
DAILY_PIXEL_STEPS_PER_USER = env.int("DAILY_PIXEL_STEPS_PER_USER", default=10_000_000_000)
# From so many waiting jobs on nobody's further job is taken.
WAITING_JOBS_MAX = env.int("WAITING_JOBS_MAX", default=1000)
# A running job whose worker has been silent for this long is taken from it and queued again.
LEASE_SECONDS = env.int("LEASE_SECONDS", default=60)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=10)
MAX_ATTEMPTS = env.int("MAX_ATTEMPTS", default=3)
CHECKPOINT_SECONDS = env.int("CHECKPOINT_SECONDS", default=30)
CHECKPOINT_DIR = VAR_DIR / "checkpoints"
TRAINING_DIR = VAR_DIR / "trainings"
TRAINING_SET_MAX_BYTES = env.int("TRAINING_SET_MAX_BYTES", default=2**30)
# A worker that holds more than this when a job has ended makes room for a new one.
WORKER_MEMORY_MB = env.int("WORKER_MEMORY_MB", default=4096)
DEVICE = env("DEVICE", default="auto")
PRECISION = env("PRECISION", default="auto")

# --- Gallery ----------------------------------------------------------------------------------------------------------

# Likes, follows and additions to collections that one person may make within a minute.
GALLERY_ACTS_PER_MINUTE = env.int("GALLERY_ACTS_PER_MINUTE", default=60)
# The weight of reports from which on a work is hidden until a moderator has looked at it; a trusted person's counts 1.
REPORTS_TO_HIDE = env.float("REPORTS_TO_HIDE", default=3.0)
TRUSTED_AFTER_DAYS = env.int("TRUSTED_AFTER_DAYS", default=7)
REPORTS_PER_DAY = env.int("REPORTS_PER_DAY", default=20)
# How many works of a new artist are looked at before they are shown.
PREMODERATED_WORKS = env.int("PREMODERATED_WORKS", default=0)
# Whether a new site's gallery begins with the works that come with the project.
SEED_GALLERY = env.bool("SEED_GALLERY", default=True)

# --- People ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "transfer:studio"
LOGOUT_REDIRECT_URL = "gallery:index"

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
MAIL_IS_CONFIGURED = bool(env("EMAIL_URL", default=""))
# Shorter than a worker of the webhooks' queue, which sends them, gives one message.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Stylesite <stylesite@localhost>")

ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "add_email": "accounts.forms.AddressForm",
    "reset_password": "accounts.forms.LostPasswordForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
    "change_password": "accounts.forms.NewPasswordForm",
    "reset_password_from_key": "accounts.forms.ForgottenPasswordForm",
}
ACCOUNT_ADAPTER = "accounts.adapter.OwnLetters"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
# Without a mail server the confirmation link appears only in the terminal, so it cannot be demanded.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL_IS_CONFIGURED else "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Stylesite] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SERVED_OVER_HTTPS else "http"
ACCOUNT_USERNAME_BLACKLIST = ["admin", "administrator", "root", "staff", "moderator", "stylesite"]
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# From one address. A school that signs up in one lesson is behind one.
ACCOUNT_RATE_LIMITS = {"signup": f"{env.int('SIGNUPS_PER_MINUTE', default=20)}/m/ip"}
ACCOUNT_SESSION_REMEMBER = True

MFA_ADAPTER = "accounts.two_factor.EncryptedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Stylesite"
# One period either way, for clocks that are off and fingers that are slow.
MFA_TOTP_TOLERANCE = 1
# Where addresses cannot be verified, two-factor is for everyone all the same.
MFA_ALLOW_UNVERIFIED_EMAIL = not MAIL_IS_CONFIGURED


# --- The API ---------------------------------------------------------------------------------------------------------

API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=300)
API_STRANGERS_REQUESTS_PER_MINUTE = env.int("API_STRANGERS_REQUESTS_PER_MINUTE", default=60)
# For development: else whoever adds a webhook could reach what only this machine's network should.
WEBHOOKS_MAY_CALL_PRIVATE_ADDRESSES = env.bool("WEBHOOKS_MAY_CALL_PRIVATE_ADDRESSES", default=False)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.rest.authentication.TokenAuthentication",
        "accounts.rest.authentication.SiteAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.rest.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.rest.throttles.PersonRate", "accounts.rest.throttles.StrangerRate"],
    "DEFAULT_PAGINATION_CLASS": "accounts.rest.pagination.Pages",
    "DEFAULT_PARSER_CLASSES": ["accounts.rest.parsers.SmallJson"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "accounts.rest.schema.Described",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "accounts.rest.problems.handle",
    "FORMAT_SUFFIX_KWARG": None,
    "URL_FORMAT_OVERRIDE": None,
    # Whom strangers' requests are counted for: the address that the one trusted proxy has seen, else the caller's own.
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stylesite",
    "DESCRIPTION": "Paint photos in the style of a picture. What a person can do in the studio, a program can do here.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_SUFFIX": "",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {
        "DeliveryState": "accounts.models.DeliveryState",
        "JobState": "transfer.models.State",
        "JobFailure": "transfer.models.Failure",
        "Preset": "transfer.models.Preset",
        "Colours": "transfer.models.Colours",
        "Start": "transfer.models.Init",
        "Visibility": "gallery.models.Visibility",
        "Standing": "gallery.models.Standing",
        "ReportReason": "gallery.models.Reason",
        "Scope": "accounts.models.Scope",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.rest.schema.add_problems",
        "accounts.rest.schema.forbid_unknown_fields",
    ],
}

# --- Languages -------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "stylesite" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["stylesite.formats"]
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="UTC")

# --- Logs ------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"subject": {"()": "transfer.logs.NameTheSubject"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {subject}{message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{message}",
            "style": "{",
            "reserved_attrs": [*RESERVED_ATTRS, "subject"],
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env("LOG_FORMAT", default="line"),
            "filters": ["subject"],
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
