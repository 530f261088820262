"""Firms that listed parties own: the 50 % rule over the holdings given, with the chain as a picture in text.

A firm counts as owned where parties that are listed, or are owned themselves, hold the share of `ownership.toml` or more of it
together. Owned firms pass on their holdings in full, as OFAC's rule has it: a chain is not multiplied out.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from streams import tables


class _RuleFile(tables.Sourced, frozen=True):
    """`ownership.toml`"""

    percent: float
    shown_owners: int


_RULE = tables.load("streams.watchlists", "ownership.toml", _RuleFile)


class Holding(Struct, frozen=True, kw_only=True):
    """Who holds how much of whom. Parties are named by keys of the caller's."""

    owner: str
    owned: str
    percent: float | None
    """None where it is not known: it counts for nothing, and is never taken for little"""
    since: str = ""
    until: str = ""
    """dates as YYYY-MM-DD, YYYY-MM or YYYY, that day, month or year with it; empty: always, still"""

    def held(self, day: str) -> bool:
        """Whether it is held on a day, YYYY-MM-DD."""
        return (not self.since or day[: len(self.since)] >= self.since) and (
            not self.until or day[: len(self.until)] <= self.until
        )


class Owned(Struct, frozen=True, kw_only=True):
    """A firm that listed parties own."""

    percent: float
    """in all, 100 at most"""
    owners: tuple[tuple[str, float], ...]
    """listed or owned themselves, the largest first"""
    listed: tuple[str, ...]
    """those at the ends of its chains"""


def owned_by(listed: Iterable[str], holdings: Iterable[Holding], day: str) -> dict[str, Owned]:
    """Firms that the `listed` own on a day (YYYY-MM-DD), by key; those that are listed themselves are not among them.

    A circle of firms that hold each other is owned only where somebody listed holds enough of one of them. Of several holdings of
    one owner in one firm the largest counts: they are reports of the same.
    """
    shares: dict[str, dict[str, float]] = {}
    for one in holdings:
        if one.percent is not None and one.percent > 0 and one.owner != one.owned and one.held(day):
            held = shares.setdefault(one.owner, {})
            held[one.owned] = max(held.get(one.owned, 0.0), min(one.percent, 100.0))
    seeds = frozenset(listed)
    found: dict[str, Owned] = {}
    gathered: dict[str, dict[str, float]] = {}
    reached = sorted(seeds)
    while reached:
        for owner in reached:
            for owned, percent in shares.get(owner, {}).items():
                gathered.setdefault(owned, {})[owner] = percent
        # Only owners of earlier rounds count, so a chain never leads back to its firm.
        reached = sorted(
            firm
            for firm, owners in gathered.items()
            if firm not in seeds and firm not in found and round(sum(owners.values()), 6) >= _RULE.percent
        )
        for firm in reached:
            owners = tuple(sorted(gathered[firm].items(), key=lambda pair: (-pair[1], pair[0])))
            ends = (
                end for owner, _ in owners for end in (found[owner].listed if owner in found else (owner,))
            )
            found[firm] = Owned(
                percent=min(100.0, round(sum(gathered[firm].values()), 6)),
                owners=owners,
                listed=tuple(dict.fromkeys(ends)),
            )
    return found


def picture(firm: str, owned: Mapping[str, Owned], names: Mapping[str, str]) -> tuple[str, ...]:
    """The owners of a firm as a tree, a line each: `names` are those of parties, with the entry of the listed."""
    lines = list(_lines(firm, owned, names, ""))
    if len(lines) > _RULE.shown_owners:
        lines = [*lines[: _RULE.shown_owners], f"... and {len(lines) - _RULE.shown_owners} more"]
    return (f"{names.get(firm, firm)}: {owned[firm].percent:g} % held by listed parties", *lines)


def _lines(firm: str, owned: Mapping[str, Owned], names: Mapping[str, str], before: str) -> Iterator[str]:
    owners = owned[firm].owners
    for number, (owner, percent) in enumerate(owners, start=1):
        last = number == len(owners)
        yield f"{before}{'└─' if last else '├─'} {percent:g} % {names.get(owner, owner)}"
        if owner in owned:
            yield from _lines(owner, owned, names, before + ("   " if last else "│  "))
