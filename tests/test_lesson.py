"""The tour as a test: one edit followed from the author's draft to the reader, with a word on each step.

Read docs/tour.md beside it. Every test of the house is built like this one: named people, actions for every write, the
public host for every reading.
"""

from __future__ import annotations

from typing import Any

import pytest

from serai.kernel.ledger.models import OutboxRow, Touch
from serai.kernel.ledger.sequencer import sequence_outbox
from serai.rooms.guides import actions


def test_an_edit_travels_from_a_draft_to_the_reader(lindenbach: Any, ana: Any, bilal: Any, public: Any) -> None:
    # Ana writes. `save_guide` is the one way in for packs, imports and spreadsheets too; `publish=False` makes a draft.
    saved = actions.save_guide(
        by=ana,
        organisation=lindenbach,
        key="lindenbach/see-a-doctor",
        language="en",
        slug="see-a-doctor",
        title="How do I see a doctor?",
        summary="With or without papers.",
        body=[("text", "<p>Go to Orchard Road 8.</p>")],
        publish=False,
    )
    page = saved.page
    address = "/en/guide/lindenbach/see-a-doctor/"

    # A draft does not exist for the public.
    assert public.get(address).status_code == 404

    # She sends it on. She is not the second person, whatever else she may be.
    actions.submit_draft(by=ana, page=page)
    page.refresh_from_db()
    with pytest.raises(actions.MayNotDecide):
        actions.approve_draft(by=ana, page=page, revision_id=page.latest_revision_id, comment="")

    # Bilal approves. In the same transaction the event stands in the outbox and the changed keys stand in Touch.
    Touch.objects.all().delete()
    actions.approve_draft(by=bilal, page=page, revision_id=page.latest_revision_id, comment="")
    assert OutboxRow.objects.filter(event="content.page_published").exists()
    assert Touch.objects.filter(key=f"guide:{page.translation_key}").exists()

    # The reader gets it: no cookie, and an honest line that nobody has checked it yet.
    answer = public.get(address)
    assert answer.status_code == 200
    assert "Orchard Road 8" in answer.content.decode()
    assert "Nobody has checked this yet" in answer.content.decode()
    assert not answer.cookies

    # After commit the sequencer numbers what happened; the outbox is empty then.
    assert sequence_outbox() > 0
    assert not OutboxRow.objects.exists()
