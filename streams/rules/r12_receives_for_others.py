"""R12: the consignee is a firm that receives for others: a forwarder, a bank, a reseller."""

from collections.abc import Iterator, Sequence

from streams.declarations.model import Party
from streams.destinations.journey import Journey
from streams.findings import Finding, NotEvaluable
from streams.parties.roles import CONSIGNEES, FINAL, SERVING
from streams.rules import subjects
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.text import in_words

SAME_FIRM = figure("R12", "same_firm")
RESELLER = figure("R12", "reseller")
KINDS = {"R": "a reseller", "O": "of another or unknown kind"}
"""Ultimate consignee types of the US Electronic Export Information (15 CFR 30.6) that name no user."""


def judge(screened: ScreenedVersion) -> Judged:
    """Findings a consignee by its name and other roles; for goods of concern also by the kind the exporter declares."""
    trip = screened.trip
    if any(one.party.role in CONSIGNEES for one in trip.receivers):
        yield from _service_firm(screened)
    else:
        yield NotEvaluable(rule="R12", missing=("declaration.parties[CONSIGNEE]",))
    if screened.controlled:
        yield from _reseller(trip)


def _service_firm(screened: ScreenedVersion) -> Iterator[Finding]:
    consignees = [one for one in screened.trip.receivers if one.party.role in CONSIGNEES]
    if any(one.party.role in FINAL for one in consignees):
        return  # who gets the goods in the end is named, so that a forwarder may stand in between
    serving = ServingParties(screened.declaration.parties)
    for receiver in consignees:
        party = receiver.party
        role = serving.role_of(party)
        read = screened.atlas.consignees.read(party.name or party.name_original_script or "")
        if role is None and not read.trade:
            continue
        yield (FORWARDER if role is None else ALSO_SERVES).finding(
            f"party.forwarder|{receiver.index}",
            subjects.party(receiver),
            strength=1.0 if role is None else SAME_FIRM,
            inputs={"trade": read.trade or "same firm", "word": read.word},
            role=in_words(role or ""),
        )


class ServingParties:
    """Parties that move goods for others, by number and by name: a declaration may have thousands of consignees."""

    def __init__(self, parties: Sequence[Party]) -> None:
        serving = [party for party in parties if party.role in SERVING]
        self._by_number: dict[str, tuple[int, str]] = {}
        self._by_name: dict[str, tuple[int, str]] = {}
        self._unnumbered: dict[str, tuple[int, str]] = {}
        for position, party in enumerate(serving):
            place = (position, party.role)
            if party.identification_number:
                self._by_number.setdefault(party.identification_number, place)
            if party.name:
                self._by_name.setdefault(party.name.casefold(), place)
                if not party.identification_number:
                    self._unnumbered.setdefault(party.name.casefold(), place)

    def role_of(self, party: Party) -> str | None:
        """The role of the first that is the same firm: by number where both have one, else by name."""
        name = party.name.casefold() if party.name else None
        if not party.identification_number:
            found = [self._by_name.get(name)] if name else []
        else:
            found = [self._by_number.get(party.identification_number)]
            found += [self._unnumbered.get(name)] if name else []
        places = [place for place in found if place is not None]
        return min(places)[1] if places else None


def _reseller(trip: Journey) -> Iterator[Finding]:
    if any(one.party.role == "END_USER" for one in trip.receivers):
        return
    for receiver in trip.receivers:
        kind = KINDS.get(receiver.party.ultimate_consignee_type or "")
        if kind is None:
            continue
        yield DECLARED_RESELLER.finding(
            f"party.forwarder|type|{receiver.index}",
            subjects.party(receiver),
            strength=RESELLER,
            inputs={"ultimateConsigneeType": str(receiver.party.ultimate_consignee_type)},
            kind=kind,
        )


CODE = "party.forwarder"
FORWARDER = FindingKind(
    code=CODE,
    sentence="{subject} is by its name a {trade} ('{word}'): it receives for others.",
    cleared_by=subjects.CLEARS_RECEIVER,
)
ALSO_SERVES = FindingKind(
    code=CODE,
    sentence="{subject} is also the {role}: a firm that moves goods for others.",
    cleared_by=subjects.CLEARS_RECEIVER,
)
DECLARED_RESELLER = FindingKind(
    code=CODE,
    sentence="The exporter declares the {subject} as {kind}: who uses the goods is not named.",
    cleared_by=subjects.CLEARS_RECEIVER,
)
RULE = Rule("R12", judge, (FORWARDER, ALSO_SERVES, DECLARED_RESELLER))
