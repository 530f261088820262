"""Verdicts that wait for detectors: time passes for all of a partition in one record."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from streams.agents.ahead import TICK
from streams.agents.screening import Clocks, life_ends, screening_handler
from streams.assessment.verdict import Verdict
from streams.cases import declaration_record
from streams.cases.declaration_record import Assessors
from streams.cases.steps import RecordPosition
from streams.cases.stored import DeclarationRecord, times_of
from streams.kafka import topics
from streams.kafka.delivery import Outgoing
from streams.kafka.state import PartitionedState
from streams.lifecycle.life import LifeVersion
from streams.metrics import Metrics
from streams.patterns.contract import PatternAdvice
from streams.patterns.memory import Answered
from streams.patterns.trade import MAX_FIRMS
from streams.settings import Settings
from tests.factory import declaration, item, party
from tests.folded import Folded
from tests.ledger import Ledger
from tests.lives import lives
from tests.patterns.trades import finding_of

START = datetime(2024, 3, 2, 8, 0, tzinfo=UTC)
SETTINGS = Settings(partitions=1)


def _record(value: bytes, key: bytes | None, seconds: int, offset: int) -> Any:
    return SimpleNamespace(
        topic=SETTINGS.topic(topics.VERSIONS.name),
        partition=0,
        offset=offset,
        key=key,
        value=value,
        headers=[],
        timestamp=int(START.timestamp() + seconds) * 1000,
    )


def _values(topic: topics.Topic, records: list[Outgoing]) -> list[bytes | None]:
    return [record.value for record in records if record.topic == SETTINGS.topic(topic.name)]


def test_a_declaration_that_cannot_be_answered_keeps_no_other_waiting() -> None:
    first, broken, last = lives(3, START, uk=0.0, longest=1)
    folded, metrics = Folded(), Metrics(process=False)

    def assess(life: LifeVersion, advice: PatternAdvice) -> Verdict:
        if life.version.envelope.declaration_key == broken.key:
            raise RuntimeError("a bug")
        return folded.screen(life, advice)

    state = PartitionedState(
        SETTINGS, "states", metrics, deadline_of=life_ends(SETTINGS), resolution=86_400, times_of=times_of
    )
    state._take(0, {}, 1)
    handle = screening_handler(SETTINGS, state, Assessors(assess, folded.watch), metrics, Clocks(state))
    for offset, life in enumerate((first, broken, last)):
        ((_, value),) = life.messages
        assert not _values(topics.VERDICTS, handle(_record(value, life.key.encode(), 0, offset)))
    out = handle(_record(TICK, b"tick", 60, 3))
    answered = [
        msgspec.json.decode(value)["declarationKey"] for value in _values(topics.VERDICTS, out) if value
    ]
    assert sorted(answered) == sorted([first.key, last.key])
    assert len(_values(topics.STATE, out)) == 2
    assert len(_values(topics.DEAD_LETTERS, out)) == 1
    assert not _values(topics.DEAD_LETTERS, handle(_record(TICK, b"tick", 61, 4))), "said once"


class _Asked(NamedTuple):
    known: DeclarationRecord
    answers: list[Answered]
    assessors: Assessors
    seen: list[LifeVersion]


def _asked(firms: int) -> _Asked:
    """A declaration of chips for many firms with its answers, and what is screened from now on."""
    version = declaration(
        country_of_export="DE",
        country_of_destination="KG",
        regime="EXPORT",
        parties=tuple(party(name=f"Clean Firm {number} OsOO", country="KG") for number in range(firms)),
        goods_items=(item(hs6="854231"),),
    )
    seen: list[LifeVersion] = []
    folded = Folded()

    def assess(life: LifeVersion, advice: PatternAdvice) -> Verdict:
        seen.append(life)
        return folded.screen(life, advice)

    assessors = Assessors(assess, folded.watch)
    step = declaration_record.add_version(DeclarationRecord(), version, None, _where(1, 0), assessors)
    assert not seen
    answers = Ledger(folded.watch.book).observe(step.observations)
    assert len(answers) >= 3 * min(firms, MAX_FIRMS)
    return _Asked(step.case, answers, assessors, seen)


def _where(offset: int, seconds: float) -> RecordPosition:
    return RecordPosition(f"customs.versions/0/{offset}", START.timestamp() + seconds)


def _telling(answer: Answered) -> Answered:
    return replace(answer, told=PatternAdvice((finding_of(answer.key),)))


def test_a_declaration_of_many_firms_is_screened_once_for_all_answers() -> None:
    known, answers, assessors, seen = _asked(40)
    for offset, answer in enumerate(answers, 2):
        known = declaration_record.add_answers(known, (answer,), _where(offset, 1), assessors).case
    assert len(seen) == 1


def test_answers_that_come_after_they_were_given_up_are_waited_for_together() -> None:
    """Each alone had the whole declaration screened again: hundreds of times."""
    known, answers, assessors, seen = _asked(40)
    known = declaration_record.give_up(known, _where(2, 60), assessors).case
    assert len(seen) == 1
    assert known.waits_since > START.timestamp() + 60, "what comes late is gathered"
    for offset, answer in enumerate(answers, 3):
        step = declaration_record.add_answers(known, (_telling(answer),), _where(offset, 70), assessors)
        known = step.case
        assert bool(known.waits_since) == (answer is not answers[-1])
    assert len(seen) == 2
    assert step.answers


def test_a_late_answer_is_told_even_if_the_others_never_come() -> None:
    known, answers, assessors, seen = _asked(3)
    known = declaration_record.give_up(known, _where(2, 60), assessors).case
    known = declaration_record.add_answers(known, (_telling(answers[0]),), _where(3, 61), assessors).case
    assert len(seen) == 1
    step = declaration_record.give_up(known, _where(4, 120), assessors)
    assert len(seen) == 2
    assert step.answers
    assert not step.case.waits_since


def test_firms_beyond_the_bound_are_said_not_to_be_evaluated() -> None:
    known, answers, assessors, seen = _asked(MAX_FIRMS + 1)
    step = declaration_record.add_answers(known, answers, _where(2, 1), assessors)
    (verdict,) = step.fresh
    said = {one.rule for one in verdict.not_evaluable if f"first {MAX_FIRMS}" in " ".join(one.missing)}
    assert len(said) >= 3
    assert len(seen) == 1
    assert len(answers) <= 4 * MAX_FIRMS


def test_a_verdict_lost_with_its_worker_is_said_again_though_something_else_is_asked_meanwhile() -> None:
    """The states of a run of records arrived, and none of their verdicts: the last answer, seen again at its place, brings back
    what it led to."""
    known, answers, asked, _ = _asked(2)
    screen = Folded().screen
    # Where the amendment changes the verdict, it leads to it, and not the answer any more.
    assessors = replace(
        asked, screen=lambda life, advice: screen(replace(life, in_force=True), PatternAdvice())
    )
    sent = declaration_record.add_answers(known, answers, _where(2, 1), assessors)
    assert [answer.number for answer in sent.answers] == [1]
    amended = declaration(
        version_number=2,
        event_type="AMENDED",
        country_of_export="DE",
        country_of_destination="KG",
        regime="EXPORT",
        parties=(party(name="Clean Firm 0 OsOO", country="KG"),),
        goods_items=(item(hs6="901310"),),
    )
    later = declaration_record.add_version(sent.case, amended, None, _where(3, 2), assessors)
    assert later.case.waits_since
    again = declaration_record.add_answers(later.case, answers, _where(2, 1), assessors)
    assert [answer.json() for answer in again.answers] == [answer.json() for answer in sent.answers]
    assert not again.observations
    elsewhere = declaration_record.add_answers(later.case, answers, _where(4, 3), assessors)
    assert not elsewhere.answers
