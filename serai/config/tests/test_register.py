"""The register of personal data that an operator prints."""

from __future__ import annotations

import json

from click.testing import CliRunner

from serai.config.register import register
from serai.kernel.register.house import personal_data


def test_every_declared_row_is_printed_with_its_purpose_and_its_days() -> None:
    told = CliRunner().invoke(register).output
    for row in personal_data():
        assert f"{row.model}: {', '.join(row.fields)}" in told
        assert row.purpose in told
        assert f"{row.retention_days} days" in told


def test_a_program_reads_the_same_rows() -> None:
    rows = json.loads(CliRunner().invoke(register, ["--json"]).output)
    assert len(rows) == len(personal_data()) > 0
    assert {row["model"] for row in rows} == {row.model for row in personal_data()}
