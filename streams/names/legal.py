"""Legal forms off a firm's name, also where they are misspelt, cut in two or glued to a neighbour."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA
from rigour.names import extract_org_types, remove_org_types

from streams.names.normalise import APOSTROPHES, Normalised, normalise
from streams.names.similar import mended, skeleton, sound, voiceless
from streams.names.tables import LONG, words


def without_legal_forms(plain: Normalised) -> tuple[tuple[str, ...], frozenset[str]]:
    """The words of a name but for its legal forms, and the classes of these; all the words where nothing else is left."""
    text = plain.repaired.casefold()
    if not text.isascii():
        # Accents hide a legal form from rigour; the letters of other scripts stay.
        text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    tokens, legal = _stripped(plain.tokens, " ".join(text.split()))
    mended, originals = _mended(plain.tokens)
    if mended != plain.tokens:
        rest, found = _stripped(mended, " ".join(mended))
        if found and sum(map(len, rest)) < sum(map(len, tokens)):
            tokens = tuple(originals.get(token, token) for token in rest)
            legal = found
    return tokens, legal


_NO_FORM = "qzq"
"""Hangs on a word that rigour takes for a legal form, so that it does not."""

_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")


def _stripped(tokens: tuple[str, ...], folded: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The words but for legal forms, and the classes of these."""
    legal: set[str] = set()
    folded = words().no_forms.sub(lambda met: met.group() + _NO_FORM, APOSTROPHES.sub("", folded))
    found = extract_org_types(folded, generic=True)
    if found:
        rest = normalise(remove_org_types(folded, " ").replace(_NO_FORM, "")).tokens
        if rest:
            tokens = rest
            legal.update(_RIGOUR_CLASSES.get(form, form) for _, form in found)
    tokens, more = _strip_own_forms(tokens)
    legal |= more
    if legal:
        # What is left of "Company Limited", "Co Ltd" and "Kompaniya OOO" says nothing more.
        rest = tuple(token for token in tokens if token not in _BESIDE_A_FORM)
        tokens = rest or tokens
    return tokens, frozenset(legal)


def _mended(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The words with those of legal forms put right: misspelt, without vowels, in two pieces, or glued to a neighbour.
    And what they were."""
    table = words()
    mended: list[str] = []
    originals: dict[str, str] = {}
    place = 0
    while place < len(tokens):
        token = tokens[place]
        two = token + tokens[place + 1] if place + 1 < len(tokens) else ""
        if two in table.legal_words and token not in table.legal_words:
            mended.append(two)
            place += 2
            continue
        for piece in _unglued(token):
            word = _legal_word(piece)
            if word != piece:
                originals[word] = piece
            mended.append(word)
        place += 1
    return tuple(mended), originals


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
        return misread if misread in table.legal else token
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


_BESIDE_A_FORM = frozenset({"company", "co", "kompaniya", "kompani", "firma", "pte", "pvt", "pty"})


_RIGOUR_CLASSES = {"ltd": "llc", "coltd": "llc", "llp": "llc", "plc": "jsc", "corp": "corp", "inc": "corp"}
"""rigour's generic forms that mean the same in trade: a limited company, which the Kazakh TOO (LLP) is too."""


def _strip_own_forms(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], set[str]]:
    table = words()
    kept: list[str] = []
    legal: set[str] = set()
    tokens = _join_letters(tokens)
    sounds = tuple(skeleton(token) for token in tokens) if len(tokens) > 2 else ()
    position = 0
    while position < len(tokens):
        form = _form_at(table.legal, tokens, position) or (
            _form_at(table.legal_sounds, sounds, position) if sounds else None
        )
        if form is None:
            kept.append(tokens[position])
            position += 1
        else:
            legal.add(form[1])
            position += len(form[0])
    return (tuple(kept), legal) if kept else (tokens, set())


def _form_at(
    table: dict[str, list[tuple[tuple[str, ...], str]]], tokens: tuple[str, ...], position: int
) -> tuple[tuple[str, ...], str] | None:
    for form in table.get(tokens[position], ()):
        if tokens[position : position + len(form[0])] == form[0]:
            return form
    return None


def _join_letters(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """`l l c` (from L.L.C.) is one word where it makes a legal form; other letters stay initials."""
    if not any(len(token) == 1 for token in tokens):
        return tokens
    legal = words().legal
    joined: list[str] = []
    position = 0
    while position < len(tokens):
        end = position
        while end < len(tokens) and len(tokens[end]) == 1:
            end += 1
        run = "".join(tokens[position:end])
        if end - position > 1 and any(form == (run,) for form, _ in legal.get(run, ())):
            joined.append(run)
            position = end
        else:
            joined.append(tokens[position])
            position += 1
    return tuple(joined)
