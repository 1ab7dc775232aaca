"""What a published file says of itself in its modification time, so that serving it needs one open and one fstat.

Seconds: 31 bits of the digest of its bytes. nginx and we both make the ETag of a file from seconds and size, so both
give the same one, and it changes exactly when the bytes do. Nanoseconds: the minute (since 1970) in which the page
expires, 0 for never; there is room until the year 3871.
"""

from __future__ import annotations

import hashlib
import os
from datetime import date, datetime, time
from pathlib import Path

NANOSECONDS = 1_000_000_000


class NoStamp(OSError):
    """The file system does not keep nanoseconds: an expiry would be lost, so nothing is published on it."""


def minute_of(expires: date | datetime | None) -> int:
    """The minute in which a page expires. A date means its first moment in the house's time zone. 0: never.

    Raises ValueError for a datetime without a time zone.
    """
    if expires is None:
        return 0
    if not isinstance(expires, datetime):
        from django.utils import timezone

        expires = datetime.combine(expires, time.min, tzinfo=timezone.get_default_timezone())
    if expires.tzinfo is None:
        raise ValueError("serai_expires needs a time zone")
    return max(1, min(int(expires.timestamp() // 60), NANOSECONDS - 1))


def is_past(minute: int, now: float) -> bool:
    """Whether a page of this expiry may no longer be shown. now: seconds since 1970."""
    return bool(minute) and minute * 60 <= now


def put_stamp(file: Path, content: bytes, minute: int) -> None:
    """Writes the stamp. Raises NoStamp."""
    wanted = _seconds(content) * NANOSECONDS + minute
    os.utime(file, ns=(wanted, wanted))
    if os.stat(file).st_mtime_ns != wanted:
        raise NoStamp(f"{file.parent} does not keep modification times to the nanosecond")


def etag_of(found: os.stat_result) -> str:
    """The strong ETag, exactly as nginx makes it."""
    return f'"{found.st_mtime_ns // NANOSECONDS:x}-{found.st_size:x}"'


def etag_for(content: bytes) -> str:
    """The ETag that a file with these bytes has."""
    return f'"{_seconds(content):x}-{len(content):x}"'


def _seconds(content: bytes) -> int:
    return int.from_bytes(hashlib.sha256(content).digest()[:4], "big") >> 1


def expiry_of(found: os.stat_result) -> int:
    """The minute in which the page expires, 0 for never."""
    return found.st_mtime_ns % NANOSECONDS
