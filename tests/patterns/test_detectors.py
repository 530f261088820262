"""The detectors are listed by their files, once each, in the places that states bear."""

import ast
from pathlib import Path

from streams import patterns
from streams.assessment.screening import Rulebook
from streams.patterns.detectors import DETECTORS, detector_set
from streams.rules.catalogue import catalogue

PLACES = ("corridors", "firms", "contacts", "suppliers", "reexport", "splits", "relodged", "repeated")
"""As released: the state of a declaration holds what it contributed in this order."""


def test_detectors_keep_the_places_that_were_released() -> None:
    assert tuple(listed.kind.name for listed in DETECTORS)[: len(PLACES)] == PLACES
    places = [listed.place for listed in DETECTORS]
    assert places == list(range(1, len(places) + 1))


def test_every_class_that_contributes_is_listed() -> None:
    contributing = {
        found.name
        for path in Path(*patterns.__path__).glob("*.py")
        for found in ast.parse(path.read_text()).body
        if isinstance(found, ast.ClassDef)
        and found.name != "Detector"
        and any(isinstance(part, ast.FunctionDef) and part.name == "contributions" for part in found.body)
    }
    assert contributing == {listed.kind.__name__ for listed in DETECTORS}


def test_rules_of_detectors_are_in_the_catalogue_and_of_one_detector_each() -> None:
    rules = [rule for listed in DETECTORS for rule in listed.kind.rules]
    assert len(rules) == len(set(rules))
    assert set(rules) <= {words.id for words in catalogue()}


def test_a_worker_has_all_of_them_and_no_rule_that_its_kind_does_not_name() -> None:
    book = Rulebook.load()
    made = detector_set(book.high_priority, book.atlas).book.detectors
    assert [detector.name for detector in made] == [listed.kind.name for listed in DETECTORS]
    assert all(
        set(detector.rules) <= set(listed.kind.rules)
        for detector, listed in zip(made, DETECTORS, strict=True)
    )
