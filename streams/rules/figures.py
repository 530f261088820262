"""The figures of rules that are choices, of figures.toml: each with its reason."""

from msgspec import Struct

from streams import tables


class Figure(Struct, frozen=True, forbid_unknown_fields=True):
    value: float
    reason: str


class _File(tables.Sourced, frozen=True):
    figure: dict[str, dict[str, Figure]]


def figure(rule: str, name: str) -> float:
    """A figure of a rule. Raises KeyError for one that figures.toml has not."""
    figures: _File = tables.load("streams.rules", "figures.toml", _File)
    return figures.figure[rule][name].value
