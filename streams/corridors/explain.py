"""One sentence of an episode with its figures, for the officer who reads the alert."""

from streams.corridors.displacement import Displacement
from streams.corridors.episodes import Episode
from streams.corridors.months import Month, month_text

HOW = {
    "CREEP": "has grown month by month for a year, more than it ever grew, though no single month stands out: ",
    "BURSTS": "comes in single large months with quiet ones between: ",
}


def explain(episode: Episode, *, goods: str, road: str, currency: str = "EUR") -> str:
    """For example `explain(one, goods="901310 (telescopic sights)", road="to KG")`."""
    raised = month_text(episode.opened)
    if episode.kind == "NEW_FIRMS":
        return (
            f"{goods} {road}: {episode.value:.0f} consignees never seen before in {raised}, "
            f"where {episode.usual:.1f} a month were usual over {episode.history_months} months; "
            f"{episode.total:.0f} {_span(episode)}{_end(episode)}."
        )
    since = f"{_amount(episode.total, currency)} {_span(episode)}{_weighed(episode)}"
    if episode.kind == "NEW_TRADE":
        return (
            f"{goods} {road}: never seen in the {episode.history_months} months before {month_text(episode.start)}, "
            f"then {_amount(episode.value, currency)} in {raised}; {since}{_end(episode)}."
        )
    how = HOW.get(episode.kind, "")
    times = f"{episode.mean / episode.usual:.1f} times " if episode.usual > 0 else "against "
    rested = (
        f"in {raised}"
        if episode.start == episode.opened
        else f"a month from {month_text(episode.start)} to {raised}"
    )
    return (
        f"{goods} {road}: {how}{_amount(episode.mean, currency)} {rested}, {times}"
        f"the usual {_amount(episode.usual, currency)} a month ({episode.history_months} months of history; "
        f"a month stands out from {_amount(episode.level, currency)} on); {since}{_end(episode)}."
    )


def around(
    episode: Episode, hot_since: Month | None, displaced: Displacement | None, currency: str = "EUR"
) -> str:
    """Sentences on what happened around the corridor, each with a space before it. `hot_since`: since when the destination stands
    out as a whole."""
    said = ""
    if hot_since is not None:
        less = ", so that less is asked of each" if episode.kind == "HEAT" else ""
        since = month_text(hot_since)
        said += f" The destination as a whole stands out since {since}: many of its goods rise at once{less}."
    if displaced is not None:
        said += (
            f" The same good to {displaced.left} fell to {displaced.kept:.0%} of the usual, by "
            f"{_amount(displaced.lost, currency)} a month: the trade may have moved over."
        )
    return said


def _amount(value: float, currency: str) -> str:
    return f"{currency} {value:,.0f}"


def _span(episode: Episode) -> str:
    if episode.start == episode.last:
        return f"in {month_text(episode.start)}"
    peak = f", most in {month_text(episode.peak_month)}"
    return f"from {month_text(episode.start)} to {month_text(episode.last)}{peak}"


def _weighed(episode: Episode) -> str:
    parts = []
    if episode.mass > 0:
        parts.append(f"{episode.mass:,.0f} kg")
    if episode.consignments > 0:
        parts.append(f"{episode.consignments} consignments")
    if episode.consignees > 0:
        parts.append(f"{episode.consignees} consignees")
    return f" ({', '.join(parts)})" if parts else ""


def _end(episode: Episode) -> str:
    if episode.closed is None:
        return ""
    if episode.outcome == "SETTLED":
        return f"; the usual by {month_text(episode.closed)}"
    return f"; over by {month_text(episode.closed)}"
