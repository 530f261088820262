"""Forms of writing: abbreviations, cities in short, initials without full stops, letters with full stops in a row."""

from collections.abc import Sequence
from functools import cache, lru_cache

from streams.names.places import places
from streams.names.tables import word_factor, words

LEAST_SURNAME = 5
"""Letters of a surname beside which two or three letters are initials."""


def firm_words(tokens: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The words of a firm's name with cities, short forms and letters in a row written in full. `text` is all of it as
    written: its letters or legal form may say that it is Turkish."""
    if 1 in map(len, tokens):
        tokens = _letters_joined(tokens)
    if _triggers().isdisjoint(tokens):
        return tokens
    tokens = places().read(tokens)
    table = words()
    if not table.numbers.keys().isdisjoint(tokens):
        tokens = tuple([table.numbers.get(token, token) for token in tokens])
    if not table.phrases.keys().isdisjoint(tokens):
        tokens = _phrases_read(tokens)
    if not table.turkish.keys().isdisjoint(tokens) and (
        sum(token in table.turkish_signs for token in tokens) > 1 or table.turkish_letters.search(text)
    ):
        tokens = tuple(table.turkish.get(token, token) for token in tokens)
    return tokens


@cache
def _triggers() -> frozenset[str]:
    """Words without one of which a firm's name is read as it stands."""
    table = words()
    return places().first.union(table.numbers, table.phrases, table.turkish)


def _phrases_read(tokens: Sequence[str]) -> tuple[str, ...]:
    table = words().phrases
    read: list[str] = []
    at = 0
    while at < len(tokens):
        for phrase, meaning in table.get(tokens[at], ()):
            if tuple(tokens[at : at + len(phrase)]) == phrase:
                read += meaning
                at += len(phrase)
                break
        else:
            read.append(tokens[at])
            at += 1
    return tuple(read)


def _letters_joined(tokens: Sequence[str]) -> tuple[str, ...]:
    """Three letters and more in a row are one word: A.B.C. is ABC."""
    joined: list[str] = []
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and len(tokens[end]) == 1 and tokens[end].isalpha():
            end += 1
        if end - at > 2:
            joined.append("".join(tokens[at:end]))
            at = end
        else:
            joined.append(tokens[at])
            at += 1
    return tuple(joined)


@lru_cache(maxsize=1 << 15)
def person_word(token: str) -> str:
    """A word of a person's name in one form: a short given name in full, German letters of a Slavic name and Wade-Giles
    syllables as English writes them."""
    table = words()
    token = table.nicknames.get(token) or table.wade_giles.get(token, token)
    if table.german.search(token) and "v" not in token and len(token) > 4:
        return table.german_letters.sub(lambda met: table.german_letter[met.group()], token)
    ending = table.german_endings.get(token[-2:]) if len(token) > 3 else None
    return token[:-2] + ending if ending else token


def with_initials(tokens: tuple[str, ...], text: str) -> tuple[str, ...]:
    """A person's name with initials that are written without full stops taken apart, as it may be read: ROTENBERG AR is Rotenberg
    A. R. Other names come back unchanged. `text` is the name as written: in "Rotenberg AR" its capitals tell."""
    if len(tokens) != 2:
        return tokens
    first, second = tokens
    short, long = (first, second) if len(first) < len(second) else (second, first)
    if not 2 <= len(short) <= 3 or len(long) < LEAST_SURNAME or not (short.isalpha() and short.isascii()):
        return tokens
    table = words()
    if short in table.no_initials and short == first:
        return tokens
    surname = len(short) == 2 and long.endswith(table.surname_endings)
    capitals = not text.isupper() and f" {short.upper()} " in f" {text} "
    if not (surname or capitals or _are_initials(short, long, behind=short == second)):
        return tokens
    if not surname and word_factor(table.spelling.get(long, long)) < 1.0:
        return tokens  # LG Display
    return (*short, long) if short == first else (long, *short)


def _are_initials(short: str, long: str, *, behind: bool) -> bool:
    """Whether two or three letters beside a surname are no name themselves."""
    if len(short) == 3:
        return not set(short) & set("aeiouy")
    table = words()
    if short not in table.short_names:
        return True
    if behind:  # ZHANG LI
        return len(long) > LEAST_SURNAME and not long.endswith("ng")
    return not table.chinese_syllables.fullmatch(long)  # MA YUNLONG


def second_surname(tokens: tuple[str, ...], text: str) -> int:
    """Bit of the last word where lists of the US write two family names in capitals behind given names: Nicolas MADURO MOROS."""
    written = text.split()
    if len(written) != len(tokens) or not (written[-1].isupper() and written[-2].isupper()):
        return 0
    if written[0].isupper() or written[-3].isupper() or word_factor(tokens[-2]) < 1.0:
        return 0
    return 1 << len(tokens) - 1
