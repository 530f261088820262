"""How the words of a description hang together: what stands aside, and which of two goods is meant.

English, German, Turkish and Chinese put the goods last ('drone bag'), Russian first ('сумка дрона'); 'for' and its like make
an aside in all of them. That much grammar is enough for customs descriptions, which are rarely sentences.
"""

import re

from msgspec import Struct

from streams.goods.terms import Place, Word

BETWEEN = 2
"""Words that may stand between goods and their head: 'drone soft carrying bag'."""
ASIDE_WORDS = 6
"""Words after 'for' that are read as what the goods are for."""
_STOP = re.compile(r"[,;:()\[\]|、。+&\n]|\.\s|\s[-–/]\s")
_UNSPACED = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")


class Clauses(Struct, frozen=True):
    """A folded description with the places of the words that order it."""

    text: str
    words: tuple[Word, ...]
    before: tuple[Place, ...]
    """words like 'for'"""
    after: tuple[Place, ...]
    """words like Turkish 'için', which follow"""
    joins: tuple[Place, ...]
    """words like 'and'"""

    def aside(self) -> tuple[Place, ...]:
        """Stretches that say what the goods are for, come with or lack."""
        if not (self.before or self.after):
            return ()
        stops = [found.start() for found in _STOP.finditer(self.text)]
        found = []
        for place in self.before:
            ends = [word.end for word in self.words if word.start >= place.end][:ASIDE_WORDS]
            stop = next((stop for stop in stops if stop >= place.end), len(self.text))
            end = min(ends[-1], stop) if ends else stop
            if self._opens(place):
                # 'For drones: batteries' and 'с тепловизором' alone still have to name something.
                continue
            found.append(Place(place.end, max(end, place.end)))
        for place in self.after:
            if _UNSPACED.match(self.text, place.start):
                continue  # see `stands_aside`
            first = max((stop for stop in stops if stop < place.start), default=0)
            last = next((stop for stop in stops if stop >= place.end), len(self.text))
            if not any(place.end <= word.start < last for word in self.words):
                # 'Çanta drone için': the goods come first, and only the word before says what for.
                first = max((word.start for word in self.words if word.end <= place.start), default=0)
            found.append(Place(first, place.start))
        return tuple(found)

    def stands_aside(self, place: Place, stretches: tuple[Place, ...]) -> bool:
        """Whether a term says what the goods are for and so on. Chinese sets its word right behind: 无人机用电池."""
        return within(place, stretches) or any(
            marker.start == place.end and _UNSPACED.match(self.text, marker.start) for marker in self.after
        )

    def heads(self, one: Place, other: Place) -> bool:
        """Whether `one` is what the goods are and `other` says of what kind."""
        cyrillic = _CYRILLIC.match(self.text, one.start) is not None
        first, second = (one, other) if cyrillic else (other, one)
        if first.end > second.start:
            return False
        between = self.text[first.end : second.start]
        if _STOP.search(between):
            return False
        if any(first.end <= place.start < second.start for place in (*self.before, *self.joins)):
            return False
        return sum(first.end <= word.start < second.start for word in self.words) <= BETWEEN

    def apart(self, one: Place, other: Place) -> bool:
        """Whether two goods are listed beside each other: a comma, a dash or 'and' stands between. A colon says more of one."""
        first, second = (one, other) if one.end <= other.start else (other, one)
        between = self.text[first.end : second.start]
        if any(found.group() != ":" for found in _STOP.finditer(between)):
            return True
        return any(first.end <= place.start < second.start for place in self.joins)

    def _opens(self, place: Place) -> bool:
        """Whether nothing is said before this word: then what follows is all there is."""
        return not any(word.start < place.start for word in self.words)


def within(place: Place, stretches: tuple[Place, ...]) -> bool:
    return any(stretch.start <= place.start < stretch.end for stretch in stretches)


def hidden(place: Place, look_alikes: list[Place]) -> bool:
    """Whether the words are part of a longer term that means something else, or its end: 'flour milling' machine."""
    for other in look_alikes:
        longer = other.end - other.start > place.end - place.start
        if other.start < place.start < other.end or (
            longer and other.start <= place.start and place.end <= other.end
        ):
            return True
    return False
