"""Routes of one's account, and of allauth's pages that this site has.

allauth's own lists end every address in a slash and know pages that are not for us (signing in
by code or by telephone, security keys); the names are what it goes by.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import include, path, re_path

from softfactory.accounts import views

own = [
    path("account", views.show_account, name="account"),
    path("account/tokens/new", views.create_token, name="token_create"),
    path("account/tokens/<int:pk>/revoke", views.confirm_revocation, name="token_revoke"),
    path("account/webhooks", views.list_endpoints, name="webhooks"),
    path("account/webhooks/new", views.new_endpoint, name="webhook_create"),
    path("account/webhooks/<int:pk>", views.show_endpoint, name="webhook"),
    path("account/webhooks/<int:pk>/test", views.test_endpoint, name="webhook_test"),
    path("account/webhooks/<int:pk>/secret", views.confirm_new_secret, name="webhook_secret"),
    path("account/webhooks/<int:pk>/delete", views.confirm_deletion, name="webhook_delete"),
    path("account/webhook-deliveries/<int:pk>", views.show_delivery, name="webhook_delivery"),
    path("fragments/account-menu", views.show_account_menu, name="account_menu"),
]

entrance = [
    path("signup", account.signup, name="account_signup"),
    path("login", account.login, name="account_login"),
    path("logout", account.logout, name="account_logout"),
    path("inactive", account.account_inactive, name="account_inactive"),
    path("reauthenticate", account.reauthenticate, name="account_reauthenticate"),
]

address = [
    path("", account.email, name="account_email"),
    path(
        "/confirm",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    path("/confirm/<key>", account.confirm_email, name="account_confirm_email"),
]

password = [
    path("change", account.password_change, name="account_change_password"),
    path("set", account.password_set, name="account_set_password"),
    path("reset", account.password_reset, name="account_reset_password"),
    path("reset/sent", account.password_reset_done, name="account_reset_password_done"),
    path(
        "reset/done",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

second_factor = [
    path("", mfa.index, name="mfa_index"),
    path("/authenticate", mfa.authenticate, name="mfa_authenticate"),
    path("/reauthenticate", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("/app/activate", totp.activate_totp, name="mfa_activate_totp"),
    path("/app/deactivate", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("/codes", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "/codes/generate",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "/codes/download",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("accounts/", include(entrance)),
    path("accounts/email", include(address)),
    path("accounts/password/", include(password)),
    path("accounts/second-factor", include(second_factor)),
]
