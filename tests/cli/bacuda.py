"""Canonical declarations made from the synthetic Korean import declarations of the WCO BACUDA project, names added.

The real file has ids instead of names. Each id gets a name of its own, always the same; every hundredth importer is
called as an entry of the list that is screened against.
"""

import csv
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

LISTED_EVERY = 100


def declarations(
    path: Path, count: int, names: Sequence[str], listed: Sequence[str]
) -> Iterator[tuple[str, bytes, str]]:
    """(declarationKey, canonical JSON, the listed name it holds or '') of the first `count` rows."""

    def name(id: str) -> str:
        return names[zlib.crc32(id.encode()) % len(names)]

    with path.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(islice(csv.DictReader(file), count)):
            hit = listed[number // LISTED_EVERY % len(listed)] if number % LISTED_EVERY == 7 else ""
            key = f"kr|{row['Declaration ID']}"
            yield key, msgspec.json.encode(_message(row, key, hit or name(row["Importer ID"]), name)), hit


def _message(row: dict[str, str], key: str, importer: str, name: object) -> dict[str, object]:
    parties = [
        {"role": "DECLARANT", "name": name(row["Declarant ID"]), "identificationNumber": row["Declarant ID"]},  # type: ignore[operator]
        {"role": "IMPORTER", "name": importer, "identificationNumber": row["Importer ID"]},
    ]
    if row["Seller ID"]:
        parties.append({"role": "SELLER", "name": name(row["Seller ID"])})  # type: ignore[operator]
    if row["Courier ID"]:
        parties.append({"role": "CARRIER", "name": name(row["Courier ID"])})  # type: ignore[operator]
    return {
        "envelope": {
            "declarationKey": key,
            "versionNumber": 1,
            "eventType": "LODGED",
            "eventDateTime": f"{row['Date']}T00:00:00Z",
        },
        "declaration": {
            "regime": "IMPORT",
            "countryOfDispatch": row["Country of Departure"],
            "countryOfDestination": "KR",
            "modeOfTransportAtBorder": row["Mode of Transport"],
            "parties": parties,
            "goodsItems": [
                {
                    "goodsItemNumber": 1,
                    "commodityCode": {"hs6": row["HS6 Code"].zfill(6)},
                    "descriptionOfGoods": f"goods of HS {row['HS6 Code'].zfill(6)}",
                    "countryOfOrigin": row["Country of Origin"],
                    "netMassKg": row["Net Mass"],
                    "itemAmountInvoiced": row["Item Price"],
                }
            ],
        },
    }
