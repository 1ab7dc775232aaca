"""Which documents of the search index a change may have touched."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from serai.kernel.register.ports import SearchDocument

from ..keys import ALERTS
from ..models import GuidePage
from ..queries.alerts import alert_changes
from ..queries.house import search_documents

AT_ONCE = 500
_PREFIXES = ("guide:", "fact:guides:")


def search_changes(keys: frozenset[str]) -> dict[str, Sequence[SearchDocument]]:
    """Guides whose text or fact was touched, and alerts: their documents as they are now; none when nobody may read
    them."""
    ids = [_uuid(key, prefix) for key in keys for prefix in _PREFIXES if key.startswith(prefix)]
    touched = list(dict.fromkeys(found for found in ids if found is not None))
    documents: dict[str, list[SearchDocument]] = {f"guides:{key}": [] for key in touched}
    for at in range(0, len(touched), AT_ONCE):
        some = GuidePage.objects.filter(translation_key__in=touched[at : at + AT_ONCE])
        for document in search_documents(some):
            documents[document.key].append(document)
    return {**documents, **(alert_changes() if ALERTS in keys else {})}


def _uuid(key: str, prefix: str) -> UUID | None:
    try:
        return UUID(key.removeprefix(prefix))
    except ValueError:
        return None
