"""What detectors remember, as values of customs.pattern-state hold it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from streams.agents.began import BEGAN
from streams.corridors.episodes import kept_firm
from streams.corridors.settings import settings
from streams.corridors.state import Corridor
from streams.patterns.detectors import DetectorSet
from streams.patterns.firm_records import PREFIX, owner_of, read_record
from streams.patterns.memory import Remembered


def states_of(remembered: Mapping[bytes, bytes], watch: DetectorSet) -> dict[str, Any]:
    """Key -> its state, with the firms of a corridor in it as counting them at once has them."""
    firms: dict[str, dict[int, dict[int, int]]] = defaultdict(dict)
    for key, value in remembered.items():
        if key.startswith(PREFIX):
            firms[owner_of(key).decode()][int(key.rpartition(b"|")[2], 16)] = read_record(value).months
    found: dict[str, Any] = {}
    for name in (key.decode() for key in remembered if key != BEGAN and not key.startswith(PREFIX)):
        known = msgspec.msgpack.decode(remembered[name.encode()], type=Remembered)
        detector = watch.book.detector(name)
        state = msgspec.msgpack.decode(known.state, type=detector.state_type | None)
        if isinstance(state, Corridor):
            kept = {firm: kept_firm(months, state.edge, settings()) for firm, months in firms[name].items()}
            state.firms = {firm: months for firm, months in kept.items() if months}
        found[name] = state
    return found
