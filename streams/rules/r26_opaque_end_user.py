"""R26: nobody is named who gets, buys and uses the goods, or the deal is spread over countries."""

from collections.abc import Iterator

from streams.destinations.journey import Journey
from streams.findings import Finding, NotEvaluable, Subject
from streams.parties.roles import CONSIGNEES, DIRECT_RECEIVERS
from streams.rules import subjects
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.text import in_words

NAMED_BEHIND = figure("R26", "named_behind")
THREE_COUNTRIES = figure("R26", "three_countries")
PAYER_ELSEWHERE = figure("R26", "payer_elsewhere")
CODE = "party.opaque_end_user"


def judge(screened: ScreenedVersion) -> Judged:
    """Findings a consignee; for goods of concern also on the deal as a whole."""
    trip = screened.trip
    if any(one.party.role in CONSIGNEES for one in trip.receivers):
        yield from _placeholders(screened)
    elif screened.controlled:
        yield NOBODY.finding(
            f"{CODE}|none",
            Subject(kind="DECLARATION", label="receiver"),
            strength=NAMED_BEHIND if trip.receivers else 1.0,
            inputs={"namedBehind": bool(trip.receivers)},
        )
    else:
        yield NotEvaluable(rule="R26", missing=("declaration.parties[CONSIGNEE]",))
    if screened.controlled:
        yield from _three_countries(trip)
        yield from _payer(trip)


def _placeholders(screened: ScreenedVersion) -> Iterator[Finding]:
    read, receivers = screened.atlas.consignees.read, screened.trip.receivers
    named = [one for one in receivers if one.party.name and not read(one.party.name).placeholder]
    for receiver in receivers:
        party = receiver.party
        written = [name for name in (party.name, party.name_original_script) if name]
        if party.role not in CONSIGNEES or not written or not all(read(name).placeholder for name in written):
            continue
        behind = next((one.party for one in named if one is not receiver), None)
        yield PLACEHOLDER.finding(
            f"{CODE}|{receiver.index}",
            subjects.party(receiver),
            strength=NAMED_BEHIND if behind else 1.0,
            inputs={"name": written[0], "namedBehind": behind is not None},
            role=in_words(party.role),
            name=written[0],
            order=read(written[0]).behind,
            behind_role=in_words(behind.role) if behind else "",
            behind=behind.name if behind else "",
        )


def _said(role: str, name: str, order: str, behind_role: str, behind: str) -> str:
    meaning = f"to the order of '{order}', which does not say who receives" if order else "which names nobody"
    who = f"; {behind_role} is {behind}" if behind else ", and nobody else is named"
    return f"The {role} is '{name}', {meaning}{who}."


def _three_countries(trip: Journey) -> Iterator[Finding]:
    by_role = {one.party.role: one.country for one in trip.receivers if one.country}
    named = [by_role[role] for role in ("CONSIGNEE", "BUYER", "NOTIFY_PARTY") if role in by_role]
    if len(named) == 3 and len(set(named)) == 3:
        yield SPREAD.finding(
            f"{CODE}|countries",
            Subject(kind="DECLARATION", label="receivers"),
            strength=THREE_COUNTRIES,
            inputs={"countries": named},
            countries=", ".join(named),
        )


def _payer(trip: Journey) -> Iterator[Finding]:
    """Somebody pays from a country that has no part in the deal."""
    parts = {trip.dispatch, *trip.destinations}
    parts |= {one.country for one in trip.receivers if one.party.role in DIRECT_RECEIVERS}
    for receiver in trip.receivers:
        if receiver.party.role != "FINANCIAL" or receiver.country is None or receiver.country in parts:
            continue
        yield PAYER.finding(
            f"{CODE}|payer|{receiver.index}",
            subjects.party(receiver),
            strength=PAYER_ELSEWHERE,
            inputs={"payerCountry": receiver.country},
        )


PLACEHOLDER = FindingKind(code=CODE, sentence=_said, cleared_by=subjects.CLEARS_RECEIVER)
NOBODY = FindingKind(
    code=CODE,
    sentence="Goods of concern are declared without a consignee, importer or end user.",
    cleared_by=subjects.CLEARS_RECEIVER,
)
SPREAD = FindingKind(
    code=CODE,
    sentence="Goods of concern whose consignee, buyer and notify party are in three countries: {countries}.",
    cleared_by=subjects.CLEARS_RECEIVER,
)
PAYER = FindingKind(
    code=CODE,
    sentence="Goods of concern are paid for from {payerCountry}, where neither seller, buyer nor consignee is.",
    cleared_by="The payment order and the reason why somebody else pays.",
)
RULE = Rule("R26", judge, (PLACEHOLDER, NOBODY, SPREAD, PAYER))
