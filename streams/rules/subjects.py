"""What findings are about, in words."""

from streams.destinations.journey import Receiver
from streams.findings import Subject
from streams.text import in_words

DESTINATION = Subject(kind="ROUTE", label="destination")
ORIGIN = Subject(kind="ROUTE", label="origin")
ROAD = Subject(kind="ROUTE", label="route")

CLEARS_RECEIVER = "The contract and an end-user statement that name who buys and uses the goods."
CLEARS_ROAD = "The transport contract and the consignment note for the whole way, and proof of arrival at the destination."
"""What would clear findings on receivers and on the road."""


def party(receiver: Receiver) -> Subject:
    """A receiving party: 'consignee Example Trade OsOO'."""
    who = receiver.party
    name = who.name or who.name_original_script or who.identification_number or ""
    return Subject(kind="PARTY", index=receiver.index, label=f"{in_words(who.role)} {name}")
