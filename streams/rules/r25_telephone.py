"""R25: a receiver's telephone is a number of another country."""

from streams.findings import NotEvaluable
from streams.parties.telephones import phone_countries
from streams.rules import subjects
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion

ORDINARY = figure("R25", "ordinary")
SHOWN_COUNTRIES = 5


def judge(screened: ScreenedVersion) -> Judged:
    """One finding a receiver. NOT_EVALUABLE where no receiver's number names a country."""
    told = False
    for receiver in screened.trip.receivers:
        if not receiver.party.phone or receiver.country is None:
            continue
        countries = phone_countries(receiver.party.phone)
        told = told or bool(countries)
        if not countries or receiver.country in countries:
            continue
        barred = sorted(country for country in countries if country in screened.embargoes)
        yield TELEPHONE.finding(
            f"party.phone_country|{receiver.index}",
            subjects.party(receiver),
            # A shared prefix (+7, +1) may well be the innocent country's.
            strength=1.0 if barred and len(countries) == len(barred) else ORDINARY,
            inputs={"partyCountry": receiver.country, "phoneCountries": sorted(countries)[:SHOWN_COUNTRIES]},
            phone=receiver.party.phone,
            named=barred[0] if barred else "/".join(sorted(countries)[:3]),
        )
    if not told:
        yield NotEvaluable(rule="R25", missing=("declaration.parties[CONSIGNEE].phone",))


TELEPHONE = FindingKind(
    code="party.phone_country",
    sentence="The {subject} is in {partyCountry}, but its telephone {phone} is a number of {named}.",
    cleared_by="A telephone of the consignee's own country that is answered, or a reason for the other one.",
)
RULE = Rule("R25", judge, (TELEPHONE,))
