"""The directory of a town, brought in as the operator would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .a_directory import as_public, directory


@pytest.fixture
def bring(lindenbach: Any) -> Callable[..., Any]:
    """Imports tables for Lindenbach: bring(tables, places="as-said")."""
    from serai.lib.hsds.check import check_rows
    from serai.lib.hsds.ours import check_extras
    from serai.rooms.services_map.exchange.importing import import_tables

    def run(tables: Any, **options: Any) -> Any:
        problems = [*check_rows(tables), *check_extras(tables)]
        return import_tables(tables, problems, by=None, publisher=lindenbach, tag="en", **options)

    return run


@pytest.fixture
def town(bring: Any) -> Any:
    """The town's services: public places, but for the shelter (contact only) and the kitchen (its area)."""
    tables = as_public(directory(), but={"shelter": "contact-only", "kitchen": "approximate"})
    report = bring(tables, places="as-said")
    assert not report.is_refused, report.problems
    return tables


@pytest.fixture
def dora(staff: Any, lindenbach: Any) -> Any:
    """Dora stands at the doors of Lindenbach."""
    return staff("dora", lindenbach, "services_map.local")


@pytest.fixture
def bilal(staff: Any, lindenbach: Any) -> Any:
    """Bilal keeps the services of Lindenbach true."""
    return staff("bilal", lindenbach, "services_map.editor")


@pytest.fixture
def stranger(staff: Any, port_amsel: Any) -> Any:
    """The stranger may do all of it at Port Amsel."""
    return staff("stranger", port_amsel, "services_map.local", "services_map.editor")
