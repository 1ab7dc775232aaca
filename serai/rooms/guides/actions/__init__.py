"""Every write of the guides: one function each, one transaction, one event."""

from ..texts import BadText, TextProblem, text_problems
from .access_sync import sync_member
from .alerts import (
    AlertDecided,
    BadTimes,
    MayNotApproveAlert,
    MayNotWriteAlert,
    SavedAlert,
    approve_alert,
    end_alert,
    save_alert,
    send_back_alert,
    tell_of_alerts,
    write_alert,
)
from .bulk import NewGuide, create_guides
from .clock import publish_scheduled
from .deciding import (
    AlreadyWaits,
    DraftChanged,
    MayNotDecide,
    MayNotEdit,
    NothingWaits,
    approve_draft,
    send_back_draft,
    start_translation,
    submit_draft,
    take_down,
)
from .saving import Saved, Source, save_guide, text_digest_of
from .tree import CycleInTree, ForeignParent, ensure_language_home, ensure_publisher_home
from .urgent import (
    AlreadyReviewed,
    MayNotActUrgently,
    MayNotReview,
    close_guide,
    end_act,
    publish_warning,
    review_act,
    send_urgent_alert,
)
from .useful import NoSuchGuide, count_useful

__all__ = [
    "AlertDecided",
    "AlreadyReviewed",
    "AlreadyWaits",
    "BadText",
    "BadTimes",
    "CycleInTree",
    "DraftChanged",
    "ForeignParent",
    "MayNotActUrgently",
    "MayNotApproveAlert",
    "MayNotDecide",
    "MayNotEdit",
    "MayNotReview",
    "MayNotWriteAlert",
    "NewGuide",
    "NoSuchGuide",
    "NothingWaits",
    "Saved",
    "SavedAlert",
    "Source",
    "TextProblem",
    "approve_alert",
    "approve_draft",
    "close_guide",
    "count_useful",
    "create_guides",
    "end_act",
    "end_alert",
    "ensure_language_home",
    "ensure_publisher_home",
    "publish_scheduled",
    "publish_warning",
    "review_act",
    "save_alert",
    "save_guide",
    "send_back_alert",
    "send_back_draft",
    "send_urgent_alert",
    "start_translation",
    "submit_draft",
    "sync_member",
    "take_down",
    "tell_of_alerts",
    "text_digest_of",
    "text_problems",
    "write_alert",
]
