"""The page of papers in the UK samples is what is read, and what is read is all that is declared."""

import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from streams.declarations.events import Original
from tests.data import data
from tests.scenarios.uk import SAMPLES, scenarios
from tests.scenarios.uk_papers import PAGE, counted, originals, page

pytestmark = pytest.mark.G05


def _text(element: ET.Element, name: str) -> str:
    found = element.find(f"{{*}}{name}")
    return (found.text or "").strip() if found is not None else ""


def _declared(path: Path) -> Counter[str]:
    """Document codes of a file by a plain search, not by the reader."""
    root = ET.fromstring(path.read_bytes())
    codes = (
        _text(one, "CategoryCode") + _text(one, "TypeCode")
        for one in root.iterfind(".//{*}AdditionalDocument")
    )
    return Counter(code for code in codes if code)


def test_every_document_of_every_declaration_is_read() -> None:
    samples = data(*SAMPLES)
    read = {
        one.name
        for scenario in scenarios(samples)
        for one in scenario.files
        if isinstance(one.message, Original)
    }
    declared: Counter[str] = Counter()
    for scenario in scenarios(samples):
        names = {one.name for one in scenario.files if isinstance(one.message, Original)}
        for path in (samples / scenario.name).rglob("*"):
            if path.is_file() and path.name in names:
                declared += _declared(path)
    assert read
    assert counted(originals(samples)) == declared


def test_the_page_is_what_is_read() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(originals(data(*SAMPLES))), "make docs"
