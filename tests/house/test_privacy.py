"""What the house keeps about people is written down, erased when it should be, and never an address of a device."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.serializers import serialize
from django.db import connection, models
from django.test import Client

from serai.kernel.register.house import personal_data

from .walk import OURS, ROOT, name, python_files

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PERSONAL = re.compile(
    r"(^|_)(e?mail|phone|tel|ip|address|agent|name|names|birth|born|age|sex|gender|passport|nationality|religion|health|"
    r"user|users|by|person|people|author|owner|contact|password|secret|login|latitude|longitude|photo|face|voice)(_|$)"
)

NOT_ABOUT_A_PERSON = {
    "access.Organisation.names": "what an organisation is called",
    "access.Organisation.phone": "telephone of an office, published so that people can call it",
    "access.Organisation.email": "address of an office, published so that people can write to it",
    "access.IdentityProvider.sealed_secret": "secret of a machine, sealed",
    "access.User.user_permissions": "rights, given by groups that mirror roles; empty in this house",
    "facts.Fact.source_name": "what a source is called",
    "facts.Fact.checked_by": "a function in an organisation; never a name (public_title in facts/actions.py)",
    "facts.Fact.review_by": "a day",
    "guides.HumanContact.names": "what a desk is called",
    "guides.HumanContact.phone": "telephone of a desk, published so that people can call it",
    "guides.HumanContact.email": "address of a desk, published so that people can write to it",
    "guides.HumanContact.address": "where a desk stands",
    "packs.PackVersion.signed_by": "public key of a publisher",
    "places.Place.names": "what a place is called",
    "places.Place.latitude": "where a town lies; never where a person is",
    "places.Place.longitude": "where a town lies; never where a person is",
    "services_map.Location.latitude": "where a service is; never where a person is; exact only where it is public",
    "services_map.Location.longitude": "where a service is; never where a person is; exact only where it is public",
    "services_map.Offer.latitude": "as much of where a service is as anybody may know",
    "services_map.Offer.longitude": "as much of where a service is as anybody may know",
    "wagtaildocs.Document.uploaded_by_user": "Wagtail's own documents, which ours replace: always empty",
    "wagtailimages.Image.uploaded_by_user": "Wagtail's own images, which ours replace: always empty",
    "wagtailcore.APIToken.user": "tokens of an interface that is closed (/editor/api/*): always empty",
    "account.EmailAddress.user": "table of the sign-in library for addresses that people add themselves: always empty",
    "account.EmailAddress.email": "as above",
    "account.EmailConfirmation.email_address": "as above",
}
"""Fields that look personal and are not, each with the reason."""

ALWAYS_EMPTY = {key.rpartition(".")[0] for key, why in NOT_ABOUT_A_PERSON.items() if "always empty" in why}


def is_ours(model: type[models.Model]) -> bool:
    return apps.get_app_config(model._meta.app_label).name.startswith("serai.")


def is_of_staff(field: models.Field[Any, Any]) -> bool:
    return isinstance(field.related_model, type) and field.related_model._meta.label == "access.User"


def suspects() -> list[str]:
    """Fields that look personal: by their name in our models, by pointing at staff in any."""
    found = []
    for model in apps.get_models():
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            looks = isinstance(field, models.EmailField) or bool(PERSONAL.search(field.name))
            if is_of_staff(field) or (looks and is_ours(model)):
                found.append(f"{model._meta.label}.{field.name}")
    return found


def written_down() -> set[str]:
    return {f"{row.model}.{field}" for row in personal_data() for field in row.fields}


def test_every_field_that_looks_personal_is_in_the_register_or_has_a_reason() -> None:
    assert [field for field in suspects() if field not in written_down() | NOT_ABOUT_A_PERSON.keys()] == []


def test_the_search_for_personal_fields_finds_some() -> None:
    assert {"access.User.email", "access.Membership.user", "facts.Fact.checked_by_user"} <= set(suspects())


def test_no_reason_outlives_its_field_and_none_hides_a_row() -> None:
    fields = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
    }
    assert NOT_ABOUT_A_PERSON.keys() - fields == set()
    assert NOT_ABOUT_A_PERSON.keys() & written_down() == set()


def test_every_row_of_the_register_names_real_fields_and_says_why_how_long_and_how_it_ends() -> None:
    for row in personal_data():
        model = apps.get_model(row.model)
        for field in row.fields:
            model._meta.get_field(field)
        assert row.purpose, row.model
        assert row.legal_basis, row.model
        assert row.erase, row.model
        assert 0 < row.retention_days <= 3650, row.model


def test_tables_that_are_said_to_stay_empty_are_never_written_by_our_code() -> None:
    classes = {label.rpartition(".")[2] for label in ALWAYS_EMPTY} - {"Document", "Image"}
    users = [
        f"{name(path)}: {found[0]}"
        for path in python_files(tests=False)
        if (found := re.search(rf"\b({'|'.join(classes)})\b", path.read_text(encoding="utf-8")))
    ]
    assert users == []


def test_no_table_of_any_library_has_room_for_the_address_of_a_device() -> None:
    rooms = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.GenericIPAddressField)
        or re.search(r"(^|_)(ip|ip_?addr\w*|remote_addr|user_agent|browser|device|fingerprint)(_|$)", field.name)
    ]
    assert rooms == []


def test_no_migration_of_ours_ever_made_such_a_column() -> None:
    made = [
        name(path)
        for path in OURS.glob("**/migrations/*.py")
        if re.search(r"IPAddress|user_agent|ip_address|remote_addr|\binet\b", path.read_text(encoding="utf-8"))
    ]
    assert made == []


def test_only_the_counter_of_tries_looks_at_the_address_of_a_device() -> None:
    looks = re.compile(
        r"REMOTE_ADDR|X[-_]FORWARDED[-_]FOR|X[-_]REAL[-_]IP|HTTP_USER_AGENT|User-Agent|get_client_ip", re.I
    )
    found = {name(path) for path in python_files(tests=False) if looks.search(path.read_text(encoding="utf-8"))}
    found -= {found_in for found_in in found if found_in.startswith(("tests/", "bench/"))}
    assert found == {"serai/kernel/access/adapters.py"}


def test_counters_stay_in_memory_and_sessions_hold_plain_data() -> None:
    assert {each["BACKEND"] for each in settings.CACHES.values()} == {"django.core.cache.backends.locmem.LocMemCache"}
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")
    assert settings.ACCOUNT_EMAIL_NOTIFICATIONS is False


def test_no_line_of_a_log_has_a_place_for_an_address_and_the_server_keeps_none() -> None:
    formats = [each["format"] for each in settings.LOGGING["formatters"].values()]
    assert not re.search(r"request|client|addr|ip|status_code", " ".join(formats))
    assert "log_access=False" in (OURS / "config" / "serve.py").read_text(encoding="utf-8")
    for conf in (ROOT / "deploy").glob("*.conf"):
        text = conf.read_text(encoding="utf-8")
        assert "access_log off" in text
        assert not re.search(r"log_format|access_log\s+(?!off)", text)


def whole_database() -> str:
    tables = connection.introspection.table_names()
    there = [model for model in apps.get_models() if model._meta.db_table in tables]
    return "".join(serialize("json", model._default_manager.all()) for model in there)


def test_an_erased_account_leaves_neither_name_nor_address_nor_secret(staff: Any, lindenbach: Any, desk: Any) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount

    from serai.kernel.access import actions
    from serai.kernel.facts.actions import check_still_true, state_fact

    emeka = staff("emeka", lindenbach, "access.operator")
    user, _token = actions.invite_staff(
        by=emeka, email="zenobia@staff.example", name="Zenobia", organisation=lindenbach, role="facts.checker"
    )
    fact = state_fact(by=user, key="test:1", organisation=lindenbach, source_name="Office")
    check_still_true(by=user, fact=fact)
    actions.reset_second_factor(by=emeka, user=user, checked="phone")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "sealed-secret"})
    SocialAccount.objects.create(user=user, provider="p", uid="zenobia-at-work", extra_data={})
    assert desk(user).get("/staff/me/").status_code == 200
    assert "zenobia" in whole_database().lower()
    actions.erase_staff(by=emeka, user=user)
    left = whole_database().lower()
    assert "zenobia" not in left
    assert "sealed-secret" not in left
    fact.refresh_from_db()
    assert fact.checked_by_user is None
    assert fact.checked_by, "what the house said stays, by its function"


REPLACED = {
    "security.W001": "SecurityHeaders sets the headers for each host",
    "security.W002": "frame-ancestors in both policies",
    "security.W003": "DeskCsrf on the desk, PublicOrigin on the public host",
}
"""Deployment checks of Django that are silenced, and what does their work instead; the tests below prove it does."""


def test_djangos_deployment_checks_are_clean_over_tls_but_for_those_explained(tmp_path: Any) -> None:
    environment = {**os.environ, "SERAI_SCHEME": "https", "SERAI_DATA": str(tmp_path), "SERAI_MODE": "live"}
    # The journeys of this same worker allow the database beside a browser's loop; a house is never opened like that.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    command = [sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert f"({len(REPLACED)} silenced)" in done.stdout + done.stderr
    assert set(settings.SILENCED_SYSTEM_CHECKS) == REPLACED.keys()


def test_over_tls_cookies_are_bound_to_the_desk_and_browsers_remember_to_come_by_tls(tmp_path: Any) -> None:
    show = (
        "import json, django; django.setup(); from django.conf import settings as s;"
        "from serai.engine.shell.headers import public_headers;"
        "print(json.dumps([s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        "s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH, public_headers().get('Strict-Transport-Security', '')]))"
    )
    environment = {
        **os.environ,
        "SERAI_SCHEME": "https",
        "SERAI_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "serai.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", show], env=environment, capture_output=True, text=True, check=True, cwd=ROOT
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == ["__Host-desk", True, True, None, "/", "max-age=31536000"]


def test_both_hosts_send_the_headers_that_djangos_middleware_would(public: Client, desk: Any) -> None:
    for answer in (public.get("/"), desk().get("/sign-in/")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] in {"no-referrer", "same-origin"}
        assert re.search(r"frame-ancestors '(none|self)'", answer.headers["Content-Security-Policy"])
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_forms_from_elsewhere_are_refused_on_both_hosts() -> None:
    desk = Client(HTTP_HOST=settings.SERAI_DESK_HOST, enforce_csrf_checks=True)
    assert desk.post("/sign-in/", {"login": "x", "password": "y"}).status_code == 403
    public = Client(HTTP_HOST=settings.SERAI_PUBLIC_HOST, enforce_csrf_checks=True)
    assert public.post("/en/useful/", {}, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert public.post("/en/useful/", {}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
