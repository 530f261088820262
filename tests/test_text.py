"""Texts from outside as they may be shown: nothing acts, and what can be read is unchanged."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text import (
    BLANK,
    HIDDEN,
    JOINERS,
    Block,
    in_words,
    joined,
    listed,
    quote,
    shorten,
    visible,
    visible_in,
    visible_json,
)
from tests.demo.factories import alert

ANY = st.text(
    st.characters()
    | st.sampled_from(
        "\x00\x07\x1b\r\n\t\x7f\x85\x9b\u200b\u200c\u200d\u200e\u202e\u2028\u2066\ufeff\U000e0041\ud800[]\\"
    ),
    max_size=40,
)
READABLE = [
    "OSOO KARGOLAYN",
    "ОсОО «Карголайн»",
    "Çelik Dış Ticaret A.Ş.",
    "上海机械有限公司",
    "شركة الخليج للتجارة",
    "می\u200cخواهم",  # Persian: the non-joiner is spelling
    "क्\u200dष",  # Devanagari: so is the joiner
    "Société d’Équipement — 50 %",
    "a\u00a0b",  # a space that does not break
    "back\\slash [red]not markup[/red]",
]


def acts(text: str) -> list[str]:
    """Characters that are not shown as themselves, but joiners."""
    return [
        sign
        for sign in text
        if sign in BLANK or (unicodedata.category(sign) in HIDDEN and sign not in JOINERS)
    ]


@pytest.mark.parametrize("text", READABLE)
def test_readable_text_is_unchanged(text: str) -> None:
    assert visible(text) == text
    assert visible_json(json.dumps(text, ensure_ascii=False).encode()).decode() == json.dumps(
        text, ensure_ascii=False
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("Lane\r\nLane: GREEN\t", "Lane\\r\\nLane: GREEN\\t"),
        ("\u202egnp\u2066", "\\u202egnp\\u2066"),
        ("\u200eab\u200f\u061c", "\\u200eab\\u200f\\u061c"),
        ("a\u2028b\u2029c\x85\x9b31m", "a\\u2028b\\u2029c\\x85\\x9b31m"),
        ("nul\x00", "nul\\x00"),
        ("PUT\u200bIN \ufeffsoft\u00adhyphen", "PUT\\u200bIN \\ufeffsoft\\xadhyphen"),
        ("P\u200cU\u200dT", "P\\u200cU\\u200dT"),  # joiners between letters that do not join
        ("ش\u200c", "ش\\u200c"),
        ("\u3164\u034f", "\\u3164\\u034f"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud83d lone", "\\ud83d lone"),
    ],
)
def test_what_would_act_is_its_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANY)
def test_nothing_that_is_shown_acts(text: str) -> None:
    for shown in (visible(text), shorten(text, 10), quote(text), visible_in([text])[0], visible(repr(text))):
        assert acts(shown) == []
        shown.encode()
    assert acts(visible(Block(text)).replace("\n", "")) == []
    assert visible(visible(text)) == visible(text)


@given(ANY)
def test_joiners_stay_only_between_letters_that_join(text: str) -> None:
    shown = visible(text)
    for place, sign in enumerate(shown):
        if sign in JOINERS:
            assert 0 < place < len(shown) - 1
            assert not shown[place - 1].isascii() and not shown[place + 1].isascii()


@given(ANY, st.integers(1, 50))
def test_what_is_shortened_is_short(text: str, most: int) -> None:
    assert len(shorten(text, most)) <= most


@given(
    st.recursive(
        ANY.filter(lambda text: text.isprintable() or text.encode("utf-8", "ignore").decode() == text),
        st.lists,
    )
)
def test_json_says_the_same_and_acts_on_no_terminal(value: object) -> None:
    line = visible_json(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    assert acts(line.decode()) == []
    assert json.loads(line) == value


def test_records_of_others_that_are_no_json_act_neither() -> None:
    assert visible_json(b"\x1b[2J\r\n\xff") == "\\u001b[2J  \ufffd".encode()


def test_a_whole_record_is_made_visible() -> None:
    hostile = alert("key\x1b[2J", headline="a\nb", what_would_clear=("c\u202e",))
    shown = visible_in(hostile)
    assert (shown.declaration_key, shown.headline, shown.what_would_clear) == (
        "key\\x1b[2J",
        "a\\nb",
        ("c\\u202e",),
    )
    assert visible_in(alert("key")) == alert("key")


def test_lists_are_cut_with_their_number() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"
    assert listed([]) == ""


def test_words_are_joined_as_a_sentence_does() -> None:
    assert [joined(texts) for texts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert in_words("NOTIFY_PARTY") == "notify party"
