"""Settings of the house, made from the surroundings (env.py) and from the list of rooms (rooms.py)."""

from __future__ import annotations

import sys

from django.conf.locale import LANG_INFO

from serai.kernel.languages.registry import languages

from . import env
from .rooms import DEMO_PEOPLE, HOUSE

BASE_DIR = env.ROOT
SERAI_DATA = env.data_folder()
SECRET_KEY = env.secret_key(SERAI_DATA)
SERAI_KEYS_SECRET = env.text("SERAI_KEYS_SECRET")
SERAI_OPEN_MINUTES = 15
SERAI_OPEN_MOST_MINUTES = 120
DEBUG = env.text("SERAI_DEBUG") == "1"
TESTING = "pytest" in sys.modules
SERAI_PIN_COST = "m=256,t=1" if TESTING else env.text("SERAI_PIN_COST", "m=65536,t=3")

# --- the house ---------------------------------------------------------------------------------------------------
SERAI_MODE = env.text("SERAI_MODE", "demo")  # "demo" shows unchecked facts under a banner; "live" does not show them
SERAI_PORT = env.text("PORT", "8000")
SERAI_PUBLIC_HOST = env.text("SERAI_PUBLIC_HOST", f"127.0.0.1:{SERAI_PORT}")
SERAI_DESK_HOST = env.text("SERAI_DESK_HOST", f"desk.localhost:{SERAI_PORT}")
SERAI_SCHEME = env.text("SERAI_SCHEME", "http")
SERAI_HOUSE_NAME = env.text("SERAI_HOUSE_NAME", "Serai")
SERAI_EXIT_URL = env.text("SERAI_EXIT_URL", "https://www.wikipedia.org/")
# Offered on the first page; the first is the house's own.
SERAI_LANGUAGES = env.words("SERAI_LANGUAGES", "en,ar,fr,es,uk,ru,fa,prs,ti,bn,ne,fil,sw")
SERAI_CACHE = env.Path(env.text("SERAI_CACHE") or SERAI_DATA / "cache")  # may be thrown away
SERAI_SERVICE_REVIEW_DAYS = int(env.text("SERAI_SERVICE_REVIEW_DAYS", "90"))
SERAI_APPROXIMATE_METRES = int(env.text("SERAI_APPROXIMATE_METRES", "2000"))
SERAI_TALLY_FILE = env.text("SERAI_TALLY_FILE")  # else rooms/services_map/tally.yaml
SERAI_TILES = env.text("SERAI_TILES")  # https://tiles.example.org/{z}/{x}/{y}.png; that server learns where people look
SERAI_TILES_BY = env.text("SERAI_TILES_BY")  # who must be named beside these tiles
SERAI_HIDE_AFTER_DAYS = int(env.text("SERAI_HIDE_AFTER_DAYS", "90"))
SERAI_REVIEW_DAYS = int(env.text("SERAI_REVIEW_DAYS", "180"))
SERAI_REVIEW_SOON_DAYS = int(env.text("SERAI_REVIEW_SOON_DAYS", "14"))
SERAI_URGENT_REVIEW_HOURS = int(env.text("SERAI_URGENT_REVIEW_HOURS", "24"))
# Public pages become files; in development, in tests and with SERAI_PUBLISH=0 each is rendered anew.
SERAI_PUBLISH = not (DEBUG or TESTING) and env.text("SERAI_PUBLISH", "1") == "1"
SERAI_PUBLISHED = env.Path(env.text("SERAI_PUBLISHED") or SERAI_DATA / "published")
SERAI_TOUCH_DAYS = 7  # for how long changes are kept for servers that follow them
SERAI_PACKS = BASE_DIR / "packs"
SERAI_DEMO_PEOPLE = DEMO_PEOPLE

# --- Django ------------------------------------------------------------------------------------------------------
_public_name = SERAI_PUBLIC_HOST.rsplit(":", 1)[0]
_desk_name = SERAI_DESK_HOST.rsplit(":", 1)[0]
ALLOWED_HOSTS = [_public_name, _desk_name]
INSTALLED_APPS = [
    *[name for name in HOUSE if name != "serai.kernel.register"],
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "serai.kernel.register",  # last: it opens the house when every part is loaded
]
MIDDLEWARE = [
    "serai.engine.shell.hosts.TwoHosts",
    "serai.engine.shell.published.middleware.PublishPages",
    "serai.engine.shell.headers.SecurityHeaders",
    "django.middleware.http.ConditionalGetMiddleware",
    "serai.engine.shell.hosts.DeskSession",
    "serai.engine.shell.hosts.Languages",
    "django.middleware.common.CommonMiddleware",
    "serai.engine.shell.hosts.DeskCsrf",
    "serai.engine.shell.hosts.PublicOrigin",
    "serai.engine.shell.hosts.DeskAuthentication",
    "serai.engine.shell.hosts.DeskMessages",
    "allauth.account.middleware.AccountMiddleware",
    "serai.kernel.access.middleware.PermissionRows",
    "serai.engine.content.own_pages.OwnPages",
]
ROOT_URLCONF = "serai.config.urls_public"
SERAI_DESK_URLCONF = "serai.config.urls_desk"
WSGI_APPLICATION = "serai.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "serai.engine.shell.context.house",
            ],
        },
    },
]
DATABASES = {"default": {**env.database(SERAI_DATA), "ATOMIC_REQUESTS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend",
    }
}

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SERAI_SECOND_FACTOR_URL = "/sign-in/2fa/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "serai.kernel.access.adapters.StaffAccounts"
SOCIALACCOUNT_ADAPTER = "serai.kernel.access.adapters.OrganisationSignIn"
MFA_ADAPTER = "serai.kernel.access.adapters.SecondFactors"
ACCOUNT_FORMS = {
    "login": "serai.kernel.access.forms_sign_in.SignInForm",
    "reauthenticate": "serai.kernel.access.forms_sign_in.PasswordAgainForm",
}
MFA_FORMS = {
    "authenticate": "serai.kernel.access.forms_sign_in.CodeForm",
    "reauthenticate": "serai.kernel.access.forms_sign_in.CodeAgainForm",
    "activate_totp": "serai.kernel.access.forms_sign_in.SetUpCodesForm",
    "authenticate_webauthn": "serai.kernel.access.forms_sign_in.KeyForm",
    "reauthenticate_webauthn": "serai.kernel.access.forms_sign_in.KeyAgainForm",
    "login_webauthn": "serai.kernel.access.forms_sign_in.PasskeyForm",
    "add_webauthn": "serai.kernel.access.forms_sign_in.AddKeyForm",
    "edit_webauthn": "serai.kernel.access.forms_sign_in.RenameKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False  # these letters would carry the address and browser of the person
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True  # one length for all: SESSION_COOKIE_AGE, and never longer (kernel/access/sessions.py)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SERAI_SCHEME
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.text("SERAI_TRUSTED_PROXIES", "0"))
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # our adapter binds an address to an identity itself
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # else a challenge made for a second factor would do as a whole sign-in
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SERAI_SCHEME == "http"
MFA_TOTP_ISSUER = SERAI_HOUSE_NAME
MFA_TOTP_TOLERANCE = 1  # clocks of phones are seldom exact: the code before and after count too

# --- languages ---------------------------------------------------------------------------------------------------
LANG_INFO.update(
    {
        tag.lower(): {
            "bidi": row.direction == "rtl",
            "code": tag.lower(),
            "name": row.english,
            "name_local": row.name,
        }
        for tag, row in languages().items()
        if tag.lower() not in LANG_INFO
    }
)
LANGUAGE_CODE = SERAI_LANGUAGES[0]
LANGUAGES = [(tag.lower(), row.english) for tag, row in languages().items()]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("SERAI_TIME_ZONE", "UTC")

# --- Wagtail -----------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = SERAI_HOUSE_NAME
WAGTAILADMIN_BASE_URL = f"{SERAI_SCHEME}://{SERAI_DESK_HOST}"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("fr", "French"), ("es", "Spanish"), ("ar", "Arabic")]
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_NOTIFICATION_USE_HTML = False
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False  # there are none
WAGTAIL_MODERATION_ENABLED = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "serai.engine.content.approval.publish_approved"
WAGTAILDOCS_SERVE_METHOD = "direct"
WAGTAILIMAGES_IMAGE_MODEL = "content.HouseImage"
WAGTAILDOCS_DOCUMENT_MODEL = "content.HouseDocument"
WAGTAILDOCS_EXTENSIONS = ["pdf", "opus", "mp3", "ogg", "m4a"]
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- files -------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = SERAI_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "serai.engine.shell.published.collected.CompressedFiles"
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = SERAI_DATA / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "serai.config.uploads.UnnamedFileUploadHandler",
]

# --- protection --------------------------------------------------------------------------------------------------
_secure = SERAI_SCHEME == "https"
SESSION_COOKIE_NAME = "__Host-desk" if _secure else "desk"  # the prefix ties it to this host alone, over TLS alone
SESSION_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SECURE = _secure
CSRF_COOKIE_HTTPONLY = False  # Wagtail's admin reads it
CSRF_TRUSTED_ORIGINS = [f"{SERAI_SCHEME}://{SERAI_DESK_HOST}"]  # TLS ends at the proxy; the desk is still the origin
CSRF_FAILURE_VIEW = "serai.engine.shell.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"
EMAIL_BACKEND = (
    "django.core.mail.backends.locmem.EmailBackend"
    if TESTING
    else env.text("SERAI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
)
# No address of a person is ever logged: the server's access log is off, and nothing here formats one.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "none": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},  # a page that is not there is no news, and its path is nobody's business
        "django.security.DisallowedHost": {"handlers": ["none"], "propagate": False},  # scanners
    },
}
# Each of Django's deployment checks that does not fit a house of two hosts, and what does its work here.
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # SecurityMiddleware: engine/shell/headers.py sets its headers for each of the two hosts
    "security.W002",  # X-Frame-Options: frame-ancestors in both Content-Security-Policies says it, and more exactly
    "security.W003",  # CsrfViewMiddleware: DeskCsrf is it, on the desk; PublicOrigin guards the host without cookies
]
