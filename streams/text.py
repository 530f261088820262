"""Texts that come from outside, as they may be shown: on a terminal, in a log, in a sentence for an officer.

A name in a declaration may hold anything that Unicode has: an escape sequence that clears the screen, a line feed that makes a
line of its own, an override that shows letters in another order. Whoever shows a text calls `visible`, of a whole record
`visible_in`; whoever puts a text into a sentence shortens it by `shorten` or `quote`, or lists many by `listed`. A message that
is meant to have several lines is a `Block`. JSON Lines are data and say what came: `visible_json` writes the same with
escapes.
"""

import unicodedata
from collections.abc import Iterable
from typing import Any, TypeVar, cast

from msgspec import Struct, structs

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""General categories (Unicode Standard, section 4.5) that are not shown as themselves: controls, format characters, lone
surrogates, separators of lines and of paragraphs."""
BLANK = frozenset("\u034f\u115f\u1160\u3164\uffa0")
"""Letters and marks that show nothing (Default_Ignorable_Code_Point): the grapheme joiner, Hangul fillers."""
JOINERS = frozenset("\u200c\u200d")
"""Zero width non-joiner and joiner. Between two letters of a script that joins its letters they are part of the spelling
(Persian, Urdu, the scripts of India; Unicode Standard Annex 31, section 2.3) and stay. Anywhere else they only hide."""
JOINING = frozenset(
    {
        *(
            "ARABIC",
            "SYRIAC",
            "MONGOLIAN",
            "NKO",
            "DEVANAGARI",
            "BENGALI",
            "GURMUKHI",
            "GUJARATI",
            "ORIYA",
            "TAMIL",
        ),
        *("TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "TIBETAN", "MYANMAR", "KHMER"),
    }
)
"""First words of the Unicode names of letters that join."""
ELLIPSIS = "…"

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LINE_ENDS = dict.fromkeys(map(ord, "\n\r\t"), " ")

T = TypeVar("T")


class Block(str):
    """A message of our own that is meant to have several lines. What it quotes from outside went through `visible`."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text on one line; each character that would act instead of show is its escape: \\n, \\x1b, \\u202e. Readable text of
    any script is unchanged. Of a `Block` the line feeds stay."""
    if text.isprintable() and BLANK.isdisjoint(text):
        return text
    if isinstance(text, Block):
        return "\n".join(visible(line) for line in text.split("\n"))
    return "".join(_escape(sign) if _hides(sign, text, place) else sign for place, sign in enumerate(text))


def visible_json(line: bytes) -> bytes:
    """A line of JSON that says the same with escapes (\\u202e) for what would act on a terminal. Line ends inside it, which JSON
    has only between values, become blanks; bytes that are no UTF-8 are replaced."""
    if line.isascii() and line.decode("ascii").isprintable():
        return line
    text = line.decode("utf-8", "replace").translate(_LINE_ENDS)
    if text.isprintable() and BLANK.isdisjoint(text):
        return text.encode()
    return "".join(
        _json_escape(sign) if _hides(sign, text, place) else sign for place, sign in enumerate(text)
    ).encode()


def visible_in(value: T) -> T:
    """A record, and all that is in it, with its texts made visible."""
    return cast(T, _walk(value))


def without_accents(text: str) -> str:
    """Letters taken apart (NFKD), and their marks left out."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def shorten(text: str, most: int) -> str:
    """At most `most` characters of the text on one line, runs of blanks as one, an ellipsis for the rest."""
    text = visible(" ".join(text.split()))
    return text if len(text) <= most else text[: most - 1] + ELLIPSIS


def quote(text: str, most: int = 80) -> str:
    """Shortened and between single quotes, as a sentence names what somebody wrote."""
    return f"'{shorten(text, most)}'"


def listed(texts: Iterable[str], most: int = 5) -> str:
    """The first `most` of them with commas between, and how many more there are."""
    every = list(texts)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")


def joined(texts: Iterable[str]) -> str:
    """All of them as a sentence names them: 'a, b and c'."""
    *most, last = list(texts) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def in_words(code: str) -> str:
    """A code as an officer reads it: NOTIFY_PARTY is 'notify party'."""
    return code.replace("_", " ").lower()


def _hides(sign: str, text: str, place: int) -> bool:
    if sign.isprintable():
        return sign in BLANK
    if unicodedata.category(sign) not in HIDDEN:
        return False
    return not (
        sign in JOINERS and 0 < place < len(text) - 1 and _joins(text[place - 1]) and _joins(text[place + 1])
    )


def _joins(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" and unicodedata.name(sign, "").partition(" ")[0] in JOINING


def _escape(sign: str) -> str:
    number = ord(sign)
    if number < 0x100:
        return _ESCAPES.get(sign, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _json_escape(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))


def _walk(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Struct):
        return structs.replace(
            value, **{name: _walk(getattr(value, name)) for name in value.__struct_fields__}
        )
    if isinstance(value, dict):
        return {_walk(key): _walk(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return type(value)(_walk(one) for one in value)
    return value
