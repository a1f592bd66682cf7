"""Everything that can be set, read from the environment. `.env.example` lists the variables."""

import os
import re
import sys
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_flag(name: str, *, default: bool) -> bool:
    value = env_text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to 1 or 0.")


def env_number(name: str, default: int, *, least: int = 1) -> int:
    value = env_text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a number from {least} up.")
    return int(value)


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env_text(name, default).split(",") if item.strip()]


def env_networks(name: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(item, strict=False) for item in env_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}: {error}. List IP addresses or networks, by commas."
        ) from error


def env_keys(name: str, default: str) -> list[str]:
    keys = env_list(name, default)
    if not all(re.fullmatch(r"[\w+/-]{43}=", key, re.ASCII) for key in keys):
        raise ImproperlyConfigured(
            f"{name} is no list of keys, by commas. `openssl rand -base64 32` makes a key."
        )
    return keys


# --- What this start is ---------------------------------------------------------------------

COMMAND = sys.argv[1] if len(sys.argv) > 1 and "manage" in Path(sys.argv[0]).name else ""
TESTING = "pytest" in sys.modules
# Commands that run for as long as the site does and show nobody a page: worker and clock.
PAGELESS = COMMAND in {"db_worker", "run_due", "run_background"}

DEMO = env_flag("SOFTFACTORY_DEMO", default=False)
DEBUG = env_flag("DEBUG", default=False)
PRODUCTION = not (DEBUG or DEMO or TESTING)

VAR_DIR = Path(env_text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

PORT = env_number("PORT", 8000)
WEB_CONCURRENCY = env_number("WEB_CONCURRENCY", 2)
WEB_THREADS = env_number("WEB_THREADS", 4)
BACKGROUND_IN_WEB = env_flag("BACKGROUND_IN_WEB", default=False)
SITE_URL = env_text("SITE_URL", f"http://localhost:{PORT}").rstrip("/")

# --- Security -------------------------------------------------------------------------------

# Known to everybody, and so refused by a system check in production.
INSECURE_SECRET_KEY = "insecure-key-for-development-and-demo-only-never-in-production"
SECRET_KEY = env_text("SECRET_KEY", INSECURE_SECRET_KEY)

# The same of the keys that seal secrets in the database (kernel/sealing.py), newest first.
INSECURE_FIELD_KEY = "a25vd24tdG8tYWxsLGZvci1kZW1vLWFuZC10ZXN0cy4="
FIELD_KEYS = env_keys("FIELD_KEYS", INSECURE_FIELD_KEY)

ALLOWED_HOSTS = env_list(
    "ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver,.localhost"
)
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env_networks("TRUSTED_PROXIES")

BEHIND_TLS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; a health check speaks plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # SafetyHeadersMiddleware says what Django's middlewares for it say
    "security.W002",
    "security.W008",  # SECURE_SSL_REDIRECT, see above
    "auth.W004",  # e-mail is unique by a constraint on its upper case, which says more
]
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
CSRF_FAILURE_VIEW = "softfactory.kernel.http.problems.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes; a larger body is answered 413
# A form with files may have so many, where addresses take them. Files lie on the disk meanwhile.
UPLOAD_MAX_SIZE = 42_000_000
UPLOADS_AT = re.compile(
    r"(?:/ko)?/(?:social/|coocook/chefs/\d+/menus)|/api/(?:sns/media|coocook/menus/\d+/picture)$"
)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- Applications ---------------------------------------------------------------------------

SILK = env_flag("SILK", default=False) and not TESTING
TOOLBAR = DEBUG and not TESTING

INSTALLED_APPS = [
    # Before ours, since accounts has its own admin for some of their models.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "softfactory",
    "monitoring",
    "sns",
    "bookings",
    "subscriptions",
    "softfactory.payments",
    "softfactory.accounts",
    "softfactory.kernel",
    # Without pages, nobody's admin is looked for, nor what that would bring along.
    "django.contrib.admin.apps.SimpleAdminConfig" if PAGELESS else "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_tasks_db",
    # For the same reason: whatever renders a template loads the tag libraries of all apps.
    *([] if PAGELESS else ["django_filters", "django_htmx", "drf_spectacular", "rest_framework"]),
    *(["silk"] if SILK else []),
    *(["debug_toolbar"] if TOOLBAR else []),
]

MIDDLEWARE = [
    "softfactory.kernel.request_id.RequestIdMiddleware",
    "monitoring.middleware.MeasureMiddleware",
    "monitoring.middleware.StoryMiddleware",
    "softfactory.kernel.request_log.RequestLogMiddleware",
    "softfactory.kernel.http.safety.SafetyHeadersMiddleware",
    "softfactory.kernel.http.hints.HintsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "softfactory.kernel.http.PrivateByDefaultMiddleware",
    "softfactory.kernel.http.CompressionMiddleware",
    "softfactory.kernel.http.EntityTagMiddleware",
    *(["softfactory.kernel.profiling.toolbar.ToolbarMiddleware"] if TOOLBAR else []),
    "softfactory.kernel.http.timing.ServerTimingMiddleware",
    "softfactory.kernel.http.BodyLimitMiddleware",
    *(["softfactory.kernel.profiling.middleware.SilkMiddleware"] if SILK else []),
    "django.contrib.sessions.middleware.SessionMiddleware",
    "softfactory.kernel.http.sign_in.SignedInMarkerMiddleware",
    "softfactory.kernel.http.PathLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "softfactory.kernel.http.WriteLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "softfactory.kernel.http.RefusedMethodMiddleware",
]

ROOT_URLCONF = "softfactory.urls"
WSGI_APPLICATION = "softfactory.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["softfactory.kernel.templatetags.ui", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "softfactory.kernel.forms.Renderer"

# --- Database -------------------------------------------------------------------------------

QUERY_TIMEOUT = 5  # seconds
# Work that may take longer than a request's query.
UNHURRIED = COMMAND in {"migrate", "seed_demo", "prepare_demo", "backup", "restore", "verify"}

SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    # FULL: a power cut must not take back a booking. NORMAL writes twice as fast and may lose
    # the last commits then (never on a crash of ours).
    "synchronous": env_text("SQLITE_SYNCHRONOUS", "FULL"),
    "cache_size": -40_000,  # KiB
    "temp_store": "MEMORY",
    "mmap_size": 268_435_456,
    "soft_heap_limit": 32_000_000,  # bytes, for all connections of a process
    "foreign_keys": "ON",
}
# Worker and clock read all of the file now and then: mapped, it would stay in their memory.
SQLITE_FEW_PAGES = "PRAGMA cache_size=-4000;PRAGMA mmap_size=0"


def sqlite_database(path: str) -> dict:
    begin = [f"PRAGMA {name}={value}" for name, value in SQLITE_PRAGMAS.items()]
    if PAGELESS:
        begin.append(SQLITE_FEW_PAGES)
    return {
        "ENGINE": "softfactory.kernel.db.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,  # seconds to wait for another writer
            "transaction_mode": "IMMEDIATE",
            "statement_timeout": 0 if UNHURRIED else QUERY_TIMEOUT,
            "takes_turns": not UNHURRIED,  # behind whom nobody stands in a queue
            "init_command": ";".join(begin),
        },
        "TEST": {"NAME": str(VAR_DIR / "test.sqlite3")},
    }


def postgresql_database(url: str) -> dict:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    most = int(options.pop("pool_max_size", WEB_THREADS + 2))
    pool = {
        "min_size": int(options.pop("pool_min_size", min(2, most))),
        "max_size": most,
        "timeout": 10,  # seconds to wait for a free connection
        "max_lifetime": 3600,
    }
    # A thread keeps its connection from request to request, if there is one for each and one left.
    kept_seconds = 60 if most > WEB_THREADS else 0
    threshold = options.pop("prepare_threshold", "")
    # The server binds and plans a statement once a connection, from its so many-th time on.
    prepared = (
        {"server_side_binding": True, "prepare_threshold": int(threshold)} if threshold else {}
    )
    timeout = 0 if UNHURRIED else QUERY_TIMEOUT * 1000
    return {
        "ENGINE": "softfactory.kernel.db.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),
        "PORT": parts.port or "",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **options,
            **prepared,
            # READ COMMITTED, whatever the server's default is: what a rule is decided on, and what
            # is told of generations, is what others have committed by then.
            "isolation_level": 2,
            # Compiling a plan takes longer than all that a page may ask for.
            "options": f"-c statement_timeout={timeout} -c jit=off",
            **({} if TESTING or COMMAND else {"pool": pool, "kept_seconds": kept_seconds}),
        },
    }


def database(name: str, url: str) -> dict:
    scheme = urlsplit(url).scheme
    if scheme in {"postgres", "postgresql"}:
        return postgresql_database(url)
    if scheme == "sqlite":
        return sqlite_database(unquote(url.removeprefix("sqlite://").removeprefix("/")))
    raise ImproperlyConfigured(
        f"{name} is neither postgres://user:password@host:port/name nor sqlite:///path/to/file."
    )


DATABASES = {
    "default": database(
        "DATABASE_URL", env_text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'softfactory.sqlite3'}")
    )
}
if replica := env_text("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = database("DATABASE_REPLICA_URL", replica)
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    if DATABASES["replica"]["ENGINE"].endswith("postgresql"):
        # One that is away, or behind a cable that is cut, is done without, soon.
        options = {"connect_timeout": 2, "tcp_user_timeout": 1000} | DATABASES["replica"]["OPTIONS"]
        DATABASES["replica"]["OPTIONS"] = options
        if "pool" in options:
            options["pool"]["timeout"] = 1  # seconds
    DATABASE_ROUTERS = ["softfactory.kernel.db.router.ReplicaRouter"]

# --- Cache ----------------------------------------------------------------------------------

REDIS_URL = env_text("REDIS_URL")
REDIS_OPTIONS = {
    "CLIENT_CLASS": "softfactory.kernel.redis.SignedClient",
    "REDIS_CLIENT_CLASS": "softfactory.kernel.redis.GuardedRedis",
    "SERIALIZER": "softfactory.kernel.redis.SignedPickleSerializer",
    "SOCKET_CONNECT_TIMEOUT": 0.25,  # seconds
    "SOCKET_TIMEOUT": 0.25,
}
REDIS_CACHE = {
    "BACKEND": "softfactory.kernel.cache.remote.RedisCache",
    "LOCATION": REDIS_URL,
    # A dead Redis makes the site slower, not absent.
    "OPTIONS": {**REDIS_OPTIONS, "IGNORE_EXCEPTIONS": True},
}
LOCAL_CACHE = {
    "BACKEND": "softfactory.kernel.cache.local.LocalCache",
    "OPTIONS": {"MAX_ENTRIES": 5_000, "MOST_BYTES": 3_000_000},  # in each process
}
CACHES = {
    "default": {
        **(REDIS_CACHE if REDIS_URL else LOCAL_CACHE),
        "ALIAS": "default",
        "KEY_PREFIX": "sf",
    },
    # Counts of attempts and writes, which all workers share: in Redis, else in the database.
    "limits": {
        "BACKEND": "softfactory.kernel.cache.shared.SharedCache",
        "LOCATION": "kernel_cacheentry",
        "ALIAS": "limits",
        "KEY_PREFIX": "sf-limits",
        "OPTIONS": {"REDIS_URL": REDIS_URL, "MAX_ENTRIES": 100_000},
    },
}

# --- Accounts -------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "softfactory.accounts.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
# Not in the cache: a copy there would outlive a sign-out that happened while Redis was away.
SESSION_ENGINE = "softfactory.kernel.sessions"
MESSAGE_STORAGE = "softfactory.kernel.messages.FallbackStorage"

RATE_LIMITED = env_text("RATE_LIMITS", "on") != "off" and not TESTING
ACCOUNT_ADAPTER = "softfactory.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_CHANGE_EMAIL = True  # one address each; a new one replaces it when it is confirmed
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "add_email": "softfactory.accounts.forms.AddEmailForm",
    "change_password": "softfactory.accounts.forms.ChangePasswordForm",
    "login": "softfactory.accounts.forms.LoginForm",
    "reauthenticate": "softfactory.accounts.forms.ReauthenticateForm",
    "reset_password": "softfactory.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "softfactory.accounts.forms.ResetPasswordKeyForm",
    "set_password": "softfactory.accounts.forms.SetPasswordForm",
    "signup": "softfactory.accounts.forms.SignupForm",
}
MFA_ADAPTER = "softfactory.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "softfactory.accounts.forms.ActivateTOTPForm",
    "authenticate": "softfactory.accounts.forms.AuthenticateForm",
    "reauthenticate": "softfactory.accounts.forms.ReauthenticateByCodeForm",
}
MFA_TOTP_ISSUER = "SoftFactory"
if not RATE_LIMITED:
    ACCOUNT_RATE_LIMITS = False  # else allauth's own; docs/guide/api.md says how many
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEHIND_TLS else "http"

# --- E-mail ---------------------------------------------------------------------------------


def mailer(url: str) -> dict:
    """`console:`, `memory:`, or smtp[s]://user:password@host:port (smtps speaks TLS at once)."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"BACKEND": "softfactory.kernel.mail.ConsoleBackend"}
    if parts.scheme == "memory":
        return {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL is neither console: nor smtp://user:pass@host:port.")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp" and bool(parts.username),
            "timeout": 10,
        },
    }


MAILERS = {"default": mailer(env_text("EMAIL_URL", "console:"))}
DEFAULT_FROM_EMAIL = f"SoftFactory <hello@{urlsplit(SITE_URL).hostname}>"
SERVER_EMAIL = parseaddr(DEFAULT_FROM_EMAIL)[1]

# --- Other servers --------------------------------------------------------------------------

# Hosts that are called besides public ones, at any port and by plain HTTP too.
OUTBOUND_ALLOW = env_list("OUTBOUND_ALLOW")

# --- API ------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "softfactory.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["softfactory.kernel.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["softfactory.kernel.api.renderers.FastJSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "softfactory.kernel.api.negotiation.PlainNegotiation",
    "DEFAULT_METADATA_CLASS": "softfactory.kernel.api.negotiation.MethodsOnly",
    "DEFAULT_PARSER_CLASSES": ["softfactory.kernel.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "softfactory.kernel.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["softfactory.kernel.api.filters.StrictFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["softfactory.kernel.api.throttles.WriteThrottle"],
    "DEFAULT_SCHEMA_CLASS": "softfactory.kernel.api.schema.OperationSchema",
    "EXCEPTION_HANDLER": "softfactory.kernel.http.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SoftFactory",
    "DESCRIPTION": "The back office of a private chef: bookings, social posts, products.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AlertStateEnum": "monitoring.models.Alert.State",
        "DeliveryStateEnum": "monitoring.models.AlertDelivery.State",
        "WebhookDeliveryStateEnum": "softfactory.accounts.models.WebhookDelivery.State",
        "PaymentStateEnum": "softfactory.payments.models.Payment.State",
        "FeatureKindEnum": "subscriptions.models.Feature.Kind",
        "PostStateEnum": "sns.models.Post.State",
        "PublicationStateEnum": "sns.models.Publication.State",
        "AttemptKindEnum": "sns.models.Attempt.Kind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "softfactory.kernel.api.schema.add_problems",
    ],
}

# --- Tasks ----------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "softfactory.kernel.tasks.DatabaseBackend"}}

# --- Payments -------------------------------------------------------------------------------

STRIPE_SECRET_KEY = env_text("STRIPE_SECRET_KEY", "")
STRIPE_PUBLISHABLE_KEY = env_text("STRIPE_PUBLISHABLE_KEY", "")
STRIPE_WEBHOOK_SECRETS = env_list("STRIPE_WEBHOOK_SECRET")  # several while one is replaced
STRIPE_API_BASE = env_text("STRIPE_API_BASE", "")
# Who sells, as invoices have it: each part is a line of its own.
SELLER = [part.strip() for part in env_text("SELLER", "SoftFactory").split("|")]
# Money that is none: never where real customers are.
SANDBOX_PAYMENTS = not PRODUCTION

# --- Language, time, files ------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Files are served as they lie in the checkout: no collectstatic, since built/ is hashed already.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/built/.+-[0-9A-Z]{8}\.\w+$"
# 103 before a page is made. Whatever stands in front has to know it: nginx does from 1.29 on.
EARLY_HINTS = env_flag("EARLY_HINTS", default=False)

# --- Logs -----------------------------------------------------------------------------------

# json: one object a line, for programs; lines: for people.
LOG_FORMAT = env_text("LOG_FORMAT", "json" if PRODUCTION else "lines")
if LOG_FORMAT not in {"json", "lines"}:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}. Set it to json or lines.")
LOG_REQUESTS = env_flag("LOG_REQUESTS", default=True) and not TESTING  # one line for each
# For all alike; unless it is set, each endpoint's budget says when it is slow.
SLOW_REQUEST_MS = env_number("SLOW_REQUEST_MS", 1) if env_text("SLOW_REQUEST_MS") else None
SLOW_QUERY_MS = env_number("SLOW_QUERY_MS", 10)
STORIES = not TESTING
STORY_PERCENT = env_number("STORY_PERCENT", 1, least=0)  # of what nothing else keeps
LOG_FORMATTER = {"json": "JsonFormatter", "lines": "LineFormatter"}[LOG_FORMAT]
TO_THE_CONSOLE = {"handlers": ["console"], "level": "INFO", "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"told": {"()": f"softfactory.kernel.logs.{LOG_FORMATTER}"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "told"},
        "trace": {"class": "softfactory.kernel.logs.TraceHandler"},
    },
    "root": {"handlers": ["console", "trace"], "level": "INFO"},
    "loggers": {
        "django.server": TO_THE_CONSOLE,
        "gunicorn.error": TO_THE_CONSOLE,
        "stripe": {"level": "WARNING"},  # it tells of each call twice
    },
}

# --- Measuring ------------------------------------------------------------------------------

METERS_DIR = VAR_DIR / "meters"
PROCESSES_DIR = VAR_DIR / "processes"

# What a program shows instead of a user's token to read metrics; none by default.
METRICS_TOKEN = env_text("METRICS_TOKEN")

# --- Profiling ------------------------------------------------------------------------------

# silk explains every query and keeps what it saw: for staff, on demand, and never in full.
SILK_PERCENT = env_number("SILK_PERCENT", 10, least=0)  # of the requests
SILKY_AUTHENTICATION = SILKY_AUTHORISATION = True
SILKY_MIDDLEWARE_CLASS = "softfactory.kernel.profiling.middleware.SilkMiddleware"
SILKY_MAX_REQUEST_BODY_SIZE = 4_000  # characters
SILKY_MAX_RECORDED_REQUESTS = 10_000

if TOOLBAR:
    INTERNAL_IPS = ["127.0.0.1", "::1"]
    # Its panels are asked for later, perhaps from another worker: they lie in files.
    CACHES["toolbar"] = {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "toolbar",
    }
    DEBUG_TOOLBAR_CONFIG = {
        "CACHE_BACKEND": "toolbar",
        "TOOLBAR_STORE_CLASS": "debug_toolbar.store.CacheStore",
    }
