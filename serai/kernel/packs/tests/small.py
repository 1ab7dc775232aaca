"""A small pack for tests, as a person would write it: two guides, one translated, a contact and an alert."""

from __future__ import annotations

from collections.abc import Mapping

HEAD = """pack: lindenbach
version: 1.0.0
publisher: lindenbach
languages: [en, ar]
countries: [XV]
licence: CC-BY-4.0
fictional: true
requires: {topics: 1.0.0}
"""
FIRST = """---
title: What do I do in my first days?
summary: You can do these things first.
topic: health
order: 10
places: [lindenbach]
source: {name: City of Lindenbach, url: "https://lindenbach.example/first"}
checked_on: 2026-10-12
checked_by: Information desk
review_by: 2027-04-12
---
## Where do I begin?

Read [how to see a doctor](guide:doctor) first. It takes 2 days.
"""
DOCTOR = """---
title: How do I see a doctor?
summary: You can see a doctor with or without papers.
topic: health
parent: first-days
order: 20
places: [lindenbach]
source: {name: City health office, url: "https://health.lindenbach.example/doctor"}
checked_on: 2026-10-12
checked_by: Information desk
review_by: 2027-04-12
---
## What does it cost?

Go **today**. Then read [the first days](guide:first-days).

```fee
for: A visit
amount: "4"
currency: EUR
payee: The practice
source_name: Health fund
source_url: https://fund.example.org/costs
```

```steps
- Call the desk.
- Take your slip with you.
```
"""
DOCTOR_AR = """---
title: كيف أذهب إلى الطبيب؟
summary: يمكنك أن ترى طبيبًا بأوراق أو بلا أوراق.
translation: human
---
## كم يكلف ذلك؟

اذهب **اليوم**. ثم اقرأ [الأيام الأولى](guide:first-days).

```fee
for: زيارة
amount: "4"
currency: EUR
payee: العيادة
source_name: صندوق الصحة
source_url: https://fund.example.org/costs
```

```steps
- اتصل بالمكتب.
- خذ معك قسيمتك.
```
"""
FILES: dict[str, str] = {
    "pack.yaml": HEAD,
    "guides/first-days.en.md": FIRST,
    "guides/doctor.en.md": DOCTOR,
    "guides/doctor.ar.md": DOCTOR_AR,
    "tables/organisations.csv": "key,kind,url,phone,email\nlindenbach,municipality,https://lindenbach.example,,\n",
    "tables/places.csv": "key,parent,country,kind,latitude,longitude\nlindenbach,,XV,city,45.10000,-30.20000\n",
    "tables/contacts.csv": (
        "key,organisation,place,phone,email,address,languages,source_name,source_url,checked_on,checked_by,review_by\n"
        "desk,lindenbach,lindenbach,+00 555 20 100,info@lindenbach.example,Station Street 2,en ar,City of Lindenbach,"
        "https://lindenbach.example/desk,2026-10-12,Information desk,2027-04-12\n"
    ),
    "tables/alerts.csv": (
        "key,organisation,place,starts,ends\n"
        "moved,lindenbach,lindenbach,2026-11-01T00:00:00+01:00,2099-01-01T00:00:00+01:00\n"
    ),
    "words/en.yaml": """organisations:
  lindenbach:
    name: City of Lindenbach
    about: The city runs the desk.
places:
  lindenbach:
    name: Lindenbach
contacts:
  desk:
    name: City desk
    hours: Monday to Friday
    what: You can ask anything.
alerts:
  moved:
    title: The office has moved
    text: It is now at Weaver Street 3.
""",
    "words/ar.yaml": """organisations:
  lindenbach:
    name: بلدية ليندنباخ
    about: تدير المدينة المكتب.
places:
  lindenbach:
    name: ليندنباخ
contacts:
  desk:
    name: مكتب المدينة
    hours: من الاثنين إلى الجمعة
    what: يمكنك أن تسأل عن أي شيء.
alerts:
  moved:
    title: انتقل المكتب
    text: هو الآن في شارع النساجين 3.
""",
}
TOPICS: dict[str, str] = {
    "pack.yaml": (
        "pack: topics\nversion: 1.0.0\npublisher: commons\nlanguages: [en, ar]\ncountries: []\nlicence: CC-BY-4.0\n"
    ),
    "tables/organisations.csv": "key,kind,url,phone,email\ncommons,network,,,\n",
    "tables/topics.csv": "key,stage,parent,icon,order\nhealth,living,,heart,10\nwork,working,,briefcase,10\n",
    "words/en.yaml": """organisations:
  commons:
    name: Commons
    about: Shared words.
topics:
  health:
    title: Health
    lead: Doctors and medicine.
  work:
    title: Work
    lead: Jobs and rights.
""",
    "words/ar.yaml": """organisations:
  commons:
    name: المشاع
    about: كلمات مشتركة.
topics:
  health:
    title: الصحة
    lead: أطباء وأدوية.
  work:
    title: العمل
    lead: وظائف وحقوق.
""",
}


def pack(changes: Mapping[str, str | None] = {}, base: Mapping[str, str] = FILES) -> dict[str, bytes]:
    """The files of the small pack, with some other files (None takes one out)."""
    both = {**base, **changes}
    return {path: text.encode() for path, text in both.items() if text is not None}


def topics() -> dict[str, bytes]:
    """The files of the pack that the small pack requires."""
    return pack(base=TOPICS)


def edited(path: str, old: str, new: str, base: Mapping[str, str] = FILES) -> dict[str, str]:
    """One change in one file; fails when there is nothing to change."""
    assert old in base[path], f"{old!r} is not in {path}"
    return {path: base[path].replace(old, new)}


def version(number: str) -> dict[str, str]:
    """pack.yaml with another version."""
    return edited("pack.yaml", "version: 1.0.0", f"version: {number}")
