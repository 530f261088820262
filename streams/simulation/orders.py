"""What is to be declared, before it is written down."""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct

from streams.declarations.labels import Label
from streams.declarations.model import Declaration, DeclarationVersion, EventType, Party, Regime
from streams.simulation.firms import Firm
from streams.simulation.tables import Good

L = TypeVar("L", bound=Label)


class Simulated(Struct, Generic[L], frozen=True):
    """A version of a declaration; `label` is None for ordinary trade."""

    version: DeclarationVersion
    label: L | None

    @property
    def key(self) -> str:
        return self.version.envelope.declaration_key


class Planted(Struct, frozen=True):
    typology: str
    case: str


class Line(Struct, frozen=True):
    good: Good
    origin: str | None
    units: int
    usd: float
    """of the whole line"""


class Journey(Struct, frozen=True, kw_only=True):
    """What goes under which procedure from where to where, by what and through where. Modes are those of UNECE
    Recommendation 19: 1 sea, 2 rail, 3 road, 4 air."""

    regime: Regime
    dispatch: str
    destination: str
    mode: str
    via: tuple[str, ...]
    """names neither end"""


class Step(Struct, frozen=True):
    """What happens to a declaration next."""

    after: float
    """days since the step before"""
    event: EventType
    change: Callable[[Declaration], Declaration] | None = None
    relodged: "Order | None" = None
    """lodged `relodged_after` days later under a new number"""
    relodged_after: float = 0.0


class Order(Journey, frozen=True, kw_only=True):
    """One consignment to be declared."""

    at: datetime
    office_country: str
    """the administration it is declared to"""
    sender: Firm
    taker: Firm
    lines: tuple[Line, ...]
    broker: Firm | None = None
    parties: tuple[Party, ...] = ()
    """take the place of those of the same role, or join them"""
    exit_office: str | None = None
    steps: tuple[Step, ...] | None = None
    """None: what happens to declarations in general"""
    planted: Planted | None = None
    invoice: str | None = None
    """currency; None for the sender's own"""
