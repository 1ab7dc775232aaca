"""Addresses of signing in: those of the sign-in library that this house uses, each by name, and no other.

Nobody signs up, so there is no sign-up, no confirming of addresses and no password by letter: an administrator makes
a one-time link instead.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as codes
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as organisations
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import path

from . import views_sign_in as ours

urlpatterns = [
    path("", ours.SignIn.as_view(), name="account_login"),
    path("out/", ours.SignOut.as_view(), name="account_logout"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/code/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/app/", ours.SetUpCodes.as_view(), name="mfa_activate_totp"),
    path("2fa/app/remove/", codes.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/keys/add/", ours.AddKey.as_view(), name="mfa_add_webauthn"),
    path("2fa/keys/again/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/keys/sign-in/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/keys/<int:pk>/remove/", ours.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("2fa/keys/<int:pk>/name/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("organisation/cancelled/", organisations.login_cancelled, name="socialaccount_login_cancelled"),
    path("organisation/error/", organisations.login_error, name="socialaccount_login_error"),
    path("organisation/<uuid:provider_id>/", oidc.login, name="openid_connect_login"),
    path("organisation/<uuid:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
]
