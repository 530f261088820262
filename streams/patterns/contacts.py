"""A telephone, an e-mail or an address that firms share which are otherwise different (R27).

A contact that very many share belongs to somebody who serves them, and tells nothing. Firms are kept as hashes: of the key by
which a firm is met, and of the sound of its telling words. Two with either in common are one firm, spelt otherwise or of one
group.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from streams.findings import Finding
from streams.patterns.contract import Advice, Contribution, PatternAdvice, Service, short_key
from streams.patterns.firm_marks import mark, marks
from streams.patterns.gravity import TakerQuestion
from streams.patterns.listing import ListedDetector
from streams.patterns.tables import Figures, FigureTable
from streams.patterns.trade import DeclaredTrade, TradingFirm
from streams.patterns.windows import (
    ConcernDetector,
    Counts,
    WindowedState,
    any_between,
    grown,
    kept_since,
    with_count,
)

Kind = Literal["phone", "email", "address", "none", "former"]
"""`former`: a telephone under the key that release 0.1.0 gave it. It is asked about and not counted: after half a year with this
release nothing is left under such keys, and this can go."""
NO_CONTACT = tuple(f"declaration.parties[].{field}" for field in ("phone", "email", "address.lines"))
TELLING = 0.9
"""How much a word must say to be of the name proper: 'trade' and places say less."""


class _Sharing(FigureTable, frozen=True):
    word: str
    least: int
    full: int
    of_least: float


class ContactFigures(Figures, frozen=True):
    window_days: int
    late_days: int
    of_ordinary: float
    service_from: int
    kept_firms: int
    phone: _Sharing
    email: _Sharing
    address: _Sharing

    @property
    def kept_periods(self) -> int:
        return self.window_days + self.late_days


class ContactPart(Struct, frozen=True, array_like=True):
    """A firm took goods and gave this contact."""

    day: int
    """event day, since 1970"""
    firm: int | None
    """hash of its key, 32 bits, and of its name, 32 bits; None for the question of a firm without any contact"""
    kind: Kind = "none"
    """of contact; with `text` only where it asks, as is"""
    text: str = ""
    ask: TakerQuestion | None = None


class FirmAtContact(Struct, frozen=True, array_like=True):
    """One firm at a contact."""

    days: Counts = {}
    grave: Counts = {}
    """those with high-priority goods for a country of concern"""


class ContactState(WindowedState, frozen=True, array_like=True):
    """A contact: 21 bytes with one firm seen once, 16 more a firm, 4 a day; at most 0.12 MB."""

    firms: dict[int, FirmAtContact] = field(default_factory=dict)
    crowd: Counts = field(default_factory=dict)
    """of all of them, where there are more firms than are told apart: then nothing is in `firms`"""


class Contacts(ConcernDetector[ContactState, ContactPart, ContactFigures, TakerQuestion]):
    """All firms in taking roles contribute; those that get high-priority goods in a country of concern ask. Once a contact has
    had more firms than are told apart, it is a service contact until all of them are forgotten or taken back."""

    name = "contacts"
    rules = ("R27",)
    part_type = ContactPart
    state_type = ContactState

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        taken: set[str] = set()
        former: dict[str, ContactPart] = {}
        for firm, ask in self._gravity.takers(trade):
            alone, number = True, mark(firm, TELLING)
            for kind, text, key in contacts(firm):
                alone = False
                if key in taken:
                    continue
                taken.add(key)
                part = (
                    ContactPart(trade.day, number)
                    if ask is None
                    else ContactPart(trade.day, number, kind, text, ask)
                )
                yield Contribution(key, part, ask is not None)
            if ask is not None and firm.phone and firm.former_phone:
                part = ContactPart(trade.day, number, "former", firm.phone, ask)
                former.setdefault(f"phone|{firm.former_phone}", part)
            if alone and ask is not None:
                yield Contribution(short_key(f"none|{firm.key}"), ContactPart(trade.day, None, ask=ask))
        yield from (Contribution(key, part) for key, part in former.items() if key not in taken)

    def tell(self, state: ContactState, part: ContactPart, began: int) -> PatternAdvice:
        if part.kind == "former":
            return replace(super().tell(state, replace(part, kind="phone"), began), former=True)
        return super().tell(state, part, began)

    def answers(
        self, state: ContactState, part: ContactPart, ask: TakerQuestion, known: int
    ) -> Iterator[Advice]:
        if part.firm is None or part.kind == "none":
            yield self.blind(ask, *NO_CONTACT)
            return
        table = self._figures
        sharing: _Sharing = getattr(table, part.kind)
        after = part.day - table.window_days
        here = {firm for firm, seen in state.firms.items() if any_between(seen.days, after, part.day)}
        number = len(_apart(here | {part.firm}))
        if state.crowd or number >= table.service_from:
            many = f"more than {table.kept_firms}" if state.crowd else str(number)
            yield self.blind(ask, f"a contact of its own: this {sharing.word} serves {many} firms")
            yield Service(ask.index, part.kind, f"{many} firms")
        elif number < sharing.least:
            yield from self.young(ask, table.window_days, known, part.day)
        else:
            grave = {firm for firm in here if any_between(state.firms[firm].grave, after, part.day)}
            yield self._finding(part, ask, sharing, number, len(_apart(grave | {part.firm})) - 1)

    def counted(self, state: ContactState, part: ContactPart, sign: int) -> ContactState:
        if part.firm is None or part.kind == "former":
            return state
        if state.crowd:
            return ContactState(state.edge, {}, with_count(state.crowd, part.day, sign))
        known = state.firms.get(part.firm, FirmAtContact())
        firms = {**state.firms, part.firm: _seen(known, part, sign)}
        if not firms[part.firm].days:
            del firms[part.firm]
        if sign < 0 or len(firms) <= self._figures.kept_firms:
            return ContactState(state.edge, firms)
        crowd: Counter[int] = Counter()
        for seen in firms.values():
            crowd.update(seen.days)
        return ContactState(state.edge, {}, dict(crowd))

    def since(self, state: ContactState, edge: int) -> ContactState:
        firms = {
            firm: FirmAtContact(days, kept_since(seen.grave, edge))
            for firm, seen in state.firms.items()
            if (days := kept_since(seen.days, edge))
        }
        return ContactState(edge, firms, kept_since(state.crowd, edge))

    def _finding(
        self, part: ContactPart, ask: TakerQuestion, sharing: _Sharing, number: int, grave: int
    ) -> Finding:
        others = number - 1
        strength = grown(number, sharing.least, sharing.full, sharing.of_least)
        which = "of which none gets" if not grave else f"of which {grave} got"
        return self.finding(
            ask,
            f"{ask.index}/{part.kind}",
            code="contact.shared",
            evidence=f"{ask.subject.opening} takes {ask.goods}; its {sharing.word} '{part.text}' was also that of "
            f"{others} other firm{'s' if others > 1 else ''} in {self._figures.window_days} days, {which} such goods in a "
            "country of concern.",
            cleared_by="What the firms have to do with each other, shown by the register, or a contact that is the firm's own.",
            strength=strength * (1.0 if grave else self._figures.of_ordinary) * ask.gravity,
            inputs={"contact": part.kind, "others": others, "ofConcern": grave} | ask.inputs,
        )


def contacts(firm: TradingFirm) -> Iterator[tuple[Kind, str, str]]:
    """(kind, as it reads, key) of each contact by which a firm can be told from others."""
    if firm.phone:
        yield "phone", firm.phone, f"phone|{firm.phone}"
    if firm.email:
        yield "email", firm.email, short_key(f"email|{firm.email}")
    # A street without a house is everybody's.
    if firm.address and any(sign.isdigit() for sign in firm.address):
        yield "address", firm.address, short_key(f"address|{firm.country or ''}|{firm.address}")


def _apart(firms: Iterable[int]) -> list[set[int]]:
    """The firms, those together that have a number or a name in common."""
    groups: list[set[int]] = []
    for firm in firms:
        together = marks(firm)
        for group in [one for one in groups if one & together]:
            groups.remove(group)
            together |= group
        groups.append(together)
    return groups


def _seen(seen: FirmAtContact, part: ContactPart, sign: int) -> FirmAtContact:
    grave = seen.grave if part.ask is None else with_count(seen.grave, part.day, sign)
    return FirmAtContact(with_count(seen.days, part.day, sign), grave)


DETECTOR = ListedDetector(3, Contacts, lambda facts: Contacts(facts.gravity, ContactFigures.bundled()))
