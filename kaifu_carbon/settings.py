"""Settings of every installation; what differs comes from the environment (see .env.example)."""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from kaifu_carbon import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("KAIFU_DATA_DIR", BASE_DIR / ".data")

# A production installation refuses to serve on unsafe settings (see deploy/startup.py).
TRIAL = env.one_of("KAIFU_MODE", "production", "trial") == "trial"
# Demonstration accounts and data: scripts/run forbids them in a database that is not its own.
LOADS_DEMO = env.flag("KAIFU_DEMO", default=True) and TRIAL

DEBUG = env.flag("DJANGO_DEBUG")
SECRET_KEY = env.required(
    "DJANGO_SECRET_KEY", "请用 scripts/run 启动，或设置一个足够长的随机字符串"
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if TRIAL else "")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# Which programme answers: pages that browsers keep are asked for anew after an update.
BUILD = env.text("KAIFU_BUILD") or str(int(Path(__file__).stat().st_mtime))

SYSTEM_NAME = "开福区碳达峰实施方案进展监测系统"
SYSTEM_SHORT_NAME = "开福区碳达峰进展监测"
CONTACT = env.text("KAIFU_CONTACT", "区发展和改革局双碳办")
CONTACT_PHONE = env.text("KAIFU_CONTACT_PHONE", "0731-0000 0000" if LOADS_DEMO else "")

INSTALLED_APPS = [
    "kaifu_carbon.apps.RegistersConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "import_export",
    "csp",
    "common",
    "audit",
    "agencies",
    "plan",
    "records",
    "targets",
    "tasks",
    "projects",
    "reporting",
    "imports",
    "setup",
    "dashboard",
    "demo",
    "deploy",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # before the policy of pages: a style sheet has no use for it, and it is a third of a small one
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that lengths tell nothing
    "csp.middleware.CSPMiddleware",
    "common.web.no_store.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "common.web.input_cleaning.InputCleaningMiddleware",
    "reporting.typed.middleware.SignInMiddleware",
    "agencies.middleware.AccountMiddleware",
    "audit.middleware.RequestOriginMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "reporting.typed.middleware.TypedFormsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.web.database_errors.DatabaseErrorsMiddleware",
    "common.web.method_not_allowed.MethodNotAllowedMiddleware",
    "audit.middleware.NotesMiddleware",
]

ROOT_URLCONF = "kaifu_carbon.urls"
WSGI_APPLICATION = "kaifu_carbon.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "common.web.templates.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kaifu_carbon.context.page_frame",
            ],
            "builtins": ["pages.templatetags.links", "reporting.templatetags.parking"],
        },
    },
]

DATABASES = {
    "default": env.database(
        env.required("DATABASE_URL", "请用 scripts/run 启动，或给出 PostgreSQL 15 及以上版本的地址")
    )
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # pages.caching.cached_by_version: a few pages and figures for each version of the data
    "made": {
        "BACKEND": "common.caching.object_cache.ObjectCache",
        "OPTIONS": {"MAX_ENTRIES": 192},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = env.required("CELERY_BROKER_URL", "请用 scripts/run 启动，或给出 Redis 的地址")
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A job whose worker was killed is given out again: at once where only its process died, else after
# this time, which no job takes. All jobs can be done twice.
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 3,
    "max_retries": 2,
    "visibility_timeout": env.number("KAIFU_JOB_SECONDS", 600),
    # A worker looks for such jobs every ten seconds, not at every tenth of these times.
    "unacked_restore_throttle": 1,
    # Who is killed while giving out again holds the others back no longer than this; Kombu: 300.
    "unacked_mutex_expire": 10,
}
# When what was asked for last; written every few minutes, by which doctor sees that beat runs.
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "agencies": {"task": "setup.jobs.change_agencies", "schedule": crontab(hour=8, minute=20)},
    "morning": {"task": "reporting.jobs.every_morning", "schedule": crontab(hour=8, minute=30)},
    "mail": {"task": "reporting.jobs.send_mail", "schedule": crontab(minute="*/10")},
    "sweep": {"task": "reporting.jobs.sweep", "schedule": crontab(hour=3, minute=10)},
}

# Reminders go out by e-mail where a server is named; without one they stay in the application.
_MAIL = env.mail(env.text("KAIFU_EMAIL_URL"))
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.tls, _MAIL.ssl
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("KAIFU_EMAIL_FROM", "kaifu-carbon@localhost")

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# plotly.py checks every attribute of a figure: in tests and development.
CHECK_FIGURES = env.flag("KAIFU_CHECK_FIGURES", default=DEBUG)

STATIC_URL = "static/"
STATIC_ROOT = env.path("KAIFU_STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "kaifu_carbon.stylesheets.OneStylesheetStorage"
        if env.flag("KAIFU_HASHED_STATIC", default=not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
# Looks at every uploaded document; its exit status as clamdscan's: 0 clean, 1 infected.
SCAN_COMMAND = env.text("KAIFU_SCAN_COMMAND")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["agencies.auth.AgencyBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "agencies.passwords.CharacterClassValidator"},
]
PASSWORD_MAX_AGE_DAYS = env.number("KAIFU_PASSWORD_DAYS", 90)
PASSWORD_WARNING_DAYS = env.number("KAIFU_PASSWORD_WARNING_DAYS", 7)
FORMER_PASSWORDS = 5
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "agencies.sessions"
SESSION_COOKIE_AGE = env.number("KAIFU_IDLE_SECONDS", 1800)
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Who stands in front: so many proxies; the last of them calls from one of these addresses, or
# networks, or through a socket of the file system ("unix"). See common.web.client_address.
PROXY_COUNT = env.number("KAIFU_PROXY_COUNT", 0)
_PROXIES = env.words("KAIFU_TRUSTED_PROXIES", "127.0.0.1,::1")
PROXY_ON_SOCKET = "unix" in _PROXIES
TRUSTED_PROXIES = env.networks("KAIFU_TRUSTED_PROXIES", [one for one in _PROXIES if one != "unix"])

# TLS is ended by the proxy of a production server; scripts/run serves plain http on this machine.
HTTPS = env.flag("KAIFU_HTTPS")
PLAIN_HTTP = env.flag("KAIFU_PLAIN_HTTP")  # an office network without TLS: doctor says so
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Preloading is asked of browser makers for the whole domain, which is not ours to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "reporting.typed.middleware.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# plotly.js adds one empty style element; the hash of the empty text allows just that one.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, EMPTY_STYLE],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kaifu_carbon.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("KAIFU_LOG_LEVEL", "WARNING")},
}
