"""What the second person sees: what is new, what is gone, and that nothing changed unseen."""

from __future__ import annotations

from serai.engine.content.comparison import compare_bodies, compare_lines
from serai.engine.content.stream import stored

LONG = "You can see a doctor here with or without papers on every working day."


def states(before: list, after: list) -> list[tuple[str, str]]:
    return [(part.label, part.state) for part in compare_bodies(before, after)]


def test_changed_words_are_marked_and_the_rest_stays_readable() -> None:
    part = compare_lines("Title", LONG, LONG.replace("doctor", "nurse"))
    assert part.state == "changed"
    assert part.pieces == (
        ("same", "You can see a "),
        ("gone", "doctor "),
        ("new", "nurse "),
        ("same", "here with or without papers on every working day."),
    )


def test_the_words_of_both_versions_are_always_whole() -> None:
    after = "On Monday you may ask a doctor here, but bring papers with you every time."
    pieces = compare_lines("Text", LONG, after).pieces
    assert "".join(words for state, words in pieces if state != "gone") == after
    assert "".join(words for state, words in pieces if state == "gone") != ""


def test_blocks_are_known_again_by_their_id() -> None:
    before = stored([("text", "<p>One</p>"), ("warning", {"title": "Careful", "text": "Hot."})])
    warning = {**before[1], "value": {"title": "Careful", "text": "Very hot."}}
    fresh = stored([("text", "<p>New</p>")])
    assert states(before, [fresh[0], before[0], warning]) == [("Text", "new"), ("Text", "same"), ("Warning", "changed")]
    assert states(before, [before[1]]) == [("Text", "gone"), ("Warning", "same")]


def test_a_changed_figure_or_link_is_seen() -> None:
    fee = {
        "what": "Stamp", "amount": "4", "currency": "EUR", "payee": "Post", "source_name": "Post",
        "source_url": "https://post.example/a", "note": "",
    }  # fmt: skip
    before = stored([("fee", fee), ("text", '<p><a href="https://a.example/">go</a></p>')])
    for index, changed in ((0, {**fee, "amount": "5"}), (0, {**fee, "source_url": "https://post.example/b"})):
        after = [dict(block) for block in before]
        after[index]["value"] = changed
        assert states(before, after)[index][1] == "changed"
    after = [before[0], {**before[1], "value": '<p><a href="https://b.example/">go</a></p>'}]
    assert states(before, after)[1] == ("Text", "changed")


def test_without_a_former_version_all_is_new() -> None:
    after = stored([("text", "<p>One</p>")])
    assert states([], after) == [("Text", "new")]
