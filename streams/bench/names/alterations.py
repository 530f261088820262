"""Names as they arrive: one listed name and a class of alteration to another writing of it.

`TUNED` is what the matcher's weights were fitted on; `HELD_OUT` alters by other tables and in other ways, to judge by.
An alteration gives None where the name has nothing that it could alter.
"""

import random
import string
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from streams import tables

Random = random.Random
Alteration = Callable[[Random, str], str | None]
WordChange = Callable[[Random, str], str | None]

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def spellings() -> dict[str, Any]:
    """Tables of letters and words by their use (`tuned`, `other`, `clean`), beside the source and date of the file."""
    return tables.load("streams.bench.names", "spellings.toml", dict[str, Any])


def _table(which: str, name: str) -> list[tuple[str, str]]:
    return [(row.split(" ")[0], row.split(" ")[1]) for row in spellings()[which][name]]


def put(words: Sequence[str], at: int, *new: str, count: int = 1) -> str:
    """The name with `new` in place of so many of its words."""
    return " ".join([*words[:at], *new, *words[at + count :]])


def _one_word(least: int, change: WordChange) -> Alteration:
    """Changes one word of at least so many Latin letters."""

    def alter(random_: Random, name: str) -> str | None:
        words = name.split()
        fit = [
            at for at, word in enumerate(words) if len(word) >= least and word.isalpha() and word.isascii()
        ]
        for at in random_.sample(fit, len(fit)):
            changed = change(random_, words[at])
            if changed is not None and changed != words[at]:
                return put(words, at, changed)
        return None

    return alter


def _words(least: int, change: Callable[[Random, list[str]], str | None], most: int = 99) -> Alteration:
    """Changes a name of so many words."""

    def alter(random_: Random, name: str) -> str | None:
        words = name.split()
        return change(random_, words) if least <= len(words) <= most else None

    return alter


def _replaced(word: str, old: str, new: str, start: int) -> str | None:
    at = word.lower().find(old, start)
    if at < 0:
        return None
    return word[:at] + (new.upper() if word.isupper() else new) + word[at + len(old) :]


def _by_table(which: str, name: str, start: int = 0) -> Alteration:
    def change(random_: Random, word: str) -> str | None:
        table = _table(which, name)
        for old, new in random_.sample(table, len(table)):
            changed = _replaced(word, old, new, start)
            if changed:
                return changed
        return None

    return _one_word(4, change)


def _typing_error(random_: Random, word: str) -> str:
    at = random_.randrange(1, len(word))
    letter = random_.choice(string.ascii_lowercase)
    return random_.choice(
        (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :])
    )


def _slip(random_: Random, word: str) -> str | None:
    """A neighbouring key, any place."""
    at = random_.randrange(len(word))
    for row in _KEYS:
        place = row.find(word[at].lower())
        if place >= 0:
            near = row[place + random_.choice((-1, 1)) :][:1] or row[place - 1]
            return word[:at] + near + word[at + random_.choice((0, 1)) :]
    return None


def _twice(alteration: Alteration) -> Alteration:
    def alter(random_: Random, name: str) -> str | None:
        once = alteration(random_, name)
        return None if once is None or len(name) < 14 else alteration(random_, once)

    return alter


def _transposed(first: int) -> WordChange:
    """Two letters in each other's place, from the given one on."""

    def change(random_: Random, word: str) -> str:
        at = random_.randrange(first, len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return change


def _doubled(random_: Random, word: str) -> str:
    at = random_.randrange(1, len(word))
    return word[:at] + word[at - 1] + word[at:]


def _undoubled(random_: Random, word: str) -> str | None:
    for at, (one, two) in enumerate(pairwise(word.lower())):
        if one == two:
            return word[:at] + word[at + 1 :]
    return _doubled(random_, word)


def _no_vowels(random_: Random, word: str) -> str | None:
    kept = word[0] + "".join(letter for letter in word[1:] if letter.lower() not in "aeiou")
    return kept if len(kept) > 2 else None


def _fewer_vowels(random_: Random, word: str) -> str | None:
    places = [at for at, letter in enumerate(word) if at and letter.lower() in "aeiou"]
    if len(places) < 2:
        return None
    gone = set(random_.sample(places, len(places) - 1))
    return "".join(letter for at, letter in enumerate(word) if at not in gone)


def _no_vowels_at_all(random_: Random, name: str) -> str | None:
    words = [_no_vowels(random_, word) or word for word in name.split()]
    return " ".join(words) if len(name) > 12 and sum(map(len, words)) >= 8 else None


def _family_name_first(random_: Random, words: list[str]) -> str:
    if len(words) > 2 and random_.random() < 0.5:
        return " ".join(random_.sample(words, len(words)))
    return f"{words[-1]}, {' '.join(words[:-1])}"


def _glued(random_: Random, words: list[str]) -> str:
    at = random_.randrange(len(words) - 1)
    return put(words, at, words[at] + words[at + 1], count=2)


def _split(random_: Random, word: str) -> str:
    at = random_.randrange(3, len(word) - 2)
    return word[:at] + " " + word[at:]


def _twins(which: str, share: float) -> Alteration:
    def alter(random_: Random, name: str) -> str | None:
        table = dict(_table(which, "twins"))
        return "".join(table.get(letter, letter) if random_.random() < share else letter for letter in name)

    return alter


def _invisible(which: str) -> Alteration:
    def alter(random_: Random, name: str) -> str | None:
        at = random_.randrange(1, max(2, len(name)))
        hidden: str = random_.choice(spellings()[which]["invisible"])
        return name[:at] + hidden + name[at:]

    return alter


def _middle_dropped(random_: Random, words: list[str]) -> str:
    """A middle word, and once in four the first or the last."""
    last = len(words) - 1
    return put(words, random_.choice((0, last)) if random_.random() < 0.25 else random_.randrange(1, last))


def _any_dropped(random_: Random, words: list[str]) -> str | None:
    left = put(words, random_.randrange(len(words)))
    return left if len(left.replace(" ", "")) > 6 else None


def _middle_initial(random_: Random, words: list[str]) -> str | None:
    return put(words, 1, words[1][0] + ".") if words[1].isalpha() and len(words[1]) > 1 else None


def _first_initial(random_: Random, words: list[str]) -> str | None:
    if not words[0].isalpha() or len(words[0]) < 2 or len(words[-1]) < 4:
        return None
    return put(words, 0, words[0][0] + random_.choice((".", "")))


def _given_initials(random_: Random, words: list[str]) -> str | None:
    """Persons: I. S. Petrov or Petrov I.S.; the family name is what OFAC writes in capitals, else the last word."""
    family = next((word for word in words if word.isupper()), words[-1])
    if len(family) < 4 or not all(word.isalpha() and len(word) > 1 for word in words):
        return None
    letters = [word[0] + "." for word in words if word is not family]
    return random_.choice((f"{' '.join(letters)} {family}", f"{family} {''.join(letters)}"))


def _cut_at(*widths: int) -> Alteration:
    def alter(random_: Random, name: str) -> str | None:
        possible = [width for width in widths if len(name) > width + 1]
        return name[: random_.choice(possible)].rstrip() if possible else None

    return alter


def _end_cut(random_: Random, name: str) -> str | None:
    if len(name) > 40:
        return name[:35]
    return name[: -random_.randrange(2, 5)] if len(name) > 16 and len(name.split()[-1]) > 6 else None


def _title(which: str) -> Alteration:
    return lambda random_, name: f"{random_.choice(spellings()[which]['titles'])} {name}"


def _form(which: str) -> Alteration:
    def alter(random_: Random, name: str) -> str | None:
        form = random_.choice(spellings()[which]["forms"])
        return random_.choice((f"{form} {name}", f"{name} {form}", f'{form} "{name}"'))

    return alter


def _punctuation(which: str) -> Alteration:
    return _words(2, lambda random_, words: random_.choice(spellings()[which]["separators"]).join(words))


def _apostrophes(random_: Random, words: list[str]) -> str:
    at = random_.randrange(len(words))
    quoted, bracketed = f'"{" ".join(words)}"', put(words, at, f"({words[at]})")
    return random_.choice((quoted, bracketed, ".".join(words) + "."))


def _without_particles(random_: Random, words: list[str]) -> str | None:
    particles = spellings()["tuned"]["particles"]
    kept = [word for word in words if word.lower() not in particles]
    return " ".join(kept) if 1 < len(kept) < len(words) else None


def _other_particles(random_: Random, words: list[str]) -> str | None:
    """The first particle joined to the word behind it, or written otherwise, or left out."""
    for at, (word, follower) in enumerate(pairwise(words)):
        low = word.lower()
        if low in ("al", "el"):
            other = put(words, at, "El" if low == "al" else "Al")
            glued, hyphened = (put(words, at, word + sign + follower, count=2) for sign in ("", "-"))
            return random_.choice((glued, other, hyphened))
        if low in ("abdul", "abd"):
            return put(words, at, word + follower.lower(), count=2)
        if low in ("and", "of", "the", "de", "bin", "ben"):
            other = {"and": "&", "bin": "ibn", "ben": "bin"}.get(low, "")
            return put(words, at, *filter(None, [other]))
    return None


def _accents(random_: Random, name: str) -> str | None:
    return name.lower().translate(str.maketrans("aeioucsng", "áéíöüçşñğ"))


def _cyrillic(random_: Random, name: str) -> str | None:
    if not name.isascii() or any(character.isdigit() for character in name):
        return None
    text = name.lower()
    for latin, cyrillic in _table("cyrillic", "letters"):
        text = text.replace(latin, cyrillic)
    return text.title()


def _without(sign: str, alteration: Alteration, instead: str = "") -> Alteration:
    """Of the name with another sign, or none, in place of that one."""
    return lambda random_, name: alteration(random_, name.replace(sign, instead))


def _either(*alterations: Alteration) -> Alteration:
    def alter(random_: Random, name: str) -> str | None:
        return random_.choice(alterations)(random_, name)

    return alter


TUNED: dict[str, Alteration] = {
    "typing error": _one_word(5, _typing_error),
    "ocr": _by_table("tuned", "ocr", 1),
    "transposition": _one_word(5, _transposed(1)),
    "truncation": _either(_end_cut, _cut_at(35, 30)),
    "initials": _either(_words(3, _middle_initial), _words(2, _first_initial, most=4)),
    "order": _words(2, lambda _, words: " ".join([words[-1], *words[:-1]])),
    "titles": _title("tuned"),
    "particles": _without("-", _words(2, _without_particles), " "),
    "dropped word": _words(3, _middle_dropped),
    "punctuation": _punctuation("tuned"),
    "look-alikes": _twins("tuned", 0.4),
    "invisible": _invisible("tuned"),
    "transliteration": _by_table("tuned", "romanised"),
    "phonetic": _by_table("tuned", "phonetic"),
    "doubled letter": _one_word(5, _doubled),
    "dropped vowels": _one_word(6, _no_vowels),
    "glued": _words(2, _glued),
    "split": _one_word(7, _split),
    "legal form": _form("tuned"),
    "diacritics": _accents,
}
HELD_OUT: dict[str, Alteration] = {
    "typing error": _one_word(4, _slip),
    "two typing errors": _twice(_one_word(6, _typing_error)),
    "ocr": _by_table("other", "ocr"),
    "transposition": _one_word(4, _transposed(0)),
    "truncation": _cut_at(20, 25, 30, 35),
    "initials": _without(",", _words(2, _given_initials, most=4)),
    "order": _without(",", _words(2, _family_name_first)),
    "titles": _title("other"),
    "particles": _without("-", _words(2, _other_particles), " "),
    "dropped word": _words(3, _any_dropped),
    "punctuation": _words(2, _apostrophes),
    "separators": _punctuation("other"),
    "look-alikes": _twins("other", 0.7),
    "invisible": _invisible("other"),
    "transliteration": _by_table("other", "romanised"),
    "cyrillic": _cyrillic,
    "phonetic": _by_table("other", "phonetic"),
    "doubled letter": _one_word(4, _undoubled),
    "dropped vowels": _one_word(5, _fewer_vowels),
    "no vowels at all": _no_vowels_at_all,
    "glued": _words(2, lambda _, words: put(words, 0, words[0] + words[1], count=2), most=3),
    "legal form": _form("other"),
}


def altered(
    names: Sequence[str], classes: dict[str, Alteration], per_class: int, seed: int
) -> list[tuple[str, str, str]]:
    """(class, name, altered name); where fewer names can be altered so, fewer."""
    random_ = random.Random(seed)
    made: list[tuple[str, str, str]] = []
    for label, alter in classes.items():
        count = 0
        for name in random_.sample(names, len(names)):
            changed = alter(random_, name)
            if changed and changed != name:
                made.append((label, name, changed))
                count += 1
                if count == per_class:
                    break
    return made
