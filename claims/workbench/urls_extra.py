"""Addresses that are there where the extra ``auth`` is installed: the second step, second factors, single sign-on.

second-step      /login/second/              second-factor(-…)  /profile/second-factor/(…/)
sso              /login/sso/                 person-factor      /desk/<slug>/settings/people/<pk>/factor/
openid_connect_callback  /login/<provider>/callback/ (django-allauth asks for the name)
"""

from __future__ import annotations

from django.urls import path

from claims.workbench.desk import second_steps, single_sign_on

urlpatterns = [
    path("login/second/", second_steps.second_step, name="second-step"),
    path("login/sso/", single_sign_on.start, name="sso"),
    path("login/<slug:provider_id>/callback/", single_sign_on.callback, name="openid_connect_callback"),
    path("profile/second-factor/", second_steps.second_factor, name="second-factor"),
    path("profile/second-factor/app/", second_steps.app, name="second-factor-app"),
    path("profile/second-factor/passkey/", second_steps.passkey, name="second-factor-passkey"),
    path("profile/second-factor/codes/", second_steps.codes, name="second-factor-codes"),
    path("profile/second-factor/<int:pk>/remove/", second_steps.take_off, name="second-factor-remove"),
    path("desk/<slug:slug>/settings/people/<int:pk>/factor/", second_steps.reset, name="person-factor"),
]
