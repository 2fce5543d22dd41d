"""Every setting of the site. Production differs from a trial run by environment variables, not by another file.

docs/operations.md has a table of the variables.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from conference_site.delivery.policy import open_to_all, script_hashes
from conference_site.environment import LOOPBACK, Environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# `make run` leaves its choices in this file, so that manage.py works beside it.
env = Environment(defaults=VAR_DIR / "site.env")

DEBUG = env.read("bool", "DEBUG", False)
SECRET_KEY = env.secret("SECRET_KEY")
SITE_URL = env.address("SITE_URL")
HTTPS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname
OWN_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if SITE_HOST in LOOPBACK else [SITE_HOST]
ALLOWED_HOSTS = [*OWN_HOSTS, *env.read("list", "EXTRA_HOSTS", [])]

# Applications, lowest room first: an app may use those above it, never those below.
INSTALLED_APPS = [
    "modeltranslation",
    "conference_site.desk.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "admin_ordering",
    "js_asset",
    "django_prose_editor",
    "conference_site.languages",
    "conference_site.richtext",
    "conference_site.search",
    "conference_site.media",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "conference_site.accounts",
    "conference_site.publishing",
    "conference_site.navigation",
    "conference_site.audit",
    "conference_site.visits",
    "conference_site.proofreading",
    "conference_site.links",
    "conference_site.delivery",
    "conference_site.cards",
    "conference_site.operations",
    "conference_site.archives",
    "pages",
    "partners",
    "news",
]

MIDDLEWARE = [
    "conference_site.delivery.requests.RequestMiddleware",  # which names it in the log, and counts it
    "conference_site.delivery.middleware.StoreMiddleware",  # which sees every answer as it is sent
    "conference_site.languages.middleware.LanguageMiddleware",  # so that every refusal is in the visitor's language
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "conference_site.delivery.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "conference_site.delivery.middleware.CompressionMiddleware",
    "conference_site.delivery.middleware.OutageMiddleware",
    "conference_site.visits.middleware.VisitsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "conference_site.delivery.middleware.BoundaryMiddleware",
    # The next ones act only where a view touches the session or a form: on the desk. A public page sets no cookie.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "conference_site.audit.acting.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "conference_site.accounts.middleware.SignedInMiddleware",
]

ROOT_URLCONF = "conference_site.urls"
WSGI_APPLICATION = "conference_site.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["conference_site.languages.templatetags.languages"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "conference_site.languages.context_processors.languages",
                "pages.context_processors.frame",
            ],
        },
    }
]

# The database: one URL. Connections are kept, because opening one costs more than a page.
DATABASES = {
    "default": env.database("DATABASE_URL") | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False},
}

# Finished pages: in the memory of each process, at most so much, and in a folder for when the database is away.
PAGE_STORE_BYTES = env.count("PAGE_STORE_MB", 64) * 1024 * 1024
PAGE_STORE_DIR = env.read("path", "PAGE_STORE_DIR", VAR_DIR / "pages")

# What all processes count together, attempts to sign in: in the database, or where CACHE_URL says. No page is kept there.
COUNTS = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "accounts_counts",
    "OPTIONS": {"MAX_ENTRIES": 1_000_000},
}
CACHES = {"default": env.cache("CACHE_URL", otherwise=COUNTS), "database": COUNTS}

# Signs of life: who but this host may read /metrics, what counts as slow, with how little room on a disk a host is not ready.
METRICS_TOKEN = env.token("METRICS_TOKEN")
SLOW_MS = env.count("SLOW_MS", 500)
LEAST_FREE_BYTES = env.count("LEAST_FREE_MB", 100) * 1024 * 1024

# The languages, the first one being the site's own. Each is named in itself.
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LANGUAGE_CODE = "en"  # the language in which messages are written in the code
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["conference_site.languages.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", "Asia/Riyadh")
MODELTRANSLATION_DEFAULT_LANGUAGE = LANGUAGES[0][0]
MODELTRANSLATION_ENABLE_FALLBACKS = False
MODELTRANSLATION_CUSTOM_FIELDS = ("RichTextField",)

# Files.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", ("guide", BASE_DIR / "docs" / "screenshots" / "desk")]
STATIC_ROOT = env.read("path", "STATIC_ROOT", VAR_DIR / "static")
MEDIA_URL = "/media/"
MEDIA_ROOT = env.read("path", "MEDIA_ROOT", VAR_DIR / "media")  # unless MEDIA_STORAGE_URL names a bucket
STORAGES = {
    "default": env.files("MEDIA_STORAGE_URL", otherwise="conference_site.media.storage.AtomicFileSystemStorage"),
    "staticfiles": {"BACKEND": "conference_site.delivery.storage.JoinedStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ADD_HEADERS_FUNCTION = open_to_all
WHITENOISE_MAX_AGE = 0  # for the few addresses without a hash; the others are immutable
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a list that is put in order has 500 rows on its page
FILE_UPLOAD_PERMISSIONS = 0o644

# Who gets in: django-allauth, with what is decided in accounts/adapter.py.
AUTHENTICATION_BACKENDS = ["conference_site.accounts.adapter.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "conference_site.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are an administrator's business
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 – no password
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds, after which what is great is asked for again
ACCOUNT_RATE_LIMITS = {  # a key is an account, or an address of mail
    "login_failed": "10/m/ip,10/10m/key,100/d/key",
    "login": "30/m/ip",
    "change_password": "5/m/user,20/d/user",  # whoever has found somebody's desk open would guess the present one here
    "reset_password": "20/m/ip,3/h/key",
}
ACCOUNT_FORMS = {"reset_password": "conference_site.accounts.forms.NewPasswordForm"}
MFA_ADAPTER = "conference_site.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "conference_site.accounts.forms.AppForm",
    "add_webauthn": "conference_site.accounts.forms.KeyForm",
    "login_webauthn": "conference_site.accounts.forms.KeySignInForm",
}
MFA_RATE_LIMITS = {"webauthn_challenge": "30/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SITE_HOST
MFA_TOTP_TOLERANCE = 1  # a code more, for clocks that differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SECOND_FACTOR = env.read("bool", "SECOND_FACTOR", HTTPS)
# A working day, and an hour in which nothing was done: what NIST SP 800-63B allows for two factors (24 hours, 1 hour), or less.
SESSION_COOKIE_AGE = 3600 * env.count("SESSION_HOURS", 12)
SESSION_IDLE_SECONDS = 60 * env.count("SESSION_IDLE_MINUTES", 60)
# In the session, which a signed-in editor has anyway, and not in a cookie of its own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What every answer carries. On loopback over http there is nothing to redirect to.
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
# How many proxies stand before the site: only then is their word about https taken.
TRUSTED_PROXIES = env.count("TRUSTED_PROXIES", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if HTTPS else ("session", "csrf")
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "conference_site.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE, *script_hashes(BASE_DIR / "templates" / "scripts")],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# Whether somebody who may approve has to, before a text is published.
REVIEWS = env.read("bool", "REVIEWS", False)

# What each worker looks for without being asked, and how often in seconds: see operations/watcher.py. Each group has a thread of
# its own, so that nothing waits for another server's answer but what needs it.
WATCHED = [
    {
        "conference_site.publishing.replacements.apply_due": 2,
        "conference_site.publishing.notices.remind": 600,
        "conference_site.accounts.outbox.forget": 3600,
        "conference_site.accounts.sessions.forget": 3600,
        "conference_site.visits.counting.write": 10,
        "conference_site.visits.counting.forget": 3600,
        "conference_site.audit.retention.forget": 3600,
    },
    {"conference_site.accounts.outbox.send": 10},
    {
        "conference_site.links.checking.refresh": 15,
        "conference_site.links.checking.ask_due": 300,
    },
]

# Whether links to other sites are checked without being asked, each at most once a day. A trial run on localhost asks nobody.
CHECK_EXTERNAL_LINKS = env.read("bool", "CHECK_EXTERNAL_LINKS", HTTPS)
# For how long the log of changes and sign-ins is kept. The database itself refuses to delete what is younger than half a year.
LOG_MONTHS = max(6, env.count("LOG_MONTHS", 24))

# Where archives of everything lie, who can read them (a public key of age; without one whoever has the file), and how many of the
# last days, weeks and months are kept.
BACKUP_URL = env.place("BACKUP_URL", str(VAR_DIR / "backups"))
BACKUP_AGE_RECIPIENT = env.read("str", "BACKUP_AGE_RECIPIENT", "")
BACKUP_KEEP = env.counts("BACKUP_KEEP", "7 4 12")

# Mail goes where EMAIL_URL says; without it, it is printed where it can be copied.
MAILERS = {"default": env.mailer("EMAIL_URL", otherwise="conference_site.operations.mail.EmailBackend")}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.read("str", "EMAIL_FROM", f"noreply@{SITE_HOST}")

# Whom somebody tells who found a way in (/.well-known/security.txt).
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")

# Lines of JSON where machines read the log, and other lines for the eye.
LOG_FORMAT = env.choice("LOG_FORMAT", ["json", "line"], "json" if HTTPS else "line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request": {"()": "conference_site.delivery.logs.RequestFilter"},
        # That the database is away is said once, not again for each reader who is told so.
        "no_outage": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", 0) != 503,
        },
    },
    "formatters": {
        "json": {"()": "conference_site.delivery.logs.JsonFormatter"},
        "line": {"()": "conference_site.delivery.logs.LineFormatter", "format": "{levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # What visitors ask for is nobody's business (the privacy page says so): only what fails is logged.
        "django.request": {"level": "ERROR", "filters": ["no_outage"]},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
