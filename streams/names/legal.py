"""Legal forms where they stand: behind a firm's name, and in front of it in the languages that put them there.

What this project's table knows and what rigour knows (ISO 20275 and more) are compared as words; spelled-out forms also without
vowels, in any order, misspelt, cut in two or glued to a neighbour.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rigour.names import extract_org_types

from streams.names.normalise import APOSTROPHES, LATIN_ACCENTS, tokens_of
from streams.names.similar import consonants, mended, skeleton, sound, voiceless
from streams.names.tables import LONG, SHORT_FORM, FormRows, words

_RIGOUR_CLASSES = {"ltd": "llc", "coltd": "llc", "llp": "llc", "plc": "jsc", "corp": "corp", "inc": "corp"}
"""rigour's generic forms that mean the same in trade: a limited company, which the Kazakh TOO (LLP) is too."""

LONGEST_FORM = 8
"""Words of a spelled-out form, in any order."""


class Form(NamedTuple):
    """A legal form at an end of a name."""

    words: int
    kind: str
    doubtful: bool
    """short enough to be something else"""


def rigour_forms(repaired: str) -> FormRows:
    """What rigour takes for legal forms anywhere in a name: last word -> the words of the form, and its class."""
    folded = repaired.casefold()
    if not folded.isascii():
        # Accents hide a legal form from rigour; the letters of other scripts stay.
        folded = unicodedata.normalize("NFC", LATIN_ACCENTS.sub("", unicodedata.normalize("NFD", folded)))
        folded = APOSTROPHES.sub("", folded)
    folded = " ".join(folded.replace("'", "").split())
    found: FormRows = {}
    names = words().no_forms
    for text, form in extract_org_types(folded, generic=True):
        at = folded.find(text)
        if text in names or folded[max(0, at - 1) : at] == ".":
            continue  # a person's name; the last letters of I.S.E.
        form_words = _words_of(text)
        if form_words:
            found.setdefault(form_words[-1], []).append((form_words, _RIGOUR_CLASSES.get(form, form)))
    return found


@lru_cache(maxsize=1 << 15)
def may_be_rigours(token: str) -> bool:
    """Whether a form that rigour knows, and this project's table does not, may end with this word. Asked of each word once."""
    table = words()
    if token in table.legal_last:
        return len(token) <= 4 and token not in table.sure_forms
    return len(token) <= 4 or bool(extract_org_types(token, generic=True))


@lru_cache(maxsize=1 << 12)
def _words_of(form: str) -> tuple[str, ...]:
    return tuple(tokens_of(form))


def form_at_end(tokens: Sequence[str], others: FormRows) -> Form | None:
    """The longest legal form that the words end with; `others` as `rigour_forms` gives them."""
    table = words()
    last = tokens[-1]
    best: Form | None = None
    for rows in (table.legal_last.get(last, ()), others.get(last, ())):
        for form, kind in rows:
            size = len(form)
            if (best is None or size > best.words) and size < len(tokens) and tuple(tokens[-size:]) == form:
                best = Form(size, kind, _doubtful(form))
    spelled = _any_order(tokens[::-1])
    return spelled if spelled and (best is None or spelled.words > best.words) else best


def form_at_start(tokens: Sequence[str]) -> Form | None:
    """The longest legal form that the words begin with, of those that stand there."""
    best: Form | None = None
    for form, kind in words().legal_first.get(tokens[0], ()):
        size = len(form)
        if (best is None or size > best.words) and size < len(tokens) and tuple(tokens[:size]) == form:
            best = Form(size, kind, _doubtful(form))
    spelled = _any_order(tokens)
    return spelled if spelled and (best is None or spelled.words > best.words) else best


def form_within(tokens: Sequence[str], others: FormRows) -> tuple[int, Form] | None:
    """A form that is nothing else, wherever it stands, with its place: of names whose words are in another order."""
    table = words().legal_within
    for at, token in enumerate(tokens):
        for form, kind in table.get(token, ()):
            if tuple(tokens[at : at + len(form)]) == form and len(form) < len(tokens):
                return at, Form(len(form), kind, False)
        for form, kind in others.get(token, ()):
            start = at + 1 - len(form)
            if start >= 0 and tuple(tokens[start : at + 1]) == form and not _doubtful(form):
                return start, Form(len(form), kind, False)
    return None


def _doubtful(form: tuple[str, ...]) -> bool:
    return sum(map(len, form)) <= SHORT_FORM and "".join(form) not in words().sure_forms


def _any_order(tokens: Sequence[str]) -> Form | None:
    """A spelled-out form of two words or more as the set of its words, by their consonants."""
    table = words()
    seen: set[str] = set()
    best: Form | None = None
    for count, token in enumerate(tokens[:LONGEST_FORM], 1):
        bones = form_word(token)
        if bones is None or bones in seen:
            break
        if bones:
            seen.add(bones)
        kind = table.legal_sets.get(frozenset(seen)) if len(seen) > 1 else None
        if kind is not None and count < len(tokens):
            best = Form(count, kind, False)
    return best


@lru_cache(maxsize=1 << 15)
def form_word(token: str) -> str | None:
    """The consonants of the word of a spelled-out form that this is; empty for a little word; None where it is none."""
    table = words()
    if token in table.form_particles:
        return ""
    token = table.spelling.get(token, token)
    return table.legal_bones.get(consonants(token)) or table.legal_bones.get(skeleton(token))


@lru_cache(maxsize=1 << 15)
def ordinary(token: str) -> bool:
    """Whether the word is none of a legal form that is misspelt, glued or cut in two: `as_forms` leaves it as it is."""
    table = words()
    if token in table.legal_heads and token not in table.legal_single:
        return False
    return _unglued(token) == (token,) and _legal_word(token) == token


def as_forms(tokens: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The words with those of legal forms put right: misspelt, without vowels, in two pieces, or glued to a neighbour.
    And what they were."""
    table = words()
    put_right: list[str] = []
    originals: dict[str, str] = {}
    place = 0
    while place < len(tokens):
        token = tokens[place]
        two = token + tokens[place + 1] if place + 1 < len(tokens) else ""
        if two in table.legal_words and token not in table.legal_words:
            put_right.append(two)
            place += 2
            continue
        for piece in _unglued(token):
            word = _legal_word(piece)
            if word != piece:
                originals[word] = piece
            put_right.append(word)
        place += 1
    return put_right, originals


@lru_cache(maxsize=1 << 14)
def _unglued(token: str) -> tuple[str, ...]:
    """The word, or a word and the word of a legal form that it is glued to."""
    table = words()
    if token in table.legal_words or len(token) < 7:
        return (token,)
    ends = table.legal_ends
    for form in ends if token.endswith(ends) or token.startswith(ends) else ():
        if token.endswith(form) and len(token) - len(form) >= 4:
            return (token[: -len(form)], form)
        if token.startswith(form) and len(token) - len(form) >= 4:
            return (form, token[len(form) :])
    if len(token) < LONG + 2:
        return (token,)
    for at in range(2, len(token) - 1):
        head, tail = token[:at], token[at:]
        if len(head) >= LONG and head in table.legal_words and len(tail) > 2:
            return (head, tail)
        if len(tail) >= LONG and tail in table.legal_words:
            return (head, tail)
    return (token,)


@lru_cache(maxsize=1 << 15)
def _legal_word(token: str) -> str:
    """The word of a legal form that this is meant to be, else the word itself."""
    table = words()
    if not token.isalpha():
        misread = mended(token)
        return misread if misread in table.legal_single else token
    if len(token) < 3 or token in table.legal_words or token in table.factors:
        return token
    near = table.legal_near.get(token)
    if near is None and len(token) >= 6:
        near = table.legal_heard.get(sound(token))
    if len(token) >= 5:
        for at in range(len(token)):
            near = near or table.legal_near.get(token[:at] + token[at + 1 :])
    if near is None or (OSA.distance(token, near) > 1 and voiceless(token) != voiceless(near)):
        return token
    return near


def join_letters(tokens: Iterable[str]) -> list[str]:
    """`l l c` (from L.L.C.) is one word where it makes a legal form; other letters stay initials."""
    tokens = list(tokens)
    if 1 not in map(len, tokens):
        return tokens
    single = words().legal_single
    joined: list[str] = []
    position = 0
    while position < len(tokens):
        end = position
        while end < len(tokens) and len(tokens[end]) == 1:
            end += 1
        run = "".join(tokens[position:end])
        if end - position > 1 and run in single:
            joined.append(run)
            position = end
        else:
            joined.append(tokens[position])
            position += 1
    return joined
