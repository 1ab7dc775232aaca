"""The look of the house keeps its promises: light, readable, turning with the script, safe to print."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

from serai.engine.shell.style import FOLDER, ORDER, css

HERE = Path(__file__).parents[1]
TEXT = ("ink", "soft", "strong", "ask", "out")
PHYSICAL = re.compile(
    r"(?<![\w-])(margin|padding|border|inset)-(left|right|top|bottom)\b|(?<![\w-])(left|right|top|bottom|width|height)\s*:|"
    r"text-align:\s*(left|right)|float:"
)


def tokens(scheme: str) -> dict[str, str]:
    """Colours by name in the light or the dark scheme."""
    text = (FOLDER / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("prefers-color-scheme: dark", 1)
    found = dict(re.findall(r"--([\w]+): (#[0-9a-f]{6})", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w]+): (#[0-9a-f]{6})", dark))
    return found


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours written #rrggbb."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_seven_to_one_on_all_grounds(scheme: str) -> None:
    colours = tokens(scheme)
    pairs = [(name, ground) for name in TEXT for ground in ("paper", "wash")] + [("lit", "strong")]
    weak = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 7} == {}
    assert contrast(colours["edge"], colours["paper"]) >= 3


def test_colours_are_named_in_one_file_only() -> None:
    for name in ORDER:
        if name not in {"tokens.css", "print.css"}:
            text = re.sub(r"/\*.*?\*/", "", (FOLDER / name).read_text(encoding="utf-8"), flags=re.S)
            assert re.findall(r"#[0-9a-f]{3,8}\b|rgb|hsl", text) == [], name


def test_the_whole_style_weighs_less_than_six_kilobytes() -> None:
    assert len(brotli.compress(css().encode())) < 6 * 1024
    assert "/*" not in css()


@pytest.mark.parametrize("sheet", [*FOLDER.glob("*.css"), HERE / "static" / "shell" / "desk.css"], ids=lambda p: p.name)
def test_the_style_turns_with_the_script(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"@media[^{]*", "", text)
    assert [match.group() for match in PHYSICAL.finditer(text)] == []


def test_nothing_moves_and_nothing_is_fetched() -> None:
    text = css() + (HERE / "static" / "shell" / "desk.css").read_text(encoding="utf-8")
    assert re.findall(r"animation|transition|@import|url\(|@font-face|position:\s*fixed", text) == []


def test_touch_targets_are_48_pixels() -> None:
    assert re.search(r"--touch: 48px", css())
    for selector in (r"\.top a", r"\.links a", r"\.talk", r"button", r"textarea"):
        rule = re.search(selector + r"[^{}]*{([^}]*)}", css())
        assert rule, selector
        assert "min-block-size: var(--touch)" in rule.group(1), selector
