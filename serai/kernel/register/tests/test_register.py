"""What nobody declared does not exist."""

from __future__ import annotations

from serai.kernel.register import house
from serai.kernel.register.manifest import Permission
from serai.kernel.register.ports import Port


def test_a_route_without_a_row_is_closed() -> None:
    assert house.permission_for("public", "nowhere:nothing", "/nowhere/") is None


def test_a_row_by_path_guards_all_below_it_on_its_own_host_only() -> None:
    assert isinstance(house.permission_for("desk", "wagtailadmin_home", "/editor/pages/1/"), Permission)
    assert house.permission_for("public", "wagtailadmin_home", "/editor/pages/1/") is None


def test_every_event_is_named_after_the_part_that_declares_it() -> None:
    for manifest in house.manifests():
        assert all(event.name.startswith(f"{manifest.label}.") for event in manifest.events)
        assert all(role.key.startswith(f"{manifest.label}.") for role in manifest.roles)


def test_every_role_that_a_row_names_exists() -> None:
    known = {*house.roles(), "anyone", "signed_in"}
    assert {role for row in house.permission_rows() for role in row.roles} <= known


def test_offering_twice_under_one_name_replaces() -> None:
    port: Port[int] = Port("test", "numbers")
    port.offer("a", 1)
    port.offer("a", 2)
    assert list(port) == [2]


def test_every_field_about_a_person_names_a_model_that_has_it() -> None:
    from django.apps import apps

    for row in house.personal_data():
        fields = {field.name for field in apps.get_model(row.model)._meta.get_fields()}
        assert set(row.fields) <= fields, row.model
        assert row.retention_days > 0
        assert row.purpose
        assert row.legal_basis
