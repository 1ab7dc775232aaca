"""What runs regularly runs. In a file of its own: it empties the database, and files of this folder stay together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from serai.config.clock import house_sweeps


def test_every_sweep_of_the_house_runs(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    settings.SERAI_PUBLISHED = tmp_path / "published"
    sweeps = {sweep.name: sweep for sweep in house_sweeps()}
    assert sweeps["published.follow"].everywhere
    assert {"ledger.prune_touches", "tasks.prune"} <= sweeps.keys()
    for sweep in sweeps.values():
        sweep.run()
