"""D07: an address whose city or words are in an embargoed country, under another country code."""

from streams.findings import NotEvaluable
from streams.rules import subjects
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion


def judge(screened: ScreenedVersion) -> Judged:
    """One finding a receiver. NOT_EVALUABLE where no receiver has a country and a city or a line."""
    told = False
    for receiver in screened.trip.receivers:
        address = receiver.party.address
        if address is None or address.country is None or not (address.city or address.lines):
            continue
        told = True
        named = screened.atlas.cities.named(address)
        if named is None or named.country not in screened.embargoes or address.country in screened.embargoes:
            continue
        yield ADDRESS.finding(
            f"party.address_country|{receiver.index}|{named.country}",
            subjects.party(receiver),
            inputs={"declared": address.country, "named": named.country, "words": named.words},
        )
    if not told:
        yield NotEvaluable(rule="D07", missing=("declaration.parties[CONSIGNEE].address.city",))


ADDRESS = FindingKind(
    code="party.address_country",
    sentence="The {subject} declares an address in {declared}, but '{words}' is in {named}.",
    cleared_by="An extract from the trade register with the consignee's address.",
)
RULE = Rule("D07", judge, (ADDRESS,))
