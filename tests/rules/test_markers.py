"""Tests carry their rule as a marker: `pytest -m R16` runs what holds R16."""

import re
from pathlib import Path

from streams.rules.catalogue import catalogue

TESTS = Path(__file__).parents[1]


def test_every_rule_has_tests_that_carry_its_marker() -> None:
    marked: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        marked.update(re.findall(r"pytest\.mark\.([A-Z]\d\d)\b", path.read_text(encoding="utf-8")))
    assert marked == {rule.id for rule in catalogue()}
