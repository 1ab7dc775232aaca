"""What belongs to another publisher of the house is not a pack's to change, and nobody else's name is its to use."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from serai.kernel.access.models import Organisation
from serai.kernel.facts.models import Fact
from serai.kernel.packs.actions import PackRefused, install_pack
from serai.kernel.packs.tests.small import edited, pack, topics, version
from serai.rooms.guides.actions import Source, save_guide
from serai.rooms.guides.models import Alert, GuidePage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def topics_installed(db: None) -> None:
    install_pack(by=None, files=topics())


def test_a_pack_adds_no_language_and_no_source_to_a_guide_of_another_publisher(port_amsel: Organisation) -> None:
    source = Source(name="Port Amsel", checked_on=date(2026, 10, 1), checked_by="Harbour office")
    theirs = save_guide(
        by=None,
        organisation=port_amsel,
        key="lindenbach/doctor",
        language="fr",
        slug="doctor",
        title="Voir un médecin",
        summary="",
        body=[("text", "<p>Au port.</p>")],
        source=source,
    ).page
    with pytest.raises(PackRefused) as refused:
        install_pack(by=None, files=pack())
    assert {problem.code for problem in refused.value.problems} == {"page-other"}
    assert Fact.objects.get(pk=theirs.fact_id).source_name == "Port Amsel"
    assert GuidePage.objects.filter(translation_key=theirs.translation_key).count() == 1


def test_a_pack_sends_no_alert_in_the_name_of_those_who_write_their_own_here(staff: Any, port_amsel: Any) -> None:
    rows = edited("tables/alerts.csv", "moved,lindenbach", "moved,port-amsel")
    rows |= edited(
        "tables/organisations.csv", "lindenbach.example,,\n", "lindenbach.example,,\nport-amsel,municipality,,,\n"
    )
    for tag in ("en", "ar"):
        rows |= edited(
            f"words/{tag}.yaml", "organisations:\n", "organisations:\n  port-amsel: {name: Port, about: Port}\n"
        )
    install_pack(by=None, files=pack(rows))
    assert Alert.objects.get().organisation == port_amsel
    staff("pia", port_amsel, "content.author")
    with pytest.raises(PackRefused) as refused:
        install_pack(by=None, files=pack({**rows, **version("1.1.0")}))
    assert "alert-other" in {problem.code for problem in refused.value.problems}
