"""What a trader asks customs for, and which of its answers is about which request."""

from streams.declarations.events import Event
from streams.declarations.formats import adapters

REQUESTS = frozenset({"AMENDMENT_REQUESTED", "INVALIDATION_REQUESTED"})
"""What a trader asks for, and customs grants or denies."""


def decide(told: list[Event], own: str | None) -> dict[str, Event]:
    """Request id -> what decided it. `own` is the declaration's LRN, where it is known.

    A decision names its request by the LRN, and several requests may share one: the first decision is on the first of
    them. One that names none, or the declaration, is on the oldest still open; one that names a request which has not come,
    or is decided already, is on no other. A request that customs' own AMENDED repeats was granted.
    """
    requests = [event for event in told if event.kind in REQUESTS]
    decided: dict[str, Event] = {}
    if not requests:
        return decided
    rest: list[Event] = []
    for event in told:
        if event.kind in ("REQUEST_GRANTED", "REQUEST_DENIED") or refuses_a_request(event, told, own):
            named = _undecided(requests, decided, event.LRN)
            if named is not None:
                decided[named.id] = event
            elif own is None or event.LRN in (None, own):
                rest.append(event)
    for event in rest:
        oldest = _undecided(requests, decided, None)
        if oldest is not None:
            decided[oldest.id] = event
    for event in told:
        if event.kind == "INVALIDATED":
            for request in requests:
                if request.kind == "INVALIDATION_REQUESTED":
                    decided.setdefault(request.id, event)
    for event, repeated in repetitions(told, requests, decided):
        for request in repeated:
            decided.setdefault(request.id, event)
    return decided


def repetitions(
    told: list[Event], requests: list[Event], decided: dict[str, Event]
) -> list[tuple[Event, list[Event]]]:
    """What customs states as amended, each with the requests that it repeats.

    Two requests may say the same, one to put back what another took away. So a statement repeats what was asked before it,
    and nothing twice; only where there is nothing of that kind, the first that was asked after it: that came late.
    """
    open_ones = [
        one
        for one in requests
        if one.delta is not None and (one.id not in decided or granted(decided[one.id]))
    ]
    found: list[tuple[Event, list[Event]]] = []
    for event in told:
        if event.kind != "AMENDED" or event.delta is None:
            continue
        like = [
            one
            for one in open_ones
            if one.delta is not None and adapters.covers(event.source_system, one.delta, [event.delta])
        ]
        repeated = [one for one in like if one.at <= event.at] or like[:1]
        open_ones = [one for one in open_ones if one not in repeated]
        found.append((event, repeated))
    return found


def _undecided(requests: list[Event], decided: dict[str, Event], lrn: str | None) -> Event | None:
    return next(
        (one for one in requests if one.id not in decided and (lrn is None or lrn == one.LRN)),
        None,
    )


def refuses_a_request(event: Event, told: list[Event], own: str | None) -> bool:
    """Whether a rejection is that of a change: customs rejects a declaration before it accepts it, never afterwards, and by
    its own LRN."""
    if event.kind != "REJECTED":
        return False
    if own is not None and event.LRN not in (None, own):
        return True
    return any(
        one.kind == "ACCEPTED" and one.at < event.at and (one.version_number or 1) == 1 for one in told
    )


def granted(decision: Event) -> bool:
    return decision.kind in ("REQUEST_GRANTED", "AMENDED", "INVALIDATED")
