"""QR codes as a few hundred bytes of SVG inside the page.

A printed page, a poster or a second phone takes people to the same address; the code must not cost a second request
or an image of 20 kB. segno computes the code (ISO/IEC 18004), here it only becomes one path.
"""

from __future__ import annotations

import segno

_QUIET = 4  # modules of blank border that ISO/IEC 18004 asks for


class TooLongForQr(ValueError):
    """The text does not fit into any QR code (about 2,900 bytes)."""


def svg_qr(text: str) -> str:
    """An `<svg class="qr">` of one black path that fills its container; the words beside it speak for it.

    The page's style gives width and a white background, also in dark mode, or scanners fail. Raises TooLongForQr, and
    ValueError for an empty text.
    """
    if not text:
        raise ValueError("nothing to encode")
    try:
        # The lowest level of error correction that fits gives the smallest code; segno raises it where that is free.
        code = segno.make_qr(text, error="l", encoding=None if text.isascii() else "utf-8")
    except segno.DataOverflowError as error:
        raise TooLongForQr(f"{len(text)} characters") from error
    size = len(code.matrix)
    side = size + 2 * _QUIET
    return (
        f'<svg class="qr" viewBox="-{_QUIET} -{_QUIET} {side} {side}" aria-hidden="true">'
        f'<path stroke="#000" d="{_path(code.matrix)}"/></svg>'
    )


def _path(matrix: tuple[bytearray, ...]) -> str:
    """Each row as horizontal strokes of height one, each move relative to the end of the last stroke."""
    parts: list[str] = []
    x, y = 0, 0
    for row_number, row in enumerate(matrix):
        start = 0
        while start < len(row):
            end = start + 1
            while end < len(row) and row[end] == row[start]:
                end += 1
            if row[start]:
                parts.append(f"m{start - x} {row_number - y}h{end - start}" if parts else f"M{start} .5h{end - start}")
                x, y = end, row_number
            start = end
    return "".join(parts).replace(" -", "-")
