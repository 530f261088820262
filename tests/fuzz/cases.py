"""The classes of cases. A case is made from its class and a source of chance, and from nothing else."""

import base64
import bz2
import codecs
import gzip
import json
import lzma
import zlib
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from streams.declarations.model import DeclarationVersion
from tests.declarations.fields import LISTS, TEXTS, entry, with_value
from tests.factory import declaration
from tests.fuzz import json_cases, seeds, values, xml_cases
from tests.fuzz.element import Element, parse

NOW = 1_709_287_200_000
"""Milliseconds: 2024-03-01, when all cases come in."""


class Case(NamedTuple):
    """One Kafka record of customs.declarations, as aiokafka gives it."""

    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    key: bytes | None = b"key"
    timestamp: int = NOW
    topic: str = "customs.declarations"
    partition: int = 0
    offset: int = 0


Maker = Callable[[Random], Case]


def _xml(
    pool: Callable[[], Sequence[Element]], changes: Sequence[xml_cases.Change], most: int, rng: Random
) -> Case:
    root = xml_cases.changed(rng, pool(), changes, most)
    return Case(values.encode(xml_cases.document(rng, root, plain=True)))


def _text(make: Callable[[Random], str], rng: Random) -> Case:
    return Case(values.encode(make(rng)))


def _json(ops: tuple[Callable[..., None], ...], tricks: float, rng: Random) -> Case:
    return Case(values.encode(json_cases.canonical(rng, ops, tricks)))


def _mapped(rng: Random) -> Case:
    return Case(values.encode(json_cases.mapped(rng)), headers=(("format", b"mapped"),))


def good(rng: Random) -> bytes:
    """A message that nothing is wrong with."""
    if rng.random() < 0.4:
        return values.encode(json_cases.written(rng, rng.choice(seeds.canonical())))
    pool = rng.choice((seeds.originals, seeds.amendments, seeds.cancellations, seeds.notices))()
    return values.encode(xml_cases.document(rng, rng.choice(pool).copy(), plain=True))


ENCODINGS = (
    "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-be latin-1 cp1251 cp1252 koi8-r cp037 utf-7 gb18030 shift_jis big5"
).split()
CLAIMS = [
    *"UTF-8 utf8 UTF-16 UTF-16LE UTF-32 ISO-8859-1 windows-1251 KOI8-R EBCDIC-CP-US UTF-7 GB18030 Shift_JIS idna punycode "
    "unicode_escape raw_unicode_escape rot13 base64 hex zlib undefined mbcs x-nothing utf-8-sig".split(),
    "",
    " ",
    "a" * 5000,
]
BOMS = (
    codecs.BOM_UTF8,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_LE,
    b"\x2b\x2f\x76",
    b"\x00\x00",
)


def _encodings(rng: Random) -> Case:
    """A good message in an encoding, that says it is in another one, behind a mark of a third."""
    text = good(rng).decode()
    if text.lstrip().startswith("<") and rng.random() < 0.7:
        text = (
            f'<?xml version="1.0" encoding="{rng.choice(CLAIMS)}"?>'
            + text[text.find("<", 2) if "<?" in text else 0 :]
        )
    data = text.encode(rng.choice((*ENCODINGS, *["utf-8"] * 8)), "replace")
    return Case(rng.choice((*[b""] * 12, *BOMS)) + data)


def _broken(rng: Random) -> Case:
    """A good message with its bytes cut, turned, repeated, lost, or with others in between."""
    data = bytearray(good(rng))
    for _ in range(values.size(rng, 8)):
        at, length = rng.randrange(len(data) + 1), values.size(rng, 40)
        match rng.randrange(7):
            case 0:
                del data[at:]
            case 1:
                data[at : at + length] = rng.randbytes(length)
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = data[at : at + length] * values.size(rng, 50)
            case 4:
                data[at:at] = rng.choice(
                    (b"\x00", b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x80")
                )
            case 5 if at < len(data):
                data[at] ^= 1 << rng.randrange(8)
            case _:
                data[at:at] = rng.choice(
                    (b"<", b">", b"&", b'"', b"{", b"}", b"[", b"\\", b",", b"</", b"<!--", b"<![CDATA[")
                )
    return Case(bytes(data))


def _record(rng: Random) -> Case:
    """Whatever value, with keys, headers and times that no producer should send."""
    value = rng.choice(
        (None, b"", b" \n", good(rng), good(rng), good(rng), rng.randbytes(values.size(rng, 3000)), b"{" * 9)
    )
    formats = (b"mapped", b"canonical", b"wco-dm", b"auto", b"nothing", b"\xff" * 300, b"")
    headers = [("format", rng.choice(formats)) for _ in range(rng.randrange(3))]
    headers += [(values.text(rng)[:20], rng.randbytes(9)) for _ in range(rng.randrange(3))]
    rng.shuffle(headers)
    key = rng.choice((None, b"", b"\xff\x00", b"k" * 300_000))
    when = rng.choice((NOW, NOW, 0, -1, -(2**62), 2**62, 253_402_300_800_000))
    return Case(value, tuple(headers), key, when)


def _too_large(rng: Random) -> Case:
    """About the limit of 4 MiB."""
    data = good(rng)
    length = rng.choice((4 * 1024 * 1024, 4 * 1024 * 1024 + 1, 5_500_001, 6_000_000))
    return Case(data + b" " * (length - len(data)))


FRAMES = (
    *(
        b"\0" + number.to_bytes(4)
        for number in (0, 1, 2, 9, 10, 13, 32, 60, 91, 123, 255, 256, 15_360, 100_041, 2**32 - 1)
    ),
    *(b"\0" + number.to_bytes(8) for number in (1, 7, 2**40)),
    b"\x03\x00" + b"u" * 16,
    b"Obj\x01",
    b"\xc3\x01" + b"f" * 8,
    b"\x0a",
)


def _framed(rng: Random) -> Case:
    """A good message in a frame or packed, a bomb, a tombstone."""
    data = good(rng)
    match rng.randrange(7):
        case 0:
            return Case(None)
        case 1:
            return Case(rng.choice((gzip.compress, zlib.compress, bz2.compress, lzma.compress))(data))
        case 2:
            return Case(zlib.compress(bytes(values.size(rng, 4_000_000))))
        case 3:
            return Case(rng.choice(FRAMES) + rng.randbytes(values.size(rng, 60)))
        case 4:
            return Case(_enveloped(rng, data))
        case _:
            return Case(rng.choice(FRAMES)[: rng.choice((99, 99, 4, 2))] + data)


def _enveloped(rng: Random, data: bytes) -> bytes:
    """Envelopes in one another, now and then with something broken."""
    for _ in range(values.size(rng, 9)):
        text = json.dumps(data.decode("utf-8", "replace")).encode()
        inner = data if data[:1] == b"{" and rng.random() < 0.7 else text
        data = rng.choice(
            (
                b'{"schema":{"type":"string"},"payload":' + inner + b"}",
                b'{"schema":{"type":"bytes"},"payload":"' + base64.b64encode(data) + b'"}',
                b'{"before":null,"after":' + inner + b',"op":"' + rng.choice((b"c", b"d", b"t", b"")) + b'"}',
                b'{"specversion":"1.0","data":' + inner + b"}",
                b'{"specversion":"1.0","data_base64":"' + base64.b64encode(data) + b'"}',
                b"[" + b",".join([inner] * values.size(rng, 30)) + b"]",
                b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
                + data
                + b"</e:Body></e:Envelope>",
                b"\0\0\0\0\1" + data,
                gzip.compress(data),
                zlib.compress(data),
            )
        )
        if rng.random() < 0.05:
            data = data[: rng.randrange(len(data) + 1)]
        if len(data) > 1_000_000:
            break
    return data


def _rows(rng: Random) -> Case:
    """A table with cells, columns and lines changed, now and then in another encoding."""
    separator = rng.choice((";", ";", ",", "\t", "|"))
    lines = [line.split(";") for line in seeds.rows().splitlines()]
    for _ in range(values.size(rng, 12)):
        line = rng.choice(lines)
        match rng.randrange(6):
            case 0:
                line[rng.randrange(len(line))] = values.text(rng).replace("\n", " ")
            case 1:
                line[rng.randrange(len(line))] = rng.choice(
                    ('"', '""', "-", "1e999", "\0", " ", "9" * 40, "03/04/26")
                )
            case 2:
                line.append("x" * values.size(rng, 200_000))
            case 3 if len(line) > 1:
                del line[rng.randrange(len(line))]
            case 4:
                lines += [line] * values.size(rng, 300)
            case _:
                rng.shuffle(line)
    text = rng.choice(("\n", "\r\n", "\r")).join(separator.join(line) for line in lines)
    encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"))
    return Case(text.encode(encoding, "replace"), rng.choice(((), (), (("format", b"office-rows"),))))


def _bounds(rng: Random) -> Case:
    """Lists and texts about their bounds, alone and together: most are just lawful."""
    version = declaration(country_of_export="DE", country_of_destination="KG", regime="EXPORT")
    data = msgspec.json.encode(version)
    for _ in range(rng.choice((1, 1, 1, 3))):
        field = rng.choice(LISTS if rng.random() < 0.5 else TEXTS)
        limit = field.limit or 50
        size = rng.choice((limit, limit, limit - 1, limit // 2, limit + 1))
        if isinstance(field.kind, inspect.StrType) and field in TEXTS:
            unit = rng.choice(
                ("A", "A ", "Ж", "株", "Co Ltd ", "1,", "(", "to order of bank ", "\u202e", "+")
            )
            made: Any = (unit * size)[:size]
        else:
            alike = rng.random() < 0.5
            made = [entry(field.kind, 1 if alike else number) for number in range(1, min(size, 20_001) + 1)]
        data = with_value(msgspec.json.decode(data, type=DeclarationVersion, strict=False), field.path, made)
        if size > limit or len(data) > 3_000_000:
            break
    return Case(data)


@cache
def samples() -> tuple[Path, ...]:
    """Real messages, where there are any (see tests/data.py)."""
    import pytest

    from tests.data import data

    try:
        folder = data("declarations", "hmrc_cds", "samples")
    except pytest.skip.Exception:
        return ()
    return tuple(sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".xml"))


@cache
def _sample(path: Path) -> Element | None:
    try:
        return parse(path.read_bytes())
    except SyntaxError:  # ElementTree's ParseError: a few of them are broken
        return None


def real_messages() -> int:
    """How many there are; all are read at once, so that later memory is that of the cases."""
    return sum(_sample(path) is not None for path in samples())


def _real(rng: Random) -> Case:
    """A real message, changed; one of our own where there are none."""
    real = _sample(rng.choice(samples())) if samples() else None
    pool = (real,) if real is not None else (*seeds.originals(), *seeds.amendments())
    changes = rng.choice((xml_cases.STRUCTURE, xml_cases.VALUES, xml_cases.POINTERS, xml_cases.STRUCTURE))
    return _xml(lambda: pool, changes, 6, rng)


AMENDMENT_SIZES = (
    xml_cases.many_pointers,
    xml_cases.many_pointers,
    xml_cases.wide,
    xml_cases.wide,
    *xml_cases.SIZES,
)
POINTING = (*xml_cases.POINTERS, *xml_cases.POINTERS, *xml_cases.STRUCTURE)

CLASSES: dict[str, tuple[int, Maker]] = {
    "json structure": (10, partial(_json, json_cases.STRUCTURE, 0.0)),
    "json values": (10, partial(_json, json_cases.VALUES, 0.0)),
    "json keys and escapes": (6, partial(_json, json_cases.VALUES, 0.02)),
    "json extensions": (4, partial(_json, (json_cases.extended,), 0.0)),
    "json size": (1, partial(_json, json_cases.SIZES, 0.0)),
    "mapped json": (6, _mapped),
    "xml original structure": (12, partial(_xml, seeds.originals, xml_cases.STRUCTURE, 6)),
    "xml original values": (12, partial(_xml, seeds.originals, xml_cases.VALUES, 4)),
    "xml namespaces": (3, partial(_text, xml_cases.namespaced)),
    "xml entities": (3, partial(_text, xml_cases.entities)),
    "xml size": (1, partial(_xml, seeds.originals, xml_cases.SIZES, 2)),
    "amendment structure": (8, partial(_xml, seeds.amendments, xml_cases.STRUCTURE, 6)),
    "amendment pointers": (14, partial(_xml, seeds.amendments, POINTING, 6)),
    "amendment values": (6, partial(_xml, seeds.amendments, xml_cases.VALUES, 4)),
    "amendment size": (1, partial(_xml, seeds.changing, AMENDMENT_SIZES, 2)),
    "cancellation": (4, partial(_xml, seeds.cancellations, (*xml_cases.STRUCTURE, *xml_cases.VALUES), 5)),
    "notice": (
        12,
        partial(_xml, seeds.notices, (*xml_cases.STRUCTURE, *xml_cases.VALUES, *xml_cases.POINTERS), 5),
    ),
    "eu export": (
        6,
        partial(_xml, partial(seeds.of_tables, "eu-aes"), (*xml_cases.STRUCTURE, *xml_cases.VALUES), 6),
    ),
    "eu transit": (
        6,
        partial(_xml, partial(seeds.of_tables, "eu-ncts"), (*xml_cases.STRUCTURE, *xml_cases.VALUES), 6),
    ),
    "rows": (4, _rows),
    "real messages": (6, _real),
    "encodings": (5, _encodings),
    "broken bytes": (8, _broken),
    "odd records": (3, _record),
    "about the size limit": (1, _too_large),
    "frames and tombstones": (4, _framed),
    "bounds": (1, _bounds),
}
"""Class -> how many of each 157 cases, and what makes one."""

_TURNS = [name for name, (weight, _) in CLASSES.items() for _ in range(weight)]


def class_of(index: int) -> str:
    """The class of the case with this number. Far apart turns mix the classes evenly."""
    return _TURNS[index * 59 % len(_TURNS)]


def make(name: str, seed: int, index: int) -> Case:
    """The case: the same for the same three, whatever ran before."""
    return CLASSES[name][1](Random(f"{seed}/{name}/{index}"))
