"""A guide is written as it is read, and its digest does not change with how it is written."""

from __future__ import annotations

import pytest

from serai.kernel.packs.tests.small import DOCTOR, DOCTOR_AR, FIRST
from serai.rooms.guides.packs.markdown_file import read_guide, write_guide
from serai.rooms.guides.packs.parts import stamp_guides

EVERYTHING = """---
title: All
summary: Each block once.
---
Words with **bold**, *italic* and a [link](https://example.org/a_b?c=1).

```steps
title: In order
items:
- title: First
  text: Do it.
- Then this.
```

```warning
title: Careful
text: |-
  Two
  lines.
```

```contact
name: Desk
phone: +00 555
languages: [en, ar]
hours: 10:30 to 12:00
```

```deadline
what: Register
number: 14
unit: days
from: the day you move
source_name: City
source_url: https://city.example.org/
```

```documents
title: Bring
items:
- Passport
- name: Slip
  note: if you have one
  optional: true
```

```service
name: Clinic
what: It is free.
ref: health/1
```

```picture
file: desk.png
alt: The desk
caption: No
```

```audio
file: desk.opus
title: The desk
transcript: It is here.
```

```video
url: https://video.example.org/1
title: The desk
minutes: 3
size_mb: 12
```
"""


@pytest.mark.parametrize("text", [EVERYTHING, DOCTOR, DOCTOR_AR, FIRST])
def test_the_normal_form_is_read_back_as_the_same_and_stays_what_it_is(text: str) -> None:
    guide = read_guide(text.encode(), "lindenbach")
    assert guide.wrong == []
    written = write_guide(guide.front, guide.kinds, "lindenbach")
    again = read_guide(written, "lindenbach")
    assert (again.front, again.kinds, again.wrong) == (guide.front, guide.kinds, [])
    assert write_guide(again.front, again.kinds, "lindenbach") == written
    assert again.digest() == guide.digest()


def test_all_kinds_of_block_are_read() -> None:
    kinds = [kind for kind, _value in read_guide(EVERYTHING.encode(), "x").kinds]
    assert len(kinds) == len(set(kinds)) == 10
    values = dict(read_guide(EVERYTHING.encode(), "x").kinds)
    assert values["contact"]["hours"] == "10:30 to 12:00"
    assert values["contact"]["languages"] == "en ar"
    assert values["picture"]["caption"] == "No"
    assert values["steps"]["steps"] == [{"title": "First", "text": "Do it."}, {"title": "", "text": "Then this."}]


def test_layout_and_line_ends_do_not_change_the_digest_but_any_word_or_figure_does() -> None:
    digest = read_guide(DOCTOR.encode(), "lindenbach").digest()
    loose = DOCTOR.replace("\n\n", "\n\n\n").replace("\n", "\r\n").replace('"4"', "'4.00'")
    assert read_guide(loose.encode(), "lindenbach").digest() == digest
    for old, new in (("today", "now"), ('"4"', '"5"'), ("Call the desk", "Call a desk"), ("a doctor?", "the doctor?")):
        assert read_guide(DOCTOR.replace(old, new).encode(), "lindenbach").digest() != digest
    moved = DOCTOR.replace("order: 20", "order: 30").replace("checked_on: 2026-10-12", "checked_on: 2026-10-13")
    assert read_guide(moved.encode(), "lindenbach").digest() == digest


def test_a_link_within_the_pack_is_the_same_written_short_or_long() -> None:
    long = DOCTOR.replace("guide:first-days", "guide:lindenbach/first-days")
    assert read_guide(long.encode(), "lindenbach").digest() == read_guide(DOCTOR.encode(), "lindenbach").digest()
    assert read_guide(DOCTOR.encode(), "elsewhere").digest() != read_guide(DOCTOR.encode(), "lindenbach").digest()


def test_stamping_adds_one_row_and_changes_no_other_byte() -> None:
    pack = {"pack": "lindenbach", "languages": ["en", "ar"]}
    files = {"guides/doctor.en.md": DOCTOR.encode(), "guides/doctor.ar.md": DOCTOR_AR.encode()}
    stamped = stamp_guides(pack, files, frozenset())
    digest = read_guide(DOCTOR.encode(), "lindenbach").digest()
    assert stamped == {
        "guides/doctor.ar.md": DOCTOR_AR.replace(
            "translation: human", f"translation: human\noriginal: {digest}"
        ).encode()
    }
    assert stamp_guides(pack, {**files, **stamped}, frozenset()) == {}


def test_a_stamp_stays_when_the_original_changes_until_the_translation_was_looked_at_again() -> None:
    pack = {"pack": "lindenbach", "languages": ["en", "ar"]}
    files = {"guides/doctor.en.md": DOCTOR.encode(), "guides/doctor.ar.md": DOCTOR_AR.encode()}
    files |= stamp_guides(pack, files, frozenset())
    files["guides/doctor.en.md"] = DOCTOR.replace("today", "tomorrow").encode()
    assert stamp_guides(pack, files, frozenset()) == {}
    again = stamp_guides(pack, files, frozenset({"guides/doctor.ar.md"}))
    assert read_guide(files["guides/doctor.en.md"], "lindenbach").digest().encode() in again["guides/doctor.ar.md"]
