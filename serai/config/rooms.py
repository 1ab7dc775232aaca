"""Who is in the house, from the roof down. The order is the order of floors."""

ROOMS = [
    "serai.rooms.guides",
    "serai.rooms.wording",
]

WEB = ["serai.web"]

ENGINE = [
    "serai.engine.content",
    "serai.engine.shell",
]

KERNEL = [
    "serai.kernel.packs",
    "serai.kernel.facts",
    "serai.kernel.access",
    "serai.kernel.places",
    "serai.kernel.ledger",
    "serai.kernel.languages",
    "serai.kernel.register",
]

HOUSE = [*WEB, *ROOMS, *ENGINE, *KERNEL]

DEMO_PEOPLE = {
    "ana": ("content.author",),
    "bilal": ("content.approver", "facts.checker"),
    "chen": ("content.translator",),
    "dora": ("guides.urgent",),
    "emeka": ("access.administrator",),
}
"""Who works at each organisation of the demo house, and as what."""
