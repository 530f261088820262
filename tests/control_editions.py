"""Editions of a control list of one's own, made up."""

from streams.goods.control_editions import ControlEdition, digest


def own_edition(edition: str, text: str, hour: int) -> ControlEdition:
    """Of the list `own`, published at that hour of one day."""
    return ControlEdition(
        list="own",
        edition=edition,
        published=f"2026-11-25T{hour:02d}:00:00+00:00",
        sha256=digest(text),
        text=text,
        source="own.csv",
    )
