"""What two words sound like, together and apart."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.names.similar import sound, sound_of_glued
from tests.examples import tried

words = st.text("abcdehiknostuxyz019", min_size=1, max_size=8)


@settings(max_examples=tried(2000))
@given(words, words)
@example("has", "han")
@example("mos", "chem")
@example("bah", "li")
@example("ab", "h")
@example("ab", "xh")
@example("01", "0000h")
def test_two_words_read_as_one_sound_as_if_written_so(first: str, second: str) -> None:
    assert sound_of_glued(first, second) == sound(first + second)
