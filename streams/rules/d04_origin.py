"""D04: goods that come in from an embargoed country."""

from streams.declarations.regimes import INBOUND
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.rules.subjects import ORIGIN


def judge(screened: ScreenedVersion) -> Judged:
    """One finding that names the countries of dispatch, export, loading and origin that are embargoed."""
    trip, declaration, embargoes = screened.trip, screened.declaration, screened.embargoes
    if declaration.regime not in INBOUND:
        return
    loading = trip.loading.country if trip.loading and trip.loading.country not in trip.routing else None
    places = (trip.dispatch, declaration.country_of_export, loading, *trip.origins)
    named = [country for country in dict.fromkeys(places) if country in embargoes]
    if not named or any(country in embargoes for country in trip.destinations):
        return
    yield EMBARGOED_ORIGIN.finding(
        "origin.embargoed",
        ORIGIN,
        strength=max(embargoes[str(country)].strength for country in named),
        inputs={"countries": named},
        countries=", ".join(map(str, named)),
    )


EMBARGOED_ORIGIN = FindingKind(
    code="origin.embargoed",
    sentence="Goods come from {countries}, where import bans cover part of trade.",
    cleared_by="Proof of origin, and that these goods are not under an import ban.",
)
RULE = Rule("D04", judge, (EMBARGOED_ORIGIN,))
