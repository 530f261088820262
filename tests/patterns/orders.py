"""Adding and taking back in any order, for the property that every detector keeps."""

from random import Random
from typing import Any

from streams.patterns.memory import AnyDetector


def shuffled(chance: Random, kept: list[Any], taken_back: list[Any]) -> list[tuple[int, Any]]:
    """Steps (1 to add, -1 to take back); nothing is taken back before it was added."""
    steps = [(1, part) for part in kept + taken_back]
    chance.shuffle(steps)
    for part in taken_back:
        after = max(at for at, (_, one) in enumerate(steps) if one is part)
        steps.insert(chance.randint(after + 1, len(steps)), (-1, part))
    return steps


def after(detector: AnyDetector, steps: list[tuple[int, Any]]) -> Any:
    """The state behind all steps."""
    state = detector.empty(0)
    for sign, part in steps:
        state = detector.add(state, part) if sign > 0 else detector.remove(state, part)
    return state
