"""Plain full text search over all that rooms offer: the same results on SQLite and on PostgreSQL.

Words are folded in Python (lib/fold) before they are stored and before they are looked for, so no database has to know
Arabic, Ethiopic or Bengali. Rooms offer their documents through the ports SEARCH_DOCUMENTS and SEARCH_CHANGES.
"""

from .finding import answer, find
from .index import Reindexed, refresh, reindex, without_refresh

__all__ = ["Reindexed", "answer", "find", "refresh", "reindex", "without_refresh"]
