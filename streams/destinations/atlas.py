"""Every table this part needs, together."""

from functools import cache

from msgspec import Struct

from streams.destinations.cities import Cities, cities
from streams.destinations.consignees import Consignees, consignees
from streams.destinations.countries import Countries, countries
from streams.destinations.geography import Geography, geography
from streams.names.placeholders import placeholders
from streams.parties import telephones


class Atlas(Struct, frozen=True):
    countries: Countries
    geography: Geography
    consignees: Consignees
    cities: Cities

    @property
    def versions(self) -> dict[str, str]:
        """name -> version of every table."""
        return {
            "destinations/countries": self.countries.version,
            "destinations/borders": self.geography.version,
            "destinations/phones": telephones.version(),
            "destinations/consignees": self.consignees.version,
            "parties/placeholders": placeholders().version,
            "destinations/cities": self.cities.version,
        }


@cache
def atlas() -> Atlas:
    """The bundled tables."""
    return Atlas(countries(), geography(), consignees(), cities())
