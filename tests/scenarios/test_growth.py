"""Nothing that a message holds twice as much of takes more than twice the time: every list and text of the canonical
form, every element of an XML declaration and of an amendment, every list and text of a mapped message. All steps are taken, from
the bytes to the verdict with what the detectors answer.

Processor time, the least of several runs, without Python's own collector, which walks over all that lives now and then. What
costs less than an ordinary declaration does not count: nobody holds a worker with it.
"""

import copy
import gc
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from msgspec.structs import replace

from streams.assessment.screening import Rulebook
from streams.cli.screen import Screening, engine
from streams.declarations.formats.mapped.reader import FieldMap
from streams.message_files import FileMessage
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex
from tests.declarations.fields import LISTS, TEXTS, Field, entry, with_value
from tests.declarations.test_wco_dm import fixture
from tests.factory import declaration, item, party
from tests.fuzz.seeds import original
from tests.fuzz.test_found import wide_amendment
from tests.rules.test_listed import entry as listed
from tests.rules.test_listed import list_file

pytestmark = pytest.mark.load

TWICE = 2.3
TRIES = (1, 2, 4, 8)
"""Runs of which the least counts: one, and more where it seems to grow faster, for the machine is shared."""
ENTRIES = 4_000
"""of a list whose bound is higher"""
RECEIVED = datetime(2026, 11, 26, tzinfo=UTC)
SETTINGS = Settings(max_declaration_bytes=64 * 1024 * 1024)
RULEBOOK = Rulebook.load()
BASE = declaration(
    country_of_export="DE",
    country_of_destination="KG",
    regime="EXPORT",
    parties=(party(country="KG"), party("EXPORTER", "Invented Chips GmbH", country="DE")),
    goods_items=(item(hs6="854231", description="processors"),),
)
FIELD_MAP = FieldMap(
    {
        "envelope": {"declarationKey": "id"},
        "declaration": {"regime": "IMPORT", "countriesOfRouting": "route", "placeOfDelivery": "place"},
        "parties": {"role": "CONSIGNEE", "each": "firms", "name": "name"},
        "items": {
            "each": "lines",
            "hs6": "code",
            "description": "text",
            "documents": {"each": "papers", "type": "."},
        },
    }
)
MAPPED: dict[str, Any] = {
    "id": "1",
    "route": ["CN", "KZ"],
    "place": "Osh",
    "firms": [{"name": "Ala-Too Trade"}],
    "lines": [{"code": "854231", "text": "chips", "papers": ["N380"]}],
}
"""A message of it."""


@pytest.fixture(scope="module")
def index() -> WatchlistIndex:
    return WatchlistIndex.build([list_file(listed("1", "Zvezda Optika", countries=("KG",)))])


class Meter:
    def __init__(self, index: WatchlistIndex) -> None:
        self._index = index
        self.least = min(self.seconds((msgspec.json.encode(BASE),)) for _ in range(3))

    def seconds(self, messages: tuple[bytes, ...], format: str = "auto", runs: int = 1) -> float:
        best = float("inf")
        for _ in range(runs):
            screening = Screening(engine(replace(SETTINGS, format=format), self._index, RULEBOOK, FIELD_MAP))
            gc.collect()
            gc.disable()
            try:
                started = time.process_time()
                for number, data in enumerate(messages):
                    list(screening.take(FileMessage("growth", number, data), RECEIVED))
                best = min(best, time.process_time() - started)
            finally:
                gc.enable()
        return best

    def check(self, make: Callable[[int], tuple[bytes, ...]], size: int, format: str = "auto") -> None:
        """Of `size` things and of half as many."""
        half, whole = make(size // 2), make(size)
        for runs in TRIES:
            small = max(self.seconds(half, format, runs), self.least)
            large = self.seconds(whole, format, runs)
            if large <= TWICE * small:
                return
        raise AssertionError(f"{size} of it take {large / small:.1f} times what {size // 2} take")


@pytest.fixture(scope="module")
def meter(index: WatchlistIndex) -> Iterator[Meter]:
    gc.freeze()  # so that collecting what a run has left takes no time
    yield Meter(index)
    gc.unfreeze()


@pytest.mark.parametrize("alike", [False, True], ids=["distinct", "alike"])
@pytest.mark.parametrize("field", LISTS, ids=lambda field: field.name)
def test_lists_of_the_canonical_form(field: Field, alike: bool, meter: Meter) -> None:
    def make(size: int) -> tuple[bytes, ...]:
        values = [entry(field.kind, 1 if alike else number) for number in range(1, size + 1)]
        return (with_value(BASE, field.path, values),)

    meter.check(make, min(field.limit or 0, ENTRIES))


@pytest.mark.parametrize("role", ["CONSIGNEE", "CARRIER", "END_USER", "FINANCIAL", "NOTIFY_PARTY"])
@pytest.mark.parametrize(
    "name", ["Clean Firm {} GmbH", "TO ORDER OF BANK {}", "Fast Freight Forwarding {}", "Same GmbH"]
)
def test_parties_of_every_kind(role: str, name: str, meter: Meter) -> None:
    def make(size: int) -> tuple[bytes, ...]:
        parties = [
            party(
                role if number % 2 else "CARRIER",
                name.format(number),
                country="KG",
                phone=f"+99631212{number:04d}",
                goods_item_numbers=(number,),
            )
            for number in range(1, size + 1)
        ]
        goods = tuple(item(number, hs6="854231") for number in range(1, size + 1))
        return (
            msgspec.json.encode(
                declaration(parties=tuple(parties), goods_items=goods, country_of_destination="KG")
            ),
        )

    meter.check(make, 3_000)


SEEDS = ("Ж", "Zvezda Optika ", "word{} ", "1,", "((")


@pytest.mark.parametrize("field", [one for one in TEXTS if one.limit], ids=lambda field: field.name)
def test_texts_of_the_canonical_form(field: Field, meter: Meter) -> None:
    for seed in SEEDS:
        text = "".join(seed.format(number) for number in range((field.limit or 0) // len(seed) + 1))
        meter.check(lambda size, text=text: (with_value(BASE, field.path, text[:size]),), field.limit or 0)


def _elements(
    root: ET.Element, path: tuple[int, ...] = (), names: str = ""
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """One of each path of names, with where it stands."""
    seen: set[str] = set()
    for place, child in enumerate(root):
        name = f"{names}/{child.tag.rpartition('}')[2]}"
        if name not in seen:
            seen.add(name)
            yield name, (*path, place)
            yield from _elements(child, (*path, place), name)


ORIGINAL = ET.fromstring(fixture("import.xml"))
ELEMENTS = tuple(_elements(ORIGINAL))


def _at(root: ET.Element, path: tuple[int, ...]) -> ET.Element:
    for place in path:
        root = root[place]
    return root


@pytest.mark.parametrize(("name", "path"), ELEMENTS, ids=[name for name, _ in ELEMENTS])
def test_elements_and_texts_of_xml(name: str, path: tuple[int, ...], meter: Meter) -> None:
    """Each repeated beside itself, and its text made long."""

    def repeated(size: int) -> tuple[bytes, ...]:
        root = copy.deepcopy(ORIGINAL)
        one = _at(root, path)
        parent = _at(root, path[:-1])
        for number in range(size):
            again = copy.deepcopy(one)
            for sequence in again.iter():
                if sequence.tag.endswith("}SequenceNumeric") and sequence is not again:
                    sequence.text = str(number + 10)
                    break
            parent.insert(path[-1], again)
        return (ET.tostring(root),)

    def lengthened(size: int) -> tuple[bytes, ...]:
        root = copy.deepcopy(ORIGINAL)
        _at(root, path).text = "Zvezda Optika 1, " * (size // 17)
        return (ET.tostring(root),)

    meter.check(repeated, 1_000 if len(_at(ORIGINAL, path)) > 5 else 3_000)
    if not len(_at(ORIGINAL, path)):
        meter.check(lengthened, 100_000)


def test_amendments_of_many_items(meter: Meter) -> None:
    """An original with its amendment, which changes every item."""

    def make(size: int) -> tuple[bytes, ...]:
        return (original(size).encode(), wide_amendment(size).encode())

    meter.check(make, 800)


@pytest.mark.parametrize("path", ["firms", "lines", "route", "papers"])
def test_lists_of_mapped_json(path: str, meter: Meter) -> None:
    def make(size: int) -> tuple[bytes, ...]:
        message = copy.deepcopy(MAPPED)
        inside = message["lines"][0] if path == "papers" else message
        inside[path] = inside[path][:1] * size
        return (json.dumps(message).encode(),)

    meter.check(make, 900 if path == "route" else ENTRIES, "mapped")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", ["id", "place", "name", "code", "text", "route"])
def test_texts_of_mapped_json(path: str, seed: str, meter: Meter) -> None:
    def make(size: int) -> tuple[bytes, ...]:
        message = copy.deepcopy(MAPPED)
        inside = {"name": message["firms"][0], "code": message["lines"][0], "text": message["lines"][0]}.get(
            path, message
        )
        inside[path] = (seed * size)[:size]
        return (json.dumps(message).encode(),)

    meter.check(make, 100_000, "mapped")
