"""What a declaration has told the detectors with a memory, what it asked them, and what they answered: part of its state."""

from collections.abc import Iterable
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.cases.packing import pack, unpack
from streams.findings import NotEvaluable
from streams.lifecycle.life import DeclarationLife, LifeVersion
from streams.patterns.contract import PatternAdvice
from streams.patterns.memory import Answered, Observation, StoredContribution, observations
from streams.patterns.trade import MAX_FIRMS, left_out

MAX_SAID = 20
"""Records of customs.versions whose observations are kept, to be said again after a crash: a worker is never so many behind
for one declaration."""

GATHERED_SECONDS = 60.0
"""For so much longer than a verdict waits, answers that come after it are gathered: behind a backlog each would else be another
verdict and another alert."""

ENDED = ("INVALIDATED", "REJECTED")

_encode = msgspec.msgpack.Encoder().encode


class Patterns(Protocol):
    """The detectors, as far as screening knows them."""

    def parts(
        self, version: LifeVersion, first: LifeVersion, cancelled: bool
    ) -> dict[str, StoredContribution]:
        """Key -> what a version contributes. `first` is the first version known, whose time the trade bears."""

    def rules(self, key: str) -> tuple[str, ...]:
        """The rules that a key can tell of."""


class Said(Struct, frozen=True, array_like=True):
    """What one record made known."""

    partition: int
    offset: int
    observations: tuple[Observation, ...]


class Asking(Struct, frozen=True, array_like=True):
    """The state."""

    contributed: dict[str, StoredContribution] = {}
    """key -> what the newest version in force contributes"""
    said: tuple[Said, ...] = ()
    """of the last records"""
    answers: dict[str, Answered] = {}
    """key -> what it told; the first answer to a part counts"""
    since: float = 0.0
    """when the newest question was asked, Unix seconds by the records' clock"""
    given_up: bool = False
    """whether the verdict waits no more"""
    late: float = 0.0
    """since when late answers are gathered, to be told at once; 0 where none are"""

    @property
    def open(self) -> list[str]:
        """Keys that have been asked and have not answered."""
        return [key for key, part in self.contributed.items() if part.asks and key not in self.answers]

    @property
    def waits(self) -> bool:
        return not self.given_up and bool(self.open)

    @property
    def waits_since(self) -> float:
        """From when on the time is counted that answers are waited for, Unix seconds; 0 where they are not."""
        if not self.open:
            return 0.0
        if not self.given_up:
            return self.since
        return self.late + GATHERED_SECONDS if self.late else 0.0


_decode = msgspec.msgpack.Decoder(Asking).decode


def packed(asking: Asking) -> bytes:
    """As a state value keeps it."""
    return pack("asking", _encode(asking))


def unpacked(value: bytes) -> Asking:
    """What was packed; nothing of an empty value."""
    return _decode(unpack("asking", value)) if value else Asking()


def newest_in_force(life: DeclarationLife) -> LifeVersion | None:
    """The version that counts as trade."""
    return next((one for one in reversed(life.versions) if one.in_force), None)


def observe(
    asking: Asking, life: DeclarationLife, patterns: Patterns, place: tuple[int, int], now: float, day: int
) -> tuple[Asking, tuple[Observation, ...]]:
    """Contributes what the life is now, in place of what it was. `place` is partition and offset of the record that made it
    so, `now` its time, `day` (since 1970) the one that the stream has reached by event time."""
    newest = newest_in_force(life)
    after: dict[str, StoredContribution] = {}
    if newest is not None:
        after = patterns.parts(newest, life.versions[0], life.summary.status in ENDED)
    key = newest.version.envelope.declaration_key if newest is not None else ""
    changed = tuple(observations(key, asking.contributed, after, *place, day))
    if not changed:
        return asking, ()
    answers = {
        key: answer
        for key, answer in asking.answers.items()
        if key in after and after[key].digest == answer.digest
    }
    asks = any(one.added is not None and one.added.asks for one in changed)
    said = (*asking.said, Said(*place, changed))[-MAX_SAID:]
    return (
        replace(
            asking,
            contributed=after,
            said=said,
            answers=answers,
            since=now if asks else asking.since,
            given_up=asking.given_up and not asks,
            late=0.0 if asks else asking.late,
        ),
        changed,
    )


def hear(asking: Asking, answers: Iterable[Answered]) -> Asking:
    """Takes answers up, each where it is to the question asked last and the first one. The same object where none is."""
    taken = dict(asking.answers)
    for answer in answers:
        part = asking.contributed.get(answer.key)
        if part is not None and part.asks and part.digest == answer.digest:
            taken.setdefault(answer.key, answer)
    return asking if len(taken) == len(asking.answers) else replace(asking, answers=taken)


def gather(asking: Asking, now: float) -> Asking:
    """With an answer that came late and others still to come: from the first on they are gathered. `now`: its record's time."""
    return replace(asking, late=asking.late or now) if asking.given_up else asking


def give_up(asking: Asking, now: float) -> Asking:
    """Waits no more: for the verdict first, of which late answers are gathered then; in the end for those."""
    return replace(asking, given_up=True, late=0.0 if asking.given_up else now)


def again(asking: Asking, offset: int) -> tuple[Observation, ...]:
    """What the last records up to `offset` made known, in their order. Not what came behind it: that would overtake what other
    declarations made known in between, and a key passes over whatever it is told too late."""
    return tuple(one for said in asking.said if said.offset <= offset for one in said.observations)


def advice_on(
    one: LifeVersion, life: DeclarationLife, asking: Asking, patterns: Patterns | None
) -> PatternAdvice:
    """What is known of a version from the detectors: all that the newest version in force was told. What did not answer, or
    would have been asked of any other version, cannot be evaluated."""
    if patterns is None:
        return PatternAdvice()
    if one is not newest_in_force(life):
        parts = patterns.parts(one, life.versions[0], cancelled=False)
        asked = [key for key, part in parts.items() if part.asks]
        return PatternAdvice(
            (), _silent(asked, patterns, "the newest version in force, of which alone it is told")
        )
    answers = [asking.answers[key].told for key in sorted(asking.answers)]
    silent = _silent(asking.open, patterns, "an answer of the detectors in time")
    if left_out(one.version):
        silent += _silent(asking.contributed, patterns, f"a past of firms beyond the first {MAX_FIRMS}")
    found = {finding.key for told in answers if not told.former for finding in told.findings}
    return PatternAdvice(
        tuple(one for told in answers for one in told.findings if not told.former or one.key not in found),
        tuple(one for told in answers for one in told.not_evaluable) + silent,
        tuple(service for told in answers for service in told.services),
        tuple(one for told in answers for one in told.repeats),
    )


def _silent(keys: Iterable[str], patterns: Patterns, missing: str) -> tuple[NotEvaluable, ...]:
    rules = sorted({rule for key in keys for rule in patterns.rules(key)})
    return tuple(NotEvaluable(rule=rule, missing=(missing,)) for rule in rules)
