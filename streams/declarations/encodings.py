"""Which encoding the bytes of a message are in, whatever they say of themselves.

A declaration is passed on by programs that convert its text and leave `encoding="windows-1251"` at its head, or write
UTF-16 there because that is how they hold it in memory. Read by what is declared, a listed name becomes letters that
match nobody. So the bytes count: a byte order mark, then what only one encoding can look like, then what is declared.
Whatever reads in two ways is refused, and nothing is read with letters left out or replaced.
"""

import codecs
import re

from msgspec import Struct

from streams import tables
from streams.declarations.errors import Unscreenable


class _Encoding(Struct, frozen=True, forbid_unknown_fields=True):
    names: tuple[str, ...]
    """as they are declared, in small letters"""
    codec: str
    bytes: int
    """most of one character"""
    western: bool = False
    """whether its letters beyond ASCII stand alone among others, as in French or Icelandic"""


class _File(tables.Sourced, frozen=True):
    western_run: int
    mojibake_pairs: int
    encoding: tuple[_Encoding, ...]


_TABLE = tables.load("streams.declarations", "encodings.toml", _File)
_BY_NAME = {name: one for one in _TABLE.encoding for name in one.names}

# The longest first: the mark of UTF-16 begins that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST = rb"[<{\[\t\n\r ]"
_UNMARKED = (
    (re.compile(rb"\0\0\0[<{\[]\0\0\0[^\0]", re.DOTALL), "utf-32-be"),
    (re.compile(_FIRST + rb"\0\0\0[^\0]\0\0\0", re.DOTALL), "utf-32-le"),
    (re.compile(rb"\0" + _FIRST + rb"\0[^\0]", re.DOTALL), "utf-16-be"),
    (re.compile(_FIRST + rb"\0[^\0]\0", re.DOTALL), "utf-16-le"),
)
"""How XML (annex F of its specification) and JSON begin in them."""

_DECLARED = re.compile(r"""<\?xml\b[^>]{0,300}?\bencoding\s{0,20}=\s{0,20}(?:"([^"<>]*)"|'([^'<>]*)')""")
_HEAD = 8_192
"""Characters of a message in which its XML declaration stands: whole, or it is none."""

_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
"""C1 controls, which no text has; U+0085 is a line break of mainframes."""
_WESTERN = re.compile(rf"[^\W\d_\x00-\x7f]{{{_TABLE.western_run}}}")
_SIGN = (
    "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122\ufffd]"
)
# Bytes 80 to BF in windows-1251.
_CYRILLIC_SIGN = "[\u0401-\u040f\u0451-\u045f\u0490\u0491\x98\xa0-\xbb\u2013-\u203a\u20ac\u2116\u2122\ufffd]"
_TWICE = re.compile(
    rf"(?:[\u00c3-\u00df]{_SIGN}){{{_TABLE.mojibake_pairs}}}"
    rf"|(?:[\u00e0-\u00ef]{_SIGN}{_SIGN}){{{_TABLE.mojibake_pairs}}}"
    rf"|(?:[\u0420\u0421]{_CYRILLIC_SIGN}){{{_TABLE.mojibake_pairs}}}"
    rf"|\ufffd{{{_TABLE.mojibake_pairs}}}"
)
"""UTF-8 of two and three bytes read as windows-1252 or ISO-8859-1, Cyrillic read as windows-1251, and letters replaced."""


def marked(data: bytes) -> str | None:
    """The codec that a byte order mark names."""
    return next((codec for mark, codec in _MARKS if data.startswith(mark)), None)


def wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32, where XML or JSON begins so, with or without a mark."""
    codec = marked(data) or next((codec for begin, codec in _UNMARKED if begin.match(data)), None)
    return None if codec == "utf-8" else codec


def xml_text(data: bytes) -> str:
    """An XML message as text, its byte order mark left out. What it declares is not true of the text any more.

    A mark counts, and UTF-16 and UTF-32 where the message begins so; then UTF-8, where the bytes are valid and hold more than
    ASCII; then what is declared. ISO-8859-1 is read as windows-1252 where it has bytes that only that one has, as the WHATWG
    Encoding Standard does.

    Raises Unscreenable: NOT_UTF8 where no other encoding is declared and the bytes are not UTF-8, NOT_XML for another encoding
    that is unknown, that the bytes are not in, or that they are as much in as in UTF-8.
    """
    mark = marked(data)
    codec = wide(data)
    if codec is not None:
        return _decoded(data, codec, f"begins as {codec.upper()} and")
    head = data[:_HEAD].decode("ascii", "replace")
    found = _DECLARED.search(head)
    name = ((found[1] or found[2] or "") if found else "").strip().lower()
    known = _BY_NAME.get(name or "utf-8")
    try:
        text: str | None = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text, wrong = None, error.start
    if text is not None:
        return _checked_utf8(text, data, name, known, mark)
    if mark is not None:
        raise Unscreenable("NOT_UTF8", f"its mark says UTF-8, and the byte at position {wrong} is not")
    if known is None:
        raise Unscreenable("NOT_XML", f"encoding {name[:40]!r}: not one that this release reads")
    if known.codec == "utf-8":
        raise Unscreenable(
            "NOT_UTF8", f"the byte at position {wrong} is not UTF-8, and no other encoding is declared"
        )
    if known.codec.startswith("utf-"):
        raise Unscreenable("NOT_XML", f"declared as {name}, which it is not, nor UTF-8")
    return _by_declaration(data, name, known)


def _checked_utf8(text: str, data: bytes, name: str, known: _Encoding | None, mark: str | None) -> str:
    """Text that is valid UTF-8, declared as `name`."""
    if known is None and mark is None and text.isascii():  # UTF-7 would be
        raise Unscreenable("NOT_XML", f"encoding {name[:40]!r}: not one that this release reads")
    if (
        text.isascii()
        or mark is not None
        or known is None
        or known.bytes == 1
        or known.codec.startswith("utf-")
    ):
        return text
    # Two letters of Chinese can be two of Cyrillic; three bytes to a letter are UTF-8's own.
    if any(ord(character) > 0x7FF for character in text):
        return text
    try:
        data.decode(known.codec)
    except UnicodeDecodeError:
        return text
    raise Unscreenable(
        "NOT_XML", f"declared as {name}, and the bytes read as UTF-8 as well: which is not certain"
    )


def _by_declaration(data: bytes, name: str, known: _Encoding) -> str:
    text = _decoded(data, known.codec, f"is declared as {name} and")
    if known.codec == "iso8859-1" and _CONTROLS.search(text):
        text = _decoded(data, "cp1252", f"is declared as {name} and")
    if _CONTROLS.search(text):
        raise Unscreenable(
            "NOT_XML", f"declared as {name}, in which it has control characters: it is in another"
        )
    if known.western and _WESTERN.search(text):
        raise Unscreenable("NOT_XML", f"declared as {name}, in which its words are none: it is in another")
    return text


def _decoded(data: bytes, codec: str, said: str) -> str:
    try:
        return data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Unscreenable(
            "NOT_XML", f"it {said} has bytes of another encoding at position {error.start}"
        ) from None


def spoilt(text: str) -> bool:
    """Whether letters were lost before the message was written: UTF-8 taken for a one-byte encoding and written as UTF-8 again
    (several pairs in a row of a letter beyond ASCII and a sign that follows none in any language), or replaced by U+FFFD. One
    pair alone may be meant."""
    return not text.isascii() and _TWICE.search(text) is not None
