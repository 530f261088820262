"""The verdict on one version of a declaration: what screening says of it.

Nothing here holds a wall-clock time: the same version screened twice by the same ruleset and lists gives the same
bytes, which is how a duplicate is told from news. When a thing was said is the timestamp of its Kafka record.
"""

from datetime import datetime
from typing import Literal

from msgspec import field

from streams.declarations.reading import Repaired, Unreadable
from streams.findings import ContractPart, Finding, Lane, NotEvaluable
from streams.watchlists.entry import ListEdition

Outcome = Literal["CLEAR", "REVIEW"]


def _clear() -> Outcome:
    """Of a verdict that names no outcome, as up to contract 1.1. A factory, since JSON leaves out what is a default."""
    return "CLEAR"


class Versions(ContractPart, frozen=True):
    """What a decision was made with: enough to make it again."""

    code: str
    ruleset: str
    """name@version#first 12 hex digits of the SHA-256 of its text"""
    tables: dict[str, str] = field(default_factory=dict)
    """name -> version of each control list and country table used"""
    lists: tuple[ListEdition, ...] = ()


class ScreenedParty(ContractPart, frozen=True):
    role: str
    name: str | None = None
    id: str | None = None
    country: str | None = None


class ScreenedItem(ContractPart, frozen=True):
    number: int
    hs6: str
    """empty where the source declares no code"""
    origin: str | None = None
    description: str | None = None
    """the first 80 characters"""


class Screened(ContractPart, frozen=True):
    """What was looked at: a reader can tell that nothing was left out."""

    parties: tuple[ScreenedParty, ...]
    items: tuple[ScreenedItem, ...]
    documents: dict[str, int] = field(default_factory=dict)
    """document code -> how often, on the declaration and on its items, previous and transport documents included"""
    countries: tuple[str, ...] = ()
    """every country code the declaration names anywhere, sorted"""
    transport: tuple[str, ...] = ()
    """vessels, vehicles, aircraft and containers"""
    route: tuple[str, ...] = ()
    """dispatch, countries of routing and destination, in order, as far as declared"""


class Verdict(ContractPart, frozen=True):
    """What Torugart says of one version of a declaration: the value of `customs.verdicts`, clear ones too.

    The contract is `schemas/verdict.schema.json`.
    """

    declaration_key: str
    version_number: int
    payload_hash: str
    event_type: str
    event_date_time: datetime
    lane: Lane
    score: float
    """0..100; the sum of the findings' points, capped"""
    findings: tuple[Finding, ...]
    not_evaluable: tuple[NotEvaluable, ...]
    screened: Screened
    versions: Versions
    schema_version: str = "1.2"
    outcome: Outcome = field(default_factory=_clear)
    """REVIEW where an alert was raised, CLEAR in the GREEN lane; never absent"""
    regime: str = ""
    trigger: str = "DECLARATION"
    changed_paths: tuple[str, ...] = ()
    """what differs from the version in force before it, such as 'declaration.parties[CONSIGNEE].name'"""
    in_force: bool = True
    """False for what a request asks for that customs has not decided: screened, so that officers see what they would grant"""
    unreadable: tuple[Unreadable, ...] = ()
    """what was declared and could not be read; the rest was screened"""
    repaired: tuple[Repaired, ...] = ()
    """what was read as another than was written, because only one reading was left"""
