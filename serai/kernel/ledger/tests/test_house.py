"""What the house promises of the ledger by schema: no person, no free text, no time of day; and erasing is known."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from serai.kernel.ledger.leaves import KIND
from serai.kernel.ledger.padding import FILE, multiples
from serai.kernel.register.house import events, personal_data

FOR_EVER = {
    "LedgerRow": {
        "seq": "BigIntegerField",
        "version": "PositiveSmallIntegerField",
        "kind": "CharField",
        "day": "DateField",
        "commitment": "BinaryField",
    },
    "Tree": {"id": "BigAutoField", "size": "BigIntegerField", "frontier": "BinaryField"},
    "Checkpoint": {
        "size": "BigIntegerField",
        "note": "TextField",
        "frontier": "BinaryField",
        "at": "DateTimeField",
    },
}


@pytest.mark.parametrize("model", FOR_EVER)
def test_what_stays_for_ever_has_no_column_for_a_person(model: str) -> None:
    fields = apps.get_app_config("ledger").get_model(model)._meta.get_fields()
    assert {field.name: type(field).__name__ for field in fields} == FOR_EVER[model]


def test_no_table_points_at_the_ledger_and_the_ledger_points_at_none() -> None:
    own = set(apps.get_app_config("ledger").get_models())
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.related_model:
                assert (model in own) == (field.related_model in own) is False, f"{model.__name__}.{field.name}"


def test_every_class_of_event_is_a_plain_word_of_ours_and_there_are_few() -> None:
    kinds = {event.kind for event in events().values()}
    assert [kind for kind in kinds if not KIND.fullmatch(kind) or len(kind) > 32] == []
    assert len(kinds) <= 12, "a class that few events share says too much"


def test_whatever_names_staff_is_in_the_register_with_its_days() -> None:
    rows = {row.model: row for row in personal_data() if row.model.startswith("ledger.")}
    assert {"ledger.OutboxRow", "ledger.Opening"} <= set(rows)
    assert all(row.retention_days > 0 and row.erase for row in rows.values())


def test_every_declared_class_has_a_padding_and_every_figure_a_source() -> None:
    assert set(multiples()) == {event.kind for event in events().values()}
    rows = re.findall(r"multiple:.*", FILE.read_text(encoding="utf-8"))
    assert rows
    assert all("source:" in row and "checked_on:" in row for row in rows)
