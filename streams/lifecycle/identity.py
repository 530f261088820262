"""Which declaration an event belongs to: it names an LRN or an MRN, and the declaration is filed under another key.

Each reference has a `Holding`: the declarations that claim it, and what waits to learn of one. A holding changes by
one message at a time (`step`), and messages for other references are among the results, so that no two references need
lie in one place. An event is held by its first reference alone; where that does not know the declaration, the second is
asked, and answers when it knows. An answer lost or late therefore never loses an event, and no answer routes it twice.
"""

from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from streams.lifecycle.references import (
    Claim,
    Message,
    OwnerAnswer,
    OwnerQuestion,
    OwnerQuestionDropped,
    Release,
    RoutedMessage,
    Seek,
    Tick,
)

MAX_WAITING = 100
"""Events, and questions, that wait at one reference. A declaration has a handful of each."""

MAX_WAITING_BYTES = 6 * 1024 * 1024
"""Of the events that wait at one reference: with the rest of the holding, a state value stays below Kafka's limit."""

MAX_CLAIMS = 100
"""Declarations that claim one reference. Those that came first are forgotten first; what is left is ambiguous anyway."""


class Waiting(Struct, frozen=True, array_like=True):
    """An event that waits for its declaration."""

    seek: Seek
    since: float
    """Unix seconds"""
    late: bool = False
    """whether it was given up: a dead letter says so, and it is still taken up if the declaration comes"""


class OpenQuestion(Struct, frozen=True, array_like=True):
    """A question that waits for its answer."""

    ask: OwnerQuestion
    since: float


class Holding(Struct, frozen=True, array_like=True):
    """What is known and wanted of one reference; in order of arrival."""

    claims: tuple[Claim, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    asked: tuple[OpenQuestion, ...] = ()


class Patience(Struct, frozen=True):
    """How long what waits does wait, seconds."""

    base_wait: float
    """until an event without its declaration is a dead letter"""
    life: float
    """until it is forgotten"""


class Routed(NamedTuple):
    """The event belongs to the declaration `key`."""

    key: str
    id: str
    payload: bytes
    waited: float
    """seconds"""


Why = Literal["unknown", "ambiguous", "crowded"]


class Missing(NamedTuple):
    """The event is given up: a dead letter."""

    id: str
    payload: bytes
    why: Why


Result = Routed | RoutedMessage | Missing


class HoldingUpdate(NamedTuple):
    holding: Holding
    results: list[Result]


def step(here: str, holding: Holding, message: Message, now: float, patience: Patience) -> HoldingUpdate:
    """What `message` makes of the holding of the reference `here`. `now` is when it was said, Unix seconds.

    A message may be said again: what it leads to is said again where that is still to be done, and nothing is done twice.
    """
    work = _Work(here, holding, now)
    match message:
        case Seek():
            work.seek(message)
        case Claim():
            work.claim(message)
        case Release():
            work.release(message.key)
        case OwnerQuestion():
            work.ask(message)
        case OwnerAnswer():
            work.found(message)
        case OwnerQuestionDropped():
            work.asked = [
                one for one in work.asked if (one.ask.id, one.ask.back) != (message.id, message.back)
            ]
        case Tick():
            work.tick(patience)
    return HoldingUpdate(Holding(tuple(work.claims), tuple(work.waiting), tuple(work.asked)), work.results)


def due(holding: Holding, patience: Patience) -> float | None:
    """When a holding needs its next tick, Unix seconds; None for never."""
    times = [one.since + (patience.life if one.late else patience.base_wait) for one in holding.waiting]
    times += [one.since + patience.life for one in holding.asked]
    return min(times, default=None)


class _Work:
    """One step under way."""

    def __init__(self, here: str, holding: Holding, now: float) -> None:
        self.here, self.now = here, now
        self.claims = list(holding.claims)
        self.waiting = list(holding.waiting)
        self.asked = list(holding.asked)
        self.results: list[Result] = []

    def seek(self, seek: Seek) -> None:
        key = self._whose(seek.submitter, seek.other)
        if key is not None:
            # One that waited with the same id, too, was released when the claim came.
            self._route(key, seek, 0.0)
            return
        at = next((n for n, one in enumerate(self.waiting) if one.seek.id == seek.id), None)
        if at is None:
            self.waiting.append(Waiting(seek, self.now))
        elif self.waiting[at].late and self.waiting[at].seek.payload != seek.payload:
            self.waiting[at] = Waiting(seek, self.now)  # sent again after it was given up: it waits anew
        elif seek.at < self.waiting[at].seek.at:
            self.waiting[at] = replace(self.waiting[at], seek=seek)
        if seek.other is not None:
            # Also for one that waits already: the question may have been lost with the worker that was to send it.
            self.results.append(RoutedMessage(seek.other, OwnerQuestion(seek.id, self.here, seek.submitter)))
        while (
            len(self.waiting) > MAX_WAITING
            or sum(len(one.seek.payload) for one in self.waiting) > MAX_WAITING_BYTES
        ):
            self._give_up(self.waiting.pop(0), "crowded")

    def claim(self, claim: Claim) -> None:
        at = next((n for n, one in enumerate(self.claims) if one.key == claim.key), None)
        if at is None:
            self.claims = [*self.claims, claim][-MAX_CLAIMS:]
        else:
            known = self.claims[at]
            self.claims[at] = Claim(
                claim.key, known.submitters or claim.submitters, known.other or claim.other
            )
        self._release_all()

    def release(self, key: str) -> None:
        for one in self.claims:
            if one.key == key and one.other is not None:
                self.results.append(RoutedMessage(one.other, Release(key)))
        self.claims = [one for one in self.claims if one.key != key]

    def ask(self, ask: OwnerQuestion) -> None:
        key = self._whose(ask.submitter, None)
        if key is not None:
            self.results.append(RoutedMessage(ask.back, OwnerAnswer(ask.id, key)))
        elif all((one.ask.id, one.ask.back) != (ask.id, ask.back) for one in self.asked):
            # One that is crowded out has no answer; its event goes on waiting at the other reference.
            self.asked = [*self.asked, OpenQuestion(ask, self.now)][-MAX_WAITING:]

    def found(self, found: OwnerAnswer) -> None:
        for one in self.waiting:
            if one.seek.id == found.id:
                self.waiting.remove(one)
                self._route(found.key, one.seek, self.now - one.since)
                self._release_all()
                return

    def tick(self, patience: Patience) -> None:
        kept = []
        for one in self.waiting:
            if one.since + patience.life <= self.now:
                self._give_up(one, self._why(one.seek))
            elif not one.late and one.since + patience.base_wait <= self.now:
                self.results.append(Missing(one.seek.id, one.seek.payload, self._why(one.seek)))
                kept.append(replace(one, late=True))
            else:
                kept.append(one)
        self.waiting = kept
        self.asked = [one for one in self.asked if self.now < one.since + patience.life]

    def _release_all(self) -> None:
        """Sends on whatever it is now known whose it is."""
        again = True
        while again:  # what goes on may tell an MRN, by which more is known
            again = False
            for one in self.waiting:
                key = self._whose(one.seek.submitter, one.seek.other)
                if key is not None:
                    self.waiting.remove(one)
                    self._route(key, one.seek, self.now - one.since)
                    if one.seek.other is not None:
                        self.results.append(
                            RoutedMessage(one.seek.other, OwnerQuestionDropped(one.seek.id, self.here))
                        )
                    again = True
                    break
        for asked in list(self.asked):
            key = self._whose(asked.ask.submitter, None)
            if key is not None:
                self.asked.remove(asked)
                self.results.append(RoutedMessage(asked.ask.back, OwnerAnswer(asked.ask.id, key)))

    def _route(self, key: str, seek: Seek, waited: float) -> None:
        self.results.append(Routed(key, seek.id, seek.payload, max(0.0, waited)))
        at = next((n for n, one in enumerate(self.claims) if one.key == key), None)
        if at is not None and seek.notice and seek.other is not None:
            # Customs names the MRN beside the declaration's own LRN: that is how an MRN is learnt.
            claim = self.claims[at]
            if claim.other is None:
                self.claims[at] = replace(claim, other=seek.other)
            self.results.append(RoutedMessage(seek.other, Claim(key, claim.submitters)))

    def _give_up(self, one: Waiting, why: Why) -> None:
        if not one.late:
            self.results.append(Missing(one.seek.id, one.seek.payload, why))
        if one.seek.other is not None:
            self.results.append(RoutedMessage(one.seek.other, OwnerQuestionDropped(one.seek.id, self.here)))

    def _whose(self, submitter: str | None, other: str | None) -> str | None:
        fitting = self._fitting(submitter, other)
        return fitting[0].key if len(fitting) == 1 else None

    def _why(self, seek: Seek) -> Why:
        return "ambiguous" if len(self._fitting(seek.submitter, seek.other)) > 1 else "unknown"

    def _fitting(self, submitter: str | None, other: str | None) -> list[Claim]:
        """The claims that may be meant. Declarants choose their LRNs each for himself, so two may choose the same one:
        there a request must come from who may send it, and an MRN must not be another than the declaration's. An MRN is
        customs' own and stands for itself."""
        found = self.claims
        if other is not None:
            found = [one for one in found if one.other in (None, other)]
            found = [one for one in found if one.other == other] or found
        if submitter is not None:
            its = [one for one in found if submitter in one.submitters]
            if its or not self.here.startswith("lrn|"):
                return its or found
            found = [one for one in found if not one.submitters]
        return found
