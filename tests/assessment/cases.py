"""Verdicts in one line: the bundled rules, and a watchlist of one firm, one person and one ship."""

from functools import cache
from typing import Any

from streams.assessment.screening import Rulebook, screen
from streams.assessment.verdict import Verdict
from streams.declarations.model import DeclarationVersion
from streams.findings import Finding, NotEvaluable
from streams.watchlists.edition import Edition
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.index import WatchlistIndex
from tests.factory import declaration

LISTED = Edition(
    list="test-list",
    edition="2022-06-01",
    sha256="0" * 64,
    entries=(
        WatchlistEntry(
            list="test-list",
            id="E-1",
            names=("OSOO KARGOLAYN",),
            type="organization",
            countries=("KG",),
            programmes=("TEST-PROGRAMME",),
        ),
        WatchlistEntry(
            list="test-list", id="E-2", names=("MAIA-1",), type="vessel", identifiers=("9358010",)
        ),
    ),
)


@cache
def rulebook() -> Rulebook:
    return Rulebook.load()


@cache
def index() -> WatchlistIndex:
    return WatchlistIndex.build([LISTED])


def verdict_on(version: DeclarationVersion) -> Verdict:
    return screen(version, index(), rulebook())


def verdict(**changes: Any) -> Verdict:
    """The verdict on the factory's declaration with these changes."""
    return verdict_on(declaration(**changes))


def found(answer: Verdict, code: str) -> Finding | None:
    """The heaviest finding of this code."""
    return next((finding for finding in answer.findings if finding.code == code), None)


def codes(answer: Verdict) -> set[str]:
    return {finding.code for finding in answer.findings}


def blind(answer: Verdict, rule: str) -> NotEvaluable | None:
    return next((one for one in answer.not_evaluable if one.rule == rule), None)
