"""CPU time of each stage of the pure core, a declaration, in this process and without Kafka."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from streams.assessment.screening import Rulebook, screen
from streams.assessment.verdict import Verdict
from streams.cases import declaration_record
from streams.cases.steps import RecordPosition
from streams.cases.stored import DeclarationRecord, encode_record
from streams.declarations import canonical
from streams.declarations.formats import adapters
from streams.declarations.model import DeclarationVersion
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.matches import PartyMatches, match_party

RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)


def _timed(work: Callable[[Any], Any], values: Iterable[Any]) -> tuple[float, list[Any]]:
    values = list(values)
    started = time.process_time()
    results = [work(value) for value in values]
    return (time.process_time() - started) / len(values) * 1e6, results


def stage_times(
    messages: list[bytes], warm: list[bytes], index: WatchlistIndex, rulebook: Rulebook
) -> dict[str, float]:
    """Microseconds of CPU a declaration, by stage.

    `warm` is screened first, so that the names of regular traders are in the matcher's cache as they are in a worker
    that has run for a while. Goods, routes, assessment and alerts are what is left of `screen` without its names.
    """
    for message in warm:
        _matches(_version(message), index)
    times: dict[str, float] = {}
    times["intake: decode, check, hash"], versions = _timed(_version, messages)
    times["intake: encode"], bodies = _timed(canonical.encode, versions)
    times["screening: decode"], versions = _timed(canonical.decode, bodies)
    times["screening: list hits"], _ = _timed(lambda v: _matches(v, index), versions)
    # Names are in the cache now: what `screen` costs beyond its own second look at them.
    cached, _ = _timed(lambda v: _matches(v, index), versions)
    whole, verdicts = _timed(lambda v: screen(v, index, rulebook), versions)
    times["screening: goods, routes, assessment"] = max(0.0, whole - cached)
    times["screening: life, answer, encode"], _ = _timed(
        lambda pair: _remember(*pair), zip(versions, verdicts, strict=True)
    )
    return times


def _version(message: bytes) -> DeclarationVersion:
    version = adapters.read(message, received=RECEIVED, max_bytes=4 * 1024 * 1024)
    assert isinstance(version, DeclarationVersion)
    return version


def _matches(version: DeclarationVersion, index: WatchlistIndex) -> list[PartyMatches]:
    return [match_party(number, party, index) for number, party in enumerate(version.declaration.parties)]


def _remember(version: DeclarationVersion, verdict: Verdict) -> bytes:
    assessors = declaration_record.Assessors(lambda life, advice: verdict)
    step = declaration_record.add_version(
        DeclarationRecord(), version, None, RecordPosition("customs.versions/0/0"), assessors
    )
    return encode_record(step.case)
