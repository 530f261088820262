"""How a detector is listed among DETECTORS, and what it may be made of."""

from collections.abc import Callable
from typing import Any, NamedTuple

from streams.destinations.atlas import Atlas
from streams.goods.control_list import ControlList
from streams.money.rates import Rates
from streams.patterns.contract import Detector
from streams.patterns.gravity import Gravity

AnyDetector = Detector[Any, Any]


class DetectorFacts(NamedTuple):
    """What detectors are made of, besides their own figures."""

    atlas: Atlas
    gravity: Gravity
    watched: tuple[ControlList, ...]
    """further lists whose goods' corridors are remembered"""
    rates: Rates | None
    """by which amounts are told in euro; None for the bundled ones"""


class ListedDetector(NamedTuple):
    """The `DETECTOR` of a module here."""

    place: int
    """among the detectors; states of declarations bear it, so that it never changes and a new detector takes the next"""
    kind: type[AnyDetector]
    """with the name, and all rules that it may tell of"""
    make: Callable[[DetectorFacts], AnyDetector]
    """Raises as `read_table` does."""
