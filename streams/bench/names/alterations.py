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

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
PARTICLES = frozenset(
    "al el bin ben ibn abu abd abdul de la del der van von and of the i ul ur bint da dos y for".split()  # noqa: SIM905
)


def spellings() -> dict[str, Any]:
    """Tables of letters and words by their use (`tuned`, `other`, `clean`), beside the source and date of the file."""
    return tables.load("streams.bench.names", "spellings.toml", dict[str, Any])


def _table(which: str, name: str) -> list[tuple[str, str]]:
    return [(row.split(" ")[0], row.split(" ")[1]) for row in spellings()[which][name]]


def _one_word(least: int, change: Callable[[Random, str], str | None]) -> Alteration:
    """Changes one word of at least so many Latin letters."""

    def alter(random_: Random, name: str) -> str | None:
        words = name.split()
        places = [
            place
            for place, word in enumerate(words)
            if len(word) >= least and word.isalpha() and word.isascii()
        ]
        for place in random_.sample(places, len(places)):
            changed = change(random_, words[place])
            if changed is not None and changed != words[place]:
                return " ".join([*words[:place], changed, *words[place + 1 :]])
        return None

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


def _transposed(random_: Random, word: str) -> str:
    at = random_.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _transposed_anywhere(random_: Random, word: str) -> str:
    at = random_.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


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


def _last_first(random_: Random, name: str) -> str | None:
    words = name.split()
    return " ".join([words[-1], *words[:-1]]) if len(words) > 1 else None


def _family_name_first(random_: Random, name: str) -> str | None:
    words = name.replace(",", "").split()
    if len(words) < 2:
        return None
    if len(words) > 2 and random_.random() < 0.5:
        return " ".join(random_.sample(words, len(words)))
    return f"{words[-1]}, {' '.join(words[:-1])}"


def _glued(random_: Random, name: str) -> str | None:
    words = name.split()
    if len(words) < 2:
        return None
    at = random_.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def _all_glued(random_: Random, name: str) -> str | None:
    words = name.split()
    return "".join(words[:2]) + "".join(" " + word for word in words[2:]) if len(words) in (2, 3) else None


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


def _middle_dropped(random_: Random, name: str) -> str | None:
    """A middle word, and once in four the first or the last."""
    words = name.split()
    if len(words) < 3:
        return None
    at = random_.choice((0, -1)) if random_.random() < 0.25 else random_.randrange(1, len(words) - 1)
    del words[at]
    return " ".join(words)


def _any_dropped(random_: Random, name: str) -> str | None:
    words = name.split()
    if len(words) < 3:
        return None
    del words[random_.randrange(len(words))]
    return " ".join(words) if sum(map(len, words)) > 6 else None


def _middle_initial(random_: Random, name: str) -> str | None:
    words = name.split()
    if len(words) < 3 or not words[1].isalpha() or len(words[1]) < 2:
        return None
    return " ".join([words[0], words[1][0] + ".", *words[2:]])


def _first_initial(random_: Random, name: str) -> str | None:
    words = name.split()
    if not 2 <= len(words) <= 4 or not words[0].isalpha() or len(words[0]) < 2 or len(words[-1]) < 4:
        return None
    return " ".join([words[0][0] + random_.choice((".", "")), *words[1:]])


def _given_initials(random_: Random, name: str) -> str | None:
    """Persons: I. S. Petrov or Petrov I.S.; the family name is what OFAC writes in capitals, else the last word."""
    words = name.replace(",", "").split()
    if not 2 <= len(words) <= 4 or not all(word.isalpha() and len(word) > 1 for word in words):
        return None
    family = next((word for word in words if word.isupper()), words[-1])
    if len(family) < 4:
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
    def alter(random_: Random, name: str) -> str | None:
        words = name.split()
        return random_.choice(spellings()[which]["separators"]).join(words) if len(words) > 1 else None

    return alter


def _apostrophes(random_: Random, name: str) -> str | None:
    words = name.split()
    if len(words) < 2:
        return None
    at = random_.randrange(len(words))
    return random_.choice(
        (f'"{name}"', " ".join([*words[:at], f"({words[at]})", *words[at + 1 :]]), ".".join(words) + ".")
    )


def _without_particles(random_: Random, name: str) -> str | None:
    words = name.replace("-", " ").split()
    kept = [word for word in words if word.lower() not in PARTICLES]
    return " ".join(kept) if 1 < len(kept) < len(words) else None


def _other_particles(random_: Random, name: str) -> str | None:
    words = name.replace("-", " ").split()
    for place, word in enumerate(words[:-1]):
        low = word.lower()
        if low in ("al", "el"):
            return " ".join(
                random_.choice(
                    (
                        [*words[:place], word + words[place + 1], *words[place + 2 :]],
                        [*words[:place], "El" if low == "al" else "Al", *words[place + 1 :]],
                        [*words[:place], word + "-" + words[place + 1], *words[place + 2 :]],
                    )
                )
            )
        if low in ("abdul", "abd"):
            return " ".join([*words[:place], word + words[place + 1].lower(), *words[place + 2 :]])
        if low in ("and", "of", "the", "de", "bin", "ben"):
            other = {"and": "&", "bin": "ibn", "ben": "bin"}.get(low, "")
            return " ".join(filter(None, [*words[:place], other, *words[place + 1 :]]))
    return None


def _accents(random_: Random, name: str) -> str | None:
    return "".join(
        dict(zip("aeioucsng", "áéíöüçşñğ", strict=True)).get(letter, letter) for letter in name.lower()
    )


def _cyrillic(random_: Random, name: str) -> str | None:
    if not name.isascii() or any(character.isdigit() for character in name):
        return None
    text = name.lower()
    for latin, cyrillic in _table("cyrillic", "letters"):
        text = text.replace(latin, cyrillic)
    return text.title()


def _either(*alterations: Alteration) -> Alteration:
    def alter(random_: Random, name: str) -> str | None:
        return random_.choice(alterations)(random_, name)

    return alter


TUNED: dict[str, Alteration] = {
    "typing error": _one_word(5, _typing_error),
    "ocr": _by_table("tuned", "ocr", 1),
    "transposition": _one_word(5, _transposed),
    "truncation": _either(_end_cut, _cut_at(35, 30)),
    "initials": _either(_middle_initial, _first_initial),
    "order": _last_first,
    "titles": _title("tuned"),
    "particles": _without_particles,
    "dropped word": _middle_dropped,
    "punctuation": _punctuation("tuned"),
    "look-alikes": _twins("tuned", 0.4),
    "invisible": _invisible("tuned"),
    "transliteration": _by_table("tuned", "romanised"),
    "phonetic": _by_table("tuned", "phonetic"),
    "doubled letter": _one_word(5, _doubled),
    "dropped vowels": _one_word(6, _no_vowels),
    "glued": _glued,
    "split": _one_word(7, _split),
    "legal form": _form("tuned"),
    "diacritics": _accents,
}
HELD_OUT: dict[str, Alteration] = {
    "typing error": _one_word(4, _slip),
    "two typing errors": _twice(_one_word(6, _typing_error)),
    "ocr": _by_table("other", "ocr"),
    "transposition": _one_word(4, _transposed_anywhere),
    "truncation": _cut_at(20, 25, 30, 35),
    "initials": _given_initials,
    "order": _family_name_first,
    "titles": _title("other"),
    "particles": _other_particles,
    "dropped word": _any_dropped,
    "punctuation": _apostrophes,
    "separators": _punctuation("other"),
    "look-alikes": _twins("other", 0.7),
    "invisible": _invisible("other"),
    "transliteration": _by_table("other", "romanised"),
    "cyrillic": _cyrillic,
    "phonetic": _by_table("other", "phonetic"),
    "doubled letter": _one_word(4, _undoubled),
    "dropped vowels": _one_word(5, _fewer_vowels),
    "no vowels at all": _no_vowels_at_all,
    "glued": _all_glued,
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
