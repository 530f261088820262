"""A small slice of what `make fuzz` runs (docs/hardening.md), the same in every run, and that the harness sees faults."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.declarations import canonical
from streams.declarations.formats import adapters
from streams.kafka.delivery import Outgoing
from tests.examples import tried
from tests.fuzz import harness as harness_module
from tests.fuzz.cases import CLASSES, Case, class_of, make
from tests.fuzz.harness import Fault, Harness, TooSlow
from tests.fuzz.seeds import original

SLICE = 2_700
HEAVY = frozenset({"json size", "xml size", "amendment size", "about the size limit"})


@pytest.fixture(scope="module")
def harness() -> Harness:
    return Harness()


@pytest.mark.load
@pytest.mark.filterwarnings(
    "ignore:invalid escape sequence:DeprecationWarning"
)  # of a claimed unicode_escape
def test_nothing_leaves_the_intake_but_versions_events_and_dead_letters(harness: Harness) -> None:
    outcomes: dict[str, set[str]] = {}
    for index in range(SLICE):
        name = class_of(index)
        try:
            result = harness.run(make(name, 3, index), Random(index))
        except (Exception, TooSlow) as error:
            pytest.fail(f"python -m tests.fuzz --case '3/{name}/{index}': {type(error).__name__}: {error}")
        outcomes.setdefault(name, set()).add(result.outcome)
    assert set(outcomes) == set(CLASSES)
    # Cases that are all refused at the door would try nothing behind it.
    for name in ("json values", "mapped json", "xml original structure", "xml original values", "encodings"):
        assert "accepted" in outcomes[name] and len(outcomes[name]) > 1, name


@settings(max_examples=tried(300), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(set(CLASSES) - HEAVY)), st.randoms(use_true_random=False))
def test_the_same_with_examples_that_shrink(harness: Harness, name: str, rng: Random) -> None:
    harness.run(CLASSES[name][1](rng), Random(0))


def test_a_case_is_the_same_whatever_ran_before() -> None:
    for name in CLASSES:
        assert make(name, 5, 17) == make(name, 5, 17)
    assert len({make("json values", seed, 17) for seed in range(9)}) > 1


def test_an_exception_behind_the_guard_is_a_fault(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(data: bytes) -> Any:
        raise KeyError("x")

    monkeypatch.setattr(adapters, "parse", stumble)
    with pytest.raises(Fault, match="INTERNAL_ERROR"):
        harness.run(Case(original().encode()), Random(0))


def test_a_case_that_hangs_is_a_fault(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(data: bytes) -> Any:
        while True:
            pass

    monkeypatch.setattr(harness_module, "LIMIT", 0.05)
    monkeypatch.setattr(canonical, "_decode", hang)
    with pytest.raises(TooSlow):
        harness.run(Case(b'{"envelope": {}}'), Random(0))


def test_lost_bytes_are_a_fault(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = harness.intake

    def lossy(record: Any) -> list[Outgoing]:
        return whole(record._replace(value=record.value[:-1]))

    monkeypatch.setattr(harness, "intake", lossy)
    with pytest.raises(Fault, match="another size"):
        harness.run(Case(b"<broken>"), Random(0))
