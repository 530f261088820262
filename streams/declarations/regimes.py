"""Groups of regimes: which way the goods of a declaration go."""

from streams.declarations.model import Regime

EXPORTED: tuple[Regime, ...] = ("EXPORT", "REEXPORT", "EXIT_SUMMARY")
"""Goods leave the customs territory."""
LEAVING: tuple[Regime, ...] = (*EXPORTED, "INTRA_UNION_MOVEMENT")
"""Goods leave the country, and stay in its customs union perhaps. They come from the country that sends them, those that come in
from where they were made. So do trade statistics count (United Nations, International Merchandise Trade Statistics 2010,
chapter VI), and only so are Chinese sights that a country sends on a trade of its own."""
OUTWARD: tuple[Regime, ...] = (*LEAVING, "TRANSIT")
"""Declared where the goods come from; the other regimes where they go."""
CARRIED_OUT: tuple[Regime, ...] = (*EXPORTED, "TRANSIT")
"""Goods are carried out of the customs territory, which a ban on transit through a third country is about."""
INBOUND: tuple[Regime, ...] = ("IMPORT", "TRANSIT", "ENTRY_SUMMARY")
"""Goods come in, be it to go on."""
