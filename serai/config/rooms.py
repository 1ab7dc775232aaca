"""Who is in the house, from the roof down. The order is the order of floors."""

ROOMS = [
    "serai.rooms.guides",
    "serai.rooms.services_map",
    "serai.rooms.wording",
    "serai.rooms.yours",
]

WEB = ["serai.web"]

ENGINE = [
    "serai.engine.content",
    "serai.engine.shell",
]

KERNEL = [
    "serai.kernel.packs",
    "serai.kernel.facts",
    "serai.kernel.people",
    "serai.kernel.access",
    "serai.kernel.places",
    "serai.kernel.keys",
    "serai.kernel.ledger",
    "serai.kernel.languages",
    "serai.kernel.register",
]

HOUSE = [*WEB, *ROOMS, *ENGINE, *KERNEL]

DEMO_PEOPLE = {
    "ana": ("content.author", "services_map.editor"),
    "bilal": ("content.approver", "facts.checker", "services_map.editor"),
    "chen": ("content.translator",),
    "dora": ("guides.urgent", "services_map.local"),
    "emeka": ("access.administrator",),
}
"""Who works at each organisation of the demo house, and as what."""
