"""What people type against what pages say, script by script."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from serai.lib.fold import fold, tokens


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("Straße", "STRASSE"),
        ("Ärztin", "arztin"),
        ("Réfugié", "refugie"),
        ("İstanbul", "istanbul"),
        ("ısı", "ISI"),
        ("Łódź", "lodz"),
        ("Tiếng Việt", "tieng viet"),
        ("ɓera ƙasa", "bera kasa"),
        ("Ελλάδα", "ελλαδα"),
        ("ΟΔΟΣ", "οδος"),
        ("Ёлка", "елка"),
        ("Київ", "киів"),
        ("مُهَاجِر", "مهاجر"),
        ("مهـــاجر", "مهاجر"),
        ("أحمد", "احمد"),
        ("إقامة", "اقامه"),
        ("آب", "اب"),
        ("مستشفى", "مستشفي"),
        ("ایران", "ايران"),
        ("کار", "كار"),
        ("می‌خواهم", "میخواهم"),
        ("مسؤول", "مسوول"),
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
        ("৯৯৯", "999"),
        ("שָׁלוֹם", "שלום"),
        ("ＡＢＣ ﬁ", "abc fi"),
        ("pass\u00adport\u200b", "passport"),
        ("\u202eabc\u2066", "abc"),
    ],
)
def test_what_a_person_types_meets_what_the_page_says(page, query):
    assert fold(page) == fold(query)


@pytest.mark.parametrize(
    "word",
    ["ሕክምና", "ትግርኛ", "हिन्दी", "बाँके", "আশ্রয়", "নাগরিকত্ব", "မြန်မာ", "ஒப்பந்தம்", "සිංහල", "ភាសាខ្មែរ", "ไทย", "日本語",
     "한국어"],
)  # fmt: skip
def test_scripts_whose_marks_are_vowels_are_left_whole(word):
    folded = fold(word)
    assert len([c for c in folded if c not in "\u200d"]) >= len(word.replace("\u200d", ""))
    assert tokens(word) == [word]
    assert tokens(folded) == [folded]


def test_different_vowels_stay_different_words():
    assert fold("कि") != fold("की")
    assert fold("မာ") != fold("မီ")
    assert fold("ሰላም") != fold("ሰሎም")


def test_an_apostrophe_belongs_to_the_word_only_where_the_language_says_so():
    assert fold("м’ята", "uk") == "мята"
    assert fold("go'aan", "so-SO") == "goaan"
    assert tokens(fold("l’école", "fr")) == ["l", "ecole"]


def test_tokens_split_at_spaces_and_punctuation_and_never_inside_a_word():
    assert tokens("কাজ, বেতন। চুক্তি") == ["কাজ", "বেতন", "চুক্তি"]
    assert tokens("काम; 12-24 महीने") == ["काम", "12", "24", "महीने"]
    assert tokens("ደሞዝ፡ውል።") == ["ደሞዝ", "ውል"]
    assert tokens("عقد، أجر؟") == ["عقد", "أجر"]
    assert tokens("") == []
    assert tokens("— \u0301 … \u200d") == []


@given(st.text(max_size=30), st.sampled_from([None, "uk", "fr", "ar"]))
@example("ͅ", None)
@example("ẞİſ", None)
@example("ﷺ", None)
def test_folding_twice_changes_nothing(text, language):
    assert fold(fold(text, language), language) == fold(text, language)


@given(st.text(max_size=60))
def test_tokens_keep_every_letter_and_digit(text):
    kept = "".join(tokens(text))
    assert [c for c in text if c.isalnum()] == [c for c in kept if c.isalnum()]
