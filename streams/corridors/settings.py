"""The figures of the corridor detector, from their table."""

from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from streams import tables


class _Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A table within it."""


class History(_Part, frozen=True):
    """Months that the usual is made of."""

    least_months: int
    most_months: int
    reach_months: int
    late_months: int
    wrong_spreads: float
    growth_prior: float


class Surge(_Part, frozen=True):
    """More of a good than the corridor is used to."""

    ratio: float
    season_ratio: float
    significance: float
    window_months: int
    window_needed: int
    floor: float
    soft_value: float
    month_spread: float
    consignment_spread: float
    least_consignments: int
    alone_consignments: int
    alone_significance: float


class Sustained(_Part, frozen=True):
    """A surge that no single month shows."""

    months: int
    independent_months: float


class Bursts(_Part, frozen=True):
    """A surge with quiet months between."""

    months: int
    needed: int


class Creep(_Part, frozen=True):
    """A trade that grows slowly."""

    months: int
    least_months: int
    end_months: int
    ratio: float
    significance: float


class Heat(_Part, frozen=True):
    """A destination that stands out as a whole, and the lower test of its corridors."""

    stands_out: float
    least_goods: int
    past_months: int
    least_spread: float
    begins: float
    goes_on: float
    months_before: int
    slack: float
    most_beyond: float
    bound: float
    ratio: float


class Spread(_Part, frozen=True):
    """A trade spread over many goods."""

    own_share: float


class Displaced(_Part, frozen=True):
    """A trade that moves from one country to another."""

    months: int
    kept: float
    floor: float
    like: float


class NewTrade(_Part, frozen=True):
    """A good that the corridor did not carry."""

    unseen_months: int
    establish_months: int
    active_months: int
    floor: float
    trace: float


class NewFirms(_Part, frozen=True):
    """More consignees than usual that nobody saw before."""

    settle_months: int
    ratio: float
    significance: float
    least_firms: int
    forget_months: int


class Statistics(_Part, frozen=True):
    """What the past of a stream may be taken from."""

    gap_months: int


class EpisodeLength(_Part, frozen=True):
    """When an episode is over."""

    quiet_months: int
    settle_months: int


class CorridorFigures(tables.Sourced, frozen=True):
    """All figures; `streams/corridors/settings.toml` gives the reason for each."""

    history: History
    surge: Surge
    sustained: Sustained
    bursts: Bursts
    creep: Creep
    heat: Heat
    spread: Spread
    displacement: Displaced
    new_trade: NewTrade
    new_firms: NewFirms
    episode: EpisodeLength
    statistics: Statistics

    @property
    def kept_months(self) -> int:
        """Months before the edge that judging a month at the edge still needs."""
        look_back = self.history.reach_months + max(
            self.surge.window_months, self.sustained.months, self.bursts.months, self.creep.months
        )
        novelty = self.new_trade.unseen_months + self.new_trade.establish_months
        return max(look_back, novelty)


@cache
def settings() -> CorridorFigures:
    """The bundled table; its version ends with the first digits of the file's hash.

    Raises msgspec.ValidationError for a table with a missing, unknown or mistyped figure.
    """
    where = "streams.corridors", "settings.toml"
    table = tables.load(*where, CorridorFigures)
    return replace(table, version=tables.version(table.version, *where))
