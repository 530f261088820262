"""What happens to ordinary declarations after they are lodged: presented, controlled, corrected, cancelled, lodged anew."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from streams.declarations.labels import Label
from streams.declarations.model import Declaration, DeclarationVersion, EventType, Party
from streams.simulation.days import at_work
from streams.simulation.firms import Registry, mistyped
from streams.simulation.orders import Order, Simulated, Step
from streams.simulation.writing import Writer

PRESENTED, CONTROLLED, AMENDED, CANCELLED = 0.06, 0.015, 0.045, 0.010
"""of ordinary declarations"""
RELODGED = 0.6
"""of those cancelled: the same consignment again, for the same consignee"""
FELL_THROUGH = 0.03
"""of those relodged: the sale fell through, and somebody else took the goods"""
CORRECTED_AFTERWARDS = 0.04
"""of those presented or controlled"""
OTHER_CONSIGNEE = 0.02
"""of amendments: the consignee was another one, for honest reasons"""

replace = msgspec.structs.replace


class Life(Struct):
    """A declaration with what is still to happen to it."""

    version: DeclarationVersion
    label: Label | None
    steps: list[Step]
    at: datetime = datetime.min
    """of the next step"""

    def set_time(self, rng: Random) -> None:
        """Draws when the next step happens."""
        self.at = _later(rng, self.version.envelope.event_date_time, self.steps[0].after)

    def take_step(self) -> tuple[Simulated[Label], Order | None]:
        """The next version, and the order that is lodged anew after it."""
        step = self.steps.pop(0)
        declaration = self.version.declaration
        if step.change is not None:
            declaration = step.change(declaration)
        message = f"{declaration.MRN}-{self.version.envelope.version_number + 1}"
        self.version = next_version(self.version, step.event, self.at, declaration, message_id=message)
        return Simulated(self.version, self.label), step.relodged


def next_version(
    version: DeclarationVersion, event: EventType, at: datetime, declaration: Declaration, **more: Any
) -> DeclarationVersion:
    """The version after `version`: a full image. `more` of its envelope is other than it was."""
    envelope = replace(
        version.envelope,
        version_number=version.envelope.version_number + 1,
        event_type=event,
        event_date_time=at,
        **more,
    )
    return DeclarationVersion(envelope=envelope, declaration=declaration)


def relodged_at(rng: Random, step: Step, cancelled: datetime) -> datetime:
    """When a cancelled declaration is lodged anew."""
    return _later(rng, cancelled, step.relodged_after)


def _later(rng: Random, start: datetime, days: float) -> datetime:
    """After that many days: in office hours, if it is more than one."""
    at = start + timedelta(days=days)
    return max(at_work(rng, at), start + timedelta(minutes=30)) if days > 1 else at


class Fate:
    """Draws what happens to an ordinary declaration."""

    def __init__(self, rng: Random, writer: Writer, registry: Registry) -> None:
        self._rng = rng
        self._writer = writer
        self._registry = registry

    def life(self, order: Order, version: DeclarationVersion) -> Life:
        """Usually nothing more. What is corrected later was wrong when it was lodged."""
        rng = self._rng
        right = version.declaration
        chance = rng.random()
        steps: list[Step] = []
        corrected = False
        if chance < PRESENTED:
            steps.append(Step(rng.uniform(0.05, 0.8), "PRESENTED"))
        elif (chance := chance - PRESENTED) < CONTROLLED:
            steps.append(Step(rng.uniform(0.05, 0.8), "CONTROL_NOTIFIED"))
        elif (chance := chance - CONTROLLED) < AMENDED:
            corrected = True
        elif chance - AMENDED < CANCELLED:
            return Life(version, None, [self._cancelled(order)])
        if corrected or (steps and rng.random() < CORRECTED_AFTERWARDS):
            version = DeclarationVersion(envelope=version.envelope, declaration=self._wrong(order, right))
            steps.append(Step(rng.expovariate(0.3) + 0.02, "AMENDED", lambda _: right))
        return Life(version, None, steps)

    def _cancelled(self, order: Order) -> Step:
        rng = self._rng
        anew = None
        if rng.random() < RELODGED:
            anew = order
            if rng.random() < FELL_THROUGH:
                anew = replace(order, taker=self._registry.known(order.taker.country, "household"))
        return Step(rng.expovariate(0.6) + 0.05, "INVALIDATED", None, anew, rng.expovariate(0.5) + 0.05)

    def _wrong(self, order: Order, right: Declaration) -> Declaration:
        """The declaration with one slip."""
        rng = self._rng
        chance = rng.random()
        if chance < OTHER_CONSIGNEE:
            other = self._registry.known(order.taker.country, "household")
            return consigned_to(right, self._writer.party(other, "CONSIGNEE"))
        if chance < 0.3:
            place = rng.randrange(min(2, len(right.parties)))
            parties = list(right.parties)
            if name := parties[place].name:
                parties[place] = replace(parties[place], name=mistyped(rng, name))
            return replace(right, parties=tuple(parties))
        if chance < 0.6:
            return _first_item(right, statistical_value=rng.choice((0.1, 10.0, 1.02, 0.97, 1.1)))
        if chance < 0.85:
            return _first_item(right, net_mass_kg=rng.choice((0.1, 1.03, 0.95)))
        return replace(right, total_packages=rng.randrange(1, 400))


def consigned_to(declaration: Declaration, consignee: Party) -> Declaration:
    """The declaration with another consignee; where several share it, with another first one."""
    parties = list(declaration.parties)
    for place, party in enumerate(parties):
        if party.role == "CONSIGNEE":
            parties[place] = replace(consignee, goods_item_numbers=party.goods_item_numbers)
            break
    return replace(declaration, parties=tuple(parties))


def _first_item(declaration: Declaration, **factors: float) -> Declaration:
    """The declaration with figures of its first item times a factor."""
    first = declaration.goods_items[0]
    figures = {name: getattr(first, name) for name in factors}
    changed = {
        name: f"{float(value) * factors[name]:.2f}" for name, value in figures.items() if value is not None
    }
    return replace(declaration, goods_items=(replace(first, **changed), *declaration.goods_items[1:]))
