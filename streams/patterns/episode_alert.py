"""The alert of a corridor's episode: the value of `customs.alerts` under a key that begins with `corridor|`."""

import hashlib
from typing import Literal

import msgspec
from msgspec import Struct

from streams import __version__
from streams.corridors.episodes import Episode
from streams.corridors.explain import explain
from streams.corridors.months import month_text
from streams.corridors.settings import CorridorFigures
from streams.corridors.state import Kind
from streams.destinations.atlas import Atlas
from streams.findings import Lane
from streams.patterns.days import day_of
from streams.text import visible_in

KEY_PREFIX = "corridor|"
CONCERN = 0.6
"""Strength of a diversion circle from which an episode asks for documents before release; elsewhere for an audit."""


class CorridorAlert(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """A corridor whose trade stands out: raised once, updated as it grows, closed when it ends. The contract is
    `schemas/corridor-alert.schema.json`. Made anew from all trade remembered, so late data may withdraw it (a record
    without value)."""

    alert_id: str
    """first 16 hex digits of the SHA-256 of the record's key"""
    kind: Literal["CORRIDOR"] = "CORRIDOR"
    good: str
    """HS6 of HS 2022, or a tier of the Common High Priority List for new firms"""
    origin: str
    """ISO 3166 alpha-2, or * for any"""
    destination: str
    episode: Kind
    status: Literal["OPEN", "CLOSED"]
    lane: Lane
    """proposed for the goods of this corridor"""
    headline: str
    """one sentence with its figures"""
    start: str
    """first month that stands out, 2022-05"""
    opened: str
    """month that raised it"""
    last: str
    """last month that stands out"""
    closed: str | None = None
    """month after which it was over"""
    value: float
    """of the month that raised it; for NEW_FIRMS a number of firms"""
    baseline: float
    threshold: float
    total: float
    consignments: int = 0
    consignees: int = 0
    history_months: int
    figures: str
    """version of the table of figures"""
    code: str = __version__
    schema_version: str = "1.0"

    @property
    def key(self) -> str:
        """Of its record."""
        return f"{KEY_PREFIX}{self.good}|{self.origin}|{self.destination}|{self.episode}|{self.start}"


decode = msgspec.json.Decoder(CorridorAlert).decode
"""From its JSON. Raises msgspec.MsgspecError."""


def words(corridor: str) -> tuple[str, str]:
    """Goods and road of a corridor (good|origin|destination)."""
    good, origin, destination = corridor.split("|")
    goods = f"goods of {good}" if good.startswith("tier ") else f"HS {good}"
    return goods, f"to {destination}" if origin == "*" else f"from {origin} to {destination}"


def of_statistics(one: Episode, source: str) -> str:
    """A sentence that names the statistics by which an episode was judged; empty where there are none."""
    return f" Before the stream began: {source}." if source and one.kind != "NEW_FIRMS" else ""


def corridor_alert(
    corridor: str, one: Episode, figures: CorridorFigures, atlas: Atlas, day: int, source: str = ""
) -> CorridorAlert:
    """The alert of an episode on `corridor` (good|origin|destination), as it stands on `day` (since 1970). `source`: the
    statistics that tell of the time before the stream."""
    good, origin, destination = corridor.split("|")
    goods, road = words(corridor)
    circle = atlas.countries.diversion(destination, day_of(day))
    made = CorridorAlert(
        alert_id="",
        good=good,
        origin=origin,
        destination=destination,
        episode=one.kind,
        status="OPEN" if one.closed is None else "CLOSED",
        lane="YELLOW" if circle is not None and circle.strength >= CONCERN else "BLUE",
        headline=explain(one, goods=goods, road=road) + of_statistics(one, source),
        start=month_text(one.start),
        opened=month_text(one.opened),
        last=month_text(one.last),
        closed=month_text(one.closed) if one.closed is not None else None,
        value=round(one.value, 2),
        baseline=round(one.usual, 2),
        threshold=round(one.level, 2),
        total=round(one.total, 2),
        consignments=one.consignments,
        consignees=one.consignees,
        history_months=one.history_months,
        figures=figures.version,
    )
    return msgspec.structs.replace(made, alert_id=hashlib.sha256(made.key.encode()).hexdigest()[:16])


def render(alert: CorridorAlert) -> str:
    """As an officer reads it."""
    alert = visible_in(alert)
    state = "" if alert.status == "OPEN" else f" (over by {alert.closed})"
    return "\n".join(
        (
            f"{alert.lane} corridor{state}: {alert.episode.lower().replace('_', ' ')} (alert {alert.alert_id})",
            alert.headline,
            f"Raised in {alert.opened}, from {alert.start} to {alert.last}; {alert.history_months} months of history; "
            f"figures {alert.figures}, code {alert.code}",
        )
    )
