"""Altered names by class, and near-misses, made from listed names with a fixed seed."""

import random
import string
from collections.abc import Callable, Iterable

Alteration = Callable[[random.Random, str], str | None]

_LOOK_ALIKE = str.maketrans("aeopcyxAEOPCTHKMB", "аеорсухАЕОРСТНКМВ")
_OCR = (("o", "0"), ("l", "1"), ("i", "l"), ("s", "5"), ("b", "8"), ("rn", "m"), ("m", "rn"), ("e", "c"))
_SOUNDS = (("kh", "h"), ("sh", "sch"), ("ov", "off"), ("yev", "iev"), ("ey", "ei"), ("ks", "x"), ("v", "w"), ("c", "k"),
           ("q", "k"), ("ou", "u"), ("oo", "u"), ("y", "i"), ("zh", "j"), ("ch", "tch"), ("ph", "f"), ("ee", "i"))  # fmt: skip
_FORMS = ("LLC", "OSOO", "ОсОО", "CO LTD", "JSC", "TOO", "Limited Liability Company", "OOO")
_DIACRITICS = {"a": "á", "e": "é", "i": "í", "o": "ö", "u": "ü", "c": "ç", "s": "ş", "n": "ñ", "g": "ğ"}


def _long_word(random_: random.Random, name: str, least: int = 5) -> tuple[list[str], int] | None:
    words = name.split()
    places = [
        place for place, word in enumerate(words) if len(word) >= least and word.isalpha() and word.isascii()
    ]
    return (words, random_.choice(places)) if places else None


def typing_error(random_: random.Random, name: str) -> str | None:
    found = _long_word(random_, name)
    if found is None:
        return None
    words, place = found
    word = words[place]
    at = random_.randrange(1, len(word))
    letter = random_.choice(string.ascii_lowercase)
    words[place] = random_.choice(
        (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :])
    )
    return " ".join(words)


def transposition(random_: random.Random, name: str) -> str | None:
    found = _long_word(random_, name)
    if found is None:
        return None
    words, place = found
    word = words[place]
    at = random_.randrange(1, len(word) - 1)
    words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def order(random_: random.Random, name: str) -> str | None:
    words = name.split()
    if len(words) < 2:
        return None
    return " ".join([words[-1], *words[:-1]])


def legal_form(random_: random.Random, name: str) -> str | None:
    form = random_.choice(_FORMS)
    return random_.choice((f"{form} {name}", f"{name} {form}", f'{form} "{name}"'))


def diacritics(random_: random.Random, name: str) -> str | None:
    changed = "".join(_DIACRITICS.get(letter, letter) for letter in name.lower())
    return changed if changed != name.lower() else None


def punctuation(random_: random.Random, name: str) -> str | None:
    words = name.split()
    return random_.choice(("-", ".", ",", " / ", "  ")).join(words) if len(words) > 1 else None


def glued(random_: random.Random, name: str) -> str | None:
    words = name.split()
    if len(words) < 2:
        return None
    at = random_.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def split(random_: random.Random, name: str) -> str | None:
    found = _long_word(random_, name, 7)
    if found is None:
        return None
    words, place = found
    at = random_.randrange(3, len(words[place]) - 2)
    words[place] = words[place][:at] + " " + words[place][at:]
    return " ".join(words)


def look_alikes(random_: random.Random, name: str) -> str | None:
    changed = "".join(letter.translate(_LOOK_ALIKE) if random_.random() < 0.4 else letter for letter in name)
    return changed if changed != name else None


def invisible(random_: random.Random, name: str) -> str | None:
    at = random_.randrange(1, max(2, len(name)))
    return name[:at] + random_.choice("\u200b\u200d\u2060\u00ad") + name[at:]


def doubled_letter(random_: random.Random, name: str) -> str | None:
    found = _long_word(random_, name)
    if found is None:
        return None
    words, place = found
    at = random_.randrange(1, len(words[place]))
    words[place] = words[place][:at] + words[place][at - 1] + words[place][at:]
    return " ".join(words)


def dropped_vowels(random_: random.Random, name: str) -> str | None:
    found = _long_word(random_, name, 6)
    if found is None:
        return None
    words, place = found
    words[place] = words[place][0] + "".join(
        letter for letter in words[place][1:] if letter.lower() not in "aeiou"
    )
    return " ".join(words) if len(words[place]) > 2 else None


def ocr(random_: random.Random, name: str) -> str | None:
    found = _long_word(random_, name)
    if found is None:
        return None
    words, place = found
    options = [(a, b) for a, b in _OCR if a in words[place].lower()[1:]]
    if not options:
        return None
    a, b = random_.choice(options)
    word = words[place].lower()
    at = word.index(a, 1)
    words[place] = word[:at] + b + word[at + len(a) :]
    return " ".join(words)


def spelling_of_sound(random_: random.Random, name: str) -> str | None:
    found = _long_word(random_, name)
    if found is None:
        return None
    words, place = found
    word = words[place].lower()
    options = [(a, b) for a, b in _SOUNDS if a in word]
    if not options:
        return None
    a, b = random_.choice(options)
    words[place] = word.replace(a, b, 1)
    return " ".join(words)


def dropped_word(random_: random.Random, name: str) -> str | None:
    words = name.split()
    if len(words) < 3:
        return None
    del words[random_.randrange(1, len(words) - 1)]
    return " ".join(words)


def initial(random_: random.Random, name: str) -> str | None:
    words = name.split()
    if len(words) < 3 or not words[1].isalpha():
        return None
    return " ".join([words[0], words[1][0] + ".", *words[2:]])


def truncated(random_: random.Random, name: str) -> str | None:
    return (
        name[:35] if len(name) > 40 else (name[:-2] if len(name) > 16 and len(name.split()[-1]) > 6 else None)
    )


def title(random_: random.Random, name: str) -> str | None:
    return f"{random_.choice(('Mr.', 'Dr', 'Messrs', 'Eng.', 'M/S'))} {name}"


SIMPLE: dict[str, Alteration] = {
    "typing error": typing_error,
    "transposition": transposition,
    "order": order,
    "legal form": legal_form,
    "diacritics": diacritics,
    "punctuation": punctuation,
}
HARDER: dict[str, Alteration] = {
    "glued": glued,
    "split": split,
    "look-alikes": look_alikes,
    "invisible": invisible,
    "doubled letter": doubled_letter,
    "dropped vowels": dropped_vowels,
    "ocr": ocr,
    "spelling of a sound": spelling_of_sound,
    "dropped word": dropped_word,
    "initial": initial,
    "truncated": truncated,
    "title": title,
}


def alterations(
    names: Iterable[str], classes: dict[str, Alteration], per_class: int, seed: int
) -> list[tuple[str, str, str]]:
    """(class, name, altered name); only names whose alteration is not the name itself."""
    random_ = random.Random(seed)
    pool = list(names)
    made: list[tuple[str, str, str]] = []
    for label, alter in classes.items():
        count = 0
        for name in random_.sample(pool, len(pool)):
            changed = alter(random_, name)
            if changed is not None and changed != name:
                made.append((label, name, changed))
                count += 1
                if count == per_class:
                    break
    return made


def near_misses(names: Iterable[str], count: int, seed: int) -> list[str]:
    """A name with one word taken from another: like a listed one, and nobody's."""
    random_ = random.Random(seed)
    pool = [name for name in names if 2 <= len(name.split()) <= 4]
    known = {name.casefold() for name in pool}
    made: list[str] = []
    while len(made) < count:
        words, other = random_.choice(pool).split(), random_.choice(pool).split()
        at = random_.randrange(len(words))
        words[at] = random_.choice(other)
        name = " ".join(words)
        if name.casefold() not in known and len(set(map(str.casefold, words))) == len(words):
            made.append(name)
    return made
