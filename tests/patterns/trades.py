"""Trade in one line, for tests of detectors, and a detector that has seen it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from streams.destinations.atlas import atlas
from streams.findings import Finding, Subject
from streams.goods.control_list import bundled
from streams.patterns.contract import Contribution, PatternAdvice
from streams.patterns.gravity import Gravity, GravityFigures
from streams.patterns.listing import AnyDetector
from streams.patterns.trade import DeclaredTrade, TradedGood, TradingFirm

BEGAN = "2020-01-01"


def gravity() -> Gravity:
    return Gravity(atlas().countries, bundled()[0].header.strength, GravityFigures.bundled())


def day(text: str) -> int:
    """Days since 1970 of an ISO date."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() // 86_400)


def firm(name: str = "Ala-Too Trade", role: str = "CONSIGNEE", **changes: Any) -> TradingFirm:
    """A Kyrgyz firm; with `number` it is known by that."""
    number = changes.pop("number", None)
    defaults: dict[str, Any] = {
        "key": f"id:{number}" if number else f"nm:{name.lower()}|KG|bishkek",
        "role": role,
        "index": 1,
        "name": name,
        "country": "KG",
        "address": None,
        "phone": None,
        "email": None,
        "incorporated": None,
    }
    return TradingFirm(**defaults | changes)


def chips(number: int = 1, hs6: str = "854231", tier: str | None = "1", **changes: Any) -> TradedGood:
    defaults: dict[str, Any] = {
        "watched": "chpl" if tier is not None else None,
        "origin": "CN",
        "value": 60_000.0,
        "mass": 10.0,
        "quantity": None,
        "unit": None,
    }
    return TradedGood(number=number, hs6=hs6, tier=tier, **defaults | changes)


def shirts(number: int = 1) -> TradedGood:
    return chips(number, "610910", None)


def trade(
    on: str = "2022-06-15", *, goods: tuple[TradedGood, ...] | None = None, **changes: Any
) -> DeclaredTrade:
    """Chips from China to a firm in Kyrgyzstan."""
    defaults: dict[str, Any] = {
        "declaration": f"test|{on}",
        "at": datetime.fromisoformat(on).replace(tzinfo=UTC, hour=10),
        "regime": "IMPORT",
        "dispatch": "CN",
        "destination": "KG",
        "senders": (firm("Shenzhen Parts", "EXPORTER", index=0, country="CN"),),
        "takers": (firm(),),
        "goods": (chips(),) if goods is None else goods,
    }
    return DeclaredTrade(**defaults | changes)


def told(
    detector: AnyDetector,
    past: Iterable[DeclaredTrade],
    asks: DeclaredTrade,
    began: str = BEGAN,
    forget: bool = True,
) -> PatternAdvice:
    """What a declaration is told, by every key it asks, after others were seen in the order given."""
    states: dict[str, Any] = {}
    for seen in past:
        for one in detector.contributions(seen):
            state = detector.add(states.get(one.key, detector.empty(day(began))), one.part)
            kept = detector.forget(state, seen.day) if forget else state
            if kept is None:
                states.pop(one.key, None)
            else:
                states[one.key] = kept
    answers = [
        detector.tell(states.get(one.key, detector.empty(day(began))), one.part, day(began))
        for one in detector.contributions(asks)
        if one.asks
    ]
    return PatternAdvice(
        tuple(finding for answer in answers for finding in answer.findings),
        tuple(one for answer in answers for one in answer.not_evaluable),
        tuple(service for answer in answers for service in answer.services),
    )


def found(answer: PatternAdvice, code: str) -> Finding | None:
    return next((one for one in answer.findings if one.code == code), None)


def codes(answer: PatternAdvice) -> set[str]:
    return {one.code for one in answer.findings}


def blind(answer: PatternAdvice) -> set[str]:
    return {one.rule for one in answer.not_evaluable}


def only(contributions: Iterable[Contribution]) -> Contribution:
    (one,) = contributions
    return one


def finding_of(key: str) -> Finding:
    """A finding as the detector of a key might tell it."""
    return Finding(
        key=f"R99/{key}",
        rule="R99",
        code="test.told",
        subject=Subject(kind="DECLARATION"),
        evidence="Something was remembered.",
    )
