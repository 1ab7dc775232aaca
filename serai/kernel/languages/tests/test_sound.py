"""A translated sentence that would break a page, lose a number or turn text around is found before anybody reads it."""

from __future__ import annotations

import pytest

from serai.kernel.languages.sound import wrong_in


@pytest.mark.parametrize(
    ("source", "text", "codes"),
    [
        ("Page", "Сторінка", []),
        ("Page", " ", ["missing"]),
        ("%(name)s says", "%(name)s каже", []),
        ("%(name)s says", "каже", ["placeholder"]),
        ("%(name)s says", "%(nom)s каже", ["placeholder"]),
        ("%(part)s of 100", "%(part)s зі 100 %", ["placeholder"]),
        ("%(part)s%% done", "готово %(part)s%%", []),
        ("“{field}” is empty", "«{field}» порожнє", []),
        ("“{field}” is empty", "«{field» порожнє", ["placeholder"]),
        ("Says", "{x}", ["placeholder"]),
        ("<b>Checked</b> on it", "<b>Перевірено</b>", []),
        ("<b>Checked</b> on it", "<b>Перевірено", ["markup"]),
        ("Checked", '<a href="https://example.org">Перевірено</a>', ["markup"]),
        ("Checked", "<SCRIPT>Перевірено</SCRIPT>", ["markup"]),
        ("Checked", "Перевірено<svg/onload=1", ["markup"]),
        ("Checked", "<!-- Перевірено", ["markup"]),
        ("Fewer than 5", "Менше ніж < 5", []),
        ("%(name)s says", "%(name)s каже %(name)900s", ["placeholder"]),
        ("%(name)s says", "%(name)s каже %(name)r", ["placeholder"]),
        ("“{field}” is empty", "«{field}» {field:>900} порожнє", ["placeholder"]),
        ("\nDear colleague,\n", "\nВітаємо!\n", []),
        ("\nDear colleague,\n", "Вітаємо!\n", ["edges"]),
        ("Leave", "Вий\u202eти", ["control"]),
        ("Leave", "Вий\x07ти", ["control"]),
        ("Page", "صفحه\u200cها", []),
    ],
)
def test_what_is_wrong_in_a_sentence_is_named(source: str, text: str, codes: list[str]) -> None:
    assert wrong_in(source, "", [text]) == codes


def test_a_form_for_one_may_leave_the_number_out_and_the_form_for_many_may_not() -> None:
    source, plural = "One page", "%(count)s pages"
    assert wrong_in(source, plural, ["одна сторінка", "%(count)s сторінки", "%(count)s сторінок"]) == []
    assert wrong_in(source, plural, ["%(count)s сторінка", "%(count)s сторінки", "сторінок"]) == ["placeholder"]
    assert wrong_in(source, plural, ["одна", "", "%(count)s сторінок"]) == ["missing"]
