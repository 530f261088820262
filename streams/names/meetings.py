"""What the words of a declared name meet among the words of a list."""

from collections.abc import Sequence

from msgspec import Struct

Meeting = tuple[int, float, str]
"""Declared places as a bit set, likeness, how."""


class Meetings(Struct):
    """What the words of a declared name meet on the list."""

    alike: list[Sequence[tuple[int, float]]]
    """of each declared word, the listed words it resembles (word number, likeness), the most alike first"""
    weights: list[float]
    """of the declared words"""
    known_words: int
    """bit set of the declared words that are on the list as they stand"""
    plain: bool
    """whether these are what the words meet in any name"""
    degraded: bool
    others: list[tuple[int, Meeting]]
    """word number -> meeting, of words cut off and of two words as one"""
    _by_word: dict[int, list[Meeting]] | None = None

    def by_word(self) -> dict[int, list[Meeting]]:
        """Word number -> meetings. Made when a name is compared in full, which for most declared names none is."""
        if self._by_word is None:
            met: dict[int, list[Meeting]] = {}
            for place, alike in enumerate(self.alike):
                bit = 1 << place
                for number, likeness in alike:
                    met.setdefault(number, []).append(
                        (bit, likeness, "same" if likeness == 1.0 else "similar")
                    )
            for number, meeting in self.others:
                met.setdefault(number, []).append(meeting)
            self._by_word = met
        return self._by_word
